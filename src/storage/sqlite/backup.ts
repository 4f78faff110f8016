import { lstatSync, renameSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { ChainVerdict } from "../../core/authority/audit/chain.ts";
import type { BackedUp, StoreCounts } from "../../core/authority/ports/backups.ts";
import { AppError } from "../../core/base/errors.ts";
import { placeIfFree, syncPath } from "../../platform/durable.ts";
import { systemCode, systemReason } from "../../platform/system-error.ts";
import { refuseFilesOfStore } from "../own-files.ts";
import { verifyAudit } from "./audit.ts";
import type { Connection } from "./connection.ts";
import { openForExamination } from "./database.ts";
import { problems } from "./doctor/examine-store.ts";
import { corrupt, sqliteCode, storeFault } from "./faults.ts";
import { findStoreFile } from "./file/store-file.ts";
import { beginCopy, removeAbandonedCopies } from "./file/unfinished-copies.ts";
import { notFound, notInitialised, recognise } from "./identity.ts";
import { MIGRATIONS, newestVersion } from "./migrations.ts";

export interface BackupOrder {
  readonly from: string;
  readonly to: string;
  readonly overwrite: boolean;
  readonly progress: (done: number, total: number) => void;
}

/** See `StoreBackups.backUp`. */
export async function backUp(order: BackupOrder): Promise<BackedUp> {
  const { from, to, overwrite } = order;
  const file = findStoreFile(from);
  if (file === null) throw notFound(from, "there is no store");
  if (file.size === 0) throw notInitialised(from);
  const target = resolve(to);
  refuseTarget(target, file.path, overwrite);
  removeAbandonedCopies(file.path);
  const unfinished = inFileSystem(to, () => beginCopy(target));
  const { path: temporary } = unfinished;
  try {
    const original = await copy(file.path, temporary, order);
    const made = content(temporary);
    if (JSON.stringify(made) !== JSON.stringify(original)) {
      throw corrupt(file.path, "its copy does not hold what it holds");
    }
    inFileSystem(to, () => {
      syncPath(temporary);
      if (overwrite) renameSync(temporary, target);
      else if (!placeIfFree(temporary, target)) throw fileExists(target);
      syncPath(dirname(target));
    });
    return { bytes: statSync(target).size, ...made };
  } finally {
    unfinished.discard();
  }
}

/** Before anything is copied; the placing makes sure of it. */
function refuseTarget(target: string, store: string, overwrite: boolean): void {
  const there = inFileSystem(target, () => lstatSync(target, { throwIfNoEntry: false }));
  refuseFilesOfStore(target, store);
  if (there === undefined) return;
  if (there.isDirectory()) {
    throw new AppError("file_unwritable", `cannot write ${target}: it is a directory`, {
      hints: ["Name a file in it"],
    });
  }
  if (!overwrite) throw fileExists(target);
}

function fileExists(target: string): AppError {
  return new AppError("file_exists", `${target} exists already`, {
    hints: ["Choose another name, or replace it with --force"],
  });
}

interface Content {
  readonly counts: StoreCounts;
  readonly audit: ChainVerdict | null;
  readonly current: boolean;
}

function noRoom(target: string, cause: unknown): AppError {
  return new AppError(
    "file_unwritable",
    `cannot write ${target}: the disk is full or fails, or a quota or a file size limit is reached`,
    { hints: ["Make room, or write it elsewhere; the store was not touched"], cause },
  );
}

/** @returns what the store held at the moment of the copy */
async function copy(from: string, to: string, { progress, to: target }: BackupOrder): Promise<Content> {
  let db: Connection | undefined;
  try {
    db = openForExamination(from);
    const opened = db;
    return await opened.copyTo(to, () => contentOf(opened), progress);
  } catch (error) {
    // The backup interface gives no more than the primary code; what is being written is the copy.
    if (["SQLITE_FULL", "SQLITE_IOERR"].includes(sqliteCode(error) ?? "")) throw noRoom(target, error);
    throw storeFault(error, from);
  } finally {
    db?.close();
  }
}

/** What a file holds, once every page, row and index of it has been looked at. @throws AppError `store_*` */
export function content(path: string): Content {
  let db: Connection | undefined;
  try {
    db = openForExamination(path);
    const [problem] = problems(db, true);
    if (problem !== undefined) throw corrupt(path, problem);
    if (db.get("SELECT 1 FROM pragma_foreign_key_check LIMIT 1") !== undefined) {
      throw corrupt(path, "a row refers to what is not there");
    }
    return contentOf(db);
  } catch (error) {
    throw storeFault(error, path);
  } finally {
    db?.close();
  }
}

function contentOf(db: Connection): Content {
  const { version, application, objects } = recognise(db);
  if (application === 0 && version === 0 && objects === 0) throw notInitialised(db.path);
  const hasAudit = version >= FIRST_WITH_AUDIT;
  const count = (table: string) =>
    db.get<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`)?.rows ?? 0;
  if (count("settings") === 0) throw notInitialised(db.path);
  return {
    counts: {
      keys: count("signing_keys"),
      users: count("users"),
      sessions: count(version >= FIRST_WITH_SESSIONS ? "sessions" : "logins"),
      refreshTokens: count("refresh_tokens"),
      auditEntries: hasAudit ? count("audit_log") : 0,
    },
    audit: hasAudit ? verifyAudit(db) : null,
    current: version === newestVersion(MIGRATIONS),
  };
}

const FIRST_WITH_AUDIT = 2;
/** Before it the table was called `logins`. */
const FIRST_WITH_SESSIONS = 3;

/** Errors of the file system as what they mean for the file that was to be written. */
export function inFileSystem<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    const why = code === "ENOENT" ? "its directory does not exist" : systemReason(error);
    throw new AppError("file_unwritable", `cannot write ${path}: ${why}`, {
      hints: [
        `Check the directory ${dirname(path) === "." ? "you are in" : dirname(path)}, or write ${basename(path)} elsewhere`,
      ],
      cause: error,
    });
  }
}
