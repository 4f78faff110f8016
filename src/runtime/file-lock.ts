import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, link, open, rename, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../core/base/errors.ts";
import { isAlive } from "../platform/durable.ts";
import { systemCode, systemReason } from "../platform/system-error.ts";

/** No work under a lock takes so long: the store gives up waiting after 10 s. */
const STALE_MS = 30_000;
/** A lock file is empty for the moment between being made and being written. */
const EMPTY_MS = 2_000;
const PATIENCE_MS = 60_000;
/** A process id and a random word take far less. */
const MAX_BYTES = 64;

/**
 * Does the work while this process alone holds the lock file. Processes on one machine take turns; a lock whose holder
 * has died is taken over at once, one older than {@link STALE_MS} in any case.
 *
 * The lock keeps honest processes from crossing; what they do must be safe without it too, for a lock file can be
 * deleted and a holder can be stopped.
 *
 * @throws AppError `file_unwritable`, before the work
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const content = `${process.pid} ${randomBytes(8).toString("hex")}\n`;
  await acquire(path, content);
  try {
    return await work();
  } finally {
    await release(path, content);
  }
}

async function acquire(path: string, content: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await create(path, content))) {
    const left = await abandoned(path);
    if (left !== undefined) await takeAway(path, left);
    else if (performance.now() > deadline) {
      throw new AppError("file_unwritable", `another jwtctl holds ${path}`, {
        hints: ["Wait for it to end, or remove the file when no jwtctl runs"],
      });
    } else await sleep(5 + Math.random() * 15);
  }
}

async function create(path: string, content: string): Promise<boolean> {
  try {
    const handle = await open(path, "wx", 0o600);
    try {
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw new AppError("file_unwritable", `cannot write ${path}: ${systemReason(error)}`, {
      hints: ["Name another place for the current login in JWTCTL_CREDENTIALS"],
      cause: error,
    });
  }
}

/**
 * The content of a lock that nobody holds any more; undefined when it is held, or gone by now.
 * @throws AppError `file_unwritable` for what is no lock, and so never comes free
 */
async function abandoned(path: string): Promise<string | undefined> {
  const present = await read(path);
  if (present === undefined) return undefined;
  const age = Math.abs(Date.now() - present.mtimeMs);
  const pid = Number.parseInt(present.content, 10);
  const over = Number.isNaN(pid) ? age > EMPTY_MS : age > STALE_MS || !isAlive(pid);
  return over ? present.content : undefined;
}

/**
 * What is in a lock file, when it is there. In a directory where others may make files, something else can be in its
 * place: a pipe that never ends, a link to a device that has no end.
 *
 * @throws AppError `file_unwritable` for anything but a plain file
 */
async function read(path: string): Promise<{ content: string; mtimeMs: number } | undefined> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, flags);
    const status = await handle.stat();
    if (!status.isFile()) throw noLock(path);
    const { buffer, bytesRead } = await handle.read(new Uint8Array(MAX_BYTES), 0, MAX_BYTES, 0);
    return { content: new TextDecoder().decode(buffer.subarray(0, bytesRead)), mtimeMs: status.mtimeMs };
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (systemCode(error) === "ELOOP") throw noLock(path);
    return undefined;
  } finally {
    await handle?.close();
  }
}

function noLock(path: string): AppError {
  return new AppError("file_unwritable", `${path} is not a file: it cannot be a lock of jwtctl`, {
    hints: ["Remove it, or name another place for the current login in JWTCTL_CREDENTIALS"],
  });
}

/** Removes an abandoned lock, but not the one that another process has put in its place meanwhile. */
async function takeAway(path: string, content: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    await rename(path, aside);
  } catch {
    return; // another process was quicker
  }
  if ((await contentOf(aside)) !== content) {
    await link(aside, path).catch(() => undefined);
  }
  await rm(aside, { force: true });
}

async function release(path: string, content: string): Promise<void> {
  // Taken over after a stop: it is another's now.
  if ((await contentOf(path)) === content) await rm(path, { force: true }).catch(() => undefined);
}

async function contentOf(path: string): Promise<string | undefined> {
  return (await read(path).catch(() => undefined))?.content;
}
