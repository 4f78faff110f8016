import { type Finding, named } from "../../../core/analysis/doctor/finding.ts";
import { counted } from "../../../core/base/text/wording.ts";
import { isAtLeast } from "../identity.ts";
import { type FILE_CHECKS, fail, pass, skip, warn } from "./checks.ts";
import type { DatabaseFacts, SqliteFacts } from "./facts.ts";

const RESTORE = "Keep a copy of the file as it is, then restore your last backup: jwtctl restore FILE";
const UNREADABLE = "the file cannot be read as a store";

/** Fixes for faults that are no damage to the file. */
const FIXES: Readonly<Record<string, string>> = {
  store_newer: "Update jwtctl",
  store_full: "Make room on the disk: nothing of what was stored is lost",
  store_busy: "Try again when no other process works on the store",
  store_read_only: "See the check whether the store can be written",
  store_unusable:
    "See the check of the permissions, and whether this user may read the file and the disk is healthy",
};

export function checkSqlite({ sqlite }: SqliteFacts): Finding {
  if (isAtLeast(sqlite.version, sqlite.oldestSafe)) return pass("sqlite", `SQLite ${sqlite.version}`);
  return fail(
    "sqlite",
    `SQLite ${sqlite.version} may lose a transaction when its log starts over`,
    `Install better-sqlite3 again, with SQLite ${sqlite.oldestSafe} or later`,
  );
}

export function checkIdentity({ database, fault }: SqliteFacts): Finding {
  if (database === null) {
    const fix = FIXES[fault?.code ?? ""] ?? RESTORE;
    return fail("identity", fault?.message ?? UNREADABLE, fix);
  }
  const { version, newestVersion } = database;
  if (version === newestVersion) return pass("identity", `a store of schema version ${version}`);
  return warn(
    "identity",
    `the store has schema version ${version}, today's is ${newestVersion}; its content was not looked at`,
    "Bring it up to date with any command that uses the store, as in: jwtctl config list",
  );
}

export function checkIntegrity(facts: SqliteFacts): Finding {
  return ofDatabase(facts, "integrity", ({ integrity, full }) => {
    if (!integrity.ok) return fail("integrity", `the file is damaged: ${integrity.why}`, RESTORE);
    const [first] = integrity.value;
    if (first !== undefined) {
      const more = integrity.value.length > 1 ? ` (and ${integrity.value.length - 1} more)` : "";
      return fail("integrity", `the file is damaged: ${first}${more}`, RESTORE);
    }
    const how = full
      ? "every page, row and index was compared"
      : "a quick look; compare indexes too with --full";
    return pass("integrity", `whole (${how})`);
  });
}

export function checkForeignKeys(facts: SqliteFacts): Finding {
  return ofDatabase(facts, "foreign_keys", ({ foreignKeys }) => {
    if (!foreignKeys.ok) return fail("foreign_keys", `the file is damaged: ${foreignKeys.why}`, RESTORE);
    if (foreignKeys.value.length === 0) return pass("foreign_keys", "every row refers to what is there");
    const where = foreignKeys.value.map(({ table, rows }) => `${counted(rows, "row")} of ${table}`);
    return fail("foreign_keys", `${named(where)} refer to what is not there`, RESTORE);
  });
}

export function checkSchema(facts: SqliteFacts): Finding {
  return ofDatabase(facts, "schema", ({ schema, journalMode }) => {
    if (!schema.ok) return fail("schema", `the file is damaged: ${schema.why}`, RESTORE);
    const differences = schema.value.map(
      ({ type, name, difference }) => `${type} ${name} is ${WORDS[difference]}`,
    );
    if (differences.length > 0) {
      const audit = schema.value.some(({ name }) => name.startsWith("audit_"));
      const why = audit ? ": the audit log may have been altered" : "";
      return fail("schema", `${named(differences)}${why}`, `Find out who worked on the file. ${RESTORE}`);
    }
    if (journalMode !== "wal" && journalMode !== "memory") {
      return warn(
        "schema",
        `the journal mode is ${journalMode}, not wal: readers and writers keep each other waiting`,
        "Any command that uses the store changes it back when no other process has it open: jwtctl doctor --fix",
        true,
      );
    }
    return pass("schema", "as the migrations make it");
  });
}

const WORDS = { missing: "missing", altered: "altered", foreign: "not jwtctl's" } as const;

function ofDatabase(
  { database }: SqliteFacts,
  id: keyof typeof FILE_CHECKS,
  check: (database: DatabaseFacts) => Finding,
): Finding {
  return database === null ? skip(id, UNREADABLE) : check(database);
}
