import { constants } from "node:fs";
import { type FileHandle, mkdtemp, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../core/base/errors.ts";
import { fileUnwritable, usableName } from "../core/base/file-errors.ts";
import { systemCode, systemReason } from "../platform/system-error.ts";
import {
  openBeside,
  placeFile,
  refused,
  WriteRefused,
  type WriteTarget,
  writeTarget,
} from "../platform/write-file.ts";
import { isStandardOutput, writeToStream } from "../platform/write-stream.ts";
import type { Files, InputStream, WriteOptions } from "./runtime.ts";

/** @param stdin what `-` names */
export function createFiles(stdin?: InputStream): Files {
  return {
    read: (path, limit) => (path === "-" && stdin !== undefined ? stdin.readAll(limit) : read(path, limit)),
    isStandardOutput: async (path) => isStandardOutput(path),
    peek,
    lines,
    write,
    async exists(path) {
      return stat(path).then(
        () => true,
        () => false,
      );
    },
    async remove(path) {
      await rm(path, { force: true }).catch((error) => {
        throw unwritable(path, error);
      });
    },
    makeTemporaryDirectory,
    removeTemporaryDirectory: (path) => rm(path, { recursive: true, force: true }),
  };
}

async function makeTemporaryDirectory(): Promise<string> {
  const place = tmpdir();
  try {
    return await mkdtemp(join(place, "jwtctl-"));
  } catch (error) {
    const reason = systemCode(error) === "ENOENT" ? "it does not exist" : systemReason(error);
    throw new AppError(
      "file_unwritable",
      `nothing can be made in the temporary directory ${place}: ${reason}`,
      {
        hints: ["Name another one in TMPDIR"],
        cause: error,
      },
    );
  }
}

async function read(path: string, limit: number): Promise<Uint8Array> {
  usableName(path);
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const chunks: Uint8Array[] = [];
    let size = 0;
    // In pieces, not by the size the file claims: a device or a growing file has no honest size.
    for (;;) {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(64 * 1024));
      if (bytesRead === 0) return Buffer.concat(chunks);
      size += bytesRead;
      if (size > limit)
        throw new AppError("input_too_large", `${path} is larger than ${limit} bytes`, {
          hints: [OTHER_FILE],
        });
      chunks.push(buffer.subarray(0, bytesRead));
    }
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(path, error);
  } finally {
    await handle?.close();
  }
}

async function peek(path: string, limit: number): Promise<Uint8Array | undefined> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => undefined);
  try {
    const status = await handle?.stat();
    return status?.isFile() && status.size <= limit ? await handle?.readFile() : undefined;
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}

async function* lines(path: string, limit: number): AsyncIterable<string> {
  usableName(path);
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const decoder = new TextDecoder();
    const chunk = new Uint8Array(64 * 1024);
    let rest = "";
    for (;;) {
      const { bytesRead } = await handle.read(chunk);
      rest += decoder.decode(chunk.subarray(0, bytesRead), { stream: bytesRead > 0 });
      const parts = rest.split("\n");
      rest = parts.pop() ?? "";
      yield* parts;
      if (rest.length > limit) {
        throw new AppError("input_too_large", `${path} has a line of over ${limit} characters`, {
          hints: [OTHER_FILE],
        });
      }
      if (bytesRead === 0) break;
    }
    if (rest !== "") yield rest;
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(path, error);
  } finally {
    await handle?.close();
  }
}

async function write(
  path: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  options: WriteOptions,
): Promise<boolean> {
  usableName(path);
  try {
    const target = writeTarget(path, options.overwrite);
    if (target.kind !== "stream") return await writeFile(path, target, content, options);
    if ((await options.isWanted?.()) === false) return false;
    await writeToStream(path, content instanceof Uint8Array ? partsOf(content) : content);
    return true;
  } catch (error) {
    throw unwritable(path, error);
  }
}

async function* partsOf(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

async function writeFile(
  path: string,
  target: WriteTarget,
  content: Uint8Array | AsyncIterable<Uint8Array>,
  options: WriteOptions,
): Promise<boolean> {
  const { handle, temporary } = await openBeside(path);
  try {
    try {
      // Each part goes where the one before has ended.
      if (content instanceof Uint8Array) await handle.writeFile(content);
      else for await (const part of content) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if ((await options.isWanted?.()) === false) return false;
    placeFile(temporary, path, target, options);
    return true;
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

const OTHER_FILE = "Check that this is the file you mean";

export function unreadable(path: string, error: unknown): AppError {
  const code = systemCode(error);
  return new AppError("file_unreadable", `cannot read ${path}: ${systemReason(error)}`, {
    hints: [code === "EACCES" || code === "EPERM" ? "See who may read it with: ls -l" : "Check the path"],
    cause: error,
  });
}

/** What the platform says about a file that was not written, as an AppError. */
function unwritable(path: string, error: unknown): unknown {
  const refusal = refused(path, error);
  return refusal instanceof WriteRefused ? fileUnwritable(path, refusal, error) : refusal;
}
