import type { StoreExaminer } from "../core/ports/examiner.ts";
import { openDatabase } from "./sqlite/database.ts";
import { closeStoreToOthers } from "./sqlite/file-modes.ts";
import { findStoreFile } from "./sqlite/files.ts";
import { notFound } from "./sqlite/identity.ts";
import { examineStore } from "./sqlite/integrity.ts";

/** Looks at stores in SQLite files. */
export function createStoreExaminer(): StoreExaminer {
  return {
    async examine({ path, full, now }) {
      return examineStore(path, { full, now });
    },
    async closeToOthers(path) {
      const file = findStoreFile(path);
      if (file === null) throw notFound(path, "there is no store");
      return closeStoreToOthers(file);
    },
    async emptyLog(path) {
      const db = openDatabase(path);
      try {
        const result = db.read(() => db.get<{ busy: 0 | 1 }>("PRAGMA wal_checkpoint(TRUNCATE)"));
        return result?.busy === 0;
      } finally {
        db.close();
      }
    },
  };
}
