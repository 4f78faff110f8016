import type { Database } from "better-sqlite3";
import { AppError } from "../../core/base/errors.ts";
import type { Connection } from "./connection.ts";
import { corrupt } from "./faults.ts";
import { APPLICATION_ID, MIGRATIONS, type Migration, newestVersion } from "./migrations.ts";
import { refuseStrangers, SCHEMA_OBJECTS, type SchemaObject } from "./schema-objects.ts";

/** Older versions may lose a transaction when the write-ahead log starts over (https://sqlite.org/wal.html#walreset). */
export const OLDEST_SQLITE = "3.51.3";

interface Identity {
  readonly sqlite: string;
  readonly application: number;
  readonly version: number;
  readonly objects: number;
}

/**
 * What kind of database this is. Blank: without a table and without a mark, as a process leaves it that died while it
 * made a store.
 *
 * @throws AppError `store_foreign`, `store_newer`, `store_corrupt`, `store_unusable`; SqliteError
 */
export function identify(
  database: Database,
  path: string,
  migrations: readonly Migration[] = MIGRATIONS,
): "blank" | "older" | "current" {
  const { sqlite, application, version, objects } = database
    .prepare(
      `SELECT sqlite_version() AS sqlite, application_id AS application, user_version AS version,
         (SELECT count(*) FROM sqlite_schema) AS objects
       FROM pragma_application_id, pragma_user_version`,
    )
    .get() as Identity;
  requireSqlite(sqlite);
  if (application === 0 && version === 0 && objects === 0) return "blank";
  refuseForeign({ application, version }, path, migrations);
  refuseStrangers(database.prepare<[], SchemaObject>(SCHEMA_OBJECTS).all(), path, migrations);
  return version < newestVersion(migrations) ? "older" : "current";
}

/** What kind of database a file is. */
export interface Mark {
  readonly application: number;
  readonly version: number;
  readonly objects: number;
}

/**
 * Says what kind of database this is, of any version up to today's, and that there is nothing in it but what jwtctl has
 * made; a blank one has nothing at all.
 * @throws AppError `store_foreign`, `store_newer`, `store_corrupt`; SqliteError
 */
export function recognise(db: Connection): Mark {
  const mark = readMark(db);
  refuseStrangers(db.all<SchemaObject>(SCHEMA_OBJECTS), db.path, MIGRATIONS);
  return mark;
}

/** {@link recognise} for who looks at what else is in it. */
export function readMark(db: Connection): Mark {
  const mark = db.get<Mark>(
    `SELECT application_id AS application, user_version AS version,
       (SELECT count(*) FROM sqlite_schema) AS objects
     FROM pragma_application_id, pragma_user_version`,
  );
  if (mark === undefined) throw new Error("SQLite did not say what the file is");
  if (mark.application !== 0 || mark.version !== 0 || mark.objects !== 0) refuseForeign(mark, db.path);
  return mark;
}

/** @throws AppError `store_foreign`, `store_newer`, `store_corrupt` */
export function refuseForeign(
  { application, version }: Pick<Identity, "application" | "version">,
  path: string,
  migrations: readonly Migration[] = MIGRATIONS,
): void {
  if (application !== APPLICATION_ID) {
    throw new AppError("store_foreign", `"${path}" is a database of another program`, {
      hints: ["Name another file with --db; this one was not changed"],
      data: { path },
    });
  }
  const newest = newestVersion(migrations);
  if (version > newest) {
    throw new AppError("store_newer", `the store "${path}" was written by a newer version of jwtctl`, {
      hints: ["Update jwtctl, or name another file with --db"],
      data: { path, schema: version, newest_known: newest },
    });
  }
  if (version < 1) throw corrupt(path, "it has no schema version");
}

/** Whether a version (`3.51.3`) is another one or a later one. */
export function isAtLeast(version: string, oldest: string): boolean {
  const has = version.split(".").map(Number);
  const needs = oldest.split(".").map(Number);
  const first = needs.findIndex((number, index) => number !== has[index]);
  return first === -1 || (has[first] ?? 0) > (needs[first] ?? 0);
}

/** @throws AppError `store_unusable` when this SQLite is older than the oldest that is safe */
export function requireSqlite(version: string): void {
  if (isAtLeast(version, OLDEST_SQLITE)) return;
  throw new AppError("store_unusable", `SQLite ${version} may lose what it has stored`, {
    hints: [`Install better-sqlite3 again, with SQLite ${OLDEST_SQLITE} or later`],
    data: { sqlite_version: version, oldest_safe: OLDEST_SQLITE },
  });
}

export function notFound(path: string, says: string): AppError {
  return new AppError("store_not_found", `${says} at "${path}"`, {
    hints: ["Make one with: jwtctl init"],
    data: { path },
  });
}

/** A file, and perhaps a schema, but no settings: `init` has not been run, or did not finish. */
export function notInitialised(path: string): AppError {
  return notFound(path, "there is no store yet, only an empty file,");
}
