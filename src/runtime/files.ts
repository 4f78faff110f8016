import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdtemp, open, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { AppError } from "../core/base/errors.ts";
import { placeIfFree, syncPath } from "../platform/durable.ts";
import { systemCode, systemReason } from "../platform/system-error.ts";
import type { Files, WriteOptions } from "./runtime.ts";

export function createFiles(): Files {
  return {
    read,
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
    makeTemporaryDirectory: () => mkdtemp(join(tmpdir(), "jwtctl-")),
    removeTemporaryDirectory: (path) => rm(path, { recursive: true, force: true }),
  };
}

async function read(path: string, limit: number): Promise<Uint8Array> {
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
  const directory = dirname(path);
  const temporary = join(directory, `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const mode = await narrowestMode(path, options.mode);
    const handle = await open(temporary, "wx", mode);
    try {
      await handle.chmod(mode);
      // Each part goes where the one before has ended.
      if (content instanceof Uint8Array) await handle.writeFile(content);
      else for await (const part of content) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if ((await options.isWanted?.()) === false) {
      await rm(temporary, { force: true });
      return false;
    }
    if (options.overwrite) await rename(temporary, path);
    else if (!placeIfFree(temporary, path)) throw inTheWay(path);
    syncPath(directory);
    return true;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error instanceof AppError ? error : unwritable(path, error);
  }
}

function inTheWay(path: string): AppError {
  return new AppError("file_exists", `${path} exists already`, {
    hints: ["Choose another name, or replace it with --force"],
  });
}

async function narrowestMode(path: string, mode: number): Promise<number> {
  const present = await stat(path).catch(() => null);
  return present === null ? mode : present.mode & 0o777 & mode;
}

const OTHER_FILE = "Check that this is the file you mean";

export function unreadable(path: string, error: unknown): AppError {
  const code = systemCode(error);
  return new AppError("file_unreadable", `cannot read ${path}: ${systemReason(error)}`, {
    hints: [code === "EACCES" || code === "EPERM" ? "See who may read it with: ls -l" : "Check the path"],
    cause: error,
  });
}

function unwritable(path: string, error: unknown): AppError {
  const noDirectory = systemCode(error) === "ENOENT";
  const reason = noDirectory ? "its directory does not exist" : systemReason(error);
  return new AppError("file_unwritable", `cannot write ${path}: ${reason}`, {
    hints: [noDirectory ? "Make the directory first, or choose another place" : "Choose another place"],
    cause: error,
  });
}
