import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A directory of this run, for what many tests take as it is; cleared away when the run ends. */
function scratch(): string {
  const directory = process.env["JWTCTL_TEST_SCRATCH"];
  if (directory === undefined)
    throw new Error("the run has no JWTCTL_TEST_SCRATCH; vitest.config.mts sets it");
  return directory;
}

/**
 * What is made once in a run, by whichever process comes first; two that come at once each make it, and one is kept.
 *
 * @param make writes a file or directory at the path it is given
 * @returns the path
 */
export async function onceInRun(name: string, make: (path: string) => Promise<void>): Promise<string> {
  const path = join(scratch(), name);
  if (existsSync(path)) return path;
  mkdirSync(scratch(), { recursive: true, mode: 0o700 });
  const part = `${path}.${process.pid}`;
  await make(part);
  try {
    renameSync(part, path);
  } catch (error) {
    // A directory does not take the place of another one.
    if (!existsSync(path)) throw error;
    rmSync(part, { recursive: true });
  }
  return path;
}

/** Called by vitest when the run has ended. */
export function teardown(): void {
  rmSync(scratch(), { recursive: true, force: true });
}
