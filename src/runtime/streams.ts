import { constants, fstatSync, readSync, statSync, writeSync } from "node:fs";
import { AppError } from "../core/base/errors.ts";
import { systemCode, systemReason } from "../platform/system-error.ts";
import { type InputStream, OutputClosed, type OutputStream } from "./runtime.ts";

// Reads and writes go straight to the file descriptors. process.stdin and process.stdout would load the network stack
// at start-up, and what they buffer is lost when the process ends before a slow pipe has taken it.

const CHUNK = 64 * 1024;

export function createInput(descriptor: number): InputStream {
  return {
    get isTerminal() {
      return isTerminal(descriptor);
    },
    async readAll(limit) {
      const chunks: Uint8Array[] = [];
      let size = 0;
      for (;;) {
        const chunk = new Uint8Array(CHUNK);
        const length = readSome(descriptor, chunk);
        if (length === 0) return Buffer.concat(chunks);
        size += length;
        if (size > limit) {
          throw new AppError("input_too_large", `the input is larger than ${limit} bytes`, {
            hints: ["Check what is piped into jwtctl"],
          });
        }
        chunks.push(chunk.subarray(0, length));
      }
    },
  };
}

function readSome(descriptor: number, chunk: Uint8Array): number {
  for (;;) {
    try {
      return readSync(descriptor, chunk);
    } catch (error) {
      const code = systemCode(error);
      if (code === "EAGAIN") pause();
      else if (code === "EOF") return 0;
      else if (code !== "EINTR") {
        throw new AppError("file_unreadable", `standard input cannot be read: ${systemReason(error)}`, {
          hints: ["Check what stdin is connected to"],
          cause: error,
        });
      }
    }
  }
}

export function createOutput(
  descriptor: number,
  env: Readonly<Record<string, string | undefined>>,
): OutputStream {
  return {
    get isTerminal() {
      return isTerminal(descriptor);
    },
    get columns() {
      if (!isTerminal(descriptor)) return undefined;
      const stream = descriptor === 2 ? process.stderr : process.stdout;
      return stream.columns || Number(env.COLUMNS) || 80;
    },
    write(text) {
      writeAll(descriptor, typeof text === "string" ? Buffer.from(text) : text);
    },
  };
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      const code = systemCode(error);
      if (code === "EAGAIN") pause();
      else if (code === "EPIPE") throw new OutputClosed();
      else if (code !== "EINTR") {
        throw new AppError("output_failed", `the output cannot be written: ${systemReason(error)}`, {
          hints: [
            code === "ENOSPC" || code === "EDQUOT"
              ? "Free some space on the disk the output goes to"
              : "Check where the output goes",
          ],
          cause: error,
        });
      }
    }
  }
}

/** A terminal is a character device other than the null one; only then is it worth loading what can tell for sure. */
function isTerminal(descriptor: number): boolean {
  if (process.platform === "win32") return isatty(descriptor);
  try {
    const { rdev, mode } = fstatSync(descriptor);
    const isCharacterDevice = (mode & constants.S_IFMT) === constants.S_IFCHR;
    return isCharacterDevice && rdev !== statSync("/dev/null").rdev && isatty(descriptor);
  } catch {
    return false;
  }
}

function isatty(descriptor: number): boolean {
  switch (descriptor) {
    case 0:
      return process.stdin.isTTY === true;
    case 1:
      return process.stdout.isTTY === true;
    default:
      return process.stderr.isTTY === true;
  }
}

/** Lets a slow peer catch up when the descriptor does not block by itself. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}
