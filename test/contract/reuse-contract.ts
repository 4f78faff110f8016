import { describe, expect, test } from "vitest";
import { LONGEST_DELAY } from "../../src/core/authority/sessions/rotation.ts";
import {
  DAY,
  fill,
  HOUR,
  IDLE,
  MAX,
  SECOND,
  START,
  sampleSession,
  sampleUser,
  sealOf,
  sessionOf,
  trade,
  WINDOW,
} from "../support/store-samples.ts";
import { outcomesOf, rotateOften } from "./rotation-contract.ts";
import type { MakeStore } from "./store-contract.ts";

export function describeReuse(make: MakeStore): void {
  const ready = async () => fill(await make());
  const USED = START + HOUR;
  /** A store in which `login-1/1` was traded for `login-1/2` at USED. */
  const traded = async () => {
    const store = await ready();
    await store.rotateRefreshToken(trade("login-1/1", "login-1/2"), USED);
    return store;
  };

  describe("the same token again inside the window", () => {
    test("brings the same successor while that is unused", async () => {
      const store = await traded();
      for (const now of [USED, USED + 1, USED + WINDOW - 1]) {
        expect(await store.rotateRefreshToken(trade("login-1/1", "other"), now)).toMatchObject({
          outcome: "replayed",
          sealedSuccessor: sealOf("login-1/2"),
          session: { status: "active", rotations: 1 },
          user: { name: "ada" },
        });
      }
      expect(await store.listRefreshTokens("login-1")).toHaveLength(2);
    });

    test("brings it also when it had to wait for its turn until after the window, and others wrote meanwhile", async () => {
      const store = await traded();
      const presentedAt = USED + WINDOW - 1;
      const now = presentedAt + LONGEST_DELAY;
      await store.createSession(sampleSession("login-2", "ada"), now);
      const late = trade("login-1/1", "other", { presentedAt });
      expect(await store.rotateRefreshToken(late, now)).toMatchObject({
        outcome: "replayed",
        sealedSuccessor: sealOf("login-1/2"),
      });
      expect(
        await store.rotateRefreshToken({ ...late, presentedAt: presentedAt + 1 }, now + 1),
      ).toMatchObject({ outcome: "reused" });
    });

    test("is refused when the successor has been used, and nothing is revoked", async () => {
      const store = await traded();
      await store.rotateRefreshToken(trade("login-1/2", "login-1/3"), USED + SECOND);
      const late = await store.rotateRefreshToken(trade("login-1/1", "x"), USED + 2 * SECOND);
      expect(late).toMatchObject({ outcome: "superseded", session: { status: "active" } });
      const now = USED + 3 * SECOND;
      expect((await store.rotateRefreshToken(trade("login-1/3", "login-1/4"), now)).outcome).toBe("rotated");
    });

    test("is refused, not replayed, when the successor was wiped under a shorter window", async () => {
      const store = await ready();
      await store.rotateRefreshToken(trade("login-1/1", "login-1/2", { reuseWindow: SECOND }), USED);
      const wiped = USED + SECOND + LONGEST_DELAY;
      await store.createSession(sampleSession("login-2", "ada"), wiped);
      const longer = trade("login-1/1", "x", { reuseWindow: 60 * SECOND });
      expect(await store.rotateRefreshToken(longer, wiped + SECOND)).toMatchObject({
        outcome: "superseded",
        session: { status: "active" },
      });
    });

    test("is refused when nothing was kept because the window was 0", async () => {
      const store = await ready();
      await store.rotateRefreshToken(trade("login-1/1", "login-1/2", { reuseWindow: 0 }), USED);
      expect(await store.rotateRefreshToken(trade("login-1/1", "x"), USED)).toMatchObject({
        outcome: "superseded",
      });
    });
  });

  describe("what a token would bring", () => {
    test("is foreseen as it comes, and nothing is written for it", async () => {
      const store = await traded();
      await store.createSession(sampleSession("login-2", "ada"), START);
      const { seq } = await store.readAuditHead();
      const cases = [
        ["unknown", "made up", USED],
        ["rotated", "login-1/2", USED],
        ["replayed", "login-1/1", USED + WINDOW - 1],
        ["reused", "login-1/1", USED + WINDOW],
        ["clock_went_back", "login-1/1", USED - 1],
        ["expired", "login-2/1", START + IDLE],
        ["reused", "login-1/1", USED + IDLE],
        ["expired", "login-1/1", START + MAX],
      ] as const;
      for (const [outcome, token, now] of cases) {
        expect(await store.foreseeRotation(trade(token, "x"), now)).toBe(outcome);
      }
      const waited = trade("login-1/1", "x", { presentedAt: USED + WINDOW - 1 });
      expect(await store.foreseeRotation(waited, USED + WINDOW)).toBe("replayed");
      expect((await store.readAuditHead()).seq).toBe(seq);
      expect(await sessionOf(store, "login-1", USED)).toMatchObject({ status: "active", rotations: 1 });

      await store.rotateRefreshToken(trade("login-1/2", "login-1/3"), USED);
      expect(await store.foreseeRotation(trade("login-1/1", "x"), USED)).toBe("superseded");
      await store.revokeSessions({ sessions: ["login-2"] }, "revoked", USED);
      expect(await store.foreseeRotation(trade("login-2/1", "x"), USED)).toBe("revoked");
      await store.setUserStatus("user-ada", "disabled", USED);
      expect(await store.foreseeRotation(trade("login-1/3", "x"), USED)).toBe("user_disabled");
    });
  });

  describe("theft", () => {
    test("a used token that comes back when the window has ended revokes the login", async () => {
      const store = await traded();
      const now = USED + WINDOW;
      expect(await store.rotateRefreshToken(trade("login-1/1", "x"), now)).toMatchObject({
        outcome: "reused",
        session: { status: "revoked", reason: "reuse_detected", endedAt: now },
      });
      expect(await sessionOf(store, "login-1", START)).toMatchObject({
        status: "revoked",
        reason: "reuse_detected",
      });
      expect(await store.rotateRefreshToken(trade("login-1/2", "x"), now)).toMatchObject({
        outcome: "revoked",
      });
      expect(await store.rotateRefreshToken(trade("login-1/1", "x"), now)).toMatchObject({
        outcome: "revoked",
      });
      expect(await store.listRefreshTokens("login-1")).toMatchObject([
        { seq: 1, reusedAt: now },
        { seq: 2, reusedAt: null },
      ]);
    });

    test("with window 0 any second use is theft, even in the same millisecond", async () => {
      const store = await ready();
      const strict = { reuseWindow: 0 };
      await store.rotateRefreshToken(trade("login-1/1", "login-1/2", strict), USED);
      expect(await store.rotateRefreshToken(trade("login-1/1", "x", strict), USED)).toMatchObject({
        outcome: "reused",
        session: { status: "revoked" },
      });
    });

    test("with window 0 many uses at once: one rotation, then theft, then revoked", async () => {
      const store = await ready();
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          store.rotateRefreshToken(trade("login-1/1", `s-${index}`, { reuseWindow: 0 }), USED),
        ),
      );
      expect(outcomesOf(results)).toEqual({ rotated: 1, reused: 1, revoked: 18 });
    });

    test("an ancestor 1,000 rotations old revokes the login", async () => {
      const store = await ready();
      const now = await rotateOften(store, 1000, { start: START });
      expect(await store.listRefreshTokens("login-1")).toHaveLength(1001);
      expect(await store.rotateRefreshToken(trade("login-1/1", "x"), now)).toMatchObject({
        outcome: "reused",
        session: { rotations: 1000, status: "revoked" },
      });
      expect(await store.rotateRefreshToken(trade("login-1/1001", "x"), now)).toMatchObject({
        outcome: "revoked",
      });
    });

    test("a used token whose idle end has passed is theft, not expiry", async () => {
      const store = await traded();
      expect(await store.rotateRefreshToken(trade("login-1/1", "x"), USED + IDLE)).toMatchObject({
        outcome: "reused",
        session: { status: "revoked", reason: "reuse_detected" },
      });
    });

    test("it is theft too when the idle end was seen before", async () => {
      const store = await traded();
      const now = USED + IDLE;
      expect(await store.rotateRefreshToken(trade("login-1/2", "x"), now)).toMatchObject({
        outcome: "expired",
      });
      expect(await store.rotateRefreshToken(trade("login-1/1", "x"), now)).toMatchObject({
        outcome: "reused",
        session: { reason: "reuse_detected" },
      });
    });

    test("past the absolute end a used token is only expired", async () => {
      const store = await traded();
      expect(await store.rotateRefreshToken(trade("login-1/1", "x"), START + MAX)).toMatchObject({
        outcome: "expired",
        end: "absolute",
      });
    });

    test("one login's theft leaves the user's other logins and other users alone", async () => {
      const store = await traded();
      await store.addUser(sampleUser("bob"), START);
      await store.createSession(sampleSession("login-2", "ada"), START);
      await store.createSession(sampleSession("of-bob", "bob"), START);
      await store.rotateRefreshToken(trade("login-1/1", "x"), USED + DAY);
      for (const id of ["login-2", "of-bob"]) {
        expect(await sessionOf(store, id, USED + DAY)).toMatchObject({ status: "active" });
      }
    });

    test("a disabled user is told so before anything else, and no theft is recorded", async () => {
      const store = await traded();
      await store.setUserStatus("user-ada", "disabled", USED + DAY);
      expect(await store.rotateRefreshToken(trade("login-1/1", "x"), USED + DAY)).toMatchObject({
        outcome: "user_disabled",
        session: { reason: "user_disabled" },
      });
    });
  });
}
