import { describe, expect, it } from "vitest";
import { createRefreshSecrets } from "../../../src/crypto/refresh-secrets.ts";
import { openStore } from "../../../src/storage/open-store.ts";
import { authority, login, PASSWORD, type TokenResponse } from "../../support/authority.ts";
import { clockOff } from "../../support/preload.ts";
import { behind, expectSound, storeOf } from "../../support/sound-store.ts";
import { refusalOf, type Sandbox } from "../../support/spawn.ts";

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

const secrets = createRefreshSecrets({ bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) });

/** Presents a refresh token on a machine whose clock is so many seconds ahead. @throws when it is refused */
async function refreshed(sandbox: Sandbox, token: string, seconds = 0): Promise<TokenResponse> {
  const out = await sandbox.ok(["refresh", "-", "--json"], { stdin: token, env: clockOff(seconds) });
  return JSON.parse(out) as TokenResponse;
}

/** Presents a refresh token that must be refused. @returns exit code and error code */
async function refused(sandbox: Sandbox, token: string, seconds = 0): Promise<[number | null, string]> {
  const ended = await sandbox.jwtctl(["refresh", "-", "--json"], { stdin: token, env: clockOff(seconds) });
  expect(ended.stdout).toBe("");
  const { code, hints } = refusalOf(ended);
  expect(hints.length).toBeGreaterThan(0);
  return [ended.code, code];
}

interface Session {
  readonly id: string;
  readonly status: string;
  readonly reason: string | null;
  readonly rotations: number;
}

async function sessionOf(sandbox: Sandbox, { session_id }: TokenResponse): Promise<Session | undefined> {
  const logins = JSON.parse(await sandbox.ok(["tokens", "list", "--json"])) as Session[];
  return logins.find(({ id }) => id === session_id);
}

/** All that is stored of logins, as it lies in the file. */
function stored(sandbox: Sandbox): unknown {
  return behind(sandbox, (database) =>
    ["sessions", "refresh_tokens"].map((table) => database.prepare(`SELECT * FROM ${table}`).all()),
  );
}

describe("a refresh token that comes back", () => {
  it("inside the window, successor unused: the answer was lost, and comes again", async () => {
    const sandbox = await authority({ processes: false });
    await sandbox.ok(["config", "set", "reuse_window", "60s"]);
    const first = await login(sandbox, "--no-save");
    const second = await refreshed(sandbox, first.refresh_token);
    const again = await refreshed(sandbox, first.refresh_token);
    expect(again.refresh_token).toBe(second.refresh_token);
    expect(again.access_token).not.toBe(second.access_token);
    expect(await sessionOf(sandbox, first)).toMatchObject({ status: "active", rotations: 1 });
    await expectSound(sandbox);
  });

  it("inside the window, successor used: refused, nothing revoked, and nothing is kept for it any more", async () => {
    const sandbox = await authority({ processes: false });
    await sandbox.ok(["config", "set", "reuse_window", "60s"]);
    const first = await login(sandbox, "--no-save");
    const second = await refreshed(sandbox, first.refresh_token);
    const third = await refreshed(sandbox, second.refresh_token);
    expect(await refused(sandbox, first.refresh_token)).toEqual([1, "refresh_superseded"]);
    expect(await sessionOf(sandbox, first)).toMatchObject({ status: "active", rotations: 2 });
    await expectSound(sandbox);
    await refreshed(sandbox, third.refresh_token);
  });

  it("outside the window: theft; the login is revoked before the refusal is printed, for thief and owner", async () => {
    const sandbox = await authority({ processes: false });
    const first = await login(sandbox, "--no-save");
    const second = await refreshed(sandbox, first.refresh_token);
    expect(await refused(sandbox, first.refresh_token, MINUTE)).toEqual([1, "refresh_reused"]);
    expect(await sessionOf(sandbox, first)).toMatchObject({ status: "revoked", reason: "reuse_detected" });
    expect(await refused(sandbox, second.refresh_token)).toEqual([1, "refresh_revoked"]);
    expect(await refused(sandbox, second.refresh_token, MINUTE)).toEqual([1, "refresh_revoked"]);
    const shown = JSON.parse(await sandbox.ok(["tokens", "show", first.session_id, "--json"]));
    expect(JSON.stringify(shown)).toContain("reuse_detected");
    await expectSound(sandbox);
    const verdict = await sandbox.jwtctl(["verify", second.access_token, "--session", "--json"]);
    expect([verdict.code, JSON.parse(verdict.stdout).valid]).toEqual([1, false]);
  });

  it("an ancestor of 1,000 rotations ago: theft all the same", async () => {
    const sandbox = await authority({ processes: false });
    const first = await login(sandbox, "--no-save");
    const newest = await rotated(sandbox, first.refresh_token, 1000);
    expect(await sessionOf(sandbox, first)).toMatchObject({ status: "active", rotations: 1000 });
    expect(await refused(sandbox, first.refresh_token, 10 * MINUTE)).toEqual([1, "refresh_reused"]);
    expect(await refused(sandbox, newest, 10 * MINUTE)).toEqual([1, "refresh_revoked"]);
    await expectSound(sandbox);
  });

  it("when the login has long been idle: theft, not expiry, whether or not the end has been seen", async () => {
    for (const isSeen of [false, true]) {
      const sandbox = await authority({ processes: false });
      const first = await login(sandbox, "--no-save");
      const second = await refreshed(sandbox, first.refresh_token);
      if (isSeen) {
        expect(await refused(sandbox, second.refresh_token, 20 * DAY)).toEqual([4, "refresh_expired"]);
      }
      expect(await refused(sandbox, first.refresh_token, 21 * DAY)).toEqual([1, "refresh_reused"]);
      expect(await sessionOf(sandbox, first)).toMatchObject({ status: "revoked", reason: "reuse_detected" });
    }
  });

  it("after the absolute end of its login: expired, used or not", async () => {
    const sandbox = await authority({ processes: false });
    const first = await login(sandbox, "--no-save");
    const second = await refreshed(sandbox, first.refresh_token);
    expect(await refused(sandbox, first.refresh_token, 91 * DAY)).toEqual([4, "refresh_expired"]);
    expect(await refused(sandbox, second.refresh_token, 91 * DAY)).toEqual([4, "refresh_expired"]);
    expect(await sessionOf(sandbox, first)).toMatchObject({ status: "expired", reason: "absolute" });
  });

  it("leaves the other logins of this user, and all of others, alone", async () => {
    const sandbox = await authority({ processes: false });
    await sandbox.ok(["users", "add", "bob", "--password-stdin"], { stdin: PASSWORD });
    const stolen = await login(sandbox, "--no-save");
    const alices = await login(sandbox, "--no-save");
    const words = ["login", "bob", "--password-stdin", "--no-save", "--json"];
    const bobs = JSON.parse(await sandbox.ok(words, { stdin: PASSWORD })) as TokenResponse;
    await refreshed(sandbox, stolen.refresh_token);
    expect(await refused(sandbox, stolen.refresh_token, MINUTE)).toEqual([1, "refresh_reused"]);
    await refreshed(sandbox, alices.refresh_token);
    await refreshed(sandbox, bobs.refresh_token);
    for (const other of [alices, bobs]) {
      expect(await sessionOf(sandbox, other)).toMatchObject({ status: "active", rotations: 1 });
    }
  });
});

