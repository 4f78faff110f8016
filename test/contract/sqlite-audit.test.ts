import Sqlite, { type Database } from "better-sqlite3";
import { describe, expect, test } from "vitest";
import type { ChainVerdict } from "../../src/core/authority/audit/chain.ts";
import { filledFile, opened } from "../support/store-files.ts";
import { HOUR, START, sampleUser, trade } from "../support/store-samples.ts";

/** A store with a longer log: seven entries. */
async function storeWithLog(): Promise<string> {
  const path = await filledFile();
  const store = await opened(path);
  for (const name of ["bob", "cy", "di"]) await store.addUser(sampleUser(name), START + HOUR);
  await store.setUserStatus("user-bob", "disabled", START + HOUR);
  await store.close();
  return path;
}

/** Works on the file with any SQLite tool, not with jwtctl. */
function tamper(path: string, change: (database: Database) => void): void {
  const database = new Sqlite(path);
  try {
    change(database);
  } finally {
    database.close();
  }
}

async function verdict(path: string): Promise<ChainVerdict> {
  const store = await opened(path);
  return store.verifyAudit();
}

const TRIGGERS = [
  "audit_log_keeps_rows",
  "audit_log_keeps_content",
  "audit_log_appends",
  "audit_head_stays",
  "audit_head_is_one",
  "audit_head_moves_on",
];

/** What somebody does who knows what stands in the way. */
function dropTriggers(database: Database): void {
  for (const name of TRIGGERS) database.exec(`DROP TRIGGER ${name}`);
}

describe("the database itself", () => {
  const row = "SELECT 99, at, type, os_user, command, user_name, session_id, kid, reason, details, hash";
  test.each([
    ["an update", "UPDATE audit_log SET user_name = 'mallory' WHERE seq = 3"],
    ["a deletion", "DELETE FROM audit_log WHERE seq = 3"],
    ["a deletion of everything", "DELETE FROM audit_log"],
    ["a replacement", "INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log WHERE seq = 3"],
    [
      "an upsert",
      "INSERT INTO audit_log SELECT * FROM audit_log WHERE seq = 3 ON CONFLICT DO UPDATE SET at = 0",
    ],
    ["an insertion out of turn", `INSERT INTO audit_log ${row} FROM audit_log WHERE seq = 3`],
    ["a head set back", "UPDATE audit_head SET seq = 3"],
    ["a head set on", "UPDATE audit_head SET seq = seq + 1"],
    ["another hash at the head", `UPDATE audit_head SET hash = '${"f".repeat(64)}'`],
    ["a head deleted", "DELETE FROM audit_head"],
    ["a head replaced", "INSERT OR REPLACE INTO audit_head SELECT 1, 3, hash FROM audit_head"],
  ])("refuses %s", async (_, sql) => {
    const path = await storeWithLog();
    const before = await verdict(path);
    tamper(path, (database) => {
      database.pragma("recursive_triggers = ON");
      expect(() => database.exec(sql)).toThrow("append-only");
      database.pragma("recursive_triggers = OFF");
      expect(() => database.exec(sql)).toThrow();
    });
    expect(await verdict(path)).toEqual(before);
  });
});

