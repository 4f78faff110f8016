import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "better-sqlite3";
import { primaryCode, sqliteCode } from "./faults.ts";
import { removeSecondNames } from "./file/second-names.ts";
import { unusable } from "./file/store-file.ts";
import { isBeingReplaced } from "./file/unfinished-copies.ts";

const RETRY_MS = 20;

/**
 * Readers and a writer at the same time need the write-ahead log. The mode stays with the file; a blank one is switched
 * here. SQLite does not always wait for others that do the same at this moment, so the waiting is done here.
 *
 * @param busyTimeout ms
 * @throws AppError `store_unusable`; SqliteError
 */
export async function enableWriteAheadLog(
  database: Database,
  path: string,
  busyTimeout: number,
): Promise<void> {
  for (let waited = 0; ; waited += RETRY_MS) {
    try {
      if (database.pragma("journal_mode = WAL", { simple: true }) === "wal") return;
      throw unusable(path, "lies on a file system without the shared memory that SQLite needs", [
        "Put the store on a local disk",
      ]);
    } catch (error) {
      if (!isBusy(error) || waited >= busyTimeout) throw error;
    }
    await sleep(RETRY_MS);
  }
}

/**
 * Switches a store back that is not written through a log any more: a restoration takes the store that it replaces out
 * of that mode, and may be killed before it has replaced it; it may also have given the store a second name. While one is
 * at work the mode is its lock, and is left alone; while others hold the store, or where the directory cannot be written,
 * too: the store works without a log, only slower, and the next command tries again.
 *
 * @param busyTimeout ms, as it is to be afterwards
 * @returns whether the mode was switched
 */
export function regainWriteAheadLog(database: Database, path: string, busyTimeout: number): boolean {
  if (database.pragma("journal_mode", { simple: true }) === "wal" || isBeingReplaced(path)) return false;
  database.pragma("busy_timeout = 0");
  try {
    if (database.pragma("journal_mode = WAL", { simple: true }) !== "wal") return false;
    // Whoever is in a transaction keeps restorations out.
    database.exec("BEGIN IMMEDIATE");
    removeSecondNames(path);
    database.exec("COMMIT");
    return true;
  } catch (error) {
    if (database.inTransaction) database.exec("ROLLBACK");
    if (sqliteCode(error) === undefined) throw error;
    return false;
  } finally {
    database.pragma(`busy_timeout = ${busyTimeout}`);
  }
}

function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== undefined && primaryCode(code) === "SQLITE_BUSY";
}
