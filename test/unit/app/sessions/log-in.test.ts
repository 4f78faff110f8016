import { beforeEach, describe, expect, it } from "vitest";
import { logIn } from "../../../../src/app/sessions/log-in.ts";
import { AppError } from "../../../../src/core/base/errors.ts";
import { createWorld, PASSWORD, type World } from "./world.ts";

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

const attempt = (userName = "alice", password = PASSWORD) =>
  logIn({ userName, password, clientId: "jwtctl" }, { ...world.session, hasher: world.hasher });

async function refusal(userName: string, password: string): Promise<AppError> {
  try {
    await attempt(userName, password);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("logged in");
}

const sessions = () => world.store.listSessions({}, world.clock.now());

describe("logging in", () => {
  it("starts a login with its ends, and gives tokens for it", async () => {
    const now = world.clock.now();
    const tokens = await attempt();
    const day = 86_400_000;
    expect(tokens).toMatchObject({
      user: "alice",
      clientId: "jwtctl",
      issuedAt: now,
      accessExpiresAt: now + 900_000,
      idleExpiresAt: now + 14 * day,
      expiresAt: now + 90 * day,
    });
    expect(await sessions()).toMatchObject([{ id: tokens.sessionId, status: "active", rotations: 0 }]);
    const found = await world.store.findSessionByToken(world.session.secrets.hash(tokens.refreshToken), now);
    expect(found?.id).toBe(tokens.sessionId);
  });

  it("never lets the idle end lie after the absolute one", async () => {
    await world.store.writeSettings({ refresh_idle: 7200, refresh_max: 3600 }, world.clock.now());
    const tokens = await attempt();
    expect(tokens.idleExpiresAt).toBe(tokens.expiresAt);
  });

  it("takes the name in any case, and the password in any normalisation", async () => {
    const decomposed = "pa\u0308sse im ka\u0308stchen";
    const hash = await world.hasher.hash(decomposed.normalize("NFC"));
    await world.store.changePassword(
      { userId: "id-of-alice", passwordHash: hash, weakPassword: false },
      world.clock.now(),
    );
    expect((await attempt("ALICE", decomposed)).user).toBe("alice");
  });

  it("creates no login, and asks for no key, when the password is wrong", async () => {
    await refusal("alice", "wrong");
    expect(await sessions()).toEqual([]);
    expect(world.signer.prepared).toBe(0);
  });

  it("creates no login when the signing key cannot be opened", async () => {
    world.signer.failPreparing = new AppError("passphrase_wrong", "no");
    await expect(attempt()).rejects.toThrow("no");
    expect(await sessions()).toEqual([]);
  });
});

describe("user names cannot be collected (enumeration)", () => {
  it("an unknown user gets the very answer of a wrong password", async () => {
    const wrong = await refusal("alice", "wrong");
    const unknown = await refusal("mallory", "wrong");
    expect({ ...unknown, message: unknown.message }).toEqual({ ...wrong, message: wrong.message });
    expect(wrong.code).toBe("credentials_refused");
    expect(wrong.message).not.toContain("alice");
  });

  it("an unknown user costs the same work", async () => {
    await refusal("alice", "wrong");
    expect(world.hasher.work).toEqual(["verify"]);
    world.hasher.work.length = 0;
    await refusal("mallory", "wrong");
    expect(world.hasher.work).toEqual(["nobody"]);
  });

  it("a disabled user is told so only after the right password", async () => {
    await world.store.setUserStatus("id-of-alice", "disabled", world.clock.now());
    expect((await refusal("alice", "wrong")).code).toBe("credentials_refused");
    expect((await refusal("alice", PASSWORD)).code).toBe("user_disabled");
    expect(world.hasher.work).toEqual(["verify", "verify"]);
    expect(await sessions()).toEqual([]);
  });

  it("an impossible password is refused before any user is looked up", async () => {
    for (const name of ["alice", "mallory"]) {
      for (const password of ["", "x".repeat(1025)]) {
        expect((await refusal(name, password)).code).toBe("credentials_refused");
      }
    }
    expect(world.hasher.work).toEqual([]);
  });
});

describe("a password cut at 1,024 bytes", () => {
  it("opens nothing: the rest of it counts, or it is refused whole", async () => {
    const long = "plum kettle ".repeat(100).slice(0, 1024);
    const hash = await world.hasher.hash(long);
    await world.store.changePassword(
      { userId: "id-of-alice", passwordHash: hash, weakPassword: false },
      world.clock.now(),
    );
    expect((await attempt("alice", long)).user).toBe("alice");
    expect((await refusal("alice", `${long}x`)).code).toBe("credentials_refused");
    expect((await refusal("alice", long.slice(0, -1))).code).toBe("credentials_refused");
  });
});

describe("hashes made with other parameters than today's", () => {
  it("are replaced at the next login, and only then", async () => {
    world.hasher.version = 2;
    await refusal("alice", "wrong");
    expect(await world.store.readPasswordHash("id-of-alice")).toMatch(/^v1:/);
    await attempt();
    expect(await world.store.readPasswordHash("id-of-alice")).toBe(`v2:${PASSWORD}`);
    world.hasher.work.length = 0;
    await attempt();
    expect(world.hasher.work).toEqual(["verify"]);
  });

  it("are replaced by one of two logins at once, and both get in", async () => {
    world.hasher.version = 2;
    const both = await Promise.all([attempt(), attempt()]);
    expect(both.map(({ user }) => user)).toEqual(["alice", "alice"]);
    expect(await sessions()).toHaveLength(2);
  });

  it("do not bring back a password that is changed while it is checked", async () => {
    world.hasher.version = 2;
    const { hash } = world.hasher;
    world.hasher.hash = async (password) => {
      await world.store.changePassword(
        { userId: "id-of-alice", passwordHash: "v2:another", weakPassword: false },
        world.clock.now(),
      );
      return hash.call(world.hasher, password);
    };
    expect((await refusal("alice", PASSWORD)).code).toBe("credentials_refused");
    expect(await world.store.readPasswordHash("id-of-alice")).toBe("v2:another");
    expect(await sessions()).toEqual([]);
  });
});

describe("what happens to the user while the key is being opened", () => {
  const now = () => world.clock.now();
  it.each([
    ["disabled", () => world.store.setUserStatus("id-of-alice", "disabled", now()), "user_disabled"],
    ["removed", () => world.store.removeUser("id-of-alice", now()), "credentials_refused"],
    [
      "given another password",
      () =>
        world.store.changePassword(
          { userId: "id-of-alice", passwordHash: "v1:another", weakPassword: false },
          now(),
        ),
      "credentials_refused",
    ],
  ])("%s: no login comes of it", async (_, happens, code) => {
    world.signer.meanwhile = happens;
    expect((await refusal("alice", PASSWORD)).code).toBe(code);
    expect(await sessions()).toEqual([]);
  });
});
