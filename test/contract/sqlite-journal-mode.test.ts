import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, it, onTestFinished } from "vitest";
import { openForExamination } from "../../src/storage/sqlite/database.ts";
import { createSqliteStore, openSqliteStore } from "../../src/storage/sqlite/store.ts";
import { filledFile } from "../support/store-files.ts";

/** A store that another program has taken out of its write-ahead log. */
async function jqWithout(): Promise<string> {
  const path = await filledFile();
  const database = new Sqlite(path);
  database.pragma("journal_mode = DELETE");
  database.close();
  expect(modeOf(path)).toBe("rollback");
  return path;
}

/** As the header has it (https://sqlite.org/fileformat2.html section 1.3.3). */
function modeOf(path: string): "rollback" | "wal" {
  return readFileSync(path)[18] === 2 ? "wal" : "rollback";
}

it.each([
  ["opened", openSqliteStore],
  ["made, when it is there", createSqliteStore],
])("a store without its log gets it back when it is %s", async (_, open) => {
  const path = await jqWithout();
  await (await open(path)).close();
  expect(modeOf(path)).toBe("wal");
});

it("it works without a log while another process reads it, and does not wait for that", async () => {
  const path = await jqWithout();
  const other = new Sqlite(path);
  onTestFinished(() => void other.close());
  other.exec("BEGIN");
  other.prepare("SELECT count(*) FROM settings").get();
  const store = await openSqliteStore(path);
  expect(await store.listUsers(0)).toHaveLength(1);
  await store.close();
  expect(modeOf(path)).toBe("rollback");
  other.exec("ROLLBACK");
  await (await openSqliteStore(path)).close();
  expect(modeOf(path)).toBe("wal");
});

it("who only looks at it changes nothing", async () => {
  const path = await jqWithout();
  const before = [readFileSync(path), readdirSync(dirname(path))];
  openForExamination(path).close();
  expect([readFileSync(path), readdirSync(dirname(path))]).toEqual(before);
});
