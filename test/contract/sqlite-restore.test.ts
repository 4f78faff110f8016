import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { restoreStore } from "../../src/app/backup/restore-store.ts";
import type { Replacement, Standing } from "../../src/core/authority/ports/backups.ts";
import { createStoreBackups } from "../../src/storage/backups.ts";
import { openStore } from "../../src/storage/open-store.ts";
import { createSqliteStore, openSqliteStore } from "../../src/storage/sqlite/store.ts";
import { opened, temporaryPath } from "../support/store-files.ts";
import { START, sampleStore, sampleUser } from "../support/store-samples.ts";

const backups = createStoreBackups();

/** A closed store with one user. */
async function storeOf(user: string, path = temporaryPath()): Promise<string> {
  const store = await createSqliteStore(path);
  await store.initialise(sampleStore(), START);
  await store.addUser(sampleUser(user), START);
  await store.close();
  return path;
}

async function backupOf(user: string): Promise<string> {
  const from = await storeOf(user);
  const to = join(dirname(from), "backup.db");
  await backups.backUp({ from, to, overwrite: false, progress: () => undefined });
  return to;
}

async function usersIn(path: string): Promise<string[]> {
  const store = await openSqliteStore(path);
  try {
    return (await store.listUsers(START)).map(({ name }) => name);
  } finally {
    await store.close();
  }
}

/** The way the file says that it is written: "wal", or "delete" for a store that was taken out of use. */
function modeOf(path: string): unknown {
  return readFileSync(path)[18] === 2 ? "wal" : "delete";
}

const named = (path: string, mark: string) =>
  readdirSync(dirname(path)).filter((name) => name.includes(mark));

/** Puts a backup of bob's store in the place of what is at a path. */
async function restore(path: string, settle: () => Promise<boolean> = async () => true) {
  const staged = await backups.stage({ backup: await backupOf("bob"), target: path });
  try {
    return await backups.replace({ staged, target: path, now: START, settle });
  } finally {
    await staged.discard();
  }
}

