import { beforeEach, describe, expect, it } from "vitest";
import { logIn } from "../../../../src/app/sessions/log-in.ts";
import { logOutCurrent } from "../../../../src/app/sessions/log-out.ts";
import {
  ACCESS_TOKEN_MARGIN,
  refreshCurrent,
  refreshGiven,
} from "../../../../src/app/sessions/refresh-session.ts";
import { saveSession } from "../../../../src/app/sessions/save-session.ts";
import { AppError } from "../../../../src/core/base/errors.ts";
import { createWorld, Killed, PASSWORD, type World } from "./world.ts";

const DB = "/store.db";
let world: World;

beforeEach(async () => {
  world = await createWorld();
  await logInAndSave();
});

async function logInAndSave() {
  const { session, hasher, current } = world;
  const input = { userName: "alice", password: PASSWORD, clientId: "jwtctl" };
  const tokens = await logIn(input, { ...session, hasher });
  await saveSession(tokens, DB, current);
  return tokens;
}

const refresh = () => refreshCurrent({ margin: null }, world.ports);
const accessToken = () => refreshCurrent({ margin: ACCESS_TOKEN_MARGIN }, world.ports);
const savedToken = () => world.current.saved?.refreshToken ?? "";
const theSession = async () => (await world.store.listSessions({}, world.clock.now()))[0];
const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "done",
    (error) => (error instanceof AppError ? error.code : error.constructor.name),
  );

describe("kill -9 during a refresh loses no login, however late it is noticed", () => {
  const LATER = [0, 5, 3600, 86_400];

  /** The process dies; the next one comes `later`. */
  async function dies(how: () => void, later: number): Promise<void> {
    how();
    expect(await codeOf(refresh())).toBe("Killed");
    world.current.writes = Number.POSITIVE_INFINITY;
    world.signer.failSigning = undefined;
    world.clock.advance(later);
  }

  async function goesOn(rotations: number): Promise<void> {
    const { refreshToken, nextRefreshToken } = await refresh();
    expect(nextRefreshToken).toBeNull();
    expect(savedToken()).toBe(refreshToken);
    expect(await theSession()).toMatchObject({ status: "active", rotations });
    world.clock.advance(60);
    await refresh();
  }

  it.each(LATER)("before the successor is written down (%i s later)", async (later) => {
    await dies(() => {
      world.current.writes = 0;
    }, later);
    await goesOn(1);
  });

  it.each(LATER)("between writing the successor down and the trade (%i s later)", async (later) => {
    const { store } = world;
    const { rotateRefreshToken } = store;
    await dies(() => {
      store.rotateRefreshToken = () => Promise.reject(new Killed());
    }, later);
    store.rotateRefreshToken = rotateRefreshToken;
    expect(world.current.saved?.nextRefreshToken).not.toBeNull();
    await goesOn(1);
  });

  it.each(LATER)(
    "after the trade is committed, before the access token is signed (%i s later)",
    async (later) => {
      await dies(() => {
        world.signer.failSigning = new Killed();
      }, later);
      expect(await theSession()).toMatchObject({ rotations: 1 });
      await goesOn(2);
    },
  );

  it.each(LATER)("after signing, before the new tokens are saved (%i s later)", async (later) => {
    await dies(() => {
      world.current.writes = 1;
    }, later);
    expect(await theSession()).toMatchObject({ rotations: 1 });
    await goesOn(2);
  });

  it("several times in a row", async () => {
    for (let round = 0; round < 5; round++) {
      await dies(() => {
        world.current.writes = round % 2;
      }, 3600);
    }
    await refresh();
    expect(await theSession()).toMatchObject({ status: "active" });
  });

  it("with the reuse window closed, too", async () => {
    await world.store.writeSettings({ reuse_window: 0 }, world.clock.now());
    await dies(() => {
      world.current.writes = 1;
    }, 3600);
    await goesOn(2);
  });
});

