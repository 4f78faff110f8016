import { closeSync, openSync } from "node:fs";
import { dirname } from "node:path";
import Sqlite, { type Database } from "better-sqlite3";
import { AppError } from "../../core/base/errors.ts";
import { systemCode } from "../../platform/system-error.ts";
import { Connection } from "./connection.ts";
import { interrupted, readOnly, sqliteCode, storeFault, tooFewDescriptors } from "./faults.ts";
import { refuseForeignFiles, refusePlantedFiles } from "./file/companion-files.ts";
import { unusable } from "./file/file-faults.ts";
import {
  claimEmptyFile,
  createStoreFile,
  findStoreFile,
  hasJournal,
  hasWriteAheadLog,
  isWritable,
  linkToNothing,
  readUnchanging,
  refuseIfOpenToOthers,
  type StoreFile,
} from "./file/store-file.ts";
import { isSharedDirectory, placeTrouble, refuseSharedDirectory } from "./file/store-place.ts";
import { identify, notFound, notInitialised } from "./identity.ts";
import { type Migration, migrate } from "./migrations.ts";
import { enableWriteAheadLog, regainWriteAheadLog } from "./write-ahead-log.ts";

/** None of this is for users to set. */
export interface DatabaseOptions {
  /** How long to wait for a lock, in ms. */
  readonly busyTimeout?: number;
  readonly migrations?: readonly Migration[];
  /** Told once, before something is written, when the store lies where it can be lost. */
  readonly warn?: ((text: string) => void) | undefined;
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
  refuseSharedDirectory(file.path);
  const opened = connect(file, options);
  try {
    const state = identify(opened.database, file.path, options.migrations);
    refuseIfOpenToOthers(file);
    refusePlanted(opened, file);
    if (state === "blank") throw notInitialised(path);
    regainLog(opened, file, options);
    if (state === "older") upgrade(opened, file.path, options);
    return connection(opened, file.path, options);
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
  refuseSharedDirectory(file.path);
  const opened = connect(file, options);
  try {
    const state = identify(opened.database, file.path, options.migrations);
    refuseIfOpenToOthers(file);
    refusePlanted(opened, file);
    if (state === "blank") {
      if (file.linked) throw linkToNothing(path);
      await enableWriteAheadLog(opened.database, file.path, options.busyTimeout ?? BUSY_TIMEOUT_MS);
      refusePlanted(opened, file);
    } else regainLog(opened, file, options);
    if (state !== "current") upgrade(opened, file.path, options);
    return connection(opened, file.path, options);
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
  const known = file === null ? [] : refuseForeignFiles(file);
  // Without a log the connection may write, which it never does: it takes away the files that SQLite needs to read. Where
  // others may make files it may not, or it could play a log of theirs into the store.
  const mayWrite = isWritable(path) && !hasWriteAheadLog(path) && !isSharedDirectory(dirname(path));
  const opened = connectWith(path, {}, mayWrite);
  if (file !== null) refusePlanted(opened, file, known);
  const { database } = opened;
  database.pragma("query_only = ON");
  return new Connection(database, path, false);
}

interface Opened {
  readonly database: Database;
  /** What is said to who wants to write, where it is more than that the store can only be read. */
  readonly writable: boolean | AppError;
}

function connection({ database, writable }: Opened, path: string, { warn }: DatabaseOptions): Connection {
  return new Connection(database, path, writable, () => {
    const trouble = warn === undefined ? undefined : placeTrouble(path);
    if (trouble !== undefined) warn?.(`the store "${path}" ${trouble.says}. ${trouble.fix}`);
  });
}

/** {@link refusePlantedFiles} once SQLite has opened its files: one that was planted meanwhile is not played in. */
function refusePlanted({ database }: Opened, file: StoreFile, known: readonly string[] = []): void {
  try {
    refusePlantedFiles(file, known);
  } catch (error) {
    closeUnplayed(database, file.path);
    throw error;
  }
}

/**
 * Closes a connection without playing the log into the store, as the last one to close does: who only reads cannot, and
 * is the last here.
 */
function closeUnplayed(database: Database, path: string): void {
  let last: Database | undefined;
  try {
    last = new Sqlite(path, { readonly: true });
    last.exec("BEGIN");
    last.prepare("SELECT count(*) FROM sqlite_schema").get();
  } catch {
    // A log that is none: there is nothing in it to be played.
  } finally {
    database.close();
    last?.close();
  }
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
    const code = sqliteCode(error) ?? "";
    if (code.startsWith("SQLITE_CANTOPEN") && hasFewDescriptors()) throw tooFewDescriptors(path, error);
    // A directory that cannot be written, or a disk that is full, has no room for the files that SQLite reads with.
    if (!NO_ROOM.has(code) || hasWriteAheadLog(path)) throw error;
    const fault = storeFault(error, path);
    const isFull = fault instanceof AppError && fault.code === "store_full";
    return { ...snapshot(path), writable: isFull ? fault : false };
  }
}

const NO_ROOM: ReadonlySet<string> = new Set([
  "SQLITE_READONLY_DIRECTORY",
  "SQLITE_CANTOPEN",
  "SQLITE_FULL",
  "SQLITE_IOERR_WRITE",
  "SQLITE_IOERR_SHMOPEN",
  "SQLITE_IOERR_SHMSIZE",
  "SQLITE_IOERR_SHMMAP",
]);

/** A store, its log, the log's index, and its directory to sync a name in it. */
const DESCRIPTORS = 4;

/** Whether this process may not open as many files as SQLite needs. */
function hasFewDescriptors(): boolean {
  const opened: number[] = [];
  try {
    while (opened.length < DESCRIPTORS) opened.push(openSync(process.execPath, "r"));
    return false;
  } catch (error) {
    return ["EMFILE", "ENFILE"].includes(systemCode(error) ?? "");
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
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
    // A first read: what SQLite cannot make to read with, it misses now.
    database.pragma("schema_version");
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
  if (hasJournal(path)) throw interrupted(path);
  throw new AppError("store_busy", `the store "${path}" is being written all the time`, {
    hints: ["Try again"],
    data: { path },
  });
}

function regainLog({ database, writable }: Opened, file: StoreFile, options: DatabaseOptions): void {
  if (writable !== true) return;
  if (regainWriteAheadLog(database, options.busyTimeout ?? BUSY_TIMEOUT_MS)) {
    refusePlanted({ database, writable }, file);
  }
}

function upgrade({ database, writable }: Opened, path: string, { migrations }: DatabaseOptions): void {
  if (writable !== true) throw writable || readOnly(path);
  migrate(database, migrations);
}
