import { beforeEach, describe, expect, it } from "vitest";
import { logIn } from "../../../../src/app/sessions/log-in.ts";
import { refreshGiven } from "../../../../src/app/sessions/refresh-session.ts";
import type { TokenSet } from "../../../../src/core/authority/sessions/current-session.ts";
import { LONGEST_DELAY } from "../../../../src/core/authority/sessions/rotation.ts";
import { AppError } from "../../../../src/core/base/errors.ts";
import { createWorld, PASSWORD, type World } from "./world.ts";

let world: World;
let first: TokenSet;

beforeEach(async () => {
  world = await createWorld();
  const input = { userName: "alice", password: PASSWORD, clientId: "web" };
  first = await logIn(input, { ...world.session, hasher: world.hasher });
});

const refresh = (token: string) => refreshGiven(token, world.session);
const theSession = async () => (await world.store.listSessions({}, world.clock.now()))[0];

async function refusal(token: string): Promise<AppError> {
  try {
    await refresh(token);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("refreshed");
}

describe("refreshing with a token", () => {
  it("moves the idle end on, never the absolute one", async () => {
    world.clock.advance(86_400);
    const second = await refresh(first.refreshToken);
    expect(second.sessionId).toBe(first.sessionId);
    expect(second.clientId).toBe("web");
    expect(second.idleExpiresAt).toBe(first.idleExpiresAt + 86_400_000);
    expect(second.expiresAt).toBe(first.expiresAt);
    expect(second.refreshToken).not.toBe(first.refreshToken);
  });

  it("gives no access token that outlives the login", async () => {
    await world.store.writeSettings({ refresh_max: 3600, refresh_idle: 3600 }, world.clock.now());
    const input = { userName: "alice", password: PASSWORD, clientId: "web" };
    const short = await logIn(input, { ...world.session, hasher: world.hasher });
    world.clock.advance(3590);
    const last = await refresh(short.refreshToken);
    expect(last.accessExpiresAt).toBe(short.expiresAt);
    expect(last.idleExpiresAt).toBe(short.expiresAt);
  });

  it("signs only after the trade is committed: a signature that fails can be asked for again in the window", async () => {
    world.signer.failSigning = new AppError("store_busy", "busy");
    expect((await refusal(first.refreshToken)).code).toBe("store_busy");
    expect(await theSession()).toMatchObject({ rotations: 1 });
    world.signer.failSigning = undefined;
    world.clock.advance(9);
    const second = await refresh(first.refreshToken);
    await refresh(second.refreshToken);
    expect(await theSession()).toMatchObject({ rotations: 2, status: "active" });
  });
});

describe("each refusal has its code and a next step", () => {
  it("refresh_unknown for a well-formed token of another store; no login is touched", async () => {
    const error = await refusal(world.session.secrets.create());
    expect(error).toMatchObject({ code: "refresh_unknown" });
    expect(await theSession()).toMatchObject({ status: "active" });
  });

  it("refresh_superseded inside the window when the successor has been used; nothing is revoked", async () => {
    const second = await refresh(first.refreshToken);
    await refresh(second.refreshToken);
    const error = await refusal(first.refreshToken);
    expect(error).toMatchObject({
      code: "refresh_superseded",
      data: { session_id: first.sessionId, user: "alice" },
    });
    expect(await theSession()).toMatchObject({ status: "active" });
  });

  it("refresh_reused outside the window, and the login is revoked (stolen refresh token replayed)", async () => {
    const second = await refresh(first.refreshToken);
    world.clock.advance(10);
    const error = await refusal(first.refreshToken);
    expect(error.code).toBe("refresh_reused");
    expect(error.message).toContain("its login has been revoked");
    expect(error.hints.join()).toContain("jwtctl login alice");
    expect(await theSession()).toMatchObject({ status: "revoked", reason: "reuse_detected" });
    expect((await refusal(second.refreshToken)).code).toBe("refresh_revoked");
  });

  it("a stolen token is noticed also when its holder has not the store's passphrase", async () => {
    const second = await refresh(first.refreshToken);
    world.clock.advance(10);
    world.signer.failPreparing = new AppError("passphrase_wrong", "wrong");
    expect((await refusal(first.refreshToken)).code).toBe("refresh_reused");
    expect(await theSession()).toMatchObject({ status: "revoked", reason: "reuse_detected" });
    expect((await refusal(second.refreshToken)).code).toBe("refresh_revoked");
  });

  it.each([
    ["that is unused", false],
    ["whose answer was lost", true],
  ])("a missing passphrase costs no token %s, however long it takes to find one", async (_, used) => {
    if (used) await refresh(first.refreshToken);
    world.clock.advance(9);
    world.signer.failPreparing = new AppError("input_required", "no passphrase");
    expect((await refusal(first.refreshToken)).code).toBe("input_required");
    world.signer.failPreparing = undefined;
    world.signer.meanwhile = async () => world.clock.advance(20);
    const second = await refresh(first.refreshToken);
    await refresh(second.refreshToken);
    expect(await theSession()).toMatchObject({ rotations: 2, status: "active" });
  });

  it("a token that waits longer than anything lasts, at a prompt, is as old as it is", async () => {
    await refresh(first.refreshToken);
    world.signer.meanwhile = async () => world.clock.advance(LONGEST_DELAY / 1000 + 10);
    expect((await refusal(first.refreshToken)).code).toBe("refresh_reused");
  });

  it("refresh_expired when it was idle for too long, and a clock set back does not revive it", async () => {
    world.clock.advance(14 * 86_400);
    expect(await refusal(first.refreshToken)).toMatchObject({
      code: "refresh_expired",
      data: { end: "idle" },
    });
    world.clock.advance(-86_400);
    expect((await refusal(first.refreshToken)).code).toBe("refresh_expired");
  });

  it("refresh_expired at the absolute end, used daily or not", async () => {
    let { refreshToken } = first;
    for (let day = 1; day < 90; day++) {
      world.clock.advance(86_400);
      refreshToken = (await refresh(refreshToken)).refreshToken;
    }
    world.clock.advance(86_400);
    expect(await refusal(refreshToken)).toMatchObject({ code: "refresh_expired", data: { end: "absolute" } });
  });

  it("user_disabled for a disabled user", async () => {
    await world.store.setUserStatus("id-of-alice", "disabled", world.clock.now());
    expect((await refusal(first.refreshToken)).code).toBe("user_disabled");
  });

  it("refresh_revoked with the reason in words", async () => {
    await world.store.revokeSessions({ sessions: [first.sessionId] }, "key_compromised", world.clock.now());
    const error = await refusal(first.refreshToken);
    expect(error).toMatchObject({ code: "refresh_revoked" });
    expect(error.message).toContain("a signing key was compromised");
  });

  it("clock_went_back when the token was used in the future; nothing is revoked", async () => {
    world.clock.advance(3600);
    await refresh(first.refreshToken);
    world.clock.advance(-3600);
    const error = await refusal(first.refreshToken);
    expect(error.code).toBe("clock_went_back");
    expect(error.message).toContain("2026-03-01 13:00:00 UTC");
    expect(await theSession()).toMatchObject({ status: "active" });
  });

  it("a clock read before waiting for another process is read again, and nothing is refused", async () => {
    const { store, clock } = world;
    const rotate = store.rotateRefreshToken.bind(store);
    const successors: string[] = [];
    // Another process holds the store, trades the token 3 ms later by its clock, and lets go.
    store.rotateRefreshToken = async (input, now) => {
      store.rotateRefreshToken = rotate;
      clock.advance(0.003);
      successors.push((await refresh(first.refreshToken)).refreshToken);
      return rotate(input, now);
    };
    const second = await refresh(first.refreshToken);
    expect(successors).toEqual([second.refreshToken]);
    expect(await theSession()).toMatchObject({ rotations: 1, status: "active" });
  });

  it("never quotes the token, in whole or in part", async () => {
    const second = await refresh(first.refreshToken);
    const texts: string[] = [];
    const collect = async (token: string) => {
      const { message, hints, data } = await refusal(token);
      texts.push(JSON.stringify([message, hints, data]));
    };
    await collect(first.refreshToken.slice(0, -1));
    await collect(`x${first.refreshToken}`);
    world.clock.advance(60);
    await collect(first.refreshToken);
    await collect(second.refreshToken);
    for (const text of texts) {
      expect(text).not.toContain(first.refreshToken.slice(10, 24));
      expect(text).not.toContain(second.refreshToken.slice(10, 24));
    }
  });
});
