import { join, resolve } from "node:path";
import type { KdfCosts } from "../../src/core/authority/ports/crypto.ts";
import { main } from "../../src/main.ts";
import { createFiles } from "../../src/runtime/files.ts";
import type { OutputStream } from "../../src/runtime/runtime.ts";
import { createSystemRuntime } from "../../src/runtime/system.ts";
import { FakeInput } from "./fake-runtime.ts";

/** What a command in a process of its own would find around it. */
export interface Surroundings {
  readonly directory: string;
  /** HOME and the XDG directories, as a sandbox sets them. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  /** How far the clock is ahead (ms). */
  readonly ahead: number;
  readonly kdfCosts: KdfCosts;
}

/**
 * Runs a command in this process as it would run in one of its own, but for the price of starting one: the real files,
 * the real clock and chance, nothing a terminal. The working directory is this process's for as long.
 */
export async function runInProcess(
  args: readonly string[],
  { directory, env, stdin: given, ahead, kdfCosts }: Surroundings,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const system = createSystemRuntime();
  const stdin = new FakeInput(given, false);
  const [stdout, stderr] = [new Collected(), new Collected()];
  const at = (path: string | undefined) => join(path ?? directory, "jwtctl");
  const leave = enter(directory);
  try {
    const code = await main(args, {
      ...system,
      env,
      kdfCosts,
      clock: { now: () => Date.now() + ahead },
      stdin,
      files: createFiles(stdin),
      stdout,
      stderr,
      platform: {
        ...system.platform,
        dataDirectory: async () => at(env["XDG_DATA_HOME"]),
        stateDirectory: async () => at(env["XDG_STATE_HOME"]),
        cacheDirectory: async () => at(env["XDG_CACHE_HOME"]),
        absolute: (path) => resolve(directory, path),
      },
      lines: () => {
        throw new Error("work on very many lines reads the descriptors of its own process");
      },
    });
    return { code, stdout: stdout.text, stderr: stderr.text };
  } finally {
    leave();
  }
}

class Collected implements OutputStream {
  readonly isTerminal = false;
  readonly columns = undefined;
  text = "";
  private readonly decoder = new TextDecoder();

  write(text: string | Uint8Array): void {
    this.text += typeof text === "string" ? text : this.decoder.decode(text, { stream: true });
  }
}

/** How many commands are at work in a directory that is not where this process began. */
let inside = 0;
const home = process.cwd();

/** Changes the working directory until the last command in it has ended. @returns what to call then */
function enter(directory: string): () => void {
  if (inside > 0 && process.cwd() !== directory) {
    throw new Error(`a command is still at work in ${process.cwd()}`);
  }
  process.chdir(directory);
  inside += 1;
  return () => {
    inside -= 1;
    if (inside === 0) process.chdir(home);
  };
}