describe("a restoration", () => {
  test("keeps the file, so that who has the store open reads and writes the new one", async () => {
    const path = await storeOf("alice");
    const store = await opened(path);
    expect((await store.listUsers(START)).map(({ name }) => name)).toEqual(["alice"]);
    const { ino } = statSync(path);
    await restore(path);
    expect(statSync(path).ino).toBe(ino);
    expect((await store.listUsers(START)).map(({ name }) => name)).toEqual(["bob"]);
    await store.addUser(sampleUser("carol"), START);
    expect(await usersIn(path)).toEqual(["bob", "carol"]);
  });

  test("does not disturb who is reading, and waits for nobody", async () => {
    const path = await storeOf("alice");
    const reader = new Sqlite(path);
    onTestFinished(() => void reader.close());
    const names = () => reader.prepare("SELECT name FROM users").pluck().all();
    reader.exec("BEGIN");
    expect(names()).toEqual(["alice"]);
    await restore(path);
    expect(names()).toEqual(["alice"]);
    reader.exec("COMMIT");
    expect(names()).toEqual(["bob"]);
  });

  test("keeps the old store aside as a whole one that only its owner may read", async () => {
    const path = await storeOf("alice");
    chmodSync(path, 0o640);
    const replaced = await restore(path);
    const aside = `${path}.before-restore-20250101T000000Z`;
    expect(replaced).toEqual({ keptAside: aside });
    expect([await usersIn(aside), statSync(aside).mode & 0o777]).toEqual([["alice"], 0o600]);
    expect((await restore(path))?.keptAside).toBe(`${aside}-2`);
  });

  test("keeps writers out while it settles, and refuses when one does not end", async () => {
    const path = await storeOf("alice");
    const writer = new Sqlite(path, { timeout: 0 });
    onTestFinished(() => void writer.close());
    const attempts: unknown[] = [];
    await restore(path, async () => {
      try {
        writer.exec("BEGIN IMMEDIATE");
      } catch (error) {
        attempts.push((error as { code: string }).code);
      }
      return true;
    });
    expect(attempts).toEqual(["SQLITE_BUSY"]);
    writer.exec("BEGIN IMMEDIATE");
    await expect(restore(path)).rejects.toMatchObject({ code: "store_busy" });
    expect(named(path, "jwtctl-part")).toEqual([]);
  }, 60_000);

  test("leaves nothing of the old store in the file or its log", async () => {
    const path = await storeOf("alice");
    const store = await opened(path);
    await restore(path);
    await store.close();
    expect(readFileSync(path).includes("alice")).toBe(false);
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  test("leaves nothing aside when it fails after the old store was copied", async () => {
    const path = await storeOf("alice");
    const staged = await backups.stage({ backup: await backupOf("bob"), target: path });
    const spoil = new Sqlite(staged.path);
    // SQLite refuses to copy between databases of other page sizes.
    spoil.exec("PRAGMA journal_mode = DELETE; PRAGMA page_size = 8192; VACUUM");
    spoil.close();
    const replacing = backups.replace({ staged, target: path, now: START, settle: async () => true });
    await expect(replacing).rejects.toMatchObject({ code: /^store_/ });
    await staged.discard();
    expect([named(path, "before-restore"), await usersIn(path)]).toEqual([[], ["alice"]]);
  });
});

describe("a restoration that is not carried out", () => {
  test("lets the store go on as it was, in its write-ahead log", async () => {
    const path = await storeOf("alice");
    expect(await restore(path, async () => false)).toBeNull();
    expect([modeOf(path), named(path, "before-restore")]).toEqual(["wal", []]);
    await (await opened(path)).addUser(sampleUser("bob"), START);
    expect(await usersIn(path)).toEqual(["alice", "bob"]);
  });

  test("because of the file system takes back the second name and puts old logs back", async () => {
    const path = temporaryPath();
    writeFileSync(path, "no store any more".repeat(1000));
    for (const suffix of ["-wal", "-journal"]) writeFileSync(`${path}${suffix}`, `old${suffix}`);
    const staged = await backups.stage({ backup: await backupOf("bob"), target: path });
    // A directory cannot be the new name of a file.
    const spoiled = { ...staged, path: dirname(path) };
    const replacing = backups.replace({
      staged: spoiled,
      target: path,
      now: START,
      settle: async () => true,
    });
    await expect(replacing).rejects.toMatchObject({ code: /^store_/ });
    await staged.discard();
    expect(named(path, "before-restore")).toEqual([]);
    for (const suffix of ["-wal", "-journal"]) {
      expect(readFileSync(`${path}${suffix}`, "utf8")).toBe(`old${suffix}`);
    }
  });
});

describe("a restoration where nothing was", () => {
  test("asks about a store that was made in the meantime", async () => {
    const target = temporaryPath();
    const backup = await backupOf("bob");
    const asked: Standing[] = [];
    let isMade = false;
    const racing = {
      ...backups,
      async replace(input: Replacement) {
        if (!isMade) await storeOf("alice", target);
        isMade = true;
        return backups.replace(input);
      },
    };
    const input = { backup, target, keepSessions: false, force: false };
    const confirm = async (standing: Standing) => void asked.push(standing);
    const ports = { backups: racing, open: (path: string) => openStore(path), clock: { now: () => START } };
    const { undone, keptAside } = await restoreStore({ ...input, confirm }, ports);
    expect(asked).toMatchObject([{ state: "store", summary: { users: [{ name: "alice" }] } }]);
    expect(undone).toContainEqual({ kind: "user_added", user: "alice" });
    expect([await usersIn(target), await usersIn(keptAside ?? "")]).toEqual([["bob"], ["alice"]]);
  });

  test("does not replace one that was made after nothing could be locked", async () => {
    const target = temporaryPath();
    const staged = await backups.stage({ backup: await backupOf("bob"), target });
    const settle = async () => {
      await storeOf("alice", target);
      return true;
    };
    const replacing = backups.replace({ staged, target, now: START, settle });
    await expect(replacing).rejects.toMatchObject({ code: "store_busy" });
    await staged.discard();
    expect(await usersIn(target)).toEqual(["alice"]);
    expect(named(target, "jwtctl-part")).toEqual([]);
  });
});

describe("a log that lies beside the place of a damaged store", () => {
  test("is not played into the new one, of whichever kind it is", async () => {
    const path = temporaryPath();
    writeFileSync(path, "no store any more".repeat(1000));
    writeFileSync(`${path}-journal`, hotJournal());
    const aside = (await restore(path))?.keptAside;
    expect(await usersIn(path)).toEqual(["bob"]);
    expect(lstatSync(`${aside}-journal`).size).toBeGreaterThan(0);
  });
});

/** What a process leaves that dies while it writes without a write-ahead log. */
function hotJournal(): Uint8Array {
  const path = temporaryPath();
  const database = new Sqlite(path);
  database.exec("CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(10000))");
  database.pragma("cache_spill = 1");
  database.exec("BEGIN; UPDATE t SET x = zeroblob(20000)");
  const journal = readFileSync(`${path}-journal`);
  database.close();
  return journal;
}
