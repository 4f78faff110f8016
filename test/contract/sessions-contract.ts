import { describe, expect, test } from "vitest";
import type { SessionFilter, Store } from "../../src/core/authority/ports/store.ts";
import {
  DAY,
  fill,
  HOUR,
  hashOf,
  IDLE,
  MAX,
  MINUTE,
  START,
  sampleSession,
  sampleUser,
  sessionOf,
  trade,
} from "../support/store-samples.ts";
import type { MakeStore } from "./store-contract.ts";

export function describeSessions(make: MakeStore): void {
  const ready = async () => fill(await make());
  describe("logins", () => {
    describeStarting(ready);
    describeFinding(ready);
    describeRevoking(ready);
    describePruning(ready);
  });
}

type Ready = () => Promise<Store>;

function describeStarting(ready: Ready): void {
  test("begin with one refresh token", async () => {
    const store = await ready();
    expect(await sessionOf(store, "login-1", START)).toEqual({
      id: "login-1",
      userId: "user-ada",
      userName: "ada",
      status: "active",
      reason: null,
      clientId: "jwtctl",
      createdAt: START,
      lastUsedAt: START,
      idleExpiresAt: START + IDLE,
      expiresAt: START + MAX,
      endedAt: null,
      rotations: 0,
    });
    expect(await store.listRefreshTokens("login-1")).toEqual([
      { seq: 1, createdAt: START, idleExpiresAt: START + IDLE, consumedAt: null, reusedAt: null },
    ]);
    expect(await store.findUser("ada", START)).toMatchObject({ lastLoginAt: START, activeSessions: 1 });
  });

  test("never idle beyond their absolute end", async () => {
    const store = await ready();
    const expiresAt = START + HOUR;
    await store.createSession(sampleSession("login-2", "ada", START, { expiresAt }), START);
    expect(await sessionOf(store, "login-2", START)).toMatchObject({ idleExpiresAt: expiresAt, expiresAt });
  });

  test("are refused to a user who is gone or disabled, or whose password has changed since it was checked", async () => {
    const store = await ready();
    await store.addUser(sampleUser("bob"), START);
    const session = sampleSession("of-bob", "bob");
    expect(await store.createSession({ ...session, userId: "user-nobody" }, START)).toBe("user_not_found");
    expect(await store.createSession({ ...session, passwordHash: "an older one" }, START)).toBe(
      "password_changed",
    );
    await store.setUserStatus("user-bob", "disabled", START);
    expect(await store.createSession(session, START)).toBe("user_disabled");
    expect(await store.findSessions("of-bob", START)).toEqual([]);
    expect(await store.findSessionByToken(session.tokenHash, START)).toBeNull();
    expect(await store.findUser("bob", START)).toMatchObject({ lastLoginAt: null });
  });

  test("do not begin with a refresh token that exists", async () => {
    const store = await ready();
    const copy = sampleSession("login-2", "ada", START, { tokenHash: hashOf("login-1/1") });
    await expect(store.createSession(copy, START)).rejects.toThrow();
    expect(await store.findSessions("login-2", START)).toEqual([]);
  });
}

