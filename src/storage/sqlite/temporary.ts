import { randomBytes } from "node:crypto";
import { closeSync, constants, fsyncSync, openSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** What SQLite may leave beside a database. */
const SUFFIXES = ["", "-wal", "-shm", "-journal"];
const MARK = ".jwtctl-part";

/**
 * Makes an empty file that only its owner may read beside the one that is to be written, and sweeps away those that
 * processes have left which were killed.
 *
 * @throws an error of the file system
 */
export function temporaryBeside(path: string): string {
  const name = basename(path);
  const directory = dirname(path);
  sweep(directory, name);
  const temporary = join(directory, `.${name}.${process.pid}-${randomBytes(4).toString("hex")}${MARK}`);
  const { O_CREAT, O_EXCL, O_RDWR } = constants;
  closeSync(openSync(temporary, O_CREAT | O_EXCL | O_RDWR | (constants.O_NOFOLLOW ?? 0), 0o600));
  return temporary;
}

/**
 * Sweeps away what processes that were killed have left beside a file: whole copies of the store, private keys and all.
 * As far as this user may.
 */
export function sweepBeside(path: string): void {
  try {
    sweep(dirname(path), basename(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** Removes a temporary database with all that belongs to it. */
export function removeTemporary(path: string): void {
  for (const suffix of SUFFIXES) rmSync(`${path}${suffix}`, { force: true });
}

function sweep(directory: string, name: string): void {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const left = new RegExp(`^\\.${escaped}\\.(\\d+)-[0-9a-f]{8}\\${MARK}(-wal|-shm|-journal)?$`);
  for (const entry of readdirSync(directory)) {
    const pid = left.exec(entry)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(directory, entry), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Makes what was written, or renamed, last through a power cut. Not every system can do it for a directory. */
export function syncPath(path: string): void {
  try {
    const descriptor = openSync(path, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EISDIR" && code !== "EPERM" && code !== "EINVAL") throw error;
  }
}
