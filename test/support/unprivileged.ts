import { chmodSync, chownSync, readdirSync, statSync } from "node:fs";
import { type Ended, LAUNCHER, run, type Sandbox } from "./spawn.ts";

const NOBODY = 65_534;
const IS_ROOT = process.getuid?.() === 0;

/**
 * Gives everything in the sandbox to the user in whose name {@link asOrdinaryUser} runs commands: root passes
 * permissions by, so a test that runs as root has to go on as somebody else.
 */
export function handOver(sandbox: Sandbox): void {
  if (!IS_ROOT) return;
  chownSync(sandbox.directory, NOBODY, NOBODY);
  for (const entry of readdirSync(sandbox.directory, { recursive: true })) {
    chownSync(sandbox.path(entry.toString()), NOBODY, NOBODY);
  }
}

/** Runs a command as a user to whom permissions apply. */
export function asOrdinaryUser(
  sandbox: Sandbox,
  args: readonly string[],
  options: { stdin?: string } = {},
): Promise<Ended> {
  const script =
    `process.setgroups?.([]); process.setgid(${NOBODY}); process.setuid(${NOBODY}); ` +
    `process.argv.splice(1, 1, ${JSON.stringify(LAUNCHER)}); require(${JSON.stringify(LAUNCHER)});`;
  const command = IS_ROOT ? ["-e", script, LAUNCHER, ...args] : [LAUNCHER, ...args];
  return run(process.execPath, command, { env: sandbox.env, cwd: "/", stdin: options.stdin ?? "" }).ended;
}

/** Sets permissions while a test does something, and puts them back: what may not be written cannot be cleared away. */
export async function withMode(path: string, mode: number, work: () => Promise<void>): Promise<void> {
  const before = statSync(path).mode & 0o7777;
  chmodSync(path, mode);
  try {
    await work();
  } finally {
    chmodSync(path, before);
  }
}
