import { rmSync } from "node:fs";
import { dirname } from "node:path";
import type { StoreExaminer } from "../core/analysis/doctor/ports.ts";
import { openDatabase } from "./sqlite/database.ts";
import { examineStore, readHalves } from "./sqlite/examine-store.ts";
import { closeStoreToOthers } from "./sqlite/file/examine-files.ts";
import { findStoreFile, type StoreFile, systemFault } from "./sqlite/file/store-file.ts";
import { abandonedCopies } from "./sqlite/file/unfinished-copies.ts";
import { notFound } from "./sqlite/identity.ts";

/** Looks at stores in SQLite files. */
export function createStoreExaminer(): StoreExaminer {
  return {
    async examine({ path, full, now }) {
      return examineStore(path, { full, now });
    },
    async readHalves(path) {
      return readHalves(existing(path).path);
    },
    async closeToOthers(path) {
      return closeStoreToOthers(existing(path));
    },
    async regainLog(path) {
      // To open it is to do it.
      return pragma<{ journal_mode: string }>(path, "journal_mode")?.journal_mode === "wal";
    },
    async removeLeftovers(path) {
      const { path: file } = existing(path);
      const left = abandonedCopies(dirname(file));
      try {
        for (const part of left) rmSync(part, { force: true });
      } catch (error) {
        throw systemFault(error, file);
      }
      return left;
    },
    async emptyLog(path) {
      return pragma<{ busy: 0 | 1 }>(path, "wal_checkpoint(TRUNCATE)")?.busy === 0;
    },
  };
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
