import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "better-sqlite3";
import { primaryCode, sqliteCode } from "./faults.ts";
import { unusable } from "./file/file-faults.ts";

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
 * Switches a store back that something else than jwtctl has taken out of its log. While others hold it, or where the
 * directory cannot be written, it is left alone: it works, only slower, and the next command tries again.
 *
 * @param busyTimeout ms, as it is to be afterwards
 * @returns whether the mode was switched
 */
export function regainWriteAheadLog(database: Database, busyTimeout: number): boolean {
  if (database.pragma("journal_mode", { simple: true }) === "wal") return false;
  database.pragma("busy_timeout = 0");
  try {
    return database.pragma("journal_mode = WAL", { simple: true }) === "wal";
  } catch (error) {
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
