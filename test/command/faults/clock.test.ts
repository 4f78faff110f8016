import { describe, expect, it } from "vitest";
import { authority, login, PASSWORD, type TokenResponse } from "../../support/authority.ts";
import { clockOff } from "../../support/preload.ts";
import { expectSound } from "../../support/sound-store.ts";
import { refusalOf, type Sandbox } from "../../support/spawn.ts";

const HOUR = 60 * 60;
const YEAR = 365.25 * 24 * HOUR;
const HOUR_BACK = clockOff(-HOUR);
const TEN_YEARS_AHEAD = clockOff(10 * YEAR);

interface Key {
  readonly kid: string;
  readonly state: string;
}

async function keysOf(sandbox: Sandbox): Promise<Key[]> {
  return JSON.parse(await sandbox.ok(["keys", "list", "--json"])) as Key[];
}

async function refusedWith(
  sandbox: Sandbox,
  words: readonly string[],
  options: { stdin?: string; env?: Record<string, string> },
): Promise<[number | null, string]> {
  const ended = await sandbox.jwtctl([...words, "--json"], options);
  expect(ended.stdout).toBe("");
  return [ended.code, refusalOf(ended).code];
}

describe("a clock that goes one hour back", () => {
  it("between two uses of a refresh token: refused with 4 and a hint, nothing revoked, and all is well when it is set right", async () => {
    const sandbox = await authority({ processes: false });
    await sandbox.ok(["config", "set", "reuse_window", "60s"]);
    const first = await login(sandbox, "--no-save");
    const second = JSON.parse(await sandbox.ok(["refresh", "-", "--json"], { stdin: first.refresh_token }));
    const ended = await sandbox.jwtctl(["refresh", "-", "--json"], {
      stdin: first.refresh_token,
      env: HOUR_BACK,
    });
    expect([ended.code, ended.stdout, refusalOf(ended).code]).toEqual([4, "", "clock_went_back"]);
    expect(refusalOf(ended).hints.join()).toContain("Set the clock right");
    const again = JSON.parse(await sandbox.ok(["refresh", "-", "--json"], { stdin: first.refresh_token }));
    expect(again.refresh_token).toBe(second.refresh_token);
    await expectSound(sandbox);
  });

  it("does not keep the newest refresh token from its use, nor anybody from logging in", async () => {
    const sandbox = await authority({ processes: false });
    const first = await login(sandbox, "--no-save");
    const out = await sandbox.ok(["refresh", "-", "--json"], { stdin: first.refresh_token, env: HOUR_BACK });
    const second = JSON.parse(out) as TokenResponse;
    await sandbox.ok(["login", "alice", "--password-stdin", "--no-save"], {
      stdin: PASSWORD,
      env: HOUR_BACK,
    });
    await sandbox.ok(["refresh", "-"], { stdin: second.refresh_token });
    await expectSound(sandbox);
  });

  it("says of a token from the future that only the time is wrong", async () => {
    const sandbox = await authority({ processes: false });
    const { access_token } = await login(sandbox, "--no-save");
    const ended = await sandbox.jwtctl(["verify", access_token, "--json"], { env: HOUR_BACK });
    expect(ended.code).toBe(4);
    expect(JSON.parse(ended.stdout)).toMatchObject({ valid: false });
    await sandbox.ok(["verify", access_token]);
  });

  it("lets no lock end before its time, and makes none endless", async () => {
    const sandbox = await authority({ processes: false });
    const guess = (env: Record<string, string>) =>
      refusedWith(sandbox, ["login", "alice", "--password-stdin"], {
        stdin: "a wrong password, surely",
        env,
      });
    for (let ahead = 0; ahead < 12; ahead++) {
      expect(await guess(clockOff(ahead * 1000))).toEqual([1, "credentials_refused"]);
    }
    // Two minutes to wait now, by the clock of the last guess and by one that went back an hour.
    const right = { stdin: PASSWORD, env: clockOff(11_000 - HOUR) };
    expect(await refusedWith(sandbox, ["login", "alice", "--password-stdin"], right)).toEqual([
      1,
      "login_throttled",
    ]);
    const later = { stdin: PASSWORD, env: clockOff(11_000 - HOUR + 16 * 60) };
    await sandbox.ok(["login", "alice", "--password-stdin", "--no-save"], later);
  });

  it("rotates no key early, and retires none before its tokens have expired", async () => {
    const sandbox = await authority({ processes: false });
    const before = await keysOf(sandbox);
    await sandbox.ok(["keys", "rotate", "--if-older-than", "1d"], { env: HOUR_BACK });
    expect(await keysOf(sandbox)).toEqual(before);
    const token = await sandbox.ok(["mint", "--sub", "bob", "--ttl", "5m", "--quiet"]);
    await sandbox.ok(["keys", "rotate", "--now"], { env: HOUR_BACK });
    await sandbox.ok(["verify", token.trim()]);
    expect((await keysOf(sandbox)).map(({ state }) => state).sort()).toEqual([
      "active",
      "retiring",
      "standby",
    ]);
    await expectSound(sandbox);
  });
});

