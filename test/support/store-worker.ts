// What runs in the processes of the race and crash tests (store-processes.ts bundles and starts it). Says "ready" when
// everything is loaded; then each line on stdin is a task, and its result a line of JSON on stdout.
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import Sqlite from "better-sqlite3";
import type { RotateRefreshToken, Store } from "../../src/core/authority/ports/store.ts";
import { AppError } from "../../src/core/base/errors.ts";
import { createStoreBackups } from "../../src/storage/backups.ts";
import { createStore, openStore } from "../../src/storage/open-store.ts";
import type { DatabaseOptions } from "../../src/storage/sqlite/database.ts";
import { MIGRATIONS, newestVersion } from "../../src/storage/sqlite/migrations.ts";
import { openSqliteStore } from "../../src/storage/sqlite/store.ts";
import { HOUR, START, sampleKey, sampleStore, sampleUser, trade } from "./store-samples.ts";

const BEGAN = Number(process.argv[2]);

export interface Tasks {
  /** Makes and fills a store. */
  init: { path: string; name: string };
  /** Trades a refresh token. */
  rotate: { path: string; from: string; to: string; reuseWindow: number };
  promote: { path: string; successor: string; onlyIfActivatedBefore?: number };
  /** Makes a standby the active key. */
  activate: { path: string; kid: string; successor: string };
  /** Revokes the key that is active at that moment, or the one named. */
  revoke: { path: string; kid?: string; replacement: string };
  register: { path: string; id: string; name: string };
  /** Tries a wrong password. */
  guess: { path: string; name: string; now: number };
  /** Backs a store up, over and over, until it is killed. */
  backUp: { from: string; to: string };
  /** Backs a store up once. */
  backUpOnce: { from: string; to: string };
  /** Puts a backup in the place of a store, over and over, until it is killed. */
  restore: { backup: string; target: string };
  /** Rotates a login and the keys until it is killed, and says what is durable. */
  churn: { path: string; session: string; seq: number };
  /** Adds users until it is refused. */
  grow: { path: string };
  /** Reads and writes as a user without privileges. @param input.migration what a later version would change, in SQL */
  unprivileged: { path: string; migration?: string };
  /** Executes the beginning of a migration, and is killed before the rest. */
  beginUpgrade: { path: string; sql: string };
  /** Brings a store to a later version. */
  upgrade: { path: string; migration: string };
}

