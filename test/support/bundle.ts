import { join, resolve } from "node:path";
import { build } from "rolldown";
import { onceInRun } from "./scratch.ts";

export const ROOT = resolve(import.meta.dirname, "../..");

/**
 * The program of a test's processes in one file, made once in a run.
 * @param name of a file in this directory, without its extension
 */
export function bundled(name: string): Promise<string> {
  return onceInRun(`${name}.cjs`, async (file) => {
    await build({
      input: join(ROOT, "test/support", `${name}.ts`),
      platform: "node",
      external: ["better-sqlite3", "@node-rs/argon2"],
      output: { file, format: "cjs", codeSplitting: false },
      logLevel: "warn",
    });
  });
}
