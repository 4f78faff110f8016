import { describe, expect, test } from "vitest";
import { ExactNumber, JsonObject, type JsonValue } from "../../src/core/base/json/value.ts";
import { writeJson } from "../../src/core/base/json/write.ts";
import {
  DAY,
  fill,
  IDLE,
  MINUTE,
  START,
  sampleSession,
  sampleUser,
  sessionOf,
  trade,
} from "../support/store-samples.ts";
import type { MakeStore } from "./store-contract.ts";

export function describeUsers(make: MakeStore): void {
  const ready = async () => fill(await make());

  describe("users", () => {
    test("are found by name in any case and normalisation", async () => {
      const store = await ready();
      expect(await store.addUser(sampleUser("Zoë Straße"), START)).toBe("added");
      for (const name of ["Zoë Straße", "ZOË STRAßE", "zoe\u0308 straße"]) {
        expect(await store.findUser(name, START)).toMatchObject({
          id: "user-Zoë Straße",
          name: "Zoë Straße",
        });
      }
      expect(await store.findUser("zoe", START)).toBeNull();
    });

    test("have every field they were given", async () => {
      const store = await ready();
      const user = sampleUser("bob", { weakPassword: true });
      await store.addUser(user, START + MINUTE);
      expect(await store.findUser("bob", START + MINUTE)).toEqual({
        id: "user-bob",
        name: "bob",
        status: "active",
        weakPassword: true,
        claims: new JsonObject(),
        createdAt: START + MINUTE,
        lastLoginAt: null,
        activeSessions: 0,
        failedAttempts: 0,
        lockedUntil: null,
      });
      expect(await store.readPasswordHash("user-bob")).toBe("hash-of-bob");
      expect(await store.readPasswordHash("user-nobody")).toBeNull();
    });

    test("keep their default claims digit for digit and in order", async () => {
      const store = await ready();
      const claims = new JsonObject([
        ["z", new ExactNumber("12345678901234567890")],
        ["10", [true, null, new JsonObject([["__proto__", 1.5]])]],
        ["2", '\u202e\ud800 "quoted"'],
      ]);
      await store.addUser(sampleUser("bob", { claims }), START);
      const read = await store.findUser("bob", START);
      expect(read && writeJson(read.claims)).toBe(writeJson(claims));
    });

    test("do not share a name, whatever its case", async () => {
      const store = await ready();
      expect(await store.addUser(sampleUser("ADA", { id: "another" }), START)).toBe("name_taken");
      expect(await store.listUsers(START)).toHaveLength(1);
    });

    test.each([
      ["Straße", "STRASSE", "strasse"],
      ["sam", "ſam", "SAM"],
      ["fin", "ﬁn", "FIN"],
      ["ΟΔΟΣ", "οδος", "οδοσ"],
    ])("a letter with no counterpart of its own makes no second name: %s", async (name, ...others) => {
      const store = await ready();
      expect(await store.addUser(sampleUser(name), START)).toBe("added");
      for (const other of others) {
        expect(await store.addUser(sampleUser(other, { id: "another" }), START)).toBe("name_taken");
        expect(await store.findUser(other, START)).toMatchObject({ name });
      }
    });

    test("of many registrations of one name at once one succeeds", async () => {
      const store = await ready();
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          store.addUser(sampleUser("bob", { id: `bob-${index}` }), START),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === "added")).toHaveLength(1);
    });

    test("are listed by name", async () => {
      const store = await ready();
      for (const name of ["zed", "Bob", "\u{1f600}", "\uffee"]) await store.addUser(sampleUser(name), START);
      const names = (await store.listUsers(START)).map(({ name }) => name);
      expect(names).toEqual(["ada", "Bob", "zed", "\uffee", "\u{1f600}"]);
    });

    test("are listed with the number of their live logins", async () => {
      const store = await ready();
      await store.addUser(sampleUser("bob"), START);
      for (const id of ["login-2", "login-3"]) await store.createSession(sampleSession(id, "ada"), START);
      await store.revokeSessions({ sessions: ["login-3"] }, "revoked", START);
      const live = async (now: number) =>
        (await store.listUsers(now)).map(({ activeSessions }) => activeSessions);
      expect(await live(START + IDLE - 1)).toEqual([2, 0]);
      expect(await live(START + IDLE)).toEqual([0, 0]);
      expect(await store.findUser("ada", START)).toMatchObject({ activeSessions: 2 });
    });
  });

  describe("passwords", () => {
    test("a new password revokes every login of the user, in the same step", async () => {
      const store = await ready();
      await store.addUser(sampleUser("bob"), START);
      await store.createSession(sampleSession("login-2", "ada", START + 1), START + 1);
      await store.createSession(sampleSession("of-bob", "bob"), START);
      const change = { userId: "user-ada", passwordHash: "new hash", weakPassword: true };
      const now = START + DAY;
      expect(await store.changePassword(change, now)).toEqual({ revoked: ["login-1", "login-2"] });
      expect(await store.readPasswordHash("user-ada")).toBe("new hash");
      expect(await store.findUser("ada", now)).toMatchObject({ weakPassword: true, activeSessions: 0 });
      expect(await sessionOf(store, "login-1", now)).toMatchObject({
        status: "revoked",
        reason: "password_changed",
        endedAt: now,
      });
      expect(await sessionOf(store, "of-bob", now)).toMatchObject({ status: "active" });
    });

    test("a new password can keep the login it was set in", async () => {
      const store = await ready();
      await store.createSession(sampleSession("login-2", "ada"), START);
      const change = { userId: "user-ada", passwordHash: "new", weakPassword: false, keepSession: "login-2" };
      expect(await store.changePassword(change, START + DAY)).toEqual({ revoked: ["login-1"] });
      expect(await sessionOf(store, "login-2", START + DAY)).toMatchObject({ status: "active" });
    });

    test("nobody has no password to change", async () => {
      const store = await ready();
      const change = { userId: "user-nobody", passwordHash: "new", weakPassword: false };
      expect(await store.changePassword(change, START)).toBeNull();
    });

    test("a hash is replaced only while the password is the same, and revokes nothing", async () => {
      const store = await ready();
      const rehash = (from: string) =>
        store.rehashPassword({ userId: "user-ada", from, to: "stronger hash" }, START);
      expect(await rehash("an older hash")).toBe("changed_meanwhile");
      expect(await store.readPasswordHash("user-ada")).toBe("hash-of-ada");
      expect(await rehash("hash-of-ada")).toBe("replaced");
      expect(await store.readPasswordHash("user-ada")).toBe("stronger hash");
      expect(await sessionOf(store, "login-1", START)).toMatchObject({ status: "active" });
      expect(await store.rehashPassword({ userId: "nobody", from: "a", to: "b" }, START)).toBe(
        "changed_meanwhile",
      );
    });
  });

  describe("disabling and removing", () => {
    test("a disabled user's logins are revoked in the same step, and stay revoked when the user is enabled", async () => {
      const store = await ready();
      const now = START + DAY;
      expect(await store.setUserStatus("user-ada", "disabled", now)).toEqual({
        changed: true,
        revoked: ["login-1"],
      });
      expect(await store.rotateRefreshToken(trade("login-1/1", "login-1/2"), now)).toMatchObject({
        outcome: "user_disabled",
        session: { status: "revoked", reason: "user_disabled", endedAt: now },
      });
      expect(await store.setUserStatus("user-ada", "active", now)).toEqual({ changed: true, revoked: [] });
      expect(await store.rotateRefreshToken(trade("login-1/1", "login-1/2"), now)).toMatchObject({
        outcome: "revoked",
        session: { reason: "user_disabled" },
      });
    });

    test("a status that is so already changes nothing", async () => {
      const store = await ready();
      expect(await store.setUserStatus("user-ada", "active", START)).toEqual({ changed: false, revoked: [] });
      await store.setUserStatus("user-ada", "disabled", START);
      expect(await store.setUserStatus("user-ada", "disabled", START)).toEqual({
        changed: false,
        revoked: [],
      });
      expect(await store.setUserStatus("user-nobody", "active", START)).toBeNull();
    });

    test("claims are changed, added and removed in one step, or, when one to remove is missing, not at all", async () => {
      const store = await ready();
      const of = (...members: [string, JsonValue][]) => new JsonObject(members);
      await store.addUser(sampleUser("bob", { claims: of(["a", 1], ["b", "x"], ["c", true]) }), START);
      const change = (set: JsonObject, ...remove: string[]) =>
        store.changeClaims({ userId: "user-bob", set, remove }, START);
      const after = of(["a", null], ["c", true], ["d", new ExactNumber("1.50")]);
      const set = of(["d", new ExactNumber("1.50")], ["a", null]);
      expect(await change(set, "b")).toEqual({ outcome: "changed", claims: after });
      expect((await store.findUser("bob", START))?.claims).toEqual(after);
      expect(await change(set)).toEqual({ outcome: "unchanged", claims: after });
      expect(await change(of(["e", 1]), "c", "b", "f")).toEqual({
        outcome: "no_such_claim",
        missing: ["b", "f"],
      });
      expect((await store.findUser("bob", START))?.claims).toEqual(after);
      expect(await store.changeClaims({ userId: "user-nobody", set, remove: [] }, START)).toBeNull();
      expect(
        (await store.listAudit({ types: ["user_changed"] })).map(({ user, details }) => [user, details]),
      ).toEqual([["bob", of(["set", ["d", "a"]], ["removed", ["b"]])]]);
    });

    test("a removed user's logins end, and stay on record under the name", async () => {
      const store = await ready();
      const now = START + DAY;
      expect(await store.removeUser("user-ada", now)).toEqual({ revoked: ["login-1"] });
      expect(await store.findUser("ada", now)).toBeNull();
      expect(await sessionOf(store, "login-1", now)).toMatchObject({
        userId: null,
        userName: "ada",
        status: "revoked",
        reason: "user_removed",
      });
      expect(await store.rotateRefreshToken(trade("login-1/1", "login-1/2"), now)).toMatchObject({
        outcome: "revoked",
      });
      expect(await store.removeUser("user-ada", now)).toBeNull();
    });

    test("a new user of the same name does not inherit the old one's logins", async () => {
      const store = await ready();
      await store.removeUser("user-ada", START);
      await store.addUser(sampleUser("ada", { id: "the-new-ada" }), START);
      expect(await store.listSessions({ userId: "the-new-ada" }, START)).toEqual([]);
      expect(await store.findUser("ada", START)).toMatchObject({ id: "the-new-ada", activeSessions: 0 });
    });
  });
}
