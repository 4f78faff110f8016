import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, test } from "vitest";
import type { Store } from "../../src/core/authority/ports/store.ts";
import { LONGEST_DELAY } from "../../src/core/authority/sessions/rotation.ts";
import { openSqliteStore } from "../../src/storage/sqlite/store.ts";
import { filledFile } from "../support/store-files.ts";
import {
  DAY,
  MINUTE,
  SECOND,
  START,
  sampleKey,
  sampleSession,
  sealOf,
  trade,
  WINDOW,
} from "../support/store-samples.ts";

/** Whether a thief of the store's directory finds these bytes, after every process has closed the store. */
function isStolenWith(path: string, secret: Uint8Array | string): boolean {
  const bytes = typeof secret === "string" ? Buffer.from(secret) : secret;
  const directory = dirname(path);
  return readdirSync(directory).some((name) =>
    readFileSync(join(directory, name)).includes(Buffer.from(bytes)),
  );
}

/** Whether it is found while some process still has the store open, in the file or in its log. */
const lingers = isStolenWith;

/** One process's work on a store. */
async function visit(path: string, work: (store: Store) => Promise<unknown>): Promise<void> {
  const store = await openSqliteStore(path);
  await work(store);
  await store.close();
}

function countSeals(path: string): number {
  const database = new Sqlite(path, { readonly: true });
  const row = database.prepare("SELECT count(sealed_successor) AS seals FROM refresh_tokens").get();
  database.close();
  return (row as { seals: number }).seals;
}

const USED = START + MINUTE;
const SEAL = sealOf("login-1/2");
/** When the window of that use, and the wait of the last who came within it, are over. */
const OVER = USED + WINDOW + LONGEST_DELAY;

/** A store in which `login-1/1` was traded for `login-1/2` at USED. */
async function tradedFile(): Promise<string> {
  const path = await filledFile();
  await visit(path, (store) => store.rotateRefreshToken(trade("login-1/1", "login-1/2"), USED));
  expect(isStolenWith(path, SEAL)).toBe(true);
  expect(countSeals(path)).toBe(1);
  return path;
}

describe("the sealed successor is gone from the file", () => {
  const wiped: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
    "when the successor is used": (store) =>
      store.rotateRefreshToken(trade("login-1/2", "login-1/3", { reuseWindow: 0 }), USED),
    "when nobody can wait for it any more, with the next login": (store) =>
      store.createSession(sampleSession("login-2", "ada"), OVER),
    "when nobody can wait for it any more, with the next refresh of anybody": (store) =>
      store.rotateRefreshToken(trade("unknown", "x"), OVER),
    "when the login is revoked": (store) => store.revokeSessions({ sessions: ["login-1"] }, "logout", USED),
    "when every login is revoked": (store) => store.revokeSessions({ all: true }, "key_compromised", USED),
    "when the password is changed": (store) =>
      store.changePassword({ userId: "user-ada", passwordHash: "n", weakPassword: false }, USED),
    "when the user is disabled": (store) => store.setUserStatus("user-ada", "disabled", USED),
    "when the user is removed": (store) => store.removeUser("user-ada", USED),
    "when reuse revokes the login": (store) =>
      store.rotateRefreshToken(trade("login-1/1", "x", { reuseWindow: 0 }), USED),
    "when the login is seen to have expired": (store) =>
      store.rotateRefreshToken(trade("login-1/2", "x"), USED + 100 * DAY),
    "when the login is pruned": (store) =>
      store.pruneSessions({ endedBefore: START + 365 * DAY, limit: 1 }, START),
  };

  test.each(Object.keys(wiped))("%s", async (name) => {
    const path = await tradedFile();
    await visit(path, (store) => wiped[name]?.(store) ?? Promise.reject(new Error(name)));
    expect(countSeals(path)).toBe(0);
    expect(isStolenWith(path, SEAL)).toBe(false);
  });

  test("and not before", async () => {
    const path = await tradedFile();
    await visit(path, (store) => store.createSession(sampleSession("login-2", "ada"), OVER - 1));
    await visit(path, (store) => store.rotateRefreshToken(trade("login-1/1", "x"), USED + 5 * SECOND));
    expect(countSeals(path)).toBe(1);
  });

  test("it was never there with window 0", async () => {
    const path = await filledFile();
    const strict = trade("login-1/1", "login-1/2", { reuseWindow: 0 });
    await visit(path, (store) => store.rotateRefreshToken(strict, USED));
    expect(countSeals(path)).toBe(0);
    expect(isStolenWith(path, SEAL)).toBe(false);
  });

  test("one seal is kept at most, however often the login is rotated", async () => {
    const path = await filledFile();
    await visit(path, async (store) => {
      for (let seq = 1; seq <= 20; seq++) {
        await store.rotateRefreshToken(trade(`login-1/${seq}`, `login-1/${seq + 1}`), USED);
      }
    });
    expect(countSeals(path)).toBe(1);
  });
});

