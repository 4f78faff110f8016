import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";
import type { KdfCosts } from "../../src/core/authority/ports/crypto.ts";
import { KDF_COSTS } from "../../src/crypto/kdf-costs.ts";
import { CHEAP_KDF } from "./cheap-kdf.ts";
import { runInProcess } from "./in-process.ts";
import { secondsAhead } from "./preload.ts";

export const LAUNCHER = resolve(import.meta.dirname, "../../bin/jwtctl.js");

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hints: readonly string[];
}

/** The refusal that a command told with --json, behind the warnings it may have told before. */
export function refusalOf({ stderr }: Pick<Ended, "stderr">): Refusal {
  return JSON.parse(stderr.slice(stderr.indexOf('{\n  "error"'))).error as Refusal;
}

export interface CommandOptions {
  readonly stdin?: string;
  readonly env?: Record<string, string>;
}

/** Passwords as dear as promised, or a process would hash them anew at the next login; passphrases cheap. */
const MIXED_KDF: KdfCosts = { ...KDF_COSTS, rounds: CHEAP_KDF.rounds };

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Where files need not reach a disk: for tests of thousands of commands. What a kill -9 finds is the same. */
export const IN_MEMORY = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** A user of their own: a home, a store and a current login that no other test and no real user sees. */
export class Sandbox {
  readonly directory: string;
  readonly env: Record<string, string>;
  private readonly processes: boolean;

  /**
   * @param options.in the directory it lies in
   * @param options.processes whether {@link jwtctl} starts a process for each command; without, only {@link start},
   *   {@link bash} and what needs a preloaded file do, and keys under passphrases are derived cheaply
   */
  constructor(options: { in?: string | undefined; processes?: boolean | undefined } = {}) {
    const parent = options.in ?? tmpdir();
    this.processes = options.processes ?? true;
    this.directory = mkdtempSync(join(parent, "jwtctl-test-"));
    this.env = {
      PATH: process.env.PATH ?? "",
      HOME: this.directory,
      XDG_DATA_HOME: join(this.directory, "data"),
      XDG_STATE_HOME: join(this.directory, "state"),
      XDG_CONFIG_HOME: join(this.directory, "config"),
      XDG_CACHE_HOME: join(this.directory, "cache"),
      TZ: "UTC",
    };
    onTestFinished(() => rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 }));
  }

  path(...parts: readonly string[]): string {
    return join(this.directory, ...parts);
  }

  /** Starts jwtctl in a process of its own; stdin is a pipe and, when `stdin` is given, gets it and is closed. */
  start(args: readonly string[], options: { stdin?: string; env?: Record<string, string> } = {}): Running {
    return run(process.execPath, [LAUNCHER, ...args], {
      env: { ...this.env, ...options.env },
      cwd: this.directory,
      stdin: options.stdin ?? "",
    });
  }

  /** The command under test, in a process of its own unless the sandbox is one without. */
  jwtctl(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
    return this.processes ? this.start(args, options).ended : this.here(args, options);
  }

  /** In this process where that is the same: see {@link runInProcess}. */
  private async here(args: readonly string[], { stdin = "", env: own = {} }: CommandOptions): Promise<Ended> {
    const seconds = secondsAhead(own);
    if (seconds === undefined) return this.start(args, { stdin, env: own }).ended;
    const { NODE_OPTIONS, JWTCTL_TEST_CLOCK, ...env } = { ...this.env, ...own };
    const ended = await runInProcess(args, {
      ...{ directory: this.directory, env, stdin, kdfCosts: MIXED_KDF },
      ahead: seconds * 1000,
    });
    return { ...ended, signal: null };
  }

  /** Runs a line of bash in which `jwtctl` is the program under test. */
  bash(script: string, options: { env?: Record<string, string> } = {}): Promise<Ended> {
    const define = `jwtctl() { "${process.execPath}" "${LAUNCHER}" "$@"; }`;
    return run("bash", ["-c", `${define}\n${script}`], {
      env: { ...this.env, ...options.env },
      cwd: this.directory,
      stdin: "",
    }).ended;
  }

  /** A step that a test builds on, in this process. @returns stdout @throws when the exit code is not 0 */
  async ok(args: readonly string[], options: CommandOptions = {}): Promise<string> {
    return stdoutOf(args, await this.here(args, options));
  }

  /** Like {@link ok}, in a process of its own, for what has to go on beside others. */
  async okSpawned(args: readonly string[], options: CommandOptions = {}): Promise<string> {
    return stdoutOf(args, await this.start(args, options).ended);
  }
}

function stdoutOf(args: readonly string[], { code, stdout, stderr }: Ended): string {
  if (code !== 0) throw new Error(`jwtctl ${args.join(" ")} ended with ${code}: ${stderr}`);
  return stdout;
}

export function run(
  command: string,
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string; stdin?: string },
): Running {
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "pipe"],
    env: options.env ?? (process.env as Record<string, string>),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const ended = new Promise<Ended>((done, failed) => {
    let stdout = "";
    let stderr = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", failed);
    child.on("close", (code, signal) => done({ code, signal, stdout, stderr }));
    // A program that does not read its input closes the pipe under our hands; that is its right.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.stdin ?? "");
  });
  return { child, ended };
}