function describeFinding(ready: Ready): void {
  test("are found by any of their refresh tokens, used ones too", async () => {
    const store = await ready();
    await store.rotateRefreshToken(trade("login-1/1", "login-1/2"), START + MINUTE);
    for (const token of ["login-1/1", "login-1/2"]) {
      expect(await store.findSessionByToken(hashOf(token), START)).toMatchObject({
        id: "login-1",
        rotations: 1,
      });
    }
    expect(await store.findSessionByToken(hashOf("login-1"), START)).toBeNull();
  });

  test("are found by the beginning of their id, taken literally", async () => {
    const store = await ready();
    for (const id of ["lag", "login-10", "logio", "LOGIN-1"]) {
      await store.createSession(sampleSession(id, "ada"), START);
    }
    const found = async (prefix: string) => (await store.findSessions(prefix, START)).map(({ id }) => id);
    expect(await found("login-1")).toEqual(["login-1", "login-10"]);
    expect(await found("logi")).toEqual(["login-1", "login-10", "logio"]);
    expect(await found("LOG")).toEqual(["LOGIN-1"]);
    expect(await found("%")).toEqual([]);
    expect(await found("l*")).toEqual([]);
    expect(await found("login-1' OR '1'='1")).toEqual([]);
  });

  test("expire by time alone, the absolute end before the idle one", async () => {
    const store = await ready();
    expect(await sessionOf(store, "login-1", START + IDLE - 1)).toMatchObject({
      status: "active",
      endedAt: null,
    });
    expect(await sessionOf(store, "login-1", START + IDLE)).toMatchObject({
      status: "expired",
      reason: "idle",
      endedAt: START + IDLE,
    });
    expect(await sessionOf(store, "login-1", START + MAX)).toMatchObject({
      status: "expired",
      reason: "absolute",
      endedAt: START + MAX,
    });
  });

  test("are listed by user, status and time, sorted and cut", async () => {
    const store = await ready();
    await store.addUser(sampleUser("bob"), START);
    await store.createSession(
      sampleSession("login-2", "bob", START, { expiresAt: START + DAY, clientId: "web" }),
      START + HOUR,
    );
    await store.createSession(sampleSession("login-3", "ada"), START + 2 * HOUR);
    await store.createSession(sampleSession("login-4", "ada", START, { clientId: "web" }), START + 2 * HOUR);
    await store.rotateRefreshToken(trade("login-1/1", "login-1/2"), START + 3 * HOUR);
    await store.revokeSessions({ sessions: ["login-3"] }, "logout", START + 3 * HOUR);
    const list = async (filter: SessionFilter, now = START + 4 * HOUR) =>
      (await store.listSessions(filter, now)).map(({ id }) => id);
    expect(await list({})).toEqual(["login-4", "login-3", "login-2", "login-1"]);
    expect(await list({ userId: "user-ada" })).toEqual(["login-4", "login-3", "login-1"]);
    expect(await list({ clientId: "web" })).toEqual(["login-4", "login-2"]);
    expect(await list({ clientId: "web", userId: "user-ada" })).toEqual(["login-4"]);
    expect(await list({ clientId: "WEB" })).toEqual([]);
    expect(await list({ status: "active" })).toEqual(["login-4", "login-2", "login-1"]);
    expect(await list({ status: "revoked" })).toEqual(["login-3"]);
    expect(await list({ status: "expired" })).toEqual([]);
    expect(await list({ status: "expired" }, START + DAY)).toEqual(["login-2"]);
    expect(await list({ status: "active" }, START + DAY)).toEqual(["login-4", "login-1"]);
    expect(await list({ since: START + 2 * HOUR })).toEqual(["login-4", "login-3"]);
    expect(await list({ sort: "last_used" })).toEqual(["login-1", "login-4", "login-3", "login-2"]);
    expect(await list({ sort: "expires" })).toEqual(["login-2", "login-1", "login-3", "login-4"]);
    expect(await list({ sort: "created", limit: 2 })).toEqual(["login-4", "login-3"]);
    expect(
      await list({ userId: "user-ada", status: "active", since: START, sort: "last_used", limit: 1 }),
    ).toEqual(["login-1"]);
    expect(await list({ limit: 0 })).toEqual([]);
  });

  test("of a user who was removed are found by the name on record, in any case, and never mixed with a namesake's", async () => {
    const store = await ready();
    await store.addUser({ ...sampleUser("åsa"), name: "Åsa" }, START);
    await store.createSession(sampleSession("login-2", "åsa"), START + 1);
    await store.removeUser("user-ada", START + 2);
    await store.removeUser("user-åsa", START + 2);
    await store.addUser({ ...sampleUser("ada"), id: "user-ada-2" }, START + 3);
    await store.createSession({ ...sampleSession("login-3", "ada"), userId: "user-ada-2" }, START + 4);
    const list = async (filter: SessionFilter) =>
      (await store.listSessions(filter, START + 5)).map(({ id }) => id);
    expect(await list({ removedUserName: "Ada" })).toEqual(["login-1"]);
    expect(await list({ removedUserName: "A\u030aSA" })).toEqual(["login-2"]);
    expect(await list({ removedUserName: "ada", status: "active" })).toEqual([]);
    expect(await list({ removedUserName: "ada", status: "revoked", since: START, limit: 1 })).toEqual([
      "login-1",
    ]);
    expect(await list({ removedUserName: "bob" })).toEqual([]);
    expect(await list({ userId: "user-ada-2" })).toEqual(["login-3"]);
  });

  test("say by what they expired when they are listed", async () => {
    const store = await ready();
    const [idle] = await store.listSessions({ status: "expired" }, START + IDLE);
    expect(idle).toMatchObject({ status: "expired", reason: "idle", endedAt: START + IDLE });
  });

  test("that are not there have no refresh tokens", async () => {
    const store = await ready();
    expect(await store.listRefreshTokens("nobody")).toEqual([]);
  });
}