describe("a clock that goes ten years forward, and back", () => {
  it("while only reading: nothing is different afterwards", async () => {
    const sandbox = await authority({ processes: false, login: true });
    const { access_token } = await login(sandbox, "--no-save");
    await sandbox.ok(["keys", "rotate", "--now"]);
    const before = await snapshot(sandbox);
    for (const words of [
      ["keys", "list"],
      ["keys", "jwks"],
      ["tokens", "list"],
      ["users", "list"],
      ["whoami"],
    ]) {
      await sandbox.jwtctl(words, { env: TEN_YEARS_AHEAD });
    }
    expect((await sandbox.jwtctl(["verify", access_token], { env: TEN_YEARS_AHEAD })).code).not.toBe(0);
    expect(await troublesOf(sandbox, TEN_YEARS_AHEAD)).toEqual(["key_age: warn", "clock: warn"]);
    expect(await snapshot(sandbox)).toEqual(before);
    await sandbox.ok(["verify", access_token]);
    await sandbox.ok(["refresh"]);
  });

  it("an end that a refresh has seen is final; a login that nobody presented goes on", async () => {
    const sandbox = await authority({ processes: false });
    const [seen, unseen] = [await login(sandbox, "--no-save"), await login(sandbox, "--no-save")];
    const there = { stdin: seen.refresh_token, env: TEN_YEARS_AHEAD };
    expect(await refusedWith(sandbox, ["refresh", "-"], there)).toEqual([4, "refresh_expired"]);
    const back = { stdin: seen.refresh_token };
    expect(await refusedWith(sandbox, ["refresh", "-"], back)).toEqual([4, "refresh_expired"]);
    await sandbox.ok(["refresh", "-"], { stdin: unseen.refresh_token });
    await expectSound(sandbox);
  });

  it("keys that were rotated then: what was signed before is verified and published as long as it lives", async () => {
    const sandbox = await authority({ processes: false });
    const { access_token } = await login(sandbox, "--no-save");
    const before = await keysOf(sandbox);
    await sandbox.ok(["keys", "rotate", "--now"], { env: TEN_YEARS_AHEAD });
    await sandbox.ok(["mint", "--sub", "bob", "--ttl", "5m"], { env: TEN_YEARS_AHEAD });
    await sandbox.ok(["verify", access_token]);
    const { keys } = JSON.parse(await sandbox.ok(["keys", "jwks"])) as { keys: Key[] };
    for (const { kid } of before) expect(keys.map((key) => key.kid)).toContain(kid);
    await expectSound(sandbox);
  });

  it("logins that were made then are told by doctor, and can be ended", async () => {
    const sandbox = await authority({ processes: false });
    const words = ["login", "alice", "--password-stdin", "--no-save", "--json"];
    const made = JSON.parse(
      await sandbox.ok(words, { stdin: PASSWORD, env: TEN_YEARS_AHEAD }),
    ) as TokenResponse;
    expect((await sandbox.jwtctl(["verify", made.access_token])).code).toBe(4);
    expect(await troublesOf(sandbox)).toEqual(["clock: warn"]);
    await sandbox.ok(["tokens", "revoke", made.session_id]);
    const back = { stdin: made.refresh_token };
    expect(await refusedWith(sandbox, ["refresh", "-"], back)).toEqual([1, "refresh_revoked"]);
    await expectSound(sandbox);
  });
});

