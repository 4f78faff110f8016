import type { Standing, StoreSummary } from "../../core/authority/ports/backups.ts";
import { AppError } from "../../core/base/errors.ts";
import { readAuditHead } from "./audit.ts";
import type { Connection } from "./connection.ts";
import { openForExamination } from "./database.ts";
import { storeFault } from "./faults.ts";
import { findStoreFile } from "./file/store-file.ts";
import { recognise } from "./identity.ts";
import { listKeys } from "./keys.ts";
import { MIGRATIONS, newestVersion } from "./migrations.ts";

/** See `StoreBackups.lookAt`. */
export function lookAt(path: string): Standing {
  let db: Connection | undefined;
  try {
    const file = findStoreFile(path);
    if (file === null || file.size === 0) return { state: "nothing" };
    db = openForExamination(file.path);
    return statusInWords(db);
  } catch (error) {
    return unreadable(error, path);
  } finally {
    db?.close();
  }
}

/** What is in a database that is no empty file, as far as it can be read. */
export function statusInWords(db: Connection): Standing {
  try {
    const { version } = recognise(db);
    if (version !== newestVersion(MIGRATIONS))
      return { state: "unreadable", why: "it is of another version" };
    return { state: "store", summary: summaryOf(db) };
  } catch (error) {
    return unreadable(error, db.path);
  }
}

function unreadable(error: unknown, path: string): Standing {
  const fault = storeFault(error, path);
  if (!(fault instanceof AppError)) throw fault;
  return { state: "unreadable", why: fault.message };
}

function summaryOf(db: Connection): StoreSummary {
  return db.readTogether(() => ({
    // As they are recorded: what the calendar did happens to both stores.
    keys: listKeys(db),
    users: db.all<StoreSummary["users"][number]>(
      'SELECT name, status, password_changed_at AS "passwordChangedAt" FROM users ORDER BY name_key',
    ),
    auditHead: readAuditHead(db),
  }));
}
