import type { BatchResult, LineBatch, LineTask } from "../core/analysis/bulk/batch.ts";
import type { CredentialsFacts } from "../core/analysis/doctor/check-credentials.ts";
import type { KdfCosts } from "../core/authority/ports/crypto.ts";
import type { Clock, Random, Stopwatch } from "../core/base/ports.ts";
import type { Shell } from "../core/base/text/shell.ts";
import type { Network } from "../core/remote/ports.ts";

/** All that a command may know of the world: everything of `process` is here, so that tests can give another. */
export interface Runtime {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Measures how long something took. */
  readonly stopwatch: Stopwatch;
  readonly random: Random;
  /** For tests, whose secrets nobody guesses; absent, they are those that jwtctl promises. */
  readonly kdfCosts?: KdfCosts;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly files: Files;
  readonly platform: Platform;
  /** The way to servers, loaded when a command fetches something: only from origins the user named. */
  network(): Promise<Network>;
  /** The file of the current login. Nothing is touched before it is used. */
  credentials(path: string): Promise<CredentialsFile>;
  /** Lets some time pass (ms). */
  pause(ms: number): Promise<void>;
  /** What bulk work (`--lines`) takes. */
  lines(): Promise<LineRuntime>;
  /** The questions a person can be asked; only to be used when stdin and stderr are terminals. */
  prompter(): Promise<Prompter>;
  /** The platform's clipboard. Nothing is touched before it is used. */
  clipboard(): Promise<Clipboard>;
}

/** What was copied last on this computer. Its content is never run, and never an argument of a program. */
export interface Clipboard {
  /** @throws AppError `clipboard_unavailable`, `input_too_large` past `limit` bytes */
  read(limit: number): Promise<Uint8Array>;
  /** @throws AppError `clipboard_unavailable` */
  write(text: string): Promise<void>;
}

export interface InputStream {
  readonly isTerminal: boolean;
  /** Everything up to the end of the input. @throws AppError `input_too_large` past `limit` bytes */
  readAll(limit: number): Promise<Uint8Array>;
}

export interface OutputStream {
  readonly isTerminal: boolean;
  /** The width of the terminal in columns; undefined when lines have no end (a pipe, a file). */
  readonly columns: number | undefined;
  /**
   * Writes all of it before it returns: nothing is lost at exit.
   * @throws OutputClosed when the reader has gone, AppError `output_failed` otherwise
   */
  write(text: string | Uint8Array): void;
}

/** The reader of stdout has gone (`| head -1`): the command ends quietly. */
export class OutputClosed extends Error {}

export interface Files {
  /** @param path `-` is standard input. @throws AppError `file_unreadable`, `input_too_large` past `limit` bytes */
  read(path: string, limit: number): Promise<Uint8Array>;
  /**
   * The lines of a file of any length, without their line breaks; a part of a UTF-8 sequence becomes U+FFFD.
   * @throws AppError `file_unreadable`; `input_too_large` for a line of more than `limit` UTF-16 units
   */
  lines(path: string, limit: number): AsyncIterable<string>;
  /**
   * The content of a regular file of at most `limit` bytes; undefined for anything else. For looking whether a text
   * happens to be the name of a file: it never waits for a pipe or a device, and refuses nothing.
   */
  peek(path: string, limit: number): Promise<Uint8Array | undefined>;
  /**
   * Writes a file so that others see the old content or the new, never a part: temporary file, fsync, rename. A device
   * or a named pipe is written to; what is mounted by itself is overwritten where it is.
   * @param content all at once, or in parts, when it is long
   * @param options.mode the permissions of the new file; an existing file's are never widened
   * @param options.isWanted asked when only the rename is missing; where it says no, all stays as it was
   * @returns whether it was wanted
   * @throws AppError `file_exists` unless `overwrite`, `file_unwritable`
   */
  write(
    path: string,
    content: Uint8Array | AsyncIterable<Uint8Array>,
    options: WriteOptions,
  ): Promise<boolean>;
  /** Whether a name stands for standard output, as `-` and `/dev/stdout` do. */
  isStandardOutput(path: string): Promise<boolean>;
  exists(path: string): Promise<boolean>;
  /** Removes a file if it is there. @throws AppError `file_unwritable` */
  remove(path: string): Promise<void>;
  /** Makes a directory of our own (0700) under the system's temporary one. */
  makeTemporaryDirectory(): Promise<string>;
  removeTemporaryDirectory(path: string): Promise<void>;
}

export interface WriteOptions {
  readonly mode: number;
  readonly overwrite: boolean;
  readonly isWanted?: () => Promise<boolean>;
  /** Told what somebody may have to know about the file that was replaced. */
  readonly note?: (text: string) => void;
}

/** A file of secrets that only its owner may read, shared by processes that take turns. */
export interface CredentialsFile {
  /**
   * Its text, or null when there is none. A file that others could read is closed to them, and `exposed` says so.
   * @throws AppError `file_unreadable`, also for a symbolic link, a file of another user, or no plain file
   */
  read(): Promise<{ readonly text: string; readonly exposed: boolean } | null>;
  /** What the file system shows of it, changing nothing; null when there is none. */
  status(): Promise<CredentialsFacts | null>;
  /** Whole or not at all, 0600; makes the directory (0700). @throws AppError `file_unwritable` */
  write(text: string): Promise<void>;
  /** @throws AppError `file_unwritable` */
  remove(): Promise<void>;
  /**
   * Does the work while no other process does work on this file. A lock left by a process that died, or kept longer
   * than any work takes, does not hold others up for good.
   * @throws AppError `file_unwritable` before the work when the lock cannot be had
   */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}

export interface Platform {
  /** Where the store is kept by default. */
  dataDirectory(): Promise<string>;
  /** Where the current login is kept by default. */
  stateDirectory(): Promise<string>;
  /** Where what was fetched is kept by default. */
  cacheDirectory(): Promise<string>;
  join(...parts: readonly string[]): string;
  /** The path from the root, whatever the working directory is later. */
  absolute(path: string): string;
  /** Minutes east of UTC of the local time zone at an instant (ms). */
  utcOffset(instant: number): number;
  readonly nodeVersion: string;
  /** The shell in use, for the quotes in commands that are shown. */
  readonly shell: Shell;
  /** The account that runs this process, as the operating system names it. */
  accountName(): Promise<string>;
}

export interface Prompter {
  text(message: string): Promise<string>;
  /** Typed without an echo. */
  secret(message: string): Promise<string>;
  confirm(message: string): Promise<boolean>;
  /** @returns the index of the one that was chosen */
  choose(message: string, choices: readonly string[]): Promise<number>;
}

/** What it takes to work on very many lines. */
export interface LineRuntime {
  /** How many threads can run side by side on this machine. */
  readonly parallelism: number;
  stdin(): ByteSource;
  file(path: string): ByteSource;
  /**
   * Starts threads that do the task on batches of lines.
   * @param answer answers what they cannot know by themselves: questions and answers are plain data
   */
  startWorkers<Question, Answer>(
    count: number,
    task: LineTask,
    answer: (question: Question) => Promise<Answer>,
  ): LineWorkers;
}

/** An input that is read as it comes. */
export interface ByteSource {
  /** @throws AppError `file_unreadable` */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** No more is wanted, even if nobody has written it yet. */
  close(): void;
}

export interface LineWorkers {
  /** Hands a batch over: its bytes are gone here. @throws what working on it throws */
  work(batch: LineBatch, now: number): Promise<BatchResult>;
  /** Ends the threads, whatever they are doing. */
  stop(): Promise<void>;
}
