import { AppError, type ErrorCode } from "../../core/base/errors.ts";

interface Fault {
  readonly code: ErrorCode;
  readonly says: string;
  readonly hints: readonly string[];
}

const BUSY: Fault = {
  code: "store_busy",
  says: "is held by another process and did not come free in time",
  hints: ["Try again; if it stays busy, look for a stopped jwtctl process"],
};
const READ_ONLY: Fault = {
  code: "store_read_only",
  says: "can be read, but not written",
  hints: [
    "Check the permissions of the file and of its directory, and that the disk is not mounted read-only",
  ],
};
const FULL: Fault = {
  code: "store_full",
  says: "could not grow: the disk is full, or a quota or a file size limit is reached",
  hints: ["Make room and try again; nothing of what was stored is lost"],
};
const CORRUPT: Fault = {
  code: "store_corrupt",
  says: "is damaged",
  hints: ["Keep a copy of the file as it is, then restore your last backup"],
};
const FOREIGN: Fault = {
  code: "store_foreign",
  says: "is not a jwtctl store: it is not a SQLite database",
  hints: ["Name another file with --db; this one was not changed"],
};
const UNUSABLE: Fault = {
  code: "store_unusable",
  says: "cannot be used",
  hints: ["Check that you may read and write the file and its directory, and that the disk is healthy"],
};

/** By SQLite's result code (https://sqlite.org/rescode.html); an extended code not listed counts as its primary one. */
const FAULTS: Readonly<Record<string, Fault>> = {
  SQLITE_BUSY: BUSY,
  SQLITE_LOCKED: BUSY,
  // Many processes raced to read the WAL and this one lost again and again.
  SQLITE_PROTOCOL: BUSY,
  SQLITE_READONLY: READ_ONLY,
  SQLITE_READONLY_DBMOVED: { ...UNUSABLE, says: "was moved or replaced while it was in use" },
  SQLITE_FULL: FULL,
  // A write that the system refused: ENOSPC gives SQLITE_FULL, a quota or a file size limit gives this.
  SQLITE_IOERR_WRITE: FULL,
  SQLITE_IOERR_SHMSIZE: FULL,
  SQLITE_CORRUPT: CORRUPT,
  SQLITE_IOERR_CORRUPTFS: CORRUPT,
  SQLITE_IOERR_DATA: CORRUPT,
  SQLITE_NOTADB: FOREIGN,
  SQLITE_CANTOPEN: UNUSABLE,
  SQLITE_IOERR: UNUSABLE,
  SQLITE_PERM: UNUSABLE,
  SQLITE_AUTH: UNUSABLE,
  SQLITE_NOLFS: UNUSABLE,
  SQLITE_NOMEM: UNUSABLE,
};

/**
 * What an error thrown by SQLite means for the user, judged by its code, never by its message. Errors of any other kind,
 * and codes that only a bug in jwtctl can cause (a violated constraint), come back as they are.
 */
export function storeFault(error: unknown, path: string): unknown {
  const code = sqliteCode(error);
  if (code === undefined) return error;
  const fault = FAULTS[code] ?? FAULTS[primaryCode(code)];
  if (fault === undefined) return error;
  return new AppError(fault.code, `the store "${path}" ${fault.says}`, {
    hints: fault.hints,
    data: { path, sqlite: code },
    cause: error,
  });
}

/** The result code of an error that SQLite threw (`SQLITE_BUSY`, `SQLITE_IOERR_WRITE`); undefined for any other error. */
export function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  return error.code.startsWith("SQLITE_") ? error.code : undefined;
}

/** `SQLITE_IOERR_WRITE` → `SQLITE_IOERR` (primary codes have no second underscore). */
export function primaryCode(code: string): string {
  return code.split("_", 2).join("_");
}

/** What is stored makes no sense: a table is missing, or a value cannot be read. */
export function corrupt(path: string, what: string, cause?: unknown): AppError {
  return new AppError("store_corrupt", `the store "${path}" is damaged: ${what}`, {
    hints: CORRUPT.hints,
    data: { path },
    cause,
  });
}

/** Not a database at all. */
export function foreign(path: string): AppError {
  return new AppError(FOREIGN.code, `the store "${path}" ${FOREIGN.says}`, {
    hints: FOREIGN.hints,
    data: { path },
  });
}

/** What takes back a change that was never finished lies beside the store, and only who may write can take it back. */
export function interrupted(path: string): AppError {
  return new AppError("store_unusable", `the store "${path}" holds a change that was not finished`, {
    hints: [
      "Try again; if it stays so, let a user who may write to it run any command, as: jwtctl keys list",
    ],
    data: { path },
  });
}

export function tooFewDescriptors(path: string, cause: unknown): AppError {
  return new AppError(
    "store_unusable",
    `the store "${path}" cannot be opened: this process may not open more files`,
    {
      hints: ["Raise the limit, as with: ulimit -n 1024 (LimitNOFILE= in a systemd unit)"],
      data: { path },
      cause,
    },
  );
}

export function readOnly(path: string): AppError {
  return new AppError("store_read_only", `the store "${path}" ${READ_ONLY.says}`, {
    hints: READ_ONLY.hints,
    data: { path },
  });
}