describe("the private half of a key is gone from the file", () => {
  test("when the key leaves active", async () => {
    const path = await filledFile();
    expect(isStolenWith(path, "d-of-first")).toBe(true);
    await visit(path, (store) =>
      store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: false }, START),
    );
    expect(isStolenWith(path, "d-of-first")).toBe(false);
    expect(isStolenWith(path, "d-of-second")).toBe(true);
  });
});

describe("an old password", () => {
  test("leaves no hash behind that could be guessed at", async () => {
    const path = await filledFile();
    expect(isStolenWith(path, "hash-of-ada")).toBe(true);
    const change = { userId: "user-ada", passwordHash: "another hash", weakPassword: false };
    await visit(path, (store) => store.changePassword(change, START));
    expect(isStolenWith(path, "hash-of-ada")).toBe(false);
  });
});

describe("attack: a thief comes while another process has had the store open all day (audit --follow)", () => {
  const SECOND_KEY = "d-of-second";
  const destroying: Readonly<Record<string, readonly [secret: string, (store: Store) => Promise<unknown>]>> =
    {
      "a key that is rotated away": [
        "d-of-first",
        (store) => store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: false }, START),
      ],
      "a key that is revoked": [
        "d-of-first",
        (store) =>
          store.revokeKey({ kid: "first", replacements: [sampleKey("third")], withSessions: false }, START),
      ],
      "a key that another takes the place of": [
        "d-of-first",
        (store) => store.addKey({ key: sampleKey("third"), state: "active", keepPrivate: false }, START),
      ],
      "a standby that is deleted": [
        SECOND_KEY,
        (store) => store.deleteKey({ kid: "second", force: true }, START),
      ],
      "an old password": [
        "hash-of-ada",
        (store) =>
          store.changePassword({ userId: "user-ada", passwordHash: "x", weakPassword: false }, START),
      ],
      "the password of a user who is removed": [
        "hash-of-ada",
        (store) => store.removeUser("user-ada", START),
      ],
    };

  test.each(Object.keys(destroying))("%s is gone at once, from the file and from its log", async (name) => {
    const [secret, work] = destroying[name] ?? [];
    if (secret === undefined || work === undefined) throw new Error(name);
    const path = await filledFile();
    const follower = await openSqliteStore(path);
    await follower.listAudit({ limit: 1 });
    // Its private half lies in the log as well, in a page that is written anew.
    await visit(path, (store) => store.writeSettings({ issuer: "https://other.example" }, START));
    expect(lingers(path, secret)).toBe(true);
    await visit(path, work);
    expect(lingers(path, secret)).toBe(false);
    await follower.close();
  });

  test("what another process reads at that moment delays nothing for long, and is gone with the next such work", async () => {
    const path = await filledFile();
    const reader = new Sqlite(path);
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM users").get();
    await visit(path, (store) => store.removeUser("user-ada", START));
    expect(lingers(path, "hash-of-ada")).toBe(true);
    reader.exec("COMMIT");
    await visit(path, (store) =>
      store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: false }, START),
    );
    expect(lingers(path, "hash-of-ada")).toBe(false);
    reader.close();
  });
});
