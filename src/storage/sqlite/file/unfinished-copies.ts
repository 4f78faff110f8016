import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  lstatSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import Sqlite, { type Database } from "better-sqlite3";
import { systemCode } from "../../../platform/system-error.ts";
import { COMPANIONS } from "./companion-files.ts";

const MARK = ".jwtctl-part";
const LOCK = "-lock";

/**
 * A copy of a store that is being written beside the file it is to become. A lock on a file beside it tells whether a
 * process still works on it: process ids mean nothing in another container that has the same directory.
 */
export interface UnfinishedCopy {
  readonly path: string;
  /** Removes the copy, unless it has been given another name, and its lock. */
  discard(): void;
}

/**
 * Begins a copy: an empty file that only its owner may read, beside the file it is to become. What killed processes have
 * left of that file is removed first.
 *
 * @throws the system's error, SqliteError
 */
export function beginCopy(target: string): UnfinishedCopy {
  removeAbandoned(dirname(target), basename(target));
  for (;;) {
    const path = join(dirname(target), `.${basename(target)}.${randomBytes(8).toString("hex")}${MARK}`);
    const lock = takeLock(`${path}${LOCK}`);
    if (lock === undefined) continue;
    const discard = () => {
      for (const suffix of ["", ...COMPANIONS]) rmSync(`${path}${suffix}`, { force: true });
      rmSync(`${path}${LOCK}`, { force: true });
      lock.close();
    };
    try {
      createPrivate(path);
      return { path, discard };
    } catch (error) {
      discard();
      throw error;
    }
  }
}

function createPrivate(path: string): void {
  const { O_CREAT, O_EXCL, O_RDWR } = constants;
  closeSync(openSync(path, O_CREAT | O_EXCL | O_RDWR | (constants.O_NOFOLLOW ?? 0), 0o600));
}

/** @returns undefined when another process removed the file, which was not locked yet, as abandoned */
function takeLock(path: string): Database | undefined {
  createPrivate(path);
  const lock = lockOf(path);
  if (lock !== undefined && existsSync(path)) return lock;
  lock?.close();
  return undefined;
}

/** Takes the lock on a file; the system gives it back when the process dies. @returns undefined when it cannot be had */
function lockOf(path: string): Database | undefined {
  let lock: Database | undefined;
  try {
    lock = new Sqlite(path, { fileMustExist: true, timeout: 0 });
    // Nothing is written: a journal on the disk would lie there for nothing.
    lock.pragma("journal_mode = MEMORY");
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch {
    lock?.close();
    return undefined;
  }
}

/** Removes what killed processes have left of copies of one file, as far as this user may. */
export function removeAbandonedCopies(of: string): void {
  try {
    removeAbandoned(dirname(of), basename(of));
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
  }
}

function removeAbandoned(directory: string, name: string): void {
  const own = copiesIn(directory).filter(({ of }) => of === name);
  for (const { path } of abandonedOf(directory, own)) rmSync(path, { force: true });
}

/**
 * What killed processes have left in a directory of copies they were writing: whole stores, perhaps. Only plain files, of
 * this user or of the one who owns the directory.
 *
 * @returns paths; none from a directory that this user may not list
 */
export function abandonedCopies(directory: string): string[] {
  try {
    const owners = [process.getuid?.(), statSync(directory).uid];
    return abandonedOf(directory, copiesIn(directory))
      .filter(({ path }) => {
        const stats = lstatSync(path, { throwIfNoEntry: false });
        return stats?.isFile() && (process.getuid === undefined || owners.includes(stats.uid));
      })
      .map(({ path }) => path);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return [];
  }
}

interface CopyFile {
  readonly path: string;
  /** The copy that the file belongs to. */
  readonly copy: string;
  /** The name of the file that the copy was to become. */
  readonly of: string;
}

const COPY = new RegExp(`^(\\.(.+)\\.[0-9a-f-]+\\${MARK})(?:-wal|-shm|-journal|${LOCK})?$`);

function copiesIn(directory: string): CopyFile[] {
  return readdirSync(directory).flatMap((entry) => {
    const [, copy, of] = COPY.exec(entry) ?? [];
    return copy === undefined || of === undefined ? [] : [{ path: join(directory, entry), copy, of }];
  });
}

function abandonedOf(directory: string, files: readonly CopyFile[]): CopyFile[] {
  const copies = [...new Set(files.map(({ copy }) => copy))];
  const held = copies.filter((copy) => isHeld(join(directory, `${copy}${LOCK}`)));
  return files.filter(({ copy }) => !held.includes(copy));
}

/** Whether a process holds the lock; true also when this user may not find out. */
function isHeld(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  // A copy gets its lock before it is there itself.
  if (!stats?.isFile()) return false;
  const lock = lockOf(path);
  lock?.close();
  return lock === undefined;
}