describe("two processes refresh the current login at once", () => {
  it("access-token: both get a valid token, from one trade", async () => {
    world.clock.advance(3600);
    const tokens = await Promise.all([accessToken(), accessToken(), accessToken()]);
    expect(new Set(tokens.map((token) => token.accessToken)).size).toBe(1);
    expect(await theSession()).toMatchObject({ rotations: 1, status: "active" });
  });

  it("refresh: each trades what the one before it has saved", async () => {
    await Promise.all(Array.from({ length: 20 }, refresh));
    expect(await theSession()).toMatchObject({ rotations: 20, status: "active" });
    world.clock.advance(3600);
    await refresh();
  });

  it("one is held up at the passphrase while the other trades: the old token is not presented as a thief would", async () => {
    world.clock.advance(3600);
    world.signer.meanwhile = async () => {
      await accessToken();
      world.clock.advance(120);
    };
    await refresh();
    expect(await theSession()).toMatchObject({ rotations: 2, status: "active" });
  });

  it("without the lock, inside the window: both succeed with the same successor", async () => {
    world.current.exclusively = (work) => work();
    world.clock.advance(3600);
    const [one, other] = await Promise.all([accessToken(), accessToken()]);
    expect(one.refreshToken).toBe(other.refreshToken);
    expect(await theSession()).toMatchObject({ rotations: 1, status: "active" });
    world.clock.advance(3600);
    await refresh();
  });

  it("one logs out while the other waits for a passphrase: nothing is saved again", async () => {
    world.signer.meanwhile = () => logOutCurrent(world.ports);
    expect(await codeOf(refresh())).toBe("not_logged_in");
    expect(world.current.saved).toBeNull();
  });

  it("one logs in anew while the other waits for a passphrase: the new login is refreshed", async () => {
    world.signer.meanwhile = logInAndSave;
    const { sessionId } = await refresh();
    expect(sessionId).toBe(world.current.saved?.sessionId);
    const sessions = await world.store.listSessions({}, world.clock.now());
    expect(sessions.map(({ id, rotations }) => [id === sessionId, rotations]).sort()).toEqual([
      [false, 0],
      [true, 1],
    ]);
  });
});

describe("nothing is used up for nothing", () => {
  it("a passphrase that does not open the key leaves token and file as they are", async () => {
    const before = world.current.saved;
    world.signer.failPreparing = new AppError("passphrase_wrong", "no");
    expect(await codeOf(refresh())).toBe("passphrase_wrong");
    expect(world.current.saved).toBe(before);
    expect(await theSession()).toMatchObject({ rotations: 0 });
  });

  it("a file that cannot be written leaves the token unused", async () => {
    world.current.writes = 0;
    expect(await codeOf(refresh())).toBe("Killed");
    expect(await theSession()).toMatchObject({ rotations: 0 });
  });

  it("nobody is asked for a passphrase for a login that has ended", async () => {
    await world.store.revokeSessions({ all: true }, "revoked", world.clock.now());
    expect(await codeOf(refresh())).toBe("refresh_revoked");
    expect(world.signer.prepared).toBe(1); // for the login itself
  });

  it("the saved access token is given out while it has 30 seconds left, and not a millisecond longer", async () => {
    const first = world.current.saved?.accessToken;
    world.clock.advance(900 - 30);
    expect((await accessToken()).accessToken).toBe(first);
    world.clock.advance(0.001);
    expect((await accessToken()).accessToken).not.toBe(first);
  });
});

describe("a stolen copy of the credentials file", () => {
  it("used by the thief first: the owner's next refresh ends the login for both", async () => {
    const stolen = savedToken();
    const thief = await refreshGiven(stolen, world.session);
    world.clock.advance(60);
    expect(await codeOf(refresh())).toBe("refresh_reused");
    expect(await codeOf(refreshGiven(thief.refreshToken, world.session))).toBe("refresh_revoked");
    expect(await theSession()).toMatchObject({ status: "revoked", reason: "reuse_detected" });
  });

  it("used by the thief after the owner: the login ends for both", async () => {
    const stolen = savedToken();
    await refresh();
    world.clock.advance(60);
    expect(await codeOf(refreshGiven(stolen, world.session))).toBe("refresh_reused");
    expect(await codeOf(refresh())).toBe("refresh_revoked");
  });

  it("taken in the middle of a refresh gives the thief no more than the token itself would", async () => {
    world.current.writes = 1;
    expect(await codeOf(refresh())).toBe("Killed");
    const copy = world.current.saved;
    world.current.writes = Number.POSITIVE_INFINITY;
    await refresh();
    world.clock.advance(60);
    expect(await codeOf(refreshGiven(copy?.nextRefreshToken ?? "", world.session))).toBe("refresh_reused");
  });
});

describe("a refresh that finds another token saved than it began with", () => {
  it("makes ready to sign before it trades that one: a missing passphrase costs nothing", async () => {
    await world.store.writeSettings({ reuse_window: 0 }, world.clock.now());
    const { open } = world.ports;
    const behindAnother = {
      ...world.ports,
      // While the store is opened, another process refreshes: what was found is a used token now.
      open: async (...given: Parameters<typeof open>) => {
        const session = await open(...given);
        await refresh();
        world.signer.failPreparing = new AppError("input_required", "no passphrase");
        return session;
      },
    };
    expect(await codeOf(refreshCurrent({ margin: null }, behindAnother))).toBe("input_required");
    expect(await theSession()).toMatchObject({ status: "active", rotations: 1 });
    world.signer.failPreparing = undefined;
    await refresh();
    expect(await theSession()).toMatchObject({ status: "active", rotations: 2 });
  });
});
