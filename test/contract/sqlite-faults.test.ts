import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import Sqlite, { type Database } from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { createStoreBackups } from "../../src/storage/backups.ts";
import { createStoreExaminer } from "../../src/storage/examiner.ts";
import { createStore, openStore } from "../../src/storage/open-store.ts";
import { createDatabase, openDatabase } from "../../src/storage/sqlite/database.ts";
import { storeFault } from "../../src/storage/sqlite/faults.ts";
import { APPLICATION_ID } from "../../src/storage/sqlite/migrations.ts";
import { rowsDigest } from "../../src/storage/sqlite/rows-digest.ts";
import { storeOn } from "../../src/storage/sqlite/store.ts";
import { filledFile, integrityOf, opened, temporaryPath } from "../support/store-files.ts";
import { bundleWorker, startWorker } from "../support/store-processes.ts";
import { fill, START, sampleUser } from "../support/store-samples.ts";

bundleWorker();

/** Works on a file behind the store's back. */
function tamper(path: string, change: (database: Database) => void): void {
  const database = new Sqlite(path);
  change(database);
  database.close();
}

const UNDO = `CREATE TRIGGER undo AFTER UPDATE ON sessions WHEN new.ended_at IS NOT NULL
  BEGIN UPDATE sessions SET ended_at = NULL, reason = NULL WHERE id = new.id; END`;
const REPLACED = `DROP TRIGGER audit_log_keeps_rows;
  CREATE TRIGGER audit_log_keeps_rows BEFORE DELETE ON audit_log BEGIN SELECT 1; END`;

/** Neither opening nor making a store touches what is there. */
async function expectRefusedUntouched(path: string, code: string): Promise<void> {
  const before = readFileSync(path);
  await expect(openStore(path)).rejects.toMatchObject({ code, hints: [expect.any(String)] });
  await expect(createStore(path)).rejects.toMatchObject({ code, hints: [expect.any(String)] });
  expect(readFileSync(path).equals(before)).toBe(true);
}

const ENDLESS = `ALTER TABLE settings RENAME TO hidden;
  CREATE VIEW settings AS SELECT hidden.* FROM hidden,
    (WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c)`;

describe("a store that holds what jwtctl has not made", () => {
  test.each([
    ["a trigger that undoes revocations", "trigger undo", UNDO],
    ["a trigger in the place of one of jwtctl's", "trigger audit_log_keeps_rows", REPLACED],
    ["a view that never ends", "table hidden", ENDLESS],
    ["a table", "table notes", "CREATE TABLE notes (text)"],
    [
      "a virtual table",
      "table settings",
      "DROP TABLE settings; CREATE VIRTUAL TABLE settings USING rtree (a, b, c)",
    ],
  ])("is refused when it is opened, backed up and restored, and never read: %s", async (_, named, sql) => {
    const path = await filledFile();
    tamper(path, (database) => database.exec(sql));
    const said = { code: "store_corrupt", message: expect.stringContaining(named) };
    await expect(openStore(path)).rejects.toMatchObject(said);
    const backups = createStoreBackups();
    const order = { from: path, to: `${path}.backup`, overwrite: false, progress: () => undefined };
    await expect(backups.backUp(order)).rejects.toMatchObject(said);
    await expect(backups.stage({ backup: path, target: temporaryPath() })).rejects.toMatchObject(said);
    const { findings } = await createStoreExaminer().examine({ path, full: true, now: START });
    expect(findings.find(({ id }) => id === "schema")?.status).toBe("fail");
  });
});

describe("what a backup is compared by", () => {
  test("differs when a single value does", async () => {
    const digestOf = (path: string) => {
      const db = openDatabase(path);
      onTestFinished(() => db.close());
      return rowsDigest(db);
    };
    const [path, copy] = [await filledFile(), temporaryPath()];
    writeFileSync(copy, readFileSync(path), { mode: 0o600 });
    expect(digestOf(copy)).toBe(digestOf(path));
    tamper(copy, (database) => database.exec("UPDATE users SET password_hash = password_hash || '@'"));
    expect(digestOf(copy)).not.toBe(digestOf(path));
  });
});

