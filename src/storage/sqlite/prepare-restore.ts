import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import Sqlite from "better-sqlite3";
import type { Staged } from "../../core/authority/ports/backups.ts";
import { AppError } from "../../core/base/errors.ts";
import { shellWord } from "../../core/base/text/wording.ts";
import { makePrivateDirectory } from "../../platform/directories.ts";
import { content, writing } from "./backup.ts";
import { storeFault } from "./faults.ts";
import { findStoreFile, hasWriteAheadLog, placeOf } from "./file/store-file.ts";
import { refuseToRestoreTo } from "./file/store-place.ts";
import { beginCopy } from "./file/unfinished-copies.ts";

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
  const place = writing(target, () => placeOf(target));
  if (file.path === place) {
    throw new AppError("usage", "a store cannot be restored from itself", { hints: ["Name a backup"] });
  }
  const copy = writing(target, () => {
    makePrivateDirectory(dirname(place));
    refuseToRestoreTo(place);
    return beginCopy(place);
  });
  const { path } = copy;
  try {
    writing(target, () => copyContent(file.path, path));
    const { counts, audit } = content(path);
    // What was kept aside by a restoration has the mode of a file that nobody uses.
    setWriteAheadLog(path);
    return { path, counts, audit, discard: async () => copy.discard() };
  } catch (error) {
    copy.discard();
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
