import { createHash } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { AppError } from "../../src/core/base/errors.ts";
import { usableName } from "../../src/core/base/file-errors.ts";
import type { Clock, Random } from "../../src/core/base/ports.ts";
import type { Shell } from "../../src/core/base/text/shell.ts";
import type { Network } from "../../src/core/remote/ports.ts";
import { createCredentialsFile } from "../../src/runtime/credentials-file.ts";
import { createFiles } from "../../src/runtime/files.ts";
import { createLineRuntime } from "../../src/runtime/lines.ts";
import {
  type ByteSource,
  type Clipboard,
  type Files,
  type InputStream,
  type LineRuntime,
  OutputClosed,
  type OutputStream,
  type Platform,
  type Prompter,
  type Runtime,
} from "../../src/runtime/runtime.ts";
import { CHEAP_KDF } from "./cheap-kdf.ts";

/** Where the clock of every test starts. */
export const START = Date.UTC(2026, 2, 1, 12, 0, 0);

export class FakeClock implements Clock {
  private instant: number;

  constructor(instant = START) {
    this.instant = instant;
  }

  now(): number {
    return this.instant;
  }

  /** Lets time pass; a negative number sets the clock back. */
  advance(seconds: number): void {
    this.instant += seconds * 1000;
  }

  set(instant: number): void {
    this.instant = instant;
  }
}

/** The same bytes in every run, and never the same twice in one. */
export class SeededRandom implements Random {
  private readonly seed: string;
  private counter = 0;

  constructor(seed = "jwtctl") {
    this.seed = seed;
  }

  bytes(length: number): Uint8Array {
    const blocks: Uint8Array[] = [];
    for (let have = 0; have < length; have += 32) {
      blocks.push(
        createHash("sha256")
          .update(`${this.seed}:${this.counter++}`)
          .digest(),
      );
    }
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
  }
}

export class FakeInput implements InputStream {
  readonly isTerminal: boolean;
  private readonly content: Uint8Array;

  constructor(content: string | Uint8Array, isTerminal: boolean) {
    this.content = typeof content === "string" ? new TextEncoder().encode(content) : content;
    this.isTerminal = isTerminal;
  }

  async readAll(limit: number): Promise<Uint8Array> {
    if (this.isTerminal && this.content.length === 0)
      throw new Error("a test would wait for somebody to type; give it stdin");
    if (this.content.length > limit) {
      throw new AppError("input_too_large", `the input is larger than ${limit} bytes`);
    }
    return this.content;
  }
}

export class FakeOutput implements OutputStream {
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
  /** Set when the reader is to go away (`| head -1`). */
  closed = false;
  text = "";
  /** The same as it was written. */
  readonly chunks: Uint8Array[] = [];

  constructor(isTerminal: boolean, columns: number) {
    this.isTerminal = isTerminal;
    this.columns = isTerminal ? columns : undefined;
  }

  write(text: string | Uint8Array): void {
    if (this.closed) throw new OutputClosed();
    this.text += typeof text === "string" ? text : new TextDecoder().decode(text);
    this.chunks.push(typeof text === "string" ? new TextEncoder().encode(text) : text);
  }
}

/**
 * What to answer: the beginning, or any part, of the question that is expected, the answer, and what happens in the
 * world before it is given.
 */
export type ScriptedAnswer = readonly [
  question: string,
  answer: string | boolean | typeof CTRL_C,
  meanwhile?: () => Promise<unknown>,
];
export const CTRL_C = Symbol("Ctrl-C");

/** Answers from a script, in order. A question that is not next in it fails the test. */
export class ScriptedPrompter implements Prompter {
  private readonly answers: ScriptedAnswer[];
  /** Every question as it was asked. */
  readonly asked: string[] = [];
  /** The question that was not expected, for the test to be told whatever the command made of it. */
  surprise: UnexpectedQuestion | undefined;

  constructor(answers: readonly ScriptedAnswer[]) {
    this.answers = [...answers];
  }

  get unused(): readonly ScriptedAnswer[] {
    return this.answers;
  }

  text(message: string): Promise<string> {
    return this.next(message, "string");
  }

  secret(message: string): Promise<string> {
    return this.next(message, "string");
  }

  confirm(message: string): Promise<boolean> {
    return this.next(message, "boolean");
  }

  /** The answer is a part of the choice that is meant. */
  async choose(message: string, choices: readonly string[]): Promise<number> {
    const answer = await this.next<string>([message, ...choices].join("\n"), "string");
    const index = choices.findIndex((choice) => choice.includes(answer));
    if (index >= 0) return index;
    this.surprise = new UnexpectedQuestion(`nothing to choose is "${answer}": ${choices.join(", ")}`);
    throw this.surprise;
  }

  private async next<T extends string | boolean>(message: string, type: "string" | "boolean"): Promise<T> {
    this.asked.push(message);
    const [question, answer, meanwhile] = this.answers.shift() ?? [];
    if (answer === CTRL_C) throw new AppError("cancelled", "cancelled; nothing was changed");
    if (question === undefined || !message.includes(question) || typeof answer !== type) {
      this.surprise = new UnexpectedQuestion(`asked "${message}"; next is ${question ?? "nothing"}`);
      throw this.surprise;
    }
    await meanwhile?.();
    return answer as T;
  }
}