describe("a file that is no store", () => {
  test.each([
    ["text", Buffer.from("# my notes\n".repeat(200))],
    ["one byte", Buffer.from("x")],
    ["511 bytes", Buffer.alloc(511, "x")],
    ["511 zeros", Buffer.alloc(511)],
    ["512 bytes", Buffer.alloc(512, "x")],
    ["512 zeros", Buffer.alloc(512)],
    ["4,096 zeros", Buffer.alloc(4096)],
    ["zeros", Buffer.alloc(8192)],
    ["random bytes", Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7919) % 251))],
  ])("%s: refused and never overwritten", async (_, bytes) => {
    const path = temporaryPath();
    writeFileSync(path, bytes, { mode: 0o600 });
    await expectRefusedUntouched(path, "store_foreign");
  });

  test.each([
    ["with another application id", "PRAGMA application_id = 1; CREATE TABLE notes (text)"],
    ["with another application id and no table", "PRAGMA application_id = 1"],
    ["with tables and no application id", "CREATE TABLE notes (text)"],
    ["with a version and no application id", "PRAGMA user_version = 1"],
  ])("a database of another program, %s: refused and never overwritten", async (_, sql) => {
    const path = temporaryPath();
    writeFileSync(path, "", { mode: 0o600 });
    tamper(path, (database) => database.exec(sql));
    await expectRefusedUntouched(path, "store_foreign");
  });
});

describe("a store of another version", () => {
  test("a newer one is refused and never overwritten", async () => {
    const path = await filledFile();
    tamper(path, (database) => database.pragma("user_version = 1000"));
    await expectRefusedUntouched(path, "store_newer");
  });

  test("a store that says it has no version is damaged", async () => {
    const path = await filledFile();
    tamper(path, (database) => database.pragma("user_version = 0"));
    await expectRefusedUntouched(path, "store_corrupt");
  });
});

describe("a damaged store", () => {
  test("with its header overwritten is refused and kept as it is", async () => {
    const path = await filledFile();
    const bytes = readFileSync(path);
    bytes.fill(0x58, 0, 100);
    writeFileSync(path, bytes);
    await expectRefusedUntouched(path, "store_foreign");
  });

  test.each([4096, 4097, 20_000])("cut off after %i bytes is refused and kept as it is", async (length) => {
    const path = await filledFile();
    expect(statSync(path).size).toBeGreaterThan(length);
    truncateSync(path, length);
    await expectRefusedUntouched(path, "store_corrupt");
  });

  test("with a page of rubbish in it says so when it is read, and is not written", async () => {
    const path = await filledFile();
    const page = rootPageOf(path, "users");
    const bytes = readFileSync(path);
    bytes.fill(0xa5, (page - 1) * 4096, page * 4096);
    writeFileSync(path, bytes);
    const store = await opened(path);
    await expect(store.listUsers(START)).rejects.toMatchObject({ code: "store_corrupt" });
    await expect(store.addUser(sampleUser("bob"), START)).rejects.toMatchObject({ code: "store_corrupt" });
    await expect(store.readSettings()).resolves.toBeDefined();
  });

  test("without one of its tables says so", async () => {
    const path = await filledFile();
    tamper(path, (database) => database.exec("DROP TABLE refresh_tokens"));
    const store = await opened(path);
    await expect(store.listRefreshTokens("login-1")).rejects.toMatchObject({ code: "store_corrupt" });
    tamper(path, (database) => database.exec("DROP TABLE settings"));
    await expect(openStore(path)).rejects.toMatchObject({ code: "store_corrupt" });
  });

  test("with values that make no sense says so, without quoting them", async () => {
    const path = await filledFile();
    tamper(path, (database) => {
      database.exec(`UPDATE signing_keys SET private_text = 'top secret {' WHERE kid = 'first';
        UPDATE users SET claims = '[]'`);
    });
    const store = await opened(path);
    const damaged = await store.readPrivateKey("first").catch((error) => error);
    expect(damaged).toMatchObject({ code: "store_corrupt" });
    expect(damaged.cause).toBeUndefined();
    expect(damaged.message).not.toContain("secret");
    await expect(store.listUsers(START)).rejects.toMatchObject({ code: "store_corrupt" });
  });
});

function rootPageOf(path: string, table: string): number {
  const database = new Sqlite(path, { readonly: true });
  const row = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").get(table);
  database.close();
  return (row as { rootpage: number }).rootpage;
}

