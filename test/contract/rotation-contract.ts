import { describe, expect, test } from "vitest";
import type { RotationResult, Store } from "../../src/core/authority/ports/store.ts";
import {
  DAY,
  fill,
  HOUR,
  hashOf,
  IDLE,
  MAX,
  MINUTE,
  SECOND,
  START,
  sampleSession,
  sealOf,
  sessionOf,
  trade,
  WINDOW,
} from "../support/store-samples.ts";
import type { MakeStore } from "./store-contract.ts";

export function describeRotation(make: MakeStore): void {
  const ready = async () => fill(await make());

  describe("rotation", () => {
    test("trades a refresh token for its successor", async () => {
      const store = await ready();
      const now = START + HOUR;
      const result = await store.rotateRefreshToken(trade("login-1/1", "login-1/2"), now);
      expect(result).toMatchObject({
        outcome: "rotated",
        session: {
          id: "login-1",
          status: "active",
          rotations: 1,
          lastUsedAt: now,
          idleExpiresAt: now + IDLE,
        },
        user: { id: "user-ada", name: "ada", status: "active" },
      });
      expect(await store.listRefreshTokens("login-1")).toEqual([
        { seq: 1, createdAt: START, idleExpiresAt: START + IDLE, consumedAt: now, reusedAt: null },
        { seq: 2, createdAt: now, idleExpiresAt: now + IDLE, consumedAt: null, reusedAt: null },
      ]);
      expect(await sessionOf(store, "login-1", now)).toEqual("session" in result && result.session);
    });

    test("never moves the absolute end, and the idle end never passes it", async () => {
      const store = await ready();
      let now = START;
      for (let seq = 1; seq <= 9; seq++) {
        now += 9 * DAY;
        await store.rotateRefreshToken(trade(`login-1/${seq}`, `login-1/${seq + 1}`), now);
      }
      expect(await sessionOf(store, "login-1", now)).toMatchObject({
        rotations: 9,
        expiresAt: START + MAX,
        idleExpiresAt: START + MAX,
      });
      expect(await store.rotateRefreshToken(trade("login-1/10", "login-1/11"), START + MAX)).toMatchObject({
        outcome: "expired",
        end: "absolute",
      });
    });

    test("of an unknown token touches no login", async () => {
      const store = await ready();
      expect(await store.rotateRefreshToken(trade("made up", "next"), START)).toEqual({ outcome: "unknown" });
      expect(await sessionOf(store, "login-1", START)).toMatchObject({ status: "active", rotations: 0 });
      expect(await store.findSessionByToken(hashOf("next"), START)).toBeNull();
    });

    test("with a login id given as a token touches no login", async () => {
      const store = await ready();
      const tokenHash = hashOf("login-1");
      expect(await store.rotateRefreshToken({ ...trade("", "x"), tokenHash }, START)).toEqual({
        outcome: "unknown",
      });
      expect(await sessionOf(store, "login-1", START)).toMatchObject({ status: "active" });
    });

    test("to a successor that exists already changes nothing", async () => {
      const store = await ready();
      await store.createSession(sampleSession("login-2", "ada"), START);
      await expect(store.rotateRefreshToken(trade("login-1/1", "login-2/1"), START)).rejects.toThrow();
      expect(await store.listRefreshTokens("login-1")).toMatchObject([{ seq: 1, consumedAt: null }]);
      expect(await sessionOf(store, "login-1", START)).toMatchObject({ rotations: 0 });
    });

    test("of one token many times at once happens once; the others get the same successor", async () => {
      const store = await ready();
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          store.rotateRefreshToken(trade("login-1/1", `successor-${index}`), START + HOUR),
        ),
      );
      expect(outcomesOf(results)).toEqual({ rotated: 1, replayed: 19 });
      const winner = results.findIndex(({ outcome }) => outcome === "rotated");
      for (const result of results) {
        if (result.outcome === "replayed")
          expect(result.sealedSuccessor).toEqual(sealOf(`successor-${winner}`));
      }
      expect(await store.listRefreshTokens("login-1")).toHaveLength(2);
      expect(await sessionOf(store, "login-1", START + HOUR)).toMatchObject({
        status: "active",
        rotations: 1,
      });
    });
  });

  describe("expiry", () => {
    test("an idle token is refused from its idle end on", async () => {
      const store = await ready();
      await store.createSession(sampleSession("login-2", "ada"), START);
      const early = await store.rotateRefreshToken(trade("login-1/1", "login-1/2"), START + IDLE - 1);
      expect(early.outcome).toBe("rotated");
      const late = await store.rotateRefreshToken(trade("login-2/1", "login-2/2"), START + IDLE);
      expect(late).toMatchObject({
        outcome: "expired",
        end: "idle",
        session: { status: "expired", reason: "idle", endedAt: START + IDLE },
      });
      expect(await store.listRefreshTokens("login-2")).toHaveLength(1);
    });

    test("past both ends, the absolute one is named", async () => {
      const store = await ready();
      expect(await store.rotateRefreshToken(trade("login-1/1", "x"), START + MAX)).toMatchObject({
        outcome: "expired",
        end: "absolute",
        session: { reason: "absolute", endedAt: START + MAX },
      });
    });

    test.each([
      ["idle", START + IDLE],
      ["absolute", START + MAX],
    ])("a clock set back does not revive a login whose %s end was seen", async (end, seen) => {
      const store = await ready();
      await store.rotateRefreshToken(trade("login-1/1", "x"), seen);
      expect(await store.rotateRefreshToken(trade("login-1/1", "x"), START + SECOND)).toMatchObject({
        outcome: "expired",
        end,
      });
      expect(await sessionOf(store, "login-1", START + SECOND)).toMatchObject({
        status: "expired",
        reason: end,
      });
      expect(await store.findUser("ada", START + SECOND)).toMatchObject({ activeSessions: 0 });
    });

    test("a clock ten years ahead ends the login for good", async () => {
      const store = await ready();
      await store.rotateRefreshToken(trade("login-1/1", "x"), START + 3650 * DAY);
      expect(await store.rotateRefreshToken(trade("login-1/1", "x"), START + HOUR)).toMatchObject({
        outcome: "expired",
        end: "absolute",
      });
    });

    test("a successor that has expired unused is not given again", async () => {
      const store = await ready();
      const short = { idleLifetime: 5 * SECOND };
      await store.rotateRefreshToken(trade("login-1/1", "login-1/2", short), START);
      expect(
        await store.rotateRefreshToken(trade("login-1/1", "x", short), START + 5 * SECOND),
      ).toMatchObject({
        outcome: "expired",
        end: "idle",
      });
    });
  });

  describe("a clock that went back", () => {
    test("to before the token was used: refused, nothing revoked, and right again when the clock is", async () => {
      const store = await ready();
      const used = START + HOUR;
      await store.rotateRefreshToken(trade("login-1/1", "login-1/2"), used);
      for (const reuseWindow of [WINDOW, 0]) {
        expect(
          await store.rotateRefreshToken(trade("login-1/1", "x", { reuseWindow }), used - 1),
        ).toMatchObject({ outcome: "clock_went_back", consumedAt: used, session: { status: "active" } });
      }
      expect(await sessionOf(store, "login-1", used)).toMatchObject({ status: "active", rotations: 1 });
      expect(await store.rotateRefreshToken(trade("login-1/1", "x"), used)).toMatchObject({
        outcome: "replayed",
      });
    });

    test("before a first use: the login goes on and does not look younger than it was", async () => {
      const store = await ready();
      await store.rotateRefreshToken(trade("login-1/1", "login-1/2"), START + HOUR);
      const back = START + MINUTE;
      expect(await store.rotateRefreshToken(trade("login-1/2", "login-1/3"), back)).toMatchObject({
        outcome: "rotated",
        session: { lastUsedAt: START + HOUR, idleExpiresAt: back + IDLE },
      });
    });
  });
}

export function outcomesOf(results: readonly RotationResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of results) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** Rotates `login-1` so often, a minute apart; its newest token is then `login-1/<times + 1>`. */
export async function rotateOften(store: Store, times: number, options: { start: number }): Promise<number> {
  let now = options.start;
  for (let seq = 1; seq <= times; seq++) {
    now += MINUTE;
    const { outcome } = await store.rotateRefreshToken(trade(`login-1/${seq}`, `login-1/${seq + 1}`), now);
    if (outcome !== "rotated") throw new Error(`rotation ${seq}: ${outcome}`);
  }
  return now;
}