const TASKS: { [Name in keyof Tasks]: (input: Tasks[Name]) => Promise<unknown> } = {
  init: async ({ path, name }) =>
    using(createStore(path), (store) =>
      store.initialise(
        sampleStore({ active: sampleKey(`${name}-active`), standby: sampleKey(`${name}-standby`) }),
        START,
      ),
    ),

  rotate: async ({ path, from, to, reuseWindow }) =>
    using(openStore(path), async (store) => {
      const { outcome, ...rest } = await rotateNow(store, trade(from, to, { reuseWindow }));
      return { outcome, sealed: "sealedSuccessor" in rest ? [...rest.sealedSuccessor] : null };
    }),

  promote: async ({ path, successor, onlyIfActivatedBefore }) =>
    using(openStore(path), async (store) => {
      const input = {
        successor: sampleKey(successor),
        keepPrivate: false,
        ...(onlyIfActivatedBefore !== undefined && { onlyIfActivatedBefore }),
      };
      return { outcome: (await store.promoteStandbyKey(input, clock())).outcome };
    }),

  activate: async ({ path, kid, successor }) =>
    using(openStore(path), async (store) => {
      const input = { kid, successor: sampleKey(successor), keepPrivate: true };
      return { outcome: (await store.activateKey(input, clock())).outcome };
    }),

  revoke: async ({ path, kid, replacement }) =>
    using(openStore(path), async (store) => {
      const now = clock();
      const active = (await store.listKeys(now)).find(({ state }) => state === "active");
      const replacements = [sampleKey(`${replacement}-a`), sampleKey(`${replacement}-b`)];
      const input = { kid: kid ?? active?.kid ?? "", replacements, withSessions: false };
      const result = await store.revokeKey(input, now);
      return { outcome: result.outcome, changed: result.outcome === "revoked" && result.changed };
    }),

  register: async ({ path, id, name }) =>
    using(openStore(path), (store) => store.addUser(sampleUser(name, { id }), START)),

  guess: async ({ path, name, now }) =>
    using(openStore(path), async (store) => {
      const attempt = await store.beginPasswordAttempt(name, now);
      if (attempt.outcome === "throttled") return attempt;
      await store.endPasswordAttempt({ userId: attempt.user?.id ?? null, result: "wrong" }, now);
      return { outcome: "wrong" };
    }),

  backUp: async ({ from, to }) => {
    say("begins");
    for (;;) {
      await createStoreBackups().backUp({ from, to, overwrite: true, progress: () => undefined });
    }
  },

  backUpOnce: async ({ from, to }) =>
    (await createStoreBackups().backUp({ from, to, overwrite: false, progress: () => undefined })).counts,

  restore: async ({ backup, target }) => {
    say("begins");
    const backups = createStoreBackups();
    for (let round = 0; ; round++) {
      const staged = await backups.stage({ backup, target });
      const now = START + round * 1000;
      await backups.replace({ staged, target, now, settle: async () => true });
      await staged.discard();
    }
  },

  churn: async ({ path, session, seq }) =>
    using(openStore(path), async (store) => {
      for (let next = seq + 1; ; next++) {
        const { outcome } = await rotateNow(store, trade(`${session}/${next - 1}`, `${session}/${next}`));
        if (outcome !== "rotated") return { outcome, next };
        say({ rotated: next });
        const successor = sampleKey(`${session}-${next}-${process.pid}`);
        await store.promoteStandbyKey({ successor, keepPrivate: false }, clock());
        say({ promoted: successor.kid });
      }
    }),

  grow: async ({ path }) => {
    const store = await openStore(path);
    let added = 0;
    try {
      for (; ; added++) await store.addUser(sampleUser(`user-${added}-${"x".repeat(1000)}`), START);
    } catch (error) {
      return { added, error: codeOf(error) };
    }
  },

  unprivileged: async ({ path, migration }) => {
    dropPrivileges();
    let store: Store;
    try {
      store = await openSqliteStore(path, migration === undefined ? {} : later(migration));
    } catch (error) {
      return { opened: codeOf(error) };
    }
    const users = await store.listUsers(START).then((list) => list.map(({ name }) => name), codeOf);
    const added = await store.addUser(sampleUser("bob"), START).catch(codeOf);
    const rotation = await store.rotateRefreshToken(trade("unknown", "x"), START).catch(codeOf);
    await store.close();
    return { opened: "opened", users, added, rotation };
  },

  beginUpgrade: async ({ path, sql }) => {
    const database = new Sqlite(path);
    // What does not fit into so small a cache is written to the disk at once.
    database.exec(`PRAGMA cache_size = 1; PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE; ${sql}`);
    process.kill(process.pid, "SIGKILL");
    return new Promise(() => undefined);
  },

  upgrade: async ({ path, migration }) =>
    using(openSqliteStore(path, later(migration)), async (store) => (await store.listUsers(START)).length),
};

function later(migration: string): DatabaseOptions {
  return { migrations: [...MIGRATIONS, { version: newestVersion(MIGRATIONS) + 1, sql: migration }] };
}

function dropPrivileges(): void {
  const NOBODY = 65_534;
  if (process.getuid?.() !== 0) return;
  // The addon is loaded while everything may be read.
  new Sqlite(":memory:").close();
  process.setgroups?.([]);
  process.setgid?.(NOBODY);
  process.setuid?.(NOBODY);
}

/**
 * The time: an hour after the samples' start, and then a tenth of the real pace, so that a slow machine does not leave
 * the reuse window. All workers of a test file share it.
 */
function clock(): number {
  return START + HOUR + Math.floor((Date.now() - BEGAN) / 10);
}

/**
 * A clock read before waiting for the lock looks like one that was set back: read it again, and ask again when it has
 * caught up.
 */
async function rotateNow(store: Store, order: RotateRefreshToken) {
  const result = await store.rotateRefreshToken(order, clock());
  const now = clock();
  if (result.outcome !== "clock_went_back" || now < result.consumedAt) return result;
  return store.rotateRefreshToken(order, now);
}

async function using<T>(opening: Promise<Store>, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await opening;
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : String(error);
}

/** At once and whole, so that what was said before a kill -9 has been said. */
function say(value: unknown): void {
  writeSync(1, `${JSON.stringify(value)}\n`);
}

async function main(): Promise<void> {
  say("ready");
  for await (const line of createInterface({ input: process.stdin })) {
    const { task, input } = JSON.parse(line) as { task: keyof Tasks; input: unknown };
    const run = TASKS[task] as (input: unknown) => Promise<unknown>;
    say(await run(input).catch((error) => ({ error: codeOf(error) })));
  }
}

main();
