import { describe, expect, test } from "vitest";
import { AUDIT_ORIGIN, type AuditEntry } from "../../src/core/authority/audit/entry.ts";
import {
  QUOTA_FOR_NOBODY,
  QUOTA_PER_SUBJECT,
  QUOTA_WINDOW,
} from "../../src/core/authority/audit/refusal-quota.ts";
import type { Store } from "../../src/core/authority/ports/store.ts";
import { JsonObject } from "../../src/core/base/json/value.ts";
import { writeJson } from "../../src/core/base/json/write.ts";
import {
  DAY,
  fill,
  HOUR,
  IDLE,
  MAX,
  SECOND,
  START,
  sampleKey,
  sampleSession,
  sampleStore,
  sampleUser,
  trade,
} from "../support/store-samples.ts";
import type { MakeStore } from "./store-contract.ts";

/** What an entry says, without what every entry has. */
function saying({ type, user, session, kid, reason, details }: AuditEntry) {
  const about = Object.entries({ user, session, kid, reason }).filter(([, value]) => value !== null);
  const more = details.members.length === 0 ? {} : { details: JSON.parse(writeJson(details)) };
  return { type, ...Object.fromEntries(about), ...more };
}

/** What the work added to the log. */
async function told(store: Store, work: () => Promise<unknown>) {
  const { seq } = await store.readAuditHead();
  await work();
  return (await store.listAudit({ afterSeq: seq })).map(saying);
}

