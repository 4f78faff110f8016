import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Sqlite, { type Database } from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { openStore } from "../../src/storage/open-store.ts";
import { MIGRATIONS, type Migration, migrate, newestVersion } from "../../src/storage/sqlite/migrations.ts";
import { createSqliteStore } from "../../src/storage/sqlite/store.ts";
import { dump, fillRichly, portrait, schemaOf } from "../support/store-dump.ts";
import { created, filledFile, integrityOf, opened, temporaryPath } from "../support/store-files.ts";
import { DAY, START } from "../support/store-samples.ts";

const FIXTURES = fileURLToPath(new URL("../fixtures/schemas/", import.meta.url));
const NEWEST = newestVersion(MIGRATIONS);
const fixture = (version: number) => `${FIXTURES}${version}.sql`;

/** A store of an old version, as its jwtctl left it. */
function storeOf(version: number): string {
  const path = temporaryPath();
  writeFileSync(path, "", { mode: 0o600 });
  const database = new Sqlite(path);
  database.exec(readFileSync(fixture(version), "utf8"));
  database.close();
  return path;
}

/** A store as today's jwtctl makes it, with the content of the fixtures. */
async function storeOfToday(): Promise<string> {
  const path = temporaryPath();
  const store = await fillRichly(await createSqliteStore(path));
  await store.close();
  return path;
}

describe("every schema there ever was", () => {
  test("has a step that leads to it from the one before", () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  test("is kept as a fixture; the newest one is what the code makes today", async () => {
    const today = dump(await storeOfToday());
    // Before a version is released: JWTCTL_WRITE_SCHEMA_FIXTURE=1 npx vitest run --project contract sqlite-migrations
    if (process.env["JWTCTL_WRITE_SCHEMA_FIXTURE"] === "1") {
      mkdirSync(FIXTURES, { recursive: true });
      writeFileSync(fixture(NEWEST), today);
    }
    for (const { version } of MIGRATIONS)
      expect([version, existsSync(fixture(version))]).toEqual([version, true]);
    expect(readFileSync(fixture(NEWEST), "utf8")).toBe(today);
  });

  test.each(MIGRATIONS.map(({ version }) => version))(
    "version %i comes up to date whole, and shows what it held",
    async (version) => {
      const path = storeOf(version);
      const store = await openStore(path);
      const fresh = await created(temporaryPath());
      await fillRichly(fresh);
      for (const now of [START + DAY, START + 400 * DAY]) {
        expect(await portrait(store, now)).toEqual(await portrait(fresh, now));
      }
      await store.close();
      expect(schemaOf(path)).toEqual(schemaOf(await storeOfToday()));
      expect(integrityOf(path)).toBe("ok");
      expect(versionOf(path)).toBe(NEWEST);
    },
  );
});

function versionOf(path: string): unknown {
  const database = new Sqlite(path, { readonly: true });
  const version = database.pragma("user_version", { simple: true });
  database.close();
  return version;
}

/** Later steps, made up. */
function later(...steps: readonly string[]): readonly Migration[] {
  return [...MIGRATIONS, ...steps.map((sql, index) => ({ version: NEWEST + 1 + index, sql }))];
}

const ADD_TABLE = "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT";

describe("a migration", () => {
  test("brings a store from any version to the newest, step by step", async () => {
    const path = await filledFile();
    const migrations = later(ADD_TABLE, "INSERT INTO later (id) VALUES (7)");
    const store = await opened(path, { migrations });
    expect(await store.listUsers(START)).toHaveLength(1);
    await store.close();
    expect(versionOf(path)).toBe(NEWEST + 2);
    await expect(openStore(path)).rejects.toMatchObject({ code: "store_newer" });
  });

  test("that fails leaves the store at the step before, whole, and it can be tried again", async () => {
    const path = await filledFile();
    const broken = later(ADD_TABLE, "INSERT INTO later (id) VALUES (7); INSERT INTO nowhere VALUES (1)");
    await expect(opened(path, { migrations: broken })).rejects.toThrow();
    expect(versionOf(path)).toBe(NEWEST + 1);
    const mended = later(ADD_TABLE, "INSERT INTO later (id) VALUES (7)");
    await opened(path, { migrations: mended });
    expect(versionOf(path)).toBe(NEWEST + 2);
  });

  test("that another process has made in the meantime is not made twice", async () => {
    const path = await filledFile();
    const database = connect(path);
    // As two processes that both saw the old version: the second asks again once it has the lock.
    migrate(connect(path), later(ADD_TABLE));
    migrate(database, later(ADD_TABLE));
    expect(versionOf(path)).toBe(NEWEST + 1);
  });

  test("never takes a store back from a newer version", async () => {
    const path = await filledFile();
    const database = connect(path);
    database.pragma("user_version = 1000");
    migrate(database, later(ADD_TABLE));
    expect(versionOf(path)).toBe(1000);
  });

  test("may rebuild a table that others refer to, and loses none of their rows", async () => {
    const path = await filledFile();
    const rebuild = `
      CREATE TABLE rebuilt (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE,
        status TEXT NOT NULL, password_hash TEXT NOT NULL, weak_password INTEGER NOT NULL, claims TEXT NOT NULL,
        created_at INTEGER NOT NULL, last_login_at INTEGER, password_changed_at INTEGER NOT NULL,
        failed_attempts INTEGER NOT NULL DEFAULT 0, locked_until INTEGER, last_attempt_at INTEGER) STRICT;
      INSERT INTO rebuilt SELECT * FROM users;
      DROP TABLE users;
      ALTER TABLE rebuilt RENAME TO users;`;
    const store = await opened(path, { migrations: later(rebuild) });
    expect(await store.listSessions({ userId: "user-ada" }, START)).toHaveLength(1);
    expect(integrityOf(path)).toBe("ok");
    await expect(store.removeUser("user-ada", START)).resolves.toEqual({ revoked: ["login-1"] });
  });

  test("that leaves rows referring to nothing is refused and undone", async () => {
    const path = await filledFile();
    await expect(opened(path, { migrations: later("DELETE FROM users") })).rejects.toThrow(
      "refer to nothing",
    );
    expect(versionOf(path)).toBe(NEWEST);
    expect(await (await opened(path)).listUsers(START)).toHaveLength(1);
  });
});

function connect(path: string): Database {
  const database = new Sqlite(path);
  onTestFinished(() => void database.close());
  return database;
}
