import Sqlite, { type Database } from "better-sqlite3";
import { AppError } from "../../core/base/errors.ts";
import { Connection } from "./connection.ts";
import { readOnly, sqliteCode, storeFault } from "./faults.ts";
import { refuseForeignFiles, refusePlantedFiles } from "./file/companion-files.ts";
import {
  claimEmptyFile,
  createStoreFile,
  findStoreFile,
  hasWriteAheadLog,
  isWritable,
  linkToNothing,
  readUnchanging,
  refuseIfOpenToOthers,
  type StoreFile,
  unusable,
} from "./file/store-file.ts";
import { identify, notFound, notInitialised } from "./identity.ts";
import { type Migration, migrate } from "./migrations.ts";
import { enableWriteAheadLog, regainWriteAheadLog } from "./write-ahead-log.ts";

/** None of this is for users to set. */
export interface DatabaseOptions {
  /** How long to wait for a lock, in ms. */
  readonly busyTimeout?: number;
  readonly migrations?: readonly Migration[];
  /** Told every statement that is executed. */
  readonly trace?: (sql: unknown) => void;
}

const BUSY_TIMEOUT_MS = 10_000;

/**
 * Of the defaults of better-sqlite3 these are not safe enough: a commit must be on the disk when it returns, what is
 * deleted must not stay readable in the file, and a file from elsewhere must not run functions from its schema.
 */
const PRAGMAS = `
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA trusted_schema = OFF;
  PRAGMA secure_delete = ON;
  PRAGMA cell_size_check = ON;
`;

/**
 * Opens the file of a store, and brings an older schema up to date. A store that this user may only read is opened for
 * reading.
 *
 * @throws AppError `store_not_found` when nothing is there or the file is blank; `store_foreign`, `store_newer`,
 *   `store_corrupt`, `store_read_only`, `store_busy`, `store_full`, `store_unusable`
 */
export function openDatabase(path: string, options: DatabaseOptions = {}): Connection {
  const file = findStoreFile(path);
  if (file === null) throw notFound(path, "there is no store");
  if (file.size === 0) throw notInitialised(path);
  const opened = connect(file, options);
  try {
    const state = identify(opened.database, file.path, options.migrations);
    refuseIfOpenToOthers(file);
    refusePlantedFiles(file);
    if (state === "blank") throw notInitialised(path);
    regainLog(opened, file, options);
    if (state === "older") upgrade(opened, file.path, options);
    return new Connection(opened.database, file.path, opened.writable);
  } catch (error) {
    opened.database.close();
    throw storeFault(error, file.path);
  }
}

/**
 * Opens the file of a store, and makes it first when it is missing or blank. Safe for many processes at once.
 *
 * @throws AppError as {@link openDatabase}, but never `store_not_found`
 */
export async function createDatabase(path: string, options: DatabaseOptions = {}): Promise<Connection> {
  const isNew = findStoreFile(path) === null && createStoreFile(path);
  const file = findStoreFile(path);
  if (file === null) throw unusable(path, "vanished while it was made", ["Try again"]);
  if (file.size === 0 && !file.linked && !isNew) claimEmptyFile(file);
  const opened = connect(file, options);
  try {
    const state = identify(opened.database, file.path, options.migrations);
    refuseIfOpenToOthers(file);
    refusePlantedFiles(file);
    if (state === "blank") {
      if (file.linked) throw linkToNothing(path);
      await enableWriteAheadLog(opened.database, file.path, options.busyTimeout ?? BUSY_TIMEOUT_MS);
      refusePlantedFiles(file);
    } else regainLog(opened, file, options);
    if (state !== "current") upgrade(opened, file.path, options);
    return new Connection(opened.database, file.path, opened.writable);
  } catch (error) {
    opened.database.close();
    throw storeFault(error, file.path);
  }
}

/**
 * Opens a store's file to look at it, whatever state it is in: nothing is brought up to date, nothing can be written,
 * and nothing is left beside it.
 *
 * @throws AppError `store_*`, SqliteError
 */
export function openForExamination(path: string): Connection {
  const file = findStoreFile(path);
  if (file !== null) refuseForeignFiles(file);
  // Without a log the connection may write, which it never does: it takes away the files that SQLite needs to read.
  const { database } = connectWith(path, {}, isWritable(path) && !hasWriteAheadLog(path));
  database.pragma("query_only = ON");
  return new Connection(database, path, false);
}

interface Opened {
  readonly database: Database;
  readonly writable: boolean;
}

function connect(file: StoreFile, options: DatabaseOptions): Opened {
  refusePlantedFiles(file);
  const { path } = file;
  try {
    return connectWith(path, options, isWritable(path));
  } catch (error) {
    throw storeFault(error, path);
  }
}

function connectWith(path: string, options: DatabaseOptions, writable: boolean): Opened {
  // Even a reader leaves -wal and -shm files beside the store, with the permissions of the store: read-only ones would
  // stay in the way of those who may write.
  if (!writable && !hasWriteAheadLog(path)) return snapshot(path);
  try {
    return { database: fromFile(path, options, !writable), writable };
  } catch (error) {
    // A directory that cannot be written has no room for these files.
    const code = sqliteCode(error);
    const noRoom = code === "SQLITE_READONLY_DIRECTORY" || code === "SQLITE_CANTOPEN";
    if (noRoom && !hasWriteAheadLog(path)) return snapshot(path);
    throw error;
  }
}

function fromFile(path: string, { busyTimeout, trace }: DatabaseOptions, readonly: boolean): Database {
  return prepared(
    new Sqlite(path, {
      fileMustExist: true,
      readonly,
      timeout: busyTimeout ?? BUSY_TIMEOUT_MS,
      ...(trace && { verbose: trace }),
    }),
  );
}

function prepared(database: Database): Database {
  try {
    database.exec(PRAGMAS);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const SNAPSHOT_ATTEMPTS = 10;
/** Where the header says how the file is written and read: 2 for a write-ahead log, which a copy in memory has not. */
const JOURNAL_VERSION_BYTES = [18, 19];

/** A copy in memory, for a store that can only be read: SQLite itself cannot read a write-ahead-log file without writing. */
function snapshot(path: string): Opened {
  for (let attempt = 0; attempt < SNAPSHOT_ATTEMPTS; attempt++) {
    const bytes = readUnchanging(path);
    if (bytes === undefined) continue;
    for (const position of JOURNAL_VERSION_BYTES) if (bytes[position] === 2) bytes[position] = 1;
    const copy = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return { database: prepared(new Sqlite(copy, { readonly: true })), writable: false };
  }
  throw new AppError("store_busy", `the store "${path}" is being written all the time`, {
    hints: ["Try again"],
    data: { path },
  });
}

function regainLog({ database, writable }: Opened, file: StoreFile, options: DatabaseOptions): void {
  if (writable && regainWriteAheadLog(database, options.busyTimeout ?? BUSY_TIMEOUT_MS)) {
    refusePlantedFiles(file);
  }
}

function upgrade({ database, writable }: Opened, path: string, { migrations }: DatabaseOptions): void {
  if (!writable) throw readOnly(path);
  migrate(database, migrations);
}
