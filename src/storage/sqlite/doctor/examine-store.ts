import Sqlite from "better-sqlite3";
import type { ContentFacts, StoredHalves, StoreFacts } from "../../../core/analysis/doctor/facts.ts";
import type { Finding } from "../../../core/analysis/doctor/finding.ts";
import { AppError } from "../../../core/base/errors.ts";
import type { Connection } from "../connection.ts";
import { openForExamination } from "../database.ts";
import { examineContent, known, storedHalves } from "../examine-content.ts";
import { storeFault } from "../faults.ts";
import { findStoreFile } from "../file/store-file.ts";
import { notFound, notInitialised, OLDEST_SQLITE, readMark } from "../identity.ts";
import { MIGRATIONS, migrate, newestVersion } from "../migrations.ts";
import { SCHEMA_OBJECTS, type SchemaObject, strangersAmong } from "../schema-objects.ts";
import * as database from "./check-database.ts";
import * as files from "./check-files.ts";
import { examineFiles } from "./examine-files.ts";
import type { DatabaseFacts, SchemaDifference, SqliteFacts } from "./facts.ts";

/** More would only fill the screen: the file is broken. */
const MAX_PROBLEMS = 20;

/** See `StoreExaminer.examine`. */
export function examineStore(named: string, options: { full: boolean; now: number }): StoreFacts {
  const file = findStoreFile(named);
  if (file === null) throw notFound(named, "there is no store");
  if (file.size === 0) throw notInitialised(named);
  const facts = {
    path: file.path,
    files: examineFiles(file),
    sqlite: { version: sqliteVersion(), oldestSafe: OLDEST_SQLITE },
  };
  let db: Connection | undefined;
  try {
    db = openForExamination(file.path);
    const mark = readMark(db);
    if (mark.application === 0 && mark.version === 0 && mark.objects === 0) throw notInitialised(named);
    const database = examineDatabase(db, mark.version, options.full);
    const content = isReadable(db, mark.version) ? examineContent(db, options.now) : null;
    return judged({ ...facts, fault: null, database }, content);
  } catch (error) {
    const fault = storeFault(error, file.path);
    if (!(fault instanceof AppError) || fault.code === "store_not_found") throw fault;
    return judged({ ...facts, database: null, fault: { code: fault.code, message: fault.message } }, null);
  } finally {
    db?.close();
  }
}

/** Not with an older schema, nor when a view or a trigger of somebody else would answer in the store's place. */
function isReadable(db: Connection, version: number): boolean {
  if (version !== newestVersion(MIGRATIONS)) return false;
  return strangersAmong(db.all<SchemaObject>(SCHEMA_OBJECTS), MIGRATIONS).length === 0;
}

/** What fails when the file itself is damaged, and not what was done with it. */
const DAMAGE: readonly string[] = ["identity", "integrity", "foreign_keys", "schema"];

function judged(facts: SqliteFacts, content: ContentFacts | null): StoreFacts {
  const findings = checkStoreFile(facts);
  // A disk that is full or a lock that is held is no damage.
  const isDamage = facts.fault === null || ["store_corrupt", "store_foreign"].includes(facts.fault.code);
  const damage = findings.find(({ id, status }) => isDamage && status === "fail" && DAMAGE.includes(id));
  return {
    path: facts.path,
    findings,
    damage: damage?.summary ?? null,
    content,
    unread: content === null ? whyUnread(facts.database) : null,
  };
}

function whyUnread(database: DatabaseFacts | null): string {
  if (database === null) return "the file cannot be read as a store";
  return database.version === newestVersion(MIGRATIONS)
    ? "the store holds what jwtctl has not made"
    : "the store has an older schema";
}

/** One finding for each check of the table, in its order. */
export function checkStoreFile(facts: SqliteFacts): Finding[] {
  return [
    files.checkFile(facts),
    files.checkPermissions(facts),
    files.checkPlace(facts),
    files.checkWritable(facts),
    files.checkDisk(facts),
    database.checkSqlite(facts),
    database.checkIdentity(facts),
    database.checkIntegrity(facts),
    database.checkForeignKeys(facts),
    database.checkSchema(facts),
    files.checkLogSize(facts),
    files.checkLeftovers(facts),
  ];
}

/** See `StoreExaminer.readHalves`. */
export function readHalves(named: string): StoredHalves[] | null {
  const path = findStoreFile(named)?.path;
  if (path === undefined) throw notFound(named, "there is no store");
  let db: Connection | undefined;
  try {
    db = openForExamination(path);
    return isReadable(db, readMark(db).version) ? storedHalves(db) : null;
  } catch (error) {
    throw storeFault(error, path);
  } finally {
    db?.close();
  }
}

function sqliteVersion(): string {
  const memory = new Sqlite(":memory:");
  try {
    return String(memory.prepare("SELECT sqlite_version()").pluck().get());
  } finally {
    memory.close();
  }
}

function examineDatabase(db: Connection, version: number, full: boolean): DatabaseFacts {
  return {
    version,
    newestVersion: newestVersion(MIGRATIONS),
    journalMode: db.get<{ journal_mode: string }>("PRAGMA journal_mode")?.journal_mode ?? "unknown",
    full,
    integrity: known(() => problems(db, full)),
    foreignKeys: known(() =>
      db.all<{ table: string; rows: number }>(
        'SELECT "table", count(*) AS rows FROM pragma_foreign_key_check GROUP BY "table"',
      ),
    ),
    schema: known(() => schemaDifferences(db, version)),
  };
}

/** What SQLite finds wrong with the file. @throws SqliteError */
export function problems(db: Connection, full: boolean): string[] {
  const check = full ? "integrity_check" : "quick_check";
  return db
    .all<Record<string, string>>(`PRAGMA ${check}(${MAX_PROBLEMS})`)
    .flatMap((row) => Object.values(row))
    .filter((line) => line !== "ok");
}

/** What is there, against what the migrations make: a trigger that was dropped lets the audit log be altered. */
function schemaDifferences(db: Connection, version: number): SchemaDifference[] {
  const present = db.all<SchemaObject>(SCHEMA_OBJECTS);
  const right = schemaOf(version);
  const same = (a: SchemaObject) => (b: SchemaObject) => a.type === b.type && a.name === b.name;
  const told = ({ type, name }: SchemaObject, difference: SchemaDifference["difference"]) => ({
    type,
    name,
    difference,
  });
  return [
    ...right.flatMap((object) => {
      const found = present.find(same(object));
      if (found === undefined) return [told(object, "missing")];
      return found.sql === object.sql ? [] : [told(object, "altered")];
    }),
    ...present.filter((object) => !right.some(same(object))).map((object) => told(object, "foreign")),
  ];
}

function schemaOf(version: number): SchemaObject[] {
  const memory = new Sqlite(":memory:");
  try {
    migrate(memory, MIGRATIONS.slice(0, version));
    return memory.prepare<[], SchemaObject>(SCHEMA_OBJECTS).all();
  } finally {
    memory.close();
  }
}