function describeRevoking(ready: Ready): void {
  const crowd = async () => {
    const store = await ready();
    await store.addUser(sampleUser("bob"), START);
    await store.createSession(sampleSession("b", "bob"), START + 2);
    await store.createSession(sampleSession("a", "ada"), START + 3);
    return store;
  };

  test("are revoked by id, by user or all, and the ids are returned oldest first", async () => {
    const byId = await crowd();
    expect(await byId.revokeSessions({ sessions: ["a", "nobody", "login-1"] }, "revoked", START + 4)).toEqual(
      ["login-1", "a"],
    );
    const byUser = await crowd();
    expect(await byUser.revokeSessions({ userId: "user-ada" }, "revoked", START + 4)).toEqual([
      "login-1",
      "a",
    ]);
    const all = await crowd();
    expect(await all.revokeSessions({ all: true }, "key_compromised", START + 4)).toEqual([
      "login-1",
      "b",
      "a",
    ]);
    expect(await sessionOf(all, "b", START + 4)).toMatchObject({
      status: "revoked",
      reason: "key_compromised",
    });
  });

  test("are revoked by client, and by user and client", async () => {
    const shared = async () => {
      const store = await crowd();
      await store.createSession(sampleSession("c", "ada", START, { clientId: "web" }), START + 4);
      await store.createSession(sampleSession("d", "bob", START, { clientId: "web" }), START + 5);
      return store;
    };
    const byClient = await shared();
    expect(await byClient.revokeSessions({ clientId: "WEB" }, "revoked", START + 6)).toEqual([]);
    expect(await byClient.revokeSessions({ clientId: "web" }, "revoked", START + 6)).toEqual(["c", "d"]);
    expect(await byClient.countActiveSessions(START + 6)).toBe(3);
    const byBoth = await shared();
    const both = { userId: "user-ada", clientId: "web" };
    expect(await byBoth.revokeSessions(both, "revoked", START + 6)).toEqual(["c"]);
    expect(await sessionOf(byBoth, "d", START + 6)).toMatchObject({ status: "active" });
  });

  test("of a user are revoked but for the one that is excepted", async () => {
    const store = await crowd();
    const target = { userId: "user-ada", except: "a" };
    expect(await store.revokeSessions(target, "revoked", START + 4)).toEqual(["login-1"]);
    expect(await sessionOf(store, "a", START + 4)).toMatchObject({ status: "active", endedAt: null });
    expect(await sessionOf(store, "b", START + 4)).toMatchObject({ status: "active" });
    expect(await store.revokeSessions({ ...target, except: "nobody" }, "revoked", START + 4)).toEqual(["a"]);
  });

  test("revoked twice stay as the first time left them", async () => {
    const store = await ready();
    expect(await store.revokeSessions({ sessions: ["login-1", "login-1"] }, "logout", START + 1)).toEqual([
      "login-1",
    ]);
    expect(await store.revokeSessions({ all: true }, "revoked", START + 2)).toEqual([]);
    expect(await sessionOf(store, "login-1", START + 2)).toMatchObject({
      reason: "logout",
      endedAt: START + 1,
    });
  });

  test("one revoked by another process a moment ago is refused", async () => {
    const store = await ready();
    await store.revokeSessions({ sessions: ["login-1"] }, "revoked", START);
    const refused = await store.rotateRefreshToken(trade("login-1/1", "login-1/2"), START);
    expect(refused).toMatchObject({ outcome: "revoked", session: { status: "revoked", reason: "revoked" } });
    expect(await store.listRefreshTokens("login-1")).toHaveLength(1);
  });

  test("one that has expired is not revoked, and a clock set back does not revive what was to be ended", async () => {
    const store = await ready();
    expect(await store.revokeSessions({ all: true }, "revoked", START + IDLE)).toEqual([]);
    expect(await sessionOf(store, "login-1", START)).toMatchObject({
      status: "expired",
      reason: "idle",
      endedAt: START + IDLE,
    });
    const late = await ready();
    expect(await late.revokeSessions({ userId: "user-ada" }, "revoked", START + MAX)).toEqual([]);
    expect(await sessionOf(late, "login-1", START)).toMatchObject({
      reason: "absolute",
      endedAt: START + MAX,
    });
  });
}