describe("triggers dropped and then", () => {
  test.each([
    ["a row edited", "UPDATE audit_log SET user_name = 'mallory' WHERE seq = 3", { kind: "altered", seq: 3 }],
    ["a date changed", "UPDATE audit_log SET at = at - 1 WHERE seq = 3", { kind: "altered", seq: 3 }],
    [
      "details rewritten with the same meaning",
      "UPDATE audit_log SET details = details || ' ' WHERE seq = 3",
      { kind: "altered", seq: 3 },
    ],
    ["a row deleted", "DELETE FROM audit_log WHERE seq = 3", { kind: "missing", seq: 3, last: 3 }],
    ["the first rows deleted", "DELETE FROM audit_log WHERE seq < 3", { kind: "missing", seq: 1, last: 2 }],
    ["the tail cut", "DELETE FROM audit_log WHERE seq > 5", { kind: "cut", seq: 6, last: 7 }],
    ["everything deleted", "DELETE FROM audit_log", { kind: "cut", seq: 1, last: 7 }],
    [
      "a row inserted at the end",
      `INSERT INTO audit_log SELECT 8, at, type, os_user, command, user_name, session_id, kid, reason, details, hash
       FROM audit_log WHERE seq = 7`,
      { kind: "altered", seq: 8 },
    ],
    [
      "two rows exchanged",
      "UPDATE audit_log SET seq = -4 WHERE seq = 4; UPDATE audit_log SET seq = 4 WHERE seq = 5; UPDATE audit_log SET seq = 5 WHERE seq = -4",
      { kind: "altered", seq: 4 },
    ],
  ])("%s: it is noticed", async (_, sql, fault) => {
    const path = await storeWithLog();
    tamper(path, (database) => {
      dropTriggers(database);
      database.exec(sql);
    });
    expect((await verdict(path)).faults[0]).toEqual(fault);
  });

  test("the head deleted: the store says that it is damaged", async () => {
    const path = await storeWithLog();
    tamper(path, (database) => {
      dropTriggers(database);
      database.exec("DELETE FROM audit_head");
    });
    const store = await opened(path);
    await expect(store.verifyAudit()).rejects.toMatchObject({ code: "store_corrupt" });
    await expect(store.addUser(sampleUser("eve"), START)).rejects.toMatchObject({ code: "store_corrupt" });
    expect(await store.findUser("eve", START)).toBeNull();
  });

  test("the tail cut and the head set back: only what was noted elsewhere gives it away", async () => {
    const path = await storeWithLog();
    const noted = await (await opened(path)).readAuditHead();
    tamper(path, (database) => {
      dropTriggers(database);
      database.exec(`DELETE FROM audit_log WHERE seq > 5;
        UPDATE audit_head SET seq = 5, hash = (SELECT hash FROM audit_log WHERE seq = 5)`);
    });
    expect((await verdict(path)).faults).toEqual([]);
    const store = await opened(path);
    expect((await store.verifyAudit(noted)).faults).toEqual([{ kind: "anchor", seq: noted.seq }]);
  });

  test("details that are no JSON: the log can still be read", async () => {
    const path = await storeWithLog();
    tamper(path, (database) => {
      dropTriggers(database);
      database.exec("UPDATE audit_log SET details = '{\"broken' WHERE seq = 3");
    });
    const store = await opened(path);
    const [entry] = await store.listAudit({ afterSeq: 2 });
    expect(entry?.details.get("unreadable")).toBe('{"broken');
  });
});

describe("a step and what the log says of it", () => {
  test("are one transaction: a refresh takes one lock and one commit, and so one wait for the disk", async () => {
    const path = await filledFile();
    const statements: string[] = [];
    const store = await opened(path, { trace: (sql) => statements.push(String(sql)) });
    statements.length = 0;
    await store.rotateRefreshToken(trade("login-1/1", "login-1/2"), START);
    const writes = statements.filter((sql) => /^\s*(BEGIN|COMMIT|INSERT|UPDATE|DELETE)/.test(sql));
    expect(writes.map((sql) => sql.trim().split(/\s+/, 3).join(" "))).toEqual([
      "BEGIN IMMEDIATE",
      "UPDATE refresh_tokens SET",
      "UPDATE sessions SET",
      "UPDATE refresh_tokens SET",
      "UPDATE refresh_tokens SET",
      "INSERT INTO refresh_tokens",
      "INSERT INTO audit_log",
      "UPDATE audit_head SET",
      "COMMIT",
    ]);
  });

  test("stand or fall together: when the log cannot be written, nothing has happened", async () => {
    const path = await filledFile();
    const store = await opened(path);
    tamper(path, (database) =>
      database.exec("CREATE TRIGGER refuse BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'no'); END"),
    );
    await expect(store.addUser(sampleUser("bob"), START)).rejects.toThrow();
    await expect(store.revokeSessions({ all: true }, "revoked", START)).rejects.toThrow();
    expect(await store.findUser("bob", START)).toBeNull();
    expect(await store.findUser("ada", START)).toMatchObject({ activeSessions: 1 });
  });
});