describe("a busy store", () => {
  test("whose lock does not come free in time: refused, nothing changed, and usable afterwards", async () => {
    const path = await filledFile();
    const store = await opened(path, { busyTimeout: 10 });
    const holder = new Sqlite(path);
    onTestFinished(() => void holder.close());
    holder.exec("BEGIN IMMEDIATE");
    await expect(store.addUser(sampleUser("bob"), START)).rejects.toMatchObject({
      code: "store_busy",
      data: { sqlite: "SQLITE_BUSY" },
    });
    expect(await store.findUser("ada", START)).not.toBeNull();
    holder.exec("ROLLBACK");
    expect(await store.addUser(sampleUser("bob"), START)).toBe("added");
  });

  test("locked as a whole cannot be opened", async () => {
    const path = await filledFile();
    const holder = new Sqlite(path);
    onTestFinished(() => void holder.close());
    holder.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE");
    expect(() => openDatabase(path, { busyTimeout: 10 })).toThrow(
      expect.objectContaining({ code: "store_busy" }),
    );
  });

  test("that is being made by a process that stands still cannot be made", async () => {
    const path = temporaryPath();
    writeFileSync(path, "", { mode: 0o600 });
    const holder = new Sqlite(path);
    onTestFinished(() => void holder.close());
    holder.exec("BEGIN EXCLUSIVE");
    await expect(createDatabase(path, { busyTimeout: 10 })).rejects.toMatchObject({ code: "store_busy" });
  });
});

describe("a full disk", () => {
  test("in the middle of a write: refused, nothing of it stored, and usable when there is room", async () => {
    const path = temporaryPath();
    const db = await createDatabase(path);
    const store = await fill(storeOn(db));
    onTestFinished(() => store.close());
    const room = db.get<{ page_count: number }>("PRAGMA page_count")?.page_count ?? 0;
    db.get(`PRAGMA max_page_count = ${room + 2}`);
    const big = sampleUser("big", { passwordHash: "x".repeat(100_000) });
    await expect(store.addUser(big, START)).rejects.toMatchObject({
      code: "store_full",
      data: { sqlite: "SQLITE_FULL" },
    });
    expect((await store.listUsers(START)).map(({ name }) => name)).toEqual(["ada"]);
    db.get("PRAGMA max_page_count = 1000000");
    expect(await store.addUser(big, START)).toBe("added");
  });

  test.runIf(process.platform !== "win32")(
    "a file size limit (ulimit -f): what was stored before stays, whole",
    async () => {
      const path = await filledFile();
      const worker = await startWorker("ulimit -f 600");
      const said = (await worker.do("grow", { path })) as { added: number; error: string };
      await worker.end();
      expect(said.error).toBe("store_full");
      expect(said.added).toBeGreaterThan(10);
      expect(await (await opened(path)).listUsers(START)).toHaveLength(said.added + 1);
      expect(integrityOf(path)).toBe("ok");
    },
  );
});

describe("SQLite's result codes", () => {
  const meaning = (code: string) => storeFault(Object.assign(new Error("any text"), { code }), "/p");

  test.each([
    ["SQLITE_BUSY", "store_busy"],
    ["SQLITE_BUSY_RECOVERY", "store_busy"],
    ["SQLITE_BUSY_SNAPSHOT", "store_busy"],
    ["SQLITE_PROTOCOL", "store_busy"],
    ["SQLITE_READONLY", "store_read_only"],
    ["SQLITE_READONLY_DIRECTORY", "store_read_only"],
    ["SQLITE_READONLY_DBMOVED", "store_unusable"],
    ["SQLITE_FULL", "store_full"],
    ["SQLITE_IOERR_WRITE", "store_full"],
    ["SQLITE_IOERR_READ", "store_unusable"],
    ["SQLITE_IOERR_FSYNC", "store_unusable"],
    ["SQLITE_CORRUPT", "store_corrupt"],
    ["SQLITE_CORRUPT_INDEX", "store_corrupt"],
    ["SQLITE_NOTADB", "store_foreign"],
    ["SQLITE_CANTOPEN_ISDIR", "store_unusable"],
  ])("%s means %s", (code, expected) => {
    expect(meaning(code)).toMatchObject({ code: expected, data: { path: "/p", sqlite: code } });
  });

  test.each(["SQLITE_CONSTRAINT_UNIQUE", "SQLITE_ERROR", "SQLITE_MISUSE"])(
    "%s is a bug and stays what it is",
    (code) => {
      const error = Object.assign(new Error("any text"), { code });
      expect(storeFault(error, "/p")).toBe(error);
    },
  );

  test("errors of other kinds stay what they are", () => {
    const error = Object.assign(new Error("SQLITE_BUSY"), { code: "ENOENT" });
    expect(storeFault(error, "/p")).toBe(error);
  });
});

test("a store is marked as one of jwtctl", async () => {
  const path = await filledFile();
  expect(readFileSync(path).readUInt32BE(68)).toBe(APPLICATION_ID);
  expect(Buffer.from(APPLICATION_ID.toString(16), "hex").toString()).toBe("jwtc");
});
