import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "rolldown";
import { afterAll, beforeAll } from "vitest";
import type { Loops, Printed } from "./command-worker.ts";
import type { Sandbox } from "./spawn.ts";

const root = resolve(import.meta.dirname, "../..");
let bundle = "";

/** Bundles the worker for the tests of one file; call it at the top of the file. */
export function bundleCommandWorker(): void {
  let directory: string;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "jwtctl-worker-"));
    bundle = join(directory, "worker.cjs");
    await build({
      input: join(root, "test/support/command-worker.ts"),
      platform: "node",
      external: ["better-sqlite3", "@node-rs/argon2"],
      output: { file: bundle, format: "cjs", codeSplitting: false },
      logLevel: "warn",
    });
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
}

/**
 * Lets a process run commands without end and kills it (SIGKILL: no handler, no clean-up) some ms after it has first
 * printed something.
 *
 * @returns all that it printed before it died of the signal
 * @throws when a command fails, or when it ended in any other way
 */
export async function runAndKill<Loop extends keyof Loops>(
  sandbox: Sandbox,
  loop: Loop,
  input: Loops[Loop],
  delay: number,
): Promise<Printed[]> {
  const child = spawn(process.execPath, [bundle, JSON.stringify({ loop, input })], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...sandbox.env, NODE_PATH: join(root, "node_modules") },
  });
  const closed = once(child, "close");
  const printed: Printed[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (printed.length === 0) sleep(delay).then(() => child.kill("SIGKILL"));
    const one = JSON.parse(line) as Printed;
    if (one.command === "failed") throw new Error(one.text);
    printed.push(one);
  }
  const [code, signal] = await closed;
  if (signal !== "SIGKILL") throw new Error(`not killed, but ended with ${code ?? signal}`);
  return printed;
}