describe("what is no refresh token of this store touches no login", () => {
  it("a random one with the right checksum", async () => {
    const sandbox = await authority({ processes: false });
    await login(sandbox, "--no-save");
    const before = stored(sandbox);
    expect(await refused(sandbox, secrets.create())).toEqual([1, "refresh_unknown"]);
    const ended = await sandbox.jwtctl(["tokens", "revoke", "--token", "-"], { stdin: secrets.create() });
    expect([ended.code, ended.stdout]).toEqual([1, ""]);
    expect((await sandbox.jwtctl(["logout", "-"], { stdin: secrets.create() })).code).toBe(1);
    expect(stored(sandbox)).toEqual(before);
  });

  it("the id of a login, with and without the prefix of a refresh token, and an access token", async () => {
    const sandbox = await authority({ processes: false });
    const { session_id, access_token } = await login(sandbox, "--no-save");
    const before = stored(sandbox);
    for (const text of [session_id, `jwtctl_rt_${session_id}`, access_token]) {
      expect(await refused(sandbox, text)).toEqual([5, "refresh_malformed"]);
    }
    expect(stored(sandbox)).toEqual(before);
  });

  it("one with a typing error, or cut off", async () => {
    const sandbox = await authority({ processes: false });
    const { refresh_token } = await login(sandbox, "--no-save");
    const before = stored(sandbox);
    const typo = refresh_token.slice(0, -1) + (refresh_token.endsWith("x") ? "y" : "x");
    for (const text of [typo, refresh_token.slice(0, -1), refresh_token.toUpperCase()]) {
      expect(await refused(sandbox, text)).toEqual([5, "refresh_malformed"]);
    }
    expect(stored(sandbox)).toEqual(before);
    await refreshed(sandbox, refresh_token);
  });

  it("one of another store", async () => {
    const [sandbox, other] = [await authority({ processes: false }), await authority({ processes: false })];
    const before = stored(sandbox);
    const { refresh_token } = await login(other, "--no-save");
    expect(await refused(sandbox, refresh_token)).toEqual([1, "refresh_unknown"]);
    expect(stored(sandbox)).toEqual(before);
    await refreshed(other, refresh_token);
  });
});

/** Trades a refresh token so many times, in the store itself. @returns the newest */
async function rotated(sandbox: Sandbox, first: string, count: number): Promise<string> {
  const store = await openStore(storeOf(sandbox));
  let token = first;
  for (let turn = 0; turn < count; turn++) {
    const successor = secrets.create();
    const { outcome } = await store.rotateRefreshToken(
      {
        tokenHash: secrets.hash(token),
        successorHash: secrets.hash(successor),
        sealedSuccessor: secrets.seal(token, successor),
        reuseWindow: 10_000,
        idleLifetime: 14 * DAY * 1000,
      },
      Date.now(),
    );
    expect(outcome).toBe("rotated");
    token = successor;
  }
  await store.close();
  return token;
}
