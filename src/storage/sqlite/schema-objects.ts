import { AppError } from "../../core/base/errors.ts";
import type { Migration } from "./migrations.ts";

/** An entry of `sqlite_schema`. */
export interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

/** All that has a text: SQLite makes the rest by itself, and what ANALYZE leaves is nobody's harm. */
export const SCHEMA_OBJECTS =
  "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite~_%' ESCAPE '~'";

/**
 * What no migration has made: a trigger could undo what a command does, a view never come to an end. What is missing, or
 * stands in a table in another way, is `doctor`'s to tell.
 */
export function strangersAmong(
  present: readonly SchemaObject[],
  migrations: readonly Migration[],
): SchemaObject[] {
  const made = migrations.map(({ sql }) => sql).join("\n");
  const tables = new Set(
    [...made.matchAll(/CREATE TABLE (\w+)|RENAME TO (\w+)/g)].map(([, name, renamed]) => name ?? renamed),
  );
  return present.filter(({ type, name, sql }) =>
    type === "table" ? !tables.has(name) || !/^CREATE TABLE /i.test(sql) : !made.includes(sql),
  );
}

/** So many are told. */
const TOLD = 5;

/** @throws AppError `store_corrupt` */
export function refuseStrangers(
  present: readonly SchemaObject[],
  path: string,
  migrations: readonly Migration[],
): void {
  const strangers = strangersAmong(present, migrations);
  if (strangers.length === 0) return;
  const what = strangers.slice(0, TOLD).map(({ type, name }) => `${type} ${name}`);
  throw new AppError(
    "store_corrupt",
    `the store "${path}" holds what jwtctl has not made: ${what.join(", ")}`,
    {
      hints: ["Find out who worked on the file", "Keep a copy of it as it is, then restore your last backup"],
      data: { path },
    },
  );
}
