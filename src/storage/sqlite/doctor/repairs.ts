import { rmSync } from "node:fs";
import { dirname } from "node:path";
import type { StoreRepair } from "../../../core/analysis/doctor/ports.ts";
import { AppError } from "../../../core/base/errors.ts";
import { openDatabase } from "../database.ts";
import { systemFault } from "../file/file-faults.ts";
import { findStoreFile, type StoreFile } from "../file/store-file.ts";
import { abandonedCopies } from "../file/unfinished-copies.ts";
import { notFound } from "../identity.ts";
import { closeStoreToOthers } from "./examine-files.ts";

/** What can be put right about the file of a store: nothing that is still of use is lost by it. */
export const REPAIRS: readonly StoreRepair[] = [
  {
    id: "permissions",
    turn: "before_content",
    async run(path) {
      const closed = closeStoreToOthers(existing(path));
      if (closed.length > 0) return `closed to others: ${closed.join(", ")}`;
      throw new AppError("store_unusable", "nothing was closed: what is open is not the store's own", {
        hints: ["Look at the files beside the store"],
      });
    },
  },
  {
    id: "schema",
    turn: "before_content",
    async run(path) {
      // To open it is to do it.
      const mode = pragma<{ journal_mode: string }>(path, "journal_mode")?.journal_mode;
      if (mode === "wal") return "writes go through a log again (journal mode wal)";
      throw inTheWay("keeps its journal mode from being changed");
    },
  },
  {
    id: "leftovers",
    turn: "before_content",
    async run(path) {
      const removed = removeLeftovers(existing(path));
      return removed.length > 0 ? `removed ${removed.join(", ")}` : "somebody else has removed it by now";
    },
  },
  {
    id: "log_size",
    turn: "after_content",
    async run(path) {
      const isEmptied = pragma<{ busy: 0 | 1 }>(path, "wal_checkpoint(TRUNCATE)")?.busy === 0;
      if (isEmptied) return "emptied the write-ahead log";
      throw inTheWay("keeps its log from being emptied");
    },
  },
];

function inTheWay(says: string): AppError {
  return new AppError("store_busy", `another process has the store open, and ${says}`, {
    hints: ["Run this again when nothing else works on the store"],
  });
}

function removeLeftovers({ path }: StoreFile): string[] {
  const left = abandonedCopies(dirname(path));
  try {
    for (const file of left) rmSync(file, { force: true });
  } catch (error) {
    throw systemFault(error, path);
  }
  return left;
}

function existing(path: string): StoreFile {
  const file = findStoreFile(path);
  if (file === null) throw notFound(path, "there is no store");
  return file;
}

function pragma<Row>(path: string, text: string): Row | undefined {
  const db = openDatabase(path);
  try {
    return db.read(() => db.get<Row>(`PRAGMA ${text}`));
  } finally {
    db.close();
  }
}
