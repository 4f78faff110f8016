import Sqlite from "better-sqlite3";
import { describe, expect, test } from "vitest";
import type { Store } from "../../src/core/authority/ports/store.ts";
import { openDatabase } from "../../src/storage/sqlite/database.ts";
import { createSqliteStore, openSqliteStore } from "../../src/storage/sqlite/store.ts";
import { filledFile, opened, temporaryPath } from "../support/store-files.ts";
import { hashOf, START, sampleSession, trade } from "../support/store-samples.ts";

/** The statements that a piece of work executes, values filled in. */
async function statementsOf(work: (store: Store) => Promise<unknown>): Promise<string[]> {
  const path = await filledFile();
  const statements: string[] = [];
  const store = await opened(path, { trace: (sql) => statements.push(String(sql)) });
  statements.length = 0;
  await work(store);
  return statements;
}

/** How SQLite goes about a statement, on a database with this schema. */
async function planner(): Promise<(sql: string) => string[]> {
  const path = await filledFile();
  const database = new Sqlite(path);
  return (sql) =>
    (database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]).map(({ detail }) => detail);
}

const WORK: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  refresh: (store) => store.rotateRefreshToken(trade("login-1/1", "login-1/2"), START + 1),
  "refresh with a stolen token": async (store) => {
    await store.rotateRefreshToken(trade("login-1/1", "login-1/2"), START + 1);
    await store.rotateRefreshToken(trade("login-1/1", "x", { reuseWindow: 0 }), START + 2);
  },
  "what a refresh would bring": (store) => store.foreseeRotation(trade("login-1/1", "x"), START + 1),
  "log in": (store) => store.createSession(sampleSession("login-2", "ada"), START),
  "the user's summary": (store) => store.findUser("ada", START),
  "a login by its token": (store) => store.findSessionByToken(hashOf("login-1/1"), START),
  "a login by its id": (store) => store.findSessions("login-1", START),
  "a login's tokens": (store) => store.listRefreshTokens("login-1"),
  "a user's logins": (store) => store.listSessions({ userId: "user-ada" }, START),
  "a user's last logins": (store) => store.listSessions({ userId: "user-ada", limit: 5 }, START),
  "a user's live logins": (store) => store.listSessions({ userId: "user-ada", status: "active" }, START),
  "a user's logins by last use": (store) =>
    store.listSessions({ userId: "user-ada", sort: "last_used" }, START),
  "the newest logins": (store) => store.listSessions({ limit: 20 }, START),
  "the logins that end next": (store) => store.listSessions({ sort: "expires", limit: 20 }, START),
  "the logins since": (store) => store.listSessions({ since: START }, START),
  "revoke by id": (store) => store.revokeSessions({ sessions: ["login-1"] }, "revoked", START),
  "revoke a user's logins": (store) => store.revokeSessions({ userId: "user-ada" }, "revoked", START),
  "revoke a user's logins for a client": (store) =>
    store.revokeSessions({ userId: "user-ada", clientId: "web", except: "login-1" }, "revoked", START),
  "a new password": (store) =>
    store.changePassword(
      { userId: "user-ada", passwordHash: "n", weakPassword: false, keepSession: "login-1" },
      START,
    ),
  "disable a user": (store) => store.setUserStatus("user-ada", "disabled", START),
  "remove a user": (store) => store.removeUser("user-ada", START),
  "count what can be pruned": (store) => store.countPrunable(START),
  prune: (store) => store.pruneSessions({ endedBefore: START, limit: 100 }, START),
};

describe("with a million refresh tokens no statement walks through all of them", () => {
  test.each(Object.keys(WORK))("%s", async (name) => {
    const explain = await planner();
    const statements = await statementsOf((store) => WORK[name]?.(store) ?? Promise.reject(new Error(name)));
    const work = statements.filter((sql) => !/^\s*(BEGIN|COMMIT|ROLLBACK|PRAGMA)/.test(sql));
    expect(work.length).toBeGreaterThan(0);
    for (const sql of work) {
      for (const step of explain(sql)) {
        // All logins in order and cut by LIMIT is no walk; the index of seals holds only what was rotated a moment ago.
        if (
          /FROM sessions\s+ORDER BY .* LIMIT \d/s.test(sql) &&
          /^SCAN sessions USING INDEX sessions_by_/.test(step)
        )
          continue;
        if (step === "SCAN refresh_tokens USING INDEX refresh_tokens_sealed") continue;
        expect([sql, step]).not.toEqual([
          sql,
          expect.stringMatching(/^SCAN (sessions|refresh_tokens|token|successor)/),
        ]);
        expect([sql, step]).not.toEqual([sql, expect.stringContaining("AUTOMATIC")]);
      }
    }
  });
});

describe("opening a store", () => {
  test("takes no write lock and prepares next to nothing when the schema is up to date", async () => {
    const path = await filledFile();
    const statements: string[] = [];
    const store = await openSqliteStore(path, { trace: (sql) => statements.push(String(sql)) });
    await store.close();
    expect(statements.filter((sql) => /BEGIN|journal_mode =|user_version =/i.test(sql))).toEqual([]);
    // What it is, what it holds that is not jwtctl's, and its settings.
    expect(statements.filter((sql) => /SELECT/i.test(sql))).toHaveLength(3);
  });

  test("a read takes one statement and no transaction", async () => {
    const statements = await statementsOf((store) => store.readSettings());
    expect(statements).toHaveLength(1);
    expect(statements[0]).toMatch(/^SELECT/);
  });

  test("every write begins with the lock", async () => {
    for (const name of ["refresh", "log in", "revoke by id", "prune", "disable a user"]) {
      const [first] = await statementsOf((store) => WORK[name]?.(store) ?? Promise.resolve());
      expect([name, first]).toEqual([name, "BEGIN IMMEDIATE"]);
    }
  });

  test("every connection is set up to lose nothing, leave nothing behind and trust nothing", async () => {
    const path = temporaryPath();
    await (await createSqliteStore(path)).close();
    const db = openDatabase(path);
    const setting = (name: string) =>
      Object.values(db.get<Record<string, unknown>>(`PRAGMA ${name}`) ?? {})[0];
    expect({
      journal_mode: setting("journal_mode"),
      synchronous: setting("synchronous"),
      foreign_keys: setting("foreign_keys"),
      trusted_schema: setting("trusted_schema"),
      secure_delete: setting("secure_delete"),
      cell_size_check: setting("cell_size_check"),
      busy_timeout: setting("busy_timeout"),
    }).toEqual({
      journal_mode: "wal",
      synchronous: 2,
      foreign_keys: 1,
      trusted_schema: 0,
      secure_delete: 1,
      cell_size_check: 1,
      busy_timeout: 10_000,
    });
    db.close();
  });
});
