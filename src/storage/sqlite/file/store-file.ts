import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from "node:fs";
import { platform } from "node:os";
import { dirname, resolve } from "node:path";
import type { AppError } from "../../../core/base/errors.ts";
import { shellWord } from "../../../core/base/text/wording.ts";
import { makePrivateDirectory } from "../../../platform/directories.ts";
import { systemCode } from "../../../platform/system-error.ts";
import { foreign } from "../faults.ts";
import { systemFault, unusable } from "./file-faults.ts";
import { refusePlace } from "./store-place.ts";

/** The file a store lies in, as the file system shows it. */
export interface StoreFile {
  /** Absolute, symbolic links followed: the -wal and -shm files lie beside it. */
  readonly path: string;
  readonly size: number;
  /** The path that was named is a symbolic link. */
  readonly linked: boolean;
  readonly mode: number;
  readonly uid: number;
}

/**
 * Looks for a store's file without opening it: closing a descriptor would drop the locks that SQLite holds on the same
 * file in this process (https://sqlite.org/howtocorrupt.html section 2.2).
 *
 * @returns null when nothing is there
 * @throws AppError `store_unusable` for what is not a file; `store_foreign` for a file that is too short to be a database
 */
export function findStoreFile(named: string): StoreFile | null {
  // No file has such a name, and Node throws a TypeError for it.
  if (named.includes("\0")) return null;
  const path = resolve(named);
  if (path !== path.trim()) {
    throw unusable(path, "has a name that ends in white space, which SQLite cannot open", [
      "Name another file with --db",
    ]);
  }
  try {
    const linked = lstatSync(path).isSymbolicLink();
    const target = linked ? realpathSync(path) : path;
    const stats = statSync(target);
    if (!stats.isFile()) throw unusable(path, "is not a file", ["Name a file with --db"]);
    if (stats.size > 0) refuseIfTooShort(target, stats);
    const { size, mode, uid } = stats;
    return { path: target, size, linked, mode, uid };
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw systemFault(error, path);
  }
}

/** Where the file of a store lies, or would. */
export function placeOf(target: string): string {
  const path = resolve(target);
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (!there?.isSymbolicLink()) return path;
  try {
    return realpathSync(path);
  } catch {
    throw linkToNothing(path);
  }
}

/**
 * To be asked of a file that is known to be a store: of any other it would be beside the point.
 *
 * @throws AppError `store_unusable` when users who are neither its owner nor of its group may read or write it
 */
export function refuseIfOpenToOthers({ path, size, mode }: StoreFile): void {
  // Windows has no such bits; Node makes some up from the read-only attribute.
  if (size === 0 || (mode & 0o007) === 0 || platform() === "win32") return;
  throw unusable(path, "holds secrets, and every user of this computer may read or write it", [
    `Close it with: chmod 600 ${shellWord(path)}`,
    "If others may have read it, rotate the keys and revoke the logins",
  ]);
}

/** SQLite takes a file that is shorter than its smallest page for an empty one, and would write over it. */
const SMALLEST_PAGE = 512;

function refuseIfTooShort(path: string, { size }: Stats): void {
  if (size < SMALLEST_PAGE) throw foreign(path);
}

/**
 * Makes the file, empty and closed to others before a byte is in it: SQLite gives -wal and -shm the same permissions.
 * A file that is there already stays what it is; a symbolic link, even one that leads nowhere, is not followed.
 *
 * @returns whether it was made, and not there
 * @throws AppError `store_read_only`, `store_full`, `store_unusable`
 */
export function createStoreFile(named: string): boolean {
  const path = resolve(named);
  try {
    makePrivateDirectory(dirname(path));
  } catch (error) {
    throw systemFault(error, path, "made");
  }
  refusePlace(path);
  try {
    const { O_CREAT, O_EXCL, O_RDWR } = constants;
    closeToOthers(openSync(path, O_CREAT | O_EXCL | O_RDWR | NO_FOLLOW, 0o600));
    return true;
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw systemFault(error, path, "made");
    const there = lstatSync(path, { throwIfNoEntry: false });
    if (there?.isFile()) return false;
    throw there?.isSymbolicLink() ? linkToNothing(path) : systemFault(error, path, "made");
  }
}

/** A store is opened through a symbolic link, but never made through one: whoever planted it would choose the file. */
export function linkToNothing(path: string): AppError {
  return unusable(path, "is a symbolic link that leads to no store", ["Name the file itself with --db"]);
}

/**
 * Closes an empty file to all but its owner, before anything is written to it.
 *
 * @throws AppError `store_unusable` also for a file of another user, who could read all that root writes to it
 */
export function claimEmptyFile({ path, uid }: StoreFile): void {
  refusePlace(path);
  if (process.getuid !== undefined && uid !== process.getuid()) {
    throw unusable(path, "is an empty file of another user", ["Remove it, or name another file with --db"]);
  }
  try {
    closeToOthers(openSync(path, constants.O_RDWR | NO_FOLLOW));
  } catch (error) {
    throw systemFault(error, path, "made");
  }
}

/** Windows has no such flag, and no symbolic links that an unprivileged user could plant. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

function closeToOthers(descriptor: number): void {
  try {
    fchmodSync(descriptor, 0o600);
  } finally {
    closeSync(descriptor);
  }
}

export function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether committed changes wait in the write-ahead log, so that the main file alone is not the whole store. */
export function hasWriteAheadLog(path: string): boolean {
  return isFilled(`${path}-wal`);
}

/** Whether the main file holds changes that were never committed, and what takes them back lies in a journal beside it. */
export function hasJournal(path: string): boolean {
  return isFilled(`${path}-journal`);
}

function isFilled(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/**
 * The bytes of a store that no process is writing, or undefined when one did while they were read.
 *
 * @throws AppError `store_unusable`
 */
export function readUnchanging(path: string): Uint8Array | undefined {
  try {
    const before = statSync(path, { bigint: true });
    const bytes = readFileSync(path);
    const after = statSync(path, { bigint: true });
    const unchanged = before.mtimeNs === after.mtimeNs && before.size === after.size;
    return unchanged && !hasWriteAheadLog(path) && !hasJournal(path) ? bytes : undefined;
  } catch (error) {
    throw systemFault(error, path);
  }
}
