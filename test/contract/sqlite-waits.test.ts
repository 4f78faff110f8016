import { describe, expect, test } from "vitest";
import type { Store } from "../../src/core/authority/ports/store.ts";
import { filledFile, opened } from "../support/store-files.ts";
import {
  DAY,
  HOUR,
  SECOND,
  START,
  sampleKey,
  sampleSession,
  sampleUser,
  sessionOf,
  trade,
  WINDOW,
} from "../support/store-samples.ts";

/** Longer than nothing, and not longer than anybody waits for the lock. */
const WAIT = 9500;

/** A stopwatch by which every wait for the lock takes so long (ms). */
function slow(wait: number) {
  let elapsed = 0;
  return () => {
    elapsed += wait;
    return elapsed;
  };
}

/** A store whose lock others always hold for so long, and the same store without a queue. */
async function queued(wait = WAIT): Promise<{ waiting: Store; free: Store }> {
  const path = await filledFile();
  return { waiting: await opened(path, { stopwatch: slow(wait) }), free: await opened(path) };
}

describe("a write that had to wait for the lock", () => {
  const NOW = START + HOUR;
  const writes: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
    settings: (store) => store.writeSettings({ access_ttl: 60 }, NOW),
    "a key": (store) => store.addKey({ key: sampleKey("third"), state: "standby" }, NOW),
    "a rotation of the keys": (store) =>
      store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: false }, NOW),
    "a token": (store) => store.reserveSignature("first", 1, NOW, { sub: null, jti: null, typ: null }),
    "a user": (store) => store.addUser(sampleUser("bob"), NOW),
    "a password": (store) =>
      store.changePassword({ userId: "user-ada", passwordHash: "n", weakPassword: false }, NOW),
    "a wrong password": (store) => store.endPasswordAttempt({ userId: "user-ada", result: "wrong" }, NOW),
    "a disabled user": (store) => store.setUserStatus("user-ada", "disabled", NOW),
    "a login": (store) => store.createSession(sampleSession("login-2", "ada"), NOW),
    "a refresh": (store) => store.rotateRefreshToken(trade("login-1/1", "login-1/2"), NOW),
    "a revocation": (store) => store.revokeSessions({ all: true }, "revoked", NOW),
    "a backup": (store) => store.noteAudit({ type: "store_backed_up", details: {} }, NOW),
  };

  test.each(Object.keys(writes))("is of the time at which it was made: %s", async (name) => {
    const { waiting, free } = await queued();
    const { seq } = await free.readAuditHead();
    await writes[name]?.(waiting);
    const entries = await free.listAudit({ afterSeq: seq });
    expect(entries.length).toBeGreaterThan(0);
    for (const { at } of entries) expect(at).toBe(NOW + WAIT);
  });

  test("the refresh token's use, its successor and the login have that time", async () => {
    const { waiting, free } = await queued();
    const { outcome } = await waiting.rotateRefreshToken(trade("login-1/1", "login-1/2"), NOW);
    expect(outcome).toBe("rotated");
    expect(await free.listRefreshTokens("login-1")).toMatchObject([
      { consumedAt: NOW + WAIT },
      { createdAt: NOW + WAIT, idleExpiresAt: NOW + WAIT + 14 * DAY },
    ]);
    expect(await sessionOf(free, "login-1", NOW)).toMatchObject({ lastUsedAt: NOW + WAIT });
  });

  test("a login whose end came during the wait has ended", async () => {
    const { waiting } = await queued();
    const last = START + 14 * DAY - 1;
    expect(await waiting.rotateRefreshToken(trade("login-1/1", "x"), last)).toMatchObject({
      outcome: "expired",
      end: "idle",
    });
  });
});

describe("the reuse window of 10 s, and a lock that is held for 9.5 s", () => {
  const NOW = START + HOUR;

  test("before the first use: an answer that was lost comes again a moment later", async () => {
    const { waiting, free } = await queued();
    await waiting.rotateRefreshToken(trade("login-1/1", "login-1/2"), NOW);
    const again = await free.rotateRefreshToken(trade("login-1/1", "x"), NOW + WAIT + SECOND);
    expect(again).toMatchObject({ outcome: "replayed", session: { status: "active" } });
  });

  test("before the repetition, which was made in time: it comes again, and nothing is revoked", async () => {
    const { waiting, free } = await queued();
    await free.rotateRefreshToken(trade("login-1/1", "login-1/2"), NOW);
    const again = await waiting.rotateRefreshToken(trade("login-1/1", "x"), NOW + SECOND);
    expect(again).toMatchObject({ outcome: "replayed", session: { status: "active" } });
  });

  test("before a repetition that came too late: theft, whoever was waited for", async () => {
    const { waiting, free } = await queued();
    await free.rotateRefreshToken(trade("login-1/1", "login-1/2"), NOW);
    const again = await waiting.rotateRefreshToken(trade("login-1/1", "x"), NOW + WINDOW);
    expect(again).toMatchObject({ outcome: "reused", session: { status: "revoked" } });
  });

  test("while a hundred wait with the same token: one rotation, one successor for all, nothing revoked", async () => {
    const path = await filledFile();
    const results = [];
    // Each has read the same time, and waits a tenth of a second longer than the one before it.
    for (let index = 0; index < 100; index++) {
      const store = await opened(path, { stopwatch: slow(index * 100) });
      results.push(await store.rotateRefreshToken(trade("login-1/1", `s-${index}`), NOW));
    }
    expect(results[0]).toMatchObject({ outcome: "rotated" });
    const sealed = results.slice(1).map((result) => "sealedSuccessor" in result && result.sealedSuccessor);
    expect(new Set(results.slice(1).map(({ outcome }) => outcome))).toEqual(new Set(["replayed"]));
    expect(new Set(sealed.map(String)).size).toBe(1);
  });
});

describe("the lock of a password, and a store that is waited for", () => {
  test("a guess whose clock was read long ago is throttled, and the lock stays where it is", async () => {
    const { waiting, free } = await queued(9000);
    const guess = (store: Store, now: number) => store.beginPasswordAttempt("ada", now);
    let now = START;
    for (let attempt = 0; attempt < 8; attempt++) {
      now = (await free.findUser("ada", now))?.lockedUntil ?? now;
      expect(await guess(free, now)).toMatchObject({ outcome: "allowed" });
    }
    const retryAt = now + 8 * SECOND;
    // Its clock was read nine seconds before the last attempt, and it has waited since.
    expect(await guess(waiting, now - 9000)).toEqual({ outcome: "throttled", retryAt });
    // Nobody knows how long this one stood still.
    expect(await guess(free, now - 9000)).toEqual({ outcome: "throttled", retryAt });
    expect(await guess(free, retryAt - 1)).toEqual({ outcome: "throttled", retryAt });
    expect(await guess(free, retryAt)).toMatchObject({ outcome: "allowed" });
  });

  test("an attempt that waited locks from when it was made", async () => {
    const { waiting, free } = await queued(9000);
    for (let attempt = 0; attempt < 5; attempt++) await waiting.beginPasswordAttempt("ada", START);
    const retryAt = START + 9000 + SECOND;
    expect(await free.beginPasswordAttempt("ada", retryAt - 1)).toEqual({ outcome: "throttled", retryAt });
  });
});
