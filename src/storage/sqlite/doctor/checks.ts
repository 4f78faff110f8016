import { findingsOf } from "../../../core/analysis/doctor/finding.ts";

/** What `doctor` looks at in the file of a store (docs/doctor.md). The names are part of the public interface. */
export const FILE_CHECKS = {
  file: "the store is a file of its own, where it was looked for",
  permissions: "nobody else may read or write the store, or put another in its place",
  place: "the store lies where a store can lie",
  writable: "this user can write to the store",
  disk: "there is room for the store to grow",
  sqlite: "this SQLite does not lose what it has stored",
  identity: "the file is a store of jwtctl, and of this version",
  integrity: "SQLite finds the file whole",
  foreign_keys: "no row refers to something that is not there",
  schema: "tables, indexes and triggers are those of the version",
  log_size: "the write-ahead log has not grown out of bounds",
  leftovers: "no half-made copy of a store lies beside it",
} as const satisfies Readonly<Record<string, string>>;

export const { pass, skip, warn, fail } = findingsOf(FILE_CHECKS);