function describePruning(ready: Ready): void {
  test("are pruned whole when their absolute end lies far enough back", async () => {
    const store = await ready();
    await store.rotateRefreshToken(trade("login-1/1", "login-1/2"), START + HOUR);
    await store.createSession(sampleSession("login-2", "ada", START + DAY), START + DAY);
    const end = START + MAX;
    expect([await store.countPrunable(end), await store.countPrunable(end + 1)]).toEqual([0, 1]);
    expect(await store.pruneSessions({ endedBefore: end, limit: 10 }, START)).toBe(0);
    expect(await store.pruneSessions({ endedBefore: end + 1, limit: 10 }, START)).toBe(1);
    expect(await store.findSessions("login-1", START)).toEqual([]);
    expect(await store.listRefreshTokens("login-1")).toEqual([]);
    expect(await store.findSessionByToken(hashOf("login-1/1"), START)).toBeNull();
    expect(await store.findSessionByToken(hashOf("login-2/1"), START)).toMatchObject({ id: "login-2" });
  });

  test("are pruned a few at a time, the oldest end first", async () => {
    const store = await ready();
    for (const index of [2, 3, 4]) {
      await store.createSession(sampleSession(`login-${index}`, "ada", START + index), START + index);
    }
    const rest = async () => (await store.findSessions("", START)).map(({ id }) => id);
    expect(await store.pruneSessions({ endedBefore: START + 2 * MAX, limit: 3 }, START)).toBe(3);
    expect(await store.countPrunable(START + 2 * MAX)).toBe(1);
    expect(await rest()).toEqual(["login-4"]);
    expect(await store.pruneSessions({ endedBefore: START + 2 * MAX, limit: 3 }, START)).toBe(1);
    expect(await store.pruneSessions({ endedBefore: START + 2 * MAX, limit: 3 }, START)).toBe(0);
  });

  test("are pruned by the number of their tokens, but one at least", async () => {
    const store = await ready();
    for (const index of [2, 3, 4]) {
      await store.createSession(sampleSession(`login-${index}`, "ada", START + index), START + index);
    }
    await store.rotateRefreshToken(trade("login-2/1", "login-2/2"), START + HOUR);
    await store.rotateRefreshToken(trade("login-2/2", "login-2/3"), START + HOUR);
    const prune = async (tokens: number) =>
      store.pruneSessions({ endedBefore: START + 2 * MAX, limit: 10, tokens }, START);
    // One token, then three, one and one.
    expect([await prune(2), await prune(2), await prune(2), await prune(2)]).toEqual([1, 1, 2, 0]);
  });

  test("of a revoked login keep the record until its absolute end", async () => {
    const store = await ready();
    await store.revokeSessions({ all: true }, "revoked", START + 1);
    expect(await store.pruneSessions({ endedBefore: START + MAX, limit: 10 }, START)).toBe(0);
    expect(await store.listRefreshTokens("login-1")).toHaveLength(1);
  });
}
