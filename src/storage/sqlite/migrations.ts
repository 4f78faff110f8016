import type { Database } from "better-sqlite3";
import { FIRST_SCHEMA } from "./migrations/0001-first-schema.ts";
import { AUDIT_AND_THROTTLE } from "./migrations/0002-audit-and-throttle.ts";
import { SESSIONS } from "./migrations/0003-sessions.ts";

/** "jwtc": what marks a SQLite file as a jwtctl store (`PRAGMA application_id`). */
export const APPLICATION_ID = 0x6a777463;

export interface Migration {
  /** The schema version (`PRAGMA user_version`) that this step leads to, from the one before. */
  readonly version: number;
  readonly sql: string;
}

/** Every step from an empty file to today's schema, in order. A released step never changes. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, sql: FIRST_SCHEMA },
  { version: 2, sql: AUDIT_AND_THROTTLE },
  { version: 3, sql: SESSIONS },
];

/** The schema version that a list of migrations ends at. */
export function newestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

/**
 * Brings a store to the newest schema. Each step and its version number are one transaction: a process that dies leaves
 * the old version or the new one. The version is read again under the write lock, so of many processes that start at
 * once one migrates and the others find it done. A version beyond the newest is left alone.
 *
 * @throws SqliteError; Error when a step leaves rows that refer to nothing
 */
export function migrate(database: Database, migrations: readonly Migration[] = MIGRATIONS): void {
  // Rebuilding a table that others refer to needs the check suspended, which is not possible inside a transaction.
  database.exec("PRAGMA foreign_keys = OFF");
  try {
    for (const migration of migrations) applyOnce(database, migration);
  } finally {
    database.exec("PRAGMA foreign_keys = ON");
  }
}

function applyOnce(database: Database, { version, sql }: Migration): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    if (Number(database.pragma("user_version", { simple: true })) === version - 1) {
      database.exec(sql);
      if ((database.pragma("foreign_key_check") as unknown[]).length > 0) {
        throw new Error(`migration ${version} leaves rows that refer to nothing`);
      }
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version}`);
    }
    database.exec("COMMIT");
  } catch (error) {
    if (database.inTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