export function describeAudit(make: MakeStore): void {
  const ready = async () => fill(await make());

  describe("the audit log", () => {
    test("begins with the store", async () => {
      const store = await make();
      expect(await store.readAuditHead()).toEqual(AUDIT_ORIGIN);
      expect(await store.listAudit({})).toEqual([]);
      const initialising = () => store.initialise(sampleStore(), START);
      expect(await told(store, initialising)).toEqual([
        {
          type: "store_initialised",
          kid: "first",
          details: expect.objectContaining({ standby: "second", encryption: "none", algorithm: "ES256" }),
        },
      ]);
      expect(await told(store, initialising)).toEqual([]);
    });

    test("numbers its entries without a gap, dates them, and says where it ends", async () => {
      const store = await ready();
      await store.addUser(sampleUser("bob"), START + HOUR);
      const entries = await store.listAudit({});
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
      expect(entries.at(-1)).toMatchObject({ at: START + HOUR, osUser: "unknown", command: "unknown" });
      const { seq, hash } = entries.at(-1) as AuditEntry;
      expect(await store.readAuditHead()).toEqual({ seq, hash });
    });

    test("tells settings with their values before and after, and only those that change", async () => {
      const store = await ready();
      const write = (access_ttl: number) => () =>
        store.writeSettings({ access_ttl, algorithm: "ES256" }, START);
      expect(await told(store, write(60))).toEqual([
        { type: "settings_changed", details: { access_ttl: [900, 60] } },
      ]);
      expect(await told(store, write(60))).toEqual([]);
    });

    test("tells of every key what became of it, and nothing of what the calendar did", async () => {
      const store = await ready();
      const promote = () =>
        store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: false }, START + HOUR);
      expect(await told(store, promote)).toEqual([
        {
          type: "key_retiring",
          kid: "first",
          details: {
            before: "active",
            private_half: "destroyed",
            retires_at: new Date(START + HOUR + 600_000).toISOString().replace(".000", ""),
          },
        },
        { type: "key_activated", kid: "second", details: { before: "standby" } },
        { type: "key_added", kid: "third", details: { alg: "ES256", state: "standby", private_half: true } },
      ]);
      const add = () => store.addKey({ key: sampleKey("fourth"), state: "standby" }, START + DAY);
      expect(await told(store, add)).toEqual([
        { type: "key_added", kid: "fourth", details: { alg: "ES256", state: "standby", private_half: true } },
      ]);
      expect(await told(store, add)).toEqual([]);
    });

    test("tells when a private half that was kept goes, and when a date is set right", async () => {
      const store = await ready();
      await store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: true }, START);
      expect(await told(store, () => store.tidy(START + DAY))).toEqual([
        { type: "key_retired", kid: "first", details: { before: "retiring", private_half: "destroyed" } },
      ]);
      await store.promoteStandbyKey(
        { successor: sampleKey("fourth"), keepPrivate: false },
        START + 3650 * DAY,
      );
      const retires_at = new Date(START + DAY + 600_000).toISOString().replace(".000", "");
      expect(await told(store, () => store.retireKey("second", START + DAY))).toEqual([
        { type: "key_retiring", kid: "second", details: { before: "retiring", retires_at } },
      ]);
    });

    test("tells of a revoked key and of the logins that went with it", async () => {
      const store = await ready();
      const replacements = [sampleKey("third")];
      const revoke = () => store.revokeKey({ kid: "first", replacements, withSessions: true }, START + HOUR);
      expect(await told(store, revoke)).toEqual([
        {
          type: "key_revoked",
          kid: "first",
          details: { before: "active", private_half: "destroyed" },
        },
        { type: "key_activated", kid: "second", details: { before: "standby" } },
        { type: "key_added", kid: "third", details: { alg: "ES256", state: "standby", private_half: true } },
        { type: "login_revoked", user: "ada", session: "login-1", reason: "key_compromised" },
      ]);
      expect(await told(store, revoke)).toEqual([]);
    });

    test("tells of a deleted key and of another passphrase", async () => {
      const store = await ready();
      await store.addKey({ key: sampleKey("third"), state: "standby" }, START);
      const remove = () => store.deleteKey({ kid: "third", force: false }, START);
      expect(await told(store, remove)).toEqual([
        { type: "key_deleted", kid: "third", details: { alg: "ES256", state: "standby" } },
      ]);
      const sealingEpoch = await store.readSealingEpoch();
      const sealed = (kid: string) => ({ kid, material: { form: "encrypted" as const, jwe: `jwe-${kid}` } });
      const reseal = () =>
        store.resealKeys(
          { sealingEpoch, encryption: "passphrase", materials: [sealed("first"), sealed("second")] },
          START,
        );
      expect(await told(store, reseal)).toEqual([
        { type: "passphrase_changed", details: { encryption: "passphrase", keys: 2 } },
      ]);
    });

    test("tells of a token that an operator has signed, and not of those of logins", async () => {
      const store = await ready();
      const exp = (START + HOUR) / 1000;
      const minted = { sub: "x".repeat(1000), jti: "t-1", typ: "JWT" };
      expect(await told(store, () => store.reserveSignature("first", exp, START))).toEqual([]);
      for (let time = 0; time < 2; time++) {
        expect(await told(store, () => store.reserveSignature("first", exp, START, minted))).toEqual([
          { type: "token_minted", kid: "first", details: { ...minted, sub: "x".repeat(200), exp } },
        ]);
      }
      expect(await told(store, () => store.reserveSignature("second", exp, START, minted))).toEqual([]);
    });

    test("tells of users what happened to them, and of their claims only the names", async () => {
      const store = await ready();
      const claims = new JsonObject([["email", "bob@example.com"]]);
      expect(await told(store, () => store.addUser(sampleUser("Bob", { claims }), START))).toEqual([
        { type: "user_added", user: "Bob", details: { weak_password: false, claims: ["email"] } },
      ]);
      expect(await told(store, () => store.addUser(sampleUser("bob"), START))).toEqual([]);
      const change = { userId: "user-ada", passwordHash: "n", weakPassword: true };
      expect(await told(store, () => store.changePassword(change, START))).toEqual([
        { type: "password_changed", user: "ada", details: { weak_password: true } },
        { type: "login_revoked", user: "ada", session: "login-1", reason: "password_changed" },
      ]);
      const rehash = { userId: "user-ada", from: "n", to: "m" };
      expect(await told(store, () => store.rehashPassword(rehash, START))).toEqual([
        { type: "password_rehashed", user: "ada" },
      ]);
      const disable = () => store.setUserStatus("user-ada", "disabled", START);
      expect(await told(store, disable)).toEqual([{ type: "user_disabled", user: "ada" }]);
      expect(await told(store, disable)).toEqual([]);
      expect(await told(store, () => store.setUserStatus("user-ada", "active", START))).toEqual([
        { type: "user_enabled", user: "ada" },
      ]);
      expect(await told(store, () => store.removeUser("user-ada", START))).toEqual([
        { type: "user_removed", user: "ada" },
      ]);
    });

    test("tells of a login from its start to its end", async () => {
      const store = await ready();
      expect(await told(store, () => store.createSession(sampleSession("l2", "ada"), START))).toEqual([
        {
          type: "login_started",
          user: "ada",
          session: "l2",
          details: { client_id: "jwtctl", expires_at: "2025-04-01T00:00:00Z" },
        },
      ]);
      const rotate = (from: string, to: string, now: number) => () =>
        store.rotateRefreshToken(trade(from, to), now);
      expect(await told(store, rotate("l2/1", "l2/2", START + 1))).toEqual([
        { type: "token_refreshed", user: "ada", session: "l2", details: { rotation: 1 } },
      ]);
      expect(await told(store, rotate("l2/1", "x", START + 2))).toEqual([
        { type: "token_replayed", user: "ada", session: "l2" },
      ]);
      const revoke = () => store.revokeSessions({ sessions: ["l2"] }, "logout", START);
      expect(await told(store, revoke)).toEqual([
        { type: "login_revoked", user: "ada", session: "l2", reason: "logout" },
      ]);
      expect(await told(store, revoke)).toEqual([]);
      const prune = { endedBefore: START + 2 * MAX, limit: 10 };
      expect(await told(store, () => store.pruneSessions(prune, START))).toEqual([
        { type: "logins_pruned", details: { count: 2 } },
      ]);
    });

    test("tells of logins revoked together in one entry for each user", async () => {
      const store = await ready();
      await store.addUser(sampleUser("bob"), START);
      for (const id of ["l2", "l3"]) await store.createSession(sampleSession(id, "ada"), START + 1);
      await store.createSession(sampleSession("l4", "bob"), START + 2);
      expect(await told(store, () => store.revokeSessions({ all: true }, "revoked", START + 3))).toEqual([
        {
          type: "login_revoked",
          user: "ada",
          reason: "revoked",
          details: { logins: ["login-1", "l2", "l3"] },
        },
        { type: "login_revoked", user: "bob", session: "l4", reason: "revoked" },
      ]);
      expect((await store.listAudit({ session: "l3" })).map(({ type }) => type)).toEqual([
        "login_started",
        "login_revoked",
      ]);
    });

    test("tells of theft, and of each way in which a refresh token buys nothing", async () => {
      const store = await ready();
      for (const id of ["l2", "l3"]) await store.createSession(sampleSession(id, "ada"), START);
      const rotate = (from: string, now: number, reuseWindow = 10 * SECOND) =>
        told(store, () => store.rotateRefreshToken(trade(from, `x${from}`, { reuseWindow }), now));
      const about = { user: "ada", session: "login-1" };
      await rotate("login-1/1", START + HOUR);
      await rotate("xlogin-1/1", START + HOUR);
      expect(await rotate("login-1/1", START + HOUR + 1)).toEqual([
        { type: "refresh_refused", ...about, reason: "superseded" },
      ]);
      expect(await rotate("login-1/1", START)).toEqual([
        { type: "refresh_refused", ...about, reason: "clock_went_back" },
      ]);
      expect(await rotate("login-1/1", START + DAY)).toEqual([{ type: "reuse_detected", ...about }]);
      expect(await rotate("login-1/1", START + DAY)).toEqual([
        { type: "refresh_refused", ...about, reason: "revoked", details: { because: "reuse_detected" } },
      ]);
      expect(await rotate("nobody's", START)).toEqual([{ type: "refresh_refused", reason: "unknown" }]);
      expect(await rotate("l2/1", START + IDLE)).toEqual([
        { type: "refresh_refused", user: "ada", session: "l2", reason: "idle" },
      ]);
      expect(await rotate("l3/1", START + MAX)).toEqual([
        { type: "refresh_refused", user: "ada", session: "l3", reason: "absolute" },
      ]);
      await store.setUserStatus("user-ada", "disabled", START);
      expect(await rotate("login-1/1", START)).toEqual([
        { type: "refresh_refused", ...about, reason: "user_disabled" },
      ]);
    });

    test("tells of a login that came too late", async () => {
      const store = await ready();
      const late = (changes: object) => () =>
        store.createSession(sampleSession("l2", "ada", START, changes), START);
      expect(await told(store, late({ passwordHash: "old" }))).toEqual([
        { type: "login_refused", user: "ada", reason: "changed_meanwhile" },
      ]);
      expect(await told(store, late({ userId: "gone" }))).toEqual([
        { type: "login_refused", reason: "changed_meanwhile" },
      ]);
      await store.setUserStatus("user-ada", "disabled", START);
      expect(await told(store, late({}))).toEqual([
        { type: "login_refused", user: "ada", reason: "user_disabled" },
      ]);
    });

    test("takes notes of what happens around the store", async () => {
      const store = await ready();
      const details = { entries: 4, file: "jwtctl.db" };
      expect(await told(store, () => store.noteAudit({ type: "store_backed_up", details }, START))).toEqual([
        { type: "store_backed_up", details },
      ]);
    });

    test("says nothing of a step that failed", async () => {
      const store = await ready();
      await store.createSession(sampleSession("l2", "ada"), START);
      const head = await store.readAuditHead();
      const impossible = trade("login-1/1", "l2/1");
      await expect(store.rotateRefreshToken(impossible, START)).rejects.toThrow();
      expect(await store.readAuditHead()).toEqual(head);
      expect(await store.verifyAudit()).toMatchObject({ faultCount: 0 });
    });

    test("does not grow without end when somebody floods it with refusals", async () => {
      const store = await ready();
      const flood = async (token: string, times: number, now: number) => {
        for (let time = 0; time < times; time++)
          await store.rotateRefreshToken(trade(token, `${token}-x`), now);
      };
      await store.revokeSessions({ all: true }, "revoked", START);
      const written = await told(store, async () => {
        await flood("nobody's", QUOTA_FOR_NOBODY + 50, START);
        await flood("login-1/1", QUOTA_PER_SUBJECT + 5, START);
      });
      expect(written).toHaveLength(QUOTA_FOR_NOBODY + QUOTA_PER_SUBJECT);
      const next = await told(store, () => store.addUser(sampleUser("bob"), START + QUOTA_WINDOW));
      expect(next).toEqual([
        {
          type: "refusals_skipped",
          reason: "revoked",
          user: "ada",
          session: "login-1",
          details: { refusal: "refresh_refused", count: 5, since: "2025-01-01T00:00:00.000Z" },
        },
        {
          type: "refusals_skipped",
          reason: "unknown",
          details: { refusal: "refresh_refused", count: 50, since: "2025-01-01T00:00:00.000Z" },
        },
        expect.objectContaining({ type: "user_added" }),
      ]);
      expect(await told(store, () => store.setUserStatus("user-bob", "disabled", START + 2 * HOUR))).toEqual([
        { type: "user_disabled", user: "bob" },
      ]);
    });
  });

  describe("the audit log is read", () => {
    async function populated(): Promise<Store> {
      const store = await ready();
      await store.addUser(sampleUser("Bob"), START + HOUR);
      await store.createSession(sampleSession("l2", "Bob"), START + 2 * HOUR);
      await store.setUserStatus("user-ada", "disabled", START + 3 * HOUR);
      return store;
    }
    const types = (entries: readonly AuditEntry[]) => entries.map(({ type }) => type);

    test("by user in any case, by type, by login and by key", async () => {
      const store = await populated();
      expect(types(await store.listAudit({ user: "BOB" }))).toEqual(["user_added", "login_started"]);
      expect(types(await store.listAudit({ types: ["user_added", "user_disabled"] }))).toEqual([
        "user_added",
        "user_added",
        "user_disabled",
      ]);
      expect(types(await store.listAudit({ session: "login-1" }))).toEqual([
        "login_started",
        "login_revoked",
      ]);
      expect(types(await store.listAudit({ kid: "first" }))).toEqual(["store_initialised"]);
      expect(await store.listAudit({ user: "nobody" })).toEqual([]);
      expect(await store.listAudit({ types: [] })).toEqual([]);
    });

    test("by time, from a moment on and up to one", async () => {
      const store = await populated();
      expect(types(await store.listAudit({ since: START + 2 * HOUR }))).toEqual([
        "login_started",
        "user_disabled",
        "login_revoked",
      ]);
      expect(types(await store.listAudit({ since: START + HOUR, until: START + 2 * HOUR }))).toEqual([
        "user_added",
      ]);
    });

    test("the newest so many of those that fit, in their order", async () => {
      const store = await populated();
      expect(types(await store.listAudit({ limit: 2 }))).toEqual(["user_disabled", "login_revoked"]);
      expect(types(await store.listAudit({ user: "Bob", limit: 1 }))).toEqual(["login_started"]);
    });

    test("from an entry on, as those do who follow it", async () => {
      const store = await populated();
      const { seq } = await store.readAuditHead();
      expect(await store.listAudit({ afterSeq: seq })).toEqual([]);
      expect(types(await store.listAudit({ afterSeq: seq - 1 }))).toEqual(["login_revoked"]);
    });

    test("record by record, with the hash that each part follows on", async () => {
      const store = await populated();
      const first = await store.readAuditRecords({ afterSeq: 0, limit: 3 });
      expect(first.previous).toEqual(AUDIT_ORIGIN);
      expect(first.records.map(({ seq }) => seq)).toEqual([1, 2, 3]);
      const rest = await store.readAuditRecords({ afterSeq: 3, limit: 100 });
      expect(rest.previous).toEqual({ seq: 3, hash: first.records.at(-1)?.hash });
      expect(rest.records.map(({ seq }) => seq)).toEqual([4, 5, 6, 7]);
    });

    test("as a whole, to see that nothing of it was altered", async () => {
      const store = await populated();
      const head = await store.readAuditHead();
      expect(await store.verifyAudit()).toEqual({
        entries: 7,
        start: AUDIT_ORIGIN,
        head,
        faults: [],
        faultCount: 0,
      });
      expect(await store.verifyAudit(head)).toMatchObject({ faultCount: 0 });
      expect(await store.verifyAudit({ seq: 3, hash: head.hash })).toMatchObject({
        faults: [{ kind: "anchor", seq: 3 }],
      });
    });
  });
}
