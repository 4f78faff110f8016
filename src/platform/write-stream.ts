import { constants, fstatSync, lstatSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { systemCode } from "./system-error.ts";
import { refused } from "./write-file.ts";

/** Whether a name stands for standard output: `-`, or `/dev/stdout` and what else leads to where it goes. */
export function isStandardOutput(path: string): boolean {
  if (path === "-") return true;
  try {
    // A plain file is replaced, also when standard output was sent to it.
    if (lstatSync(path).isFile()) return false;
    const [named, output] = [statSync(path), fstatSync(1)];
    return named.dev === output.dev && named.ino === output.ino && !isNullDevice(named.rdev);
  } catch {
    return false;
  }
}

function isNullDevice(device: number): boolean {
  return device === statSync("/dev/null").rdev;
}

/** How long somebody is waited for who reads from a named pipe, in ms. */
const READER_MS = 10_000;
const RETRY_MS = 50;

/** Writes to a device or a named pipe. @throws WriteRefused, also when nobody reads from the pipe */
export async function writeToStream(
  path: string,
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await openStream(path);
    for await (const part of parts) {
      for (let rest = part; rest.length > 0; ) rest = rest.subarray(await writeSome(handle, rest));
    }
  } catch (error) {
    throw refused(path, error);
  } finally {
    await handle?.close();
  }
}

async function openStream(path: string): Promise<FileHandle> {
  const flags = constants.O_WRONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);
  for (let waited = 0; ; waited += RETRY_MS) {
    try {
      return await open(path, flags);
    } catch (error) {
      if (systemCode(error) !== "ENXIO" || waited >= READER_MS) throw error;
    }
    await sleep(RETRY_MS);
  }
}

async function writeSome(handle: FileHandle, bytes: Uint8Array): Promise<number> {
  try {
    return (await handle.write(bytes)).bytesWritten;
  } catch (error) {
    if (systemCode(error) !== "EAGAIN") throw error;
    await sleep(RETRY_MS / 10);
    return 0;
  }
}
