import { type Stats, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import Sqlite, { type Database } from "better-sqlite3";
import type { Seized, Standing } from "../../core/authority/ports/backups.ts";
import { AppError } from "../../core/base/errors.ts";
import { Connection } from "./connection.ts";
import { openForExamination } from "./database.ts";
import { recognise } from "./examine-store.ts";
import { primaryCode, sqliteCode, storeFault } from "./faults.ts";
import { removeSecondNames } from "./file/second-names.ts";
import { hasWriteAheadLog, unusable } from "./file/store-file.ts";
import { replace } from "./file/swap-files.ts";
import { APPLICATION_ID } from "./migrations.ts";
import { placeOf } from "./prepare-restore.ts";
import { lookAt, standingOf } from "./summarise-store.ts";

/** See `StoreBackups.seize`. */
export async function seize(target: string): Promise<Seized> {
  const path = placeOf(target);
  const there = statSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) {
    throw unusable(path, "is not a file", ["Name a file with --db"]);
  }
  // What is no store, or a damaged one, is moved as it lies: to open it for writing would change it.
  let lock = there !== undefined && isStore(path, there) ? await take(path) : undefined;
  const release = (): void => {
    const held = lock;
    lock = undefined;
    if (held !== undefined) giveBack(held);
  };
  try {
    return {
      standing: standingAt(path, lock),
      async place(staged, now) {
        const aside = replace({ path, finished: staged.path, wasThere: there !== undefined }, now);
        lock?.close();
        lock = undefined;
        return aside;
      },
      async release() {
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** A second connection would be kept out by the first. */
function standingAt(path: string, lock: Database | undefined): Standing {
  const isEmpty = statSync(path, { throwIfNoEntry: false })?.size === 0;
  return lock === undefined || isEmpty ? lookAt(path) : standingOf(new Connection(lock, path, false));
}

/** The store stays, and goes on as it was. What cannot be done here, the next who opens it does. */
function giveBack(lock: Database): void {
  try {
    lock.exec("ROLLBACK");
    lock.pragma("journal_mode = WAL");
  } catch (error) {
    if (sqliteCode(error) === undefined) throw error;
  } finally {
    lock.close();
  }
}

/** A store, or the empty file of one that is being made. A log beside an empty file is what is left of another. */
function isStore(path: string, { size }: Stats): boolean {
  if (size === 0) return !hasWriteAheadLog(path);
  let db: Connection | undefined;
  try {
    db = openForExamination(path);
    const { application, version, objects } = recognise(db);
    return application === APPLICATION_ID || (application === 0 && version === 0 && objects === 0);
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
 * @returns undefined when it cannot be opened for writing because it is damaged, or is there no more
 * @throws AppError `store_busy`, `store_read_only`
 */
async function take(path: string): Promise<Database | undefined> {
  for (let waited = 0; ; waited += RETRY_MS) {
    const before = statSync(path, { throwIfNoEntry: false });
    const database = open(path);
    if (database === undefined) return undefined;
    try {
      // Only who is alone can leave the write-ahead log.
      database.pragma("journal_mode = DELETE");
      database.exec("BEGIN EXCLUSIVE");
      if (isAt(path, before)) {
        removeSecondNames(path);
        return database;
      }
      // Another restoration has put its store here since the file was opened.
      database.close();
    } catch (error) {
      database.close();
      const code = sqliteCode(error);
      if (code === undefined) throw error;
      const primary = primaryCode(code);
      if (primary === "SQLITE_READONLY") throw storeFault(error, path);
      if (primary !== "SQLITE_BUSY" && primary !== "SQLITE_LOCKED") return undefined;
      if (waited >= BUSY_MS) throw inUse(path);
    }
    await sleep(RETRY_MS);
  }
}

function isAt(path: string, before: Stats | undefined): boolean {
  const after = statSync(path, { throwIfNoEntry: false });
  return after !== undefined && after.dev === before?.dev && after.ino === before.ino;
}

function inUse(path: string): AppError {
  return new AppError("store_busy", `another process has the store "${path}" open`, {
    hints: ["End it (jwtctl audit --follow is one that does not end by itself), then try again"],
    data: { path },
  });
}

function open(path: string): Database | undefined {
  try {
    return new Sqlite(path, { fileMustExist: true, timeout: 0 });
  } catch {
    return undefined;
  }
}
