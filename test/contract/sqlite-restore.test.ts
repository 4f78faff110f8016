import {
  existsSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { restoreStore } from "../../src/app/backup/restore-store.ts";
import type { Standing } from "../../src/core/authority/ports/backups.ts";
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

/** As a restoration leaves it that is killed when it has given the store its second name. */
function asKilled(path: string): string {
  const database = new Sqlite(path);
  database.pragma("journal_mode = DELETE");
  database.close();
  const second = `${path}.before-restore-20260301T120000Z`;
  linkSync(path, second);
  return second;
}

describe("a store that a killed restoration has taken out of use", () => {
  test("is put right by the next command that may write: its log, and the name that it has too many", async () => {
    const path = await storeOf("alice");
    const second = asKilled(path);
    expect(modeOf(path)).toBe("delete");
    expect(await usersIn(path)).toEqual(["alice"]);
    expect([modeOf(path), existsSync(second)]).toEqual(["wal", false]);
  });

  test("keeps what was kept aside before: only a second name of the store itself goes", async () => {
    const path = await storeOf("alice");
    const earlier = `${path}.before-restore-20250101T000000Z`;
    await storeOf("bob", earlier);
    const other = `${path}.copy`;
    linkSync(path, other);
    asKilled(path);
    await usersIn(path);
    expect([existsSync(earlier), existsSync(other)]).toEqual([true, true]);
    expect(await usersIn(earlier)).toEqual(["bob"]);
  });

  test("is put right by the next restoration, which keeps it aside once", async () => {
    const path = await storeOf("alice");
    const backup = await backupOf("bob");
    asKilled(path);
    const staged = await backups.stage({ backup, target: path });
    const aside = await (await backups.seize(path)).place(staged, START + 1000);
    expect(named(path, "before-restore")).toEqual([basename(aside ?? "")]);
    expect([await usersIn(path), await usersIn(aside ?? "")]).toEqual([["bob"], ["alice"]]);
  });

  test("leaves a second name alone while a restoration is at work", async () => {
    const path = await storeOf("alice");
    asKilled(path);
    const working = new Sqlite(path);
    working.exec("BEGIN EXCLUSIVE");
    await expect(openSqliteStore(path, { busyTimeout: 1 })).rejects.toMatchObject({ code: "store_busy" });
    expect(named(path, "before-restore")).toHaveLength(1);
    working.exec("ROLLBACK");
    working.close();
  });
});

describe("a restoration that is not carried out", () => {
  test("lets the store go on as it was, in its write-ahead log", async () => {
    const path = await storeOf("alice");
    const seized = await backups.seize(path);
    await seized.release();
    expect(modeOf(path)).toBe("wal");
    await (await opened(path)).addUser(sampleUser("bob"), START);
    expect(await usersIn(path)).toEqual(["alice", "bob"]);
  });

  test("because of the file system takes back the second name and puts old logs back", async () => {
    const path = temporaryPath();
    writeFileSync(path, "no store any more".repeat(1000));
    for (const suffix of ["-wal", "-journal"]) writeFileSync(`${path}${suffix}`, `old${suffix}`);
    const staged = await backups.stage({ backup: await backupOf("bob"), target: path });
    renameSync(staged.path, `${staged.path}.gone`);
    writeFileSync(staged.path, "");
    const seized = await backups.seize(path);
    // A directory cannot be the new name of a file.
    const spoiled = { ...staged, path: dirname(path) };
    await expect(seized.place(spoiled, START)).rejects.toMatchObject({ code: /^store_/ });
    await seized.release();
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
      async seize(path: string) {
        if (!isMade) await storeOf("alice", target);
        isMade = true;
        return backups.seize(path);
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
    const seized = await backups.seize(target);
    await storeOf("alice", target);
    await expect(seized.place(staged, START)).rejects.toMatchObject({ code: "store_busy" });
    await seized.release();
    await backups.discard(staged);
    expect(await usersIn(target)).toEqual(["alice"]);
    expect(named(target, "jwtctl-part")).toEqual([]);
  });
});

describe("a command that has found the file of the store, but not locked it yet, when it is replaced", () => {
  /** Puts bob's store in the place of alice's when the first statement is executed. */
  async function replaced() {
    const path = await storeOf("alice");
    const other = await storeOf("bob");
    let isDone = false;
    const trace = () => {
      if (isDone) return;
      isDone = true;
      renameSync(path, `${path}.before-restore-20260301T120000Z`);
      renameSync(other, path);
    };
    return { path, trace };
  }

  test("works on the new one: what it writes is not lost with the old one", async () => {
    const { path, trace } = await replaced();
    const store = await opened(path, { trace });
    await store.addUser(sampleUser("carol"), START);
    expect(await usersIn(path)).toEqual(["bob", "carol"]);
  });

  test("finds the new one when it wants to make one", async () => {
    const { path, trace } = await replaced();
    const store = await createSqliteStore(path, { trace });
    expect(await store.initialise(sampleStore(), START)).toBe("already_initialised");
    await store.close();
  });
});

describe("a log that lies beside the place of a damaged store", () => {
  test("is not played into the new one, of whichever kind it is", async () => {
    const path = temporaryPath();
    const backup = await backupOf("bob");
    writeFileSync(path, "no store any more".repeat(1000));
    writeFileSync(`${path}-journal`, hotJournal());
    const staged = await backups.stage({ backup, target: path });
    const aside = await (await backups.seize(path)).place(staged, START);
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
