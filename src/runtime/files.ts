import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, link, mkdtemp, open, rename, rm, stat, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { AppError } from "../core/base/errors.ts";
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
    else await place(temporary, path);
    await syncDirectory(directory);
    return true;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error instanceof AppError ? error : unwritable(path, error);
  }
}

/** Puts a finished file in its place only if nothing is there: link() fails where rename() would replace. */
async function place(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    const code = codeOf(error);
    if (code === "EEXIST") {
      throw inTheWay(path);
    }
    // File systems without hard links (FAT, some network shares): the check is then as good as it can be.
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error;
    if (await stat(path).catch(() => null)) throw inTheWay(path);
    await rename(temporary, path);
    return;
  }
  await unlink(temporary);
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

/** Without this a crash may forget the new name. Not every platform can: then there is nothing more to do. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r").catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

const OTHER_FILE = "Check that this is the file you mean";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of the path is not a directory",
  ENOSPC: "the disk is full",
  EFBIG: "the file would be too large",
  EROFS: "the file system is read-only",
};

export function unreadable(path: string, error: unknown): AppError {
  const code = codeOf(error);
  return new AppError("file_unreadable", `cannot read ${path}: ${REASONS[code] ?? code}`, {
    hints: [code === "EACCES" || code === "EPERM" ? "See who may read it with: ls -l" : "Check the path"],
    cause: error,
  });
}

function unwritable(path: string, error: unknown): AppError {
  const code = codeOf(error);
  const reason = code === "ENOENT" ? "its directory does not exist" : (REASONS[code] ?? code);
  return new AppError("file_unwritable", `cannot write ${path}: ${reason}`, {
    hints: [code === "ENOENT" ? "Make the directory first, or choose another place" : "Choose another place"],
    cause: error,
  });
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