describe("what cannot be undone, while the clock is ten years ahead", () => {
  it("prune removes no login, also when the store has been written at that time", async () => {
    const sandbox = await authority({ processes: false });
    const first = await login(sandbox, "--no-save");
    const prune = () => refusedWith(sandbox, ["tokens", "prune"], { env: TEN_YEARS_AHEAD });
    expect(await prune()).toEqual([4, "clock_implausible"]);
    const words = ["login", "alice", "--password-stdin", "--no-save"];
    await sandbox.ok(words, { stdin: PASSWORD, env: TEN_YEARS_AHEAD });
    await sandbox.ok(["keys", "rotate", "--now"], { env: TEN_YEARS_AHEAD });
    expect(await prune()).toEqual([4, "clock_implausible"]);
    const people = await sandbox.jwtctl(["tokens", "prune"], { env: TEN_YEARS_AHEAD });
    expect(people.stderr).toContain("hint: Set the clock right");
    expect(people.stderr).toContain("jwtctl tokens prune --yes");
    await sandbox.ok(["refresh", "-"], { stdin: first.refresh_token });
    expect(JSON.parse(await sandbox.ok(["tokens", "prune", "--json"]))).toEqual({
      dry_run: false,
      pruned: 0,
    });
    await expectSound(sandbox);
  });

  it("a key that is retiring, and what is kept of it, come through rotations and repairs", async () => {
    const sandbox = await authority({ processes: false });
    const { access_token } = await login(sandbox, "--no-save");
    const [, old] = await keysOf(sandbox);
    await sandbox.ok(["keys", "rotate", "--now", "--keep-private"]);
    await sandbox.ok(["keys", "rotate", "--now"], { env: TEN_YEARS_AHEAD });
    await sandbox.ok(["keys", "rotate", "--now"], { env: TEN_YEARS_AHEAD });
    const fixed = await sandbox.jwtctl(["doctor", "--fix", "--json"], { env: TEN_YEARS_AHEAD });
    expect(JSON.parse(fixed.stdout).repairs).toEqual([
      expect.objectContaining({ id: "private_halves", done: false }),
    ]);
    expect(await refusedWith(sandbox, ["keys", "delete", old?.kid ?? ""], { env: TEN_YEARS_AHEAD })).toEqual([
      4,
      "clock_implausible",
    ]);
    await sandbox.ok(["verify", access_token]);
    const { keys } = JSON.parse(await sandbox.ok(["keys", "jwks"])) as { keys: Key[] };
    expect(keys.map(({ kid }) => kid)).toContain(old?.kid);
    await sandbox.ok(["keys", "activate", old?.kid ?? ""]);
    await expectSound(sandbox);
  });

  it("a rotation made then stops no later one, and doctor says how its dates are set right", async () => {
    const sandbox = await authority({ processes: false });
    const { access_token } = await login(sandbox, "--no-save");
    const [, old] = await keysOf(sandbox);
    await sandbox.ok(["keys", "rotate", "--now"], { env: TEN_YEARS_AHEAD });
    expect(await troublesOf(sandbox)).toEqual(["key_age: warn", "key_dates: warn", "clock: warn"]);
    const rotate = ["keys", "rotate", "--if-older-than", "30d", "--json"];
    expect(JSON.parse(await sandbox.ok(rotate))).toMatchObject({ changed: true });
    expect(JSON.parse(await sandbox.ok(rotate))).toMatchObject({ changed: false, reason: "too_young" });
    const retire = ["keys", "retire", old?.kid ?? "", "--json"];
    const { changed, key } = JSON.parse(await sandbox.ok(retire));
    expect([changed, key.state]).toEqual([true, "retiring"]);
    expect(Date.parse(key.retires_at)).toBeLessThan(Date.now() + HOUR * 1000);
    expect(JSON.parse(await sandbox.ok(retire))).toMatchObject({ changed: false });
    await sandbox.ok(["verify", access_token]);
    expect(await troublesOf(sandbox)).toEqual(["clock: warn"]);
    await expectSound(sandbox);
  });
});

const TOLD = ["key_age", "key_dates", "private_halves", "sessions", "seals", "audit", "clock"];

/** What doctor warns of where a clock can be the cause, as `check: status`. */
async function troublesOf(sandbox: Sandbox, env: Record<string, string> = {}): Promise<string[]> {
  const { stdout } = await sandbox.jwtctl(["doctor", "--json"], { env });
  const { findings } = JSON.parse(stdout) as { findings: { id: string; status: string }[] };
  return findings
    .filter(({ id, status }) => TOLD.includes(id) && (status === "warn" || status === "fail"))
    .map(({ id, status }) => `${id}: ${status}`);
}

async function snapshot(sandbox: Sandbox): Promise<unknown> {
  return Promise.all([
    keysOf(sandbox),
    sandbox.ok(["tokens", "list", "--json"]),
    sandbox.ok(["users", "list", "--json"]),
  ]);
}
