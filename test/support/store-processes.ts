import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll } from "vitest";
import { bundled, ROOT } from "./bundle.ts";
import type { Tasks } from "./store-worker.ts";

/** When the workers' clock began; they all share it. */
const began = String(Date.now());
let bundle = "";

/** Bundles the worker for the tests of one file; call it at the top of the file. */
export function bundleWorker(): void {
  beforeAll(async () => {
    bundle = await bundled("store-worker");
  });
}

/** A process with a store of its own to open, loaded and waiting. */
export interface Worker {
  /** Has it do a task and returns the first thing it says. */
  do<Name extends keyof Tasks>(task: Name, input: Tasks[Name]): Promise<unknown>;
  /** The next thing it says; undefined when it has ended. */
  next(): Promise<unknown>;
  /** SIGKILL: no handler, no clean-up. */
  kill(): void;
  /** Lets it end and waits until it has. */
  end(): Promise<void>;
}

/** Starts a process. @param prefix a shell command to run first (`ulimit -f 100`) */
export async function startWorker(prefix?: string): Promise<Worker> {
  const command = [process.execPath, bundle, began];
  const [file = "", ...args] =
    prefix === undefined ? command : ["bash", "-c", `${prefix}; exec "$@"`, "bash", ...command];
  const child = spawn(file, args, {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, NODE_PATH: join(ROOT, "node_modules") },
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  // A killed process closes its stdin while it may still be written to.
  child.stdin.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    return done ? undefined : JSON.parse(value);
  };
  const first = await next();
  if (first !== "ready") throw new Error(`the worker said ${JSON.stringify(first)}`);
  return {
    do: (task, input) => {
      child.stdin.write(`${JSON.stringify({ task, input })}\n`);
      return next();
    },
    next,
    kill: () => void child.kill("SIGKILL"),
    end: () => {
      child.stdin.end();
      return ended;
    },
  };
}

/** Many processes that are let loose on one task at the same moment. */
export interface Crowd {
  race<Name extends keyof Tasks>(task: Name, input: (index: number) => Tasks[Name]): Promise<unknown[]>;
}

/** A crowd for the tests of one file; call it after {@link bundleWorker}. */
export function assemble(size: number): Crowd {
  let workers: Worker[] = [];
  beforeAll(async () => {
    workers = await Promise.all(Array.from({ length: size }, () => startWorker()));
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.end()));
  });
  return {
    race: (task, input) => Promise.all(workers.map((worker, index) => worker.do(task, input(index)))),
  };
}
