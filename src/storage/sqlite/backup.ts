import { closeSync, openSync, readSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { ChainVerdict } from "../../core/authority/audit/chain.ts";
import type { BackedUp, StoreBackups, StoreCounts } from "../../core/authority/ports/backups.ts";
import { AppError } from "../../core/base/errors.ts";
import { fileUnwritable } from "../../core/base/file-errors.ts";
import { syncPath } from "../../platform/durable.ts";
import {
  noFileBeside,
  placeFile,
  refused,
  WriteRefused,
  type WriteTarget,
  writeTarget,
} from "../../platform/write-file.ts";
import { writeToStream } from "../../platform/write-stream.ts";
import { refuseFilesOfStore } from "../own-files.ts";
import { verifyAudit } from "./audit.ts";
import type { Connection } from "./connection.ts";
import { openForExamination } from "./database.ts";
import { problems } from "./doctor/examine-store.ts";
import { corrupt, sqliteCode, storeFault } from "./faults.ts";
import { findStoreFile } from "./file/store-file.ts";
import { beginCopy, removeAbandonedCopies, type UnfinishedCopy } from "./file/unfinished-copies.ts";
import { notFound, notInitialised, recognise } from "./identity.ts";
import { MIGRATIONS, newestVersion } from "./migrations.ts";
import { rowsDigest } from "./rows-digest.ts";

export type BackupOrder = Parameters<StoreBackups["backUp"]>[0];

/** See `StoreBackups.backUp`. */
export async function backUp(order: BackupOrder): Promise<BackedUp> {
  const { from, to, output, overwrite } = order;
  const file = findStoreFile(from);
  if (file === null) throw notFound(from, "there is no store");
  if (file.size === 0) throw notInitialised(from);
  const place = resolve(to);
  if (output === undefined) refuseFilesOfStore(place, file.path);
  const target: WriteTarget =
    output === undefined ? writing(to, () => writeTarget(place, overwrite)) : { kind: "stream" };
  removeAbandonedCopies(file.path);
  const copyOf = target.kind === "stream" ? file.path : place;
  const unfinished = writing(to, () => beginCopyAt(copyOf));
  const { path } = unfinished;
  try {
    const original = await copy(file.path, path, order);
    const { digest, ...made } = content(path, true);
    if (JSON.stringify({ ...made, digest }) !== JSON.stringify(original)) {
      throw corrupt(file.path, "its copy does not hold what it holds");
    }
    const { size } = statSync(path);
    if (output !== undefined) for (const part of partsOf(path)) output(part);
    else if (target.kind === "stream") await writeToStream(place, partsOf(path));
    else {
      syncPath(path);
      placeFile(path, place, target, { mode: 0o600, overwrite, note: order.note });
    }
    return { bytes: size, ...made };
  } catch (error) {
    throw error instanceof WriteRefused ? fileUnwritable(to, error, error) : error;
  } finally {
    unfinished.discard();
  }
}

function beginCopyAt(path: string): UnfinishedCopy {
  try {
    return beginCopy(path);
  } catch (error) {
    throw noFileBeside(path, error);
  }
}

function* partsOf(path: string): Generator<Uint8Array> {
  const descriptor = openSync(path, "r");
  try {
    for (;;) {
      const chunk = new Uint8Array(64 * 1024);
      const length = readSync(descriptor, chunk);
      if (length === 0) return;
      yield chunk.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}

interface Content {
  readonly counts: StoreCounts;
  readonly audit: ChainVerdict | null;
  readonly current: boolean;
  /** Of all rows; undefined when it was not asked for. */
  readonly digest: string | undefined;
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
    return await opened.copyTo(to, () => contentOf(opened, true), progress);
  } catch (error) {
    // The backup interface gives no more than the primary code; what is being written is the copy.
    if (["SQLITE_FULL", "SQLITE_IOERR"].includes(sqliteCode(error) ?? "")) throw noRoom(target, error);
    throw storeFault(error, from);
  } finally {
    db?.close();
  }
}

/**
 * What a file holds, once every page, row and index of it has been looked at.
 * @param digested every row is read for {@link Content.digest}
 * @throws AppError `store_*`
 */
export function content(path: string, digested = false): Content {
  let db: Connection | undefined;
  try {
    db = openForExamination(path);
    const [problem] = problems(db, true);
    if (problem !== undefined) throw corrupt(path, problem);
    if (db.get("SELECT 1 FROM pragma_foreign_key_check LIMIT 1") !== undefined) {
      throw corrupt(path, "a row refers to what is not there");
    }
    return contentOf(db, digested);
  } catch (error) {
    throw storeFault(error, path);
  } finally {
    db?.close();
  }
}

function contentOf(db: Connection, digested: boolean): Content {
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
    digest: digested ? rowsDigest(db) : undefined,
  };
}

const FIRST_WITH_AUDIT = 2;
/** Before it the table was called `logins`. */
const FIRST_WITH_SESSIONS = 3;

/** Errors of the file system as what they mean for the file that was to be written. */
export function writing<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const refusal = refused(path, error);
    throw refusal instanceof WriteRefused ? fileUnwritable(path, refusal, error) : refusal;
  }
}
