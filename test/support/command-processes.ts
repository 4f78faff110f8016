import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll } from "vitest";
import { bundled, ROOT } from "./bundle.ts";
import type { Loops, Printed } from "./command-worker.ts";
import type { Sandbox } from "./spawn.ts";

let bundle = "";

/** Bundles the worker for the tests of one file; call it at the top of the file. */
export function bundleCommandWorker(): void {
  beforeAll(async () => {
    bundle = await bundled("command-worker");
  });
}

/**
 * Lets a process run commands without end and kills it (SIGKILL: no handler, no clean-up) when it has printed so many
 * lines and some ms have passed: it gets as far on a busy machine as on an idle one, and dies anywhere in a command.
 *
 * @returns all that it printed before it died of the signal
 * @throws when a command fails, or when it ended in any other way
 */
export async function runAndKill<Loop extends keyof Loops>(
  sandbox: Sandbox,
  loop: Loop,
  input: Loops[Loop],
  after: { readonly lines: number; readonly ms: number },
): Promise<Printed[]> {
  const child = spawn(process.execPath, [bundle, JSON.stringify({ loop, input })], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...sandbox.env, NODE_PATH: join(ROOT, "node_modules") },
  });
  const closed = once(child, "close");
  const printed: Printed[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const one = JSON.parse(line) as Printed;
    if (one.command === "failed") throw new Error(one.text);
    printed.push(one);
    if (printed.length === after.lines) sleep(after.ms).then(() => child.kill("SIGKILL"));
  }
  const [code, signal] = await closed;
  if (signal !== "SIGKILL") throw new Error(`not killed, but ended with ${code ?? signal}`);
  return printed;
}
