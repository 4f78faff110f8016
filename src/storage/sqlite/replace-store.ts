import { rmSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Sqlite, { type Database } from "better-sqlite3";
import type { Replaced, Replacement } from "../../core/authority/ports/backups.ts";
import { AppError } from "../../core/base/errors.ts";
import { placeIfFree, syncPath } from "../../platform/durable.ts";
import { Connection } from "./connection.ts";
import { openForExamination } from "./database.ts";
import { emptyLog } from "./empty-log.ts";
import { primaryCode, sqliteCode, storeFault } from "./faults.ts";
import { systemFault, unusable } from "./file/file-faults.ts";
import { hasWriteAheadLog, placeOf } from "./file/store-file.ts";
import { freeNameAside, swapFiles } from "./file/swap-files.ts";
import { beginCopy } from "./file/unfinished-copies.ts";
import { recognise } from "./identity.ts";
import { lookAt, statusInWords } from "./summarise-store.ts";

const BUSY_MS = 10_000;
const RETRY_MS = 50;
/** 4 MB at a time. */
const PAGES = 1000;

/** See `StoreBackups.replace`. */
export async function replaceStore(order: Replacement): Promise<Replaced | null> {
  const path = placeOf(order.target);
  for (let waited = 0; ; waited += RETRY_MS) {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there !== undefined && !there.isFile()) {
      throw unusable(path, "is not a file", ["Name a file with --db"]);
    }
    const store = there === undefined ? undefined : openIfStore(path, there);
    if (store === undefined) return replaceFile(order, path, there !== undefined);
    const replaced = store === "busy" ? store : await replaceContent(order, store);
    if (replaced === "damaged") return replaceFile({ ...order, settle: async () => true }, path, true);
    if (replaced !== "busy") return replaced;
    if (waited >= BUSY_MS) throw inUse(path);
    await sleep(RETRY_MS);
  }
}

/** What is no store, or a damaged one, is moved as it lies: to open it for writing would change it. */
async function replaceFile(
  { staged, now, settle }: Replacement,
  path: string,
  wasThere: boolean,
): Promise<Replaced | null> {
  if (!(await settle(lookAt(path)))) return null;
  return { keptAside: swapFiles({ path, finished: staged.path, wasThere }, now) };
}

/**
 * Opens a store, or the blank file of one that is being made, in its write-ahead log.
 *
 * @returns undefined for what is no store, or is too damaged to be written
 * @throws AppError `store_read_only`
 */
function openIfStore(path: string, { size }: Stats): Connection | "busy" | undefined {
  // A log beside an empty file is what is left of another.
  if (size === 0 && hasWriteAheadLog(path)) return undefined;
  let database: Database | undefined;
  try {
    recogniseUnchanged(path);
    database = new Sqlite(path, { fileMustExist: true, timeout: 0 });
    const isLogged = database.pragma("journal_mode = WAL", { simple: true }) === "wal";
    if (isLogged) return new Connection(database, path, false);
    database.close();
    return "busy";
  } catch (error) {
    database?.close();
    const code = sqliteCode(error);
    if (code === undefined && !(error instanceof AppError)) throw error;
    const primary = primaryCode(code ?? "");
    if (primary === "SQLITE_READONLY") throw storeFault(error, path);
    return primary === "SQLITE_BUSY" || primary === "SQLITE_LOCKED" ? "busy" : undefined;
  }
}

/** To open what is no store for writing would change it. @throws AppError, SqliteError when it is none */
function recogniseUnchanged(path: string): void {
  const db = openForExamination(path);
  try {
    recognise(db);
  } finally {
    db.close();
  }
}

/**
 * Writes the staged store into the file of the store that is there, page by page and in one transaction: SQLite's backup
 * interface locks the file at its first step, and processes that have it open go on with what they find.
 *
 * @returns "busy" when another process held the lock; "damaged", after it was settled, when pages of what is there cannot
 *   be read
 */
async function replaceContent(
  order: Replacement,
  there: Connection,
): Promise<Replaced | null | "busy" | "damaged"> {
  const { path } = there;
  const preparation = new Preparation(() => settleAndKeep(order, there));
  const source = new Sqlite(order.staged.path, { fileMustExist: true });
  try {
    // It calls back first when it has the lock, and never when another process has it.
    await source.backup(path, { progress: () => preparation.pagesToCopy() });
    if (!preparation.hasBegun) return "busy";
    makeDurable(there);
    return { keptAside: preparation.kept };
  } catch (error) {
    await preparation.end();
    if (preparation.kept !== null) rmSync(preparation.kept, { force: true });
    if (error instanceof NotWanted) return null;
    if (sqliteCode(error)?.startsWith("SQLITE_CORRUPT")) {
      if (!preparation.hasBegun && !(await order.settle(lookAt(path)))) return null;
      return "damaged";
    }
    throw storeFault(error, path);
  } finally {
    source.close();
    there.close();
  }
}

/** What is done while the lock is held and nothing is copied yet. */
class Preparation {
  /** Where the old store is; null while it is nowhere. */
  kept: string | null = null;
  readonly #work: () => Promise<string | null>;
  #running: Promise<void> | undefined;
  #state: { readonly isReady: boolean; readonly error?: unknown } = { isReady: false };

  constructor(work: () => Promise<string | null>) {
    this.#work = work;
  }

  get hasBegun(): boolean {
    return this.#running !== undefined;
  }

  /** @returns 0 while the work goes on: the lock is kept, and nothing is copied. @throws what the work throws */
  pagesToCopy(): number {
    this.#running ??= this.#run();
    const { isReady, error } = this.#state;
    if (error !== undefined) throw error;
    return isReady ? PAGES : 0;
  }

  async end(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      this.kept = await this.#work();
      this.#state = { isReady: true };
    } catch (error) {
      this.#state = { isReady: false, error };
    }
  }
}

/** The caller does not want what is there to be replaced, now that it has seen it. */
class NotWanted extends Error {}

/** @returns where a copy of the old store is; null when there was none */
async function settleAndKeep({ settle, now }: Replacement, there: Connection): Promise<string | null> {
  const standing = statusInWords(there);
  if (!(await settle(standing))) throw new NotWanted();
  return standing.state === "nothing" ? null : keepAside(there, now);
}

async function keepAside(there: Connection, now: number): Promise<string> {
  const copy = beginCopy(there.path);
  try {
    await there.copyTo(
      copy.path,
      () => undefined,
      () => undefined,
    );
    syncPath(copy.path);
    for (;;) {
      const aside = freeNameAside(there.path, now);
      if (!placeIfFree(copy.path, aside)) continue;
      syncPath(dirname(aside));
      return aside;
    }
  } catch (error) {
    throw systemFault(error, there.path);
  } finally {
    copy.discard();
  }
}

/**
 * The backup interface commits without waiting for the disk (better-sqlite3's connection has synchronous=NORMAL). The log
 * holds no lock that closing it here could drop. Emptying it afterwards takes the old secrets out of it.
 */
function makeDurable(there: Connection): void {
  syncPath(`${there.path}-wal`);
  emptyLog(there);
}

function inUse(path: string): AppError {
  return new AppError("store_busy", `another process writes to the store "${path}" without a pause`, {
    hints: ["Try again; if it stays so, look for a stopped jwtctl process"],
    data: { path },
  });
}
