import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, it, onTestFinished } from "vitest";
import { openForExamination } from "../../src/storage/sqlite/database.ts";
import { createSqliteStore, openSqliteStore } from "../../src/storage/sqlite/store.ts";
import { filledFile } from "../support/store-files.ts";

/** A store as a restoration leaves it that was killed before it had replaced it. */
async function takenOut(): Promise<string> {
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

/** The name under which a process makes ready what is to replace a store. */
function partOf(path: string, pid: number): string {
  return join(dirname(path), `.${basename(path)}.${pid}-0123abcd.jwtctl-part`);
}

it.each([
  ["opened", openSqliteStore],
  ["made, when it is there", createSqliteStore],
])("a store without its log gets it back when it is %s", async (_, open) => {
  const path = await takenOut();
  await (await open(path)).close();
  expect(modeOf(path)).toBe("wal");
});

it("it works without a log while another process reads it, and does not wait for that", async () => {
  const path = await takenOut();
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

it("the mode is a restoration's lock: it is left alone while the process lives, and not longer", async () => {
  const path = await takenOut();
  // The process that waits for the test.
  writeFileSync(partOf(path, process.ppid), "", { mode: 0o600 });
  await (await openSqliteStore(path)).close();
  expect(modeOf(path)).toBe("rollback");
  const other = await takenOut();
  // No system counts so far (Linux: 4,194,304).
  writeFileSync(partOf(other, 2 ** 31 - 1), "", { mode: 0o600 });
  await (await openSqliteStore(other)).close();
  expect(modeOf(other)).toBe("wal");
});

it("who only looks at it changes nothing", async () => {
  const path = await takenOut();
  const before = [readFileSync(path), readdirSync(dirname(path))];
  openForExamination(path).close();
  expect([readFileSync(path), readdirSync(dirname(path))]).toEqual(before);
});
