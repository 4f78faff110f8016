import {
  closeSync,
  constants,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Sqlite, { type Database } from "better-sqlite3";
import { AppError } from "../../core/errors.ts";
import type { Staged } from "../../core/ports/backups.ts";
import { shellWord } from "../../core/shell-word.ts";
import { content, inFileSystem } from "./backup.ts";
import type { Connection } from "./connection.ts";
import { openForExamination } from "./database.ts";
import { primaryCode, sqliteCode, storeFault } from "./faults.ts";
import { findStoreFile, hasWriteAheadLog, linkToNothing, systemFault } from "./files.ts";
import { recognise } from "./integrity.ts";
import { APPLICATION_ID } from "./migrations.ts";
import { removeTemporary, syncPath, temporaryBeside } from "./temporary.ts";

/** See `StoreBackups.stage`. */
export function stage({ backup, target }: { backup: string; target: string }): Staged {
  const file = findStoreFile(backup);
  if (file === null) {
    throw new AppError("file_unreadable", `cannot read ${backup}: there is no such file`, {
      hints: ["Check the path"],
    });
  }
  if (hasWriteAheadLog(file.path)) {
    throw new AppError("store_busy", `${backup} is a store in use, not a backup: changes wait in its log`, {
      hints: [`Make a backup of it first: jwtctl backup FILE --db ${shellWord(backup)}`],
    });
  }
  const place = inFileSystem(target, () => placeOf(target));
  if (file.path === place) {
    throw new AppError("usage", "a store cannot be restored from itself", { hints: ["Name a backup"] });
  }
  const path = inFileSystem(target, () => {
    mkdirSync(dirname(place), { recursive: true, mode: 0o700 });
    return temporaryBeside(place);
  });
  try {
    inFileSystem(target, () => copyContent(file.path, path));
    const { counts, audit } = content(path);
    // What was kept aside by a restoration has the mode of a file that nobody uses.
    setWriteAheadLog(path);
    return { path, counts, audit };
  } catch (error) {
    removeTemporary(path);
    throw inItsName(storeFault(error, path), path, backup);
  }
}

/** Into a file of ours: a copy made by the system would take over the permissions of the original. */
function copyContent(from: string, to: string): void {
  const source = openSync(from, "r");
  try {
    const copy = openSync(to, "r+");
    try {
      const chunk = new Uint8Array(1024 * 1024);
      for (;;) {
        const length = readSync(source, chunk);
        if (length === 0) return;
        for (let written = 0; written < length; )
          written += writeSync(copy, chunk, written, length - written);
      }
    } finally {
      closeSync(copy);
    }
  } finally {
    closeSync(source);
  }
}

function setWriteAheadLog(path: string): void {
  const database = new Sqlite(path, { fileMustExist: true });
  try {
    database.pragma("journal_mode = WAL");
  } finally {
    database.close();
  }
}

/** The user named the backup, not the copy. */
function inItsName(fault: unknown, path: string, backup: string): unknown {
  if (!(fault instanceof AppError)) return fault;
  const { code, message, cause } = fault;
  const hints = code === "store_newer" ? fault.hints : ["Take another backup; the store was not touched"];
  return new AppError(code, message.replaceAll(path, backup).replace("the store ", "the backup "), {
    hints,
    cause,
  });
}

/** Where the file of a store lies, or would. */
function placeOf(target: string): string {
  const path = resolve(target);
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (!there?.isSymbolicLink()) return path;
  try {
    return realpathSync(path);
  } catch {
    throw linkToNothing(path);
  }
}

/** See `StoreBackups.place`. */
export async function place(staged: Staged, target: string, now: number): Promise<string | null> {
  const path = placeOf(target);
  const there = statSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) {
    throw new AppError("store_unusable", `"${path}" is not a file`, { hints: ["Name a file with --db"] });
  }
  if (hasWriteAheadLog(staged.path)) throw new Error("the staged store was not closed");
  syncPath(staged.path);
  const occupied = there !== undefined && there.size > 0;
  // What is no store, or a damaged one, is moved as it lies: to open it for writing would change it.
  const lock = occupied && isStore(path) ? await seize(path) : undefined;
  try {
    const aside = freeName(path, now);
    // A log left beside the place would be played into the restored store.
    for (const suffix of ["-wal", "-shm"]) moveAside(`${path}${suffix}`, `${aside}${suffix}`);
    if (occupied) keep(path, aside);
    renameSync(staged.path, path);
    syncPath(dirname(path));
    return occupied ? aside : null;
  } catch (error) {
    if (lock !== undefined) giveBack(lock);
    throw systemFault(error, path);
  } finally {
    lock?.close();
  }
}

/** The store stays, and goes on as it was. */
function giveBack(lock: Database): void {
  lock.exec("ROLLBACK");
  lock.pragma("journal_mode = WAL");
}

function isStore(path: string): boolean {
  let db: Connection | undefined;
  try {
    db = openForExamination(path);
    return recognise(db).application === APPLICATION_ID;
  } catch (error) {
    const fault = storeFault(error, path);
    if (fault instanceof AppError && fault.code === "store_busy") throw fault;
    return false;
  } finally {
    db?.close();
  }
}

const BUSY_MS = 10_000;
const RETRY_MS = 50;

/**
 * Takes a store out of use: its log is played into its file, nobody else has it open, and nobody can begin to write to
 * it before the lock is given back.
 *
 * @throws AppError `store_busy`
 */
async function seize(path: string): Promise<Database | undefined> {
  for (let waited = 0; ; waited += RETRY_MS) {
    const database = open(path);
    if (database === undefined) return undefined;
    try {
      // Only who is alone can leave the write-ahead log.
      database.pragma("journal_mode = DELETE");
      database.exec("BEGIN EXCLUSIVE");
      return database;
    } catch (error) {
      database.close();
      const code = sqliteCode(error);
      if (code === undefined) throw error;
      const primary = primaryCode(code);
      if (primary === "SQLITE_READONLY") throw storeFault(error, path);
      if (primary !== "SQLITE_BUSY" && primary !== "SQLITE_LOCKED") return undefined;
      if (waited >= BUSY_MS) {
        throw new AppError("store_busy", `another process has the store "${path}" open`, {
          hints: ["End it (jwtctl audit --follow is one that does not end by itself), then try again"],
          data: { path },
        });
      }
    }
    await sleep(RETRY_MS);
  }
}

function open(path: string): Database | undefined {
  try {
    return new Sqlite(path, { fileMustExist: true, timeout: 0 });
  } catch {
    return undefined;
  }
}

/** `jwtctl.db.before-restore-20260301T120000Z`; with a number where that is taken. */
function freeName(path: string, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, "");
  const base = `${path}.before-restore-${stamp}`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (lstatSync(name, { throwIfNoEntry: false }) === undefined) return name;
  }
}

function moveAside(path: string, aside: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return;
  if (size === 0) rmSync(path, { force: true });
  else renameSync(path, aside);
}

/** Gives the replaced store a second name, so that there is a store at the path at every moment. */
function keep(path: string, aside: string): void {
  try {
    linkSync(path, aside);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error;
    copyFileSync(path, aside, constants.COPYFILE_EXCL);
  }
}
