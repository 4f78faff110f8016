import type { Connection } from "./connection.ts";

/** How long those are waited for who read the store at this very moment, in ms. */
const PATIENCE_MS = 1000;

/**
 * Brings what was written into the file, and empties the write-ahead log: for changes that have destroyed a secret.
 * Until then it lies in the file, where the log has yet to overwrite it, and perhaps in the log; and SQLite does it by
 * itself only when nobody has the store open any more, which may be never (`audit --follow`).
 *
 * Who reads for longer (a backup) is not waited for: the secret is gone with the next such change, or when the last
 * process closes the store.
 */
export function emptyLog(db: Connection): void {
  const patience = db.get<{ timeout: number }>("PRAGMA busy_timeout")?.timeout ?? 0;
  try {
    db.get(`PRAGMA busy_timeout = ${PATIENCE_MS}`);
    db.get("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch {
    // What was to be done is durable already: a disk without room for more takes nothing from it.
  } finally {
    db.get(`PRAGMA busy_timeout = ${patience}`);
  }
}