/** The test's script does not fit; nothing that a command may catch. */
export class UnexpectedQuestion extends Error {}

/** A clipboard of the test's own. */
export class FakeClipboard implements Clipboard {
  /** Undefined: there is none. */
  text: string | undefined;

  constructor(text?: string) {
    this.text = text;
  }

  async read(limit: number): Promise<Uint8Array> {
    const bytes = new TextEncoder().encode(this.required());
    if (bytes.length > limit) throw new AppError("input_too_large", "the clipboard holds too much");
    return bytes;
  }

  async write(text: string): Promise<void> {
    this.required();
    this.text = text;
  }

  private required(): string {
    if (this.text !== undefined) return this.text;
    throw new AppError("clipboard_unavailable", "there is no clipboard");
  }
}

export interface FakeRuntimeOptions {
  /** An empty directory of the test's own: the store, the current login and the cache are in it. */
  readonly directory: string;
  readonly clock?: FakeClock;
  readonly random?: Random;
  /** Beside what the directory decides; `undefined` unsets. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string | Uint8Array;
  /** Which streams are terminals; all of them, or none by default. */
  readonly terminal?: boolean | { stdin?: boolean; stdout?: boolean; stderr?: boolean };
  readonly columns?: number;
  readonly answers?: readonly ScriptedAnswer[];
  /** Minutes east of UTC. */
  readonly utcOffset?: number;
  /** The shell in use; one of POSIX by default. */
  readonly shell?: Shell;
  readonly network?: Network;
  readonly clipboard?: FakeClipboard;
  /** The reader of stdout has gone before the first byte. */
  readonly stdoutClosed?: boolean;
  /** What happens in the world while a command pauses; without it no command may. */
  readonly onPause?: (ms: number) => void | Promise<void>;
  /** In place of some of the real file functions. */
  readonly files?: Partial<Files>;
  /** In place of what bulk work takes: stdin in pieces of 64 bytes, and no threads. */
  readonly lines?: Partial<LineRuntime>;
}

export interface FakeRuntime extends Runtime {
  readonly stdout: FakeOutput;
  readonly stderr: FakeOutput;
  readonly script: ScriptedPrompter;
}

/** A world of a test's own for one command: nothing of the real one but files under `directory`. */
export function createFakeRuntime(options: FakeRuntimeOptions): FakeRuntime {
  const { directory, columns = 100, terminal = false } = options;
  const isTerminal = (stream: "stdin" | "stdout" | "stderr") =>
    typeof terminal === "boolean" ? terminal : (terminal[stream] ?? false);
  const script = new ScriptedPrompter(options.answers ?? []);
  const stdout = new FakeOutput(isTerminal("stdout"), columns);
  stdout.closed = options.stdoutClosed ?? false;
  const stdin = new FakeInput(options.stdin ?? "", isTerminal("stdin"));
  return {
    env: { ...options.env },
    clock: options.clock ?? new FakeClock(),
    // Time passes when a test says so.
    stopwatch: () => 0,
    random: options.random ?? new SeededRandom(),
    kdfCosts: CHEAP_KDF,
    stdin,
    stdout,
    stderr: new FakeOutput(isTerminal("stderr"), columns),
    files: {
      ...createFiles(stdin),
      isStandardOutput: async (path) => path === "-",
      makeTemporaryDirectory: () => mkdtemp(join(directory, "temporary-")),
      ...options.files,
    },
    platform: createFakePlatform(directory, options.utcOffset ?? 0, options.shell ?? "posix"),
    pause: async (ms) => {
      if (options.onPause === undefined) throw new Error("this test would wait");
      await options.onPause(ms);
    },
    network: async () => {
      if (options.network) return options.network;
      throw new Error("this test has no network");
    },
    credentials: async (path) => createCredentialsFile(path),
    lines: async () => ({ ...fakeLines(options.stdin ?? ""), ...options.lines }),
    prompter: async () => script,
    clipboard: async () => options.clipboard ?? new FakeClipboard(),
    script,
  };
}

function fakeLines(stdin: string | Uint8Array): LineRuntime {
  return {
    parallelism: 1,
    stdin: () => fakeSource(typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin),
    file: createLineRuntime().file,
    startWorkers: () => {
      throw new Error("this test has no threads");
    },
  };
}

/** An input that comes in small pieces. */
export function fakeSource(content: Uint8Array, size = 64): ByteSource & { readonly isClosed: boolean } {
  let isClosed = false;
  async function* chunks() {
    for (let at = 0; at < content.length && !isClosed; at += size) yield content.slice(at, at + size);
  }
  return {
    chunks: chunks(),
    close: () => {
      isClosed = true;
    },
    get isClosed() {
      return isClosed;
    },
  };
}

function createFakePlatform(directory: string, utcOffset: number, shell: Shell): Platform {
  return {
    dataDirectory: async () => join(directory, "data"),
    stateDirectory: async () => join(directory, "state"),
    cacheDirectory: async () => join(directory, "cache"),
    join: (...parts) => join(...parts),
    absolute: (path) => (isAbsolute(usableName(path)) ? path : join(directory, path)),
    utcOffset: () => utcOffset,
    nodeVersion: process.versions.node,
    shell,
    accountName: async () => "tester",
  };
}
