import { describe, expect, it } from "vitest";
import { createRefreshSecrets } from "../../src/crypto/refresh-secrets.ts";
import { amount } from "../support/amount.ts";
import { authority, login, PASSWORD, type TokenResponse } from "../support/authority.ts";
import { type Command, clockOff, together } from "../support/preload.ts";
import { behind, expectSound } from "../support/sound-store.ts";
import { type Ended, refusalOf, type Sandbox } from "../support/spawn.ts";

const NEW_PASSWORD = "eleven loud engines settle";

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const refresh = ({ refresh_token }: TokenResponse): Command => ({
  args: ["refresh", "-", "--json"],
  stdin: refresh_token,
});
const codeOf = (ended: Ended) => refusalOf(ended).code;

/** Refreshes that race against what ends their logins: the answer is a pair of tokens, or one of these refusals. */
function printedBy(ended: readonly Ended[], refusals: readonly string[]): TokenResponse[] {
  const printed: TokenResponse[] = [];
  for (const one of ended) {
    if (one.code === 0) printed.push(JSON.parse(one.stdout) as TokenResponse);
    else {
      expect(one).toMatchObject({ code: 1, stdout: "" });
      expect(refusals).toContain(codeOf(one));
    }
  }
  return printed;
}

/** Neither the tokens a race began with nor those it printed buy anything, or wake anything, any more. */
async function expectDead(sandbox: Sandbox, tokens: readonly TokenResponse[], reason: string) {
  const dead = await Promise.all(
    tokens.map((one) => sandbox.jwtctl(refresh(one).args, { stdin: one.refresh_token })),
  );
  for (const one of dead) expect([one.code, one.stdout, codeOf(one)]).toEqual([1, "", "refresh_revoked"]);
  const logins = JSON.parse(await sandbox.ok(["tokens", "list", "--json"]));
  for (const { session_id } of tokens) {
    expect(logins.find(({ id }: { id: string }) => id === session_id)).toMatchObject({
      status: "revoked",
      reason,
    });
  }
}

describe("refreshes of one login while it is ended", () => {
  it("by revoke: whoever was quicker, no token that was printed is of use afterwards", async () => {
    const sandbox = await authority();
    const first = await login(sandbox, "--no-save");
    await sandbox.ok(["config", "set", "reuse_window", "60s"]);
    const revoke = { args: ["tokens", "revoke", first.session_id, "--json"] };
    const ended = await together(
      sandbox,
      times(24, (index) => (index % 4 === 3 ? revoke : refresh(first))),
    );
    const revocations = ended.filter((_, index) => index % 4 === 3);
    expect(revocations.map(({ code }) => code)).toEqual(times(6, () => 0));
    const revoked = revocations.flatMap(({ stdout }) => JSON.parse(stdout).revoked as string[]);
    expect(revoked, "one of them ended it, and told so").toEqual([first.session_id]);
    const printed = printedBy(
      ended.filter((_, index) => index % 4 !== 3),
      ["refresh_revoked"],
    );
    expect(new Set(printed.map((one) => one.refresh_token)).size).toBeLessThanOrEqual(1);
    await expectSound(sandbox);
    await expectDead(sandbox, [first, ...printed], "revoked");
  });
});

describe("refreshes and logins of a user while", () => {
  it("the user is disabled: nothing printed survives, also when the user is enabled again", async () => {
    const sandbox = await authority();
    const logins = await inTurn(10, () => login(sandbox, "--no-save"));
    const ended = await together(sandbox, [
      ...logins.map(refresh),
      { args: ["users", "disable", "alice"] },
      ...times(4, () => logIn(PASSWORD, BEGINNING)),
    ]);
    expect(ended[logins.length]?.code).toBe(0);
    const printed = printedBy(ended.slice(0, logins.length), ["refresh_revoked", "user_disabled"]);
    const begun = printedBy(ended.slice(logins.length + 1), ["user_disabled"]);
    await sandbox.ok(["users", "enable", "alice"]);
    await expectSound(sandbox);
    await expectDead(sandbox, [...logins, ...printed, ...begun], "user_disabled");
    await login(sandbox);
  });

  it("the password is changed: no login made with the old one goes on", async () => {
    const sandbox = await authority();
    const logins = await inTurn(10, () => login(sandbox, "--no-save"));
    const ended = await together(sandbox, [
      ...logins.map(refresh),
      { args: ["users", "passwd", "alice", "--password-stdin"], stdin: NEW_PASSWORD },
      ...times(4, () => logIn(PASSWORD, BEGINNING)),
    ]);
    expect(ended[logins.length]?.code).toBe(0);
    const printed = printedBy(ended.slice(0, logins.length), ["refresh_revoked"]);
    const begun = printedBy(ended.slice(logins.length + 1), ["credentials_refused"]);
    await expectSound(sandbox);
    await expectDead(sandbox, [...logins, ...printed, ...begun], "password_changed");
    expect((await sandbox.jwtctl(logIn(PASSWORD).args, { stdin: PASSWORD })).code).toBe(1);
    await sandbox.ok(logIn(NEW_PASSWORD).args, { stdin: NEW_PASSWORD });
  });

  it("the user is removed and added again: the new one has no login of the old one", async () => {
    const sandbox = await authority();
    const logins = await inTurn(6, () => login(sandbox, "--no-save"));
    const ended = await together(sandbox, [
      ...logins.map(refresh),
      { args: ["users", "remove", "alice", "--yes"] },
      ...times(3, () => logIn(PASSWORD, BEGINNING)),
    ]);
    expect(ended[logins.length]?.code).toBe(0);
    const printed = printedBy(ended.slice(0, logins.length), ["refresh_revoked"]);
    const begun = printedBy(ended.slice(logins.length + 1), ["credentials_refused"]);
    await sandbox.ok(["users", "add", "alice", "--password-stdin"], { stdin: NEW_PASSWORD });
    await expectSound(sandbox);
    await expectDead(sandbox, [...logins, ...printed, ...begun], "user_removed");
  });
});

const logIn = (password: string, transaction = 1): Command => ({
  args: ["login", "alice", "--password-stdin", "--no-save", "--json"],
  stdin: password,
  transaction,
});
/** Where a login whose password has been found right begins: an attempt is counted and judged before. */
const BEGINNING = 3;

async function inTurn<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < count; index++) results.push(await work());
  return results;
}

const GUESSES = amount({ soak: 100, gate: 20 });

describe(`${GUESSES} wrong passwords at once`, () => {
  it("are counted one by one, the lock holds against the right one, and unlock ends it", async () => {
    const sandbox = await authority();
    const began = performance.now();
    const wrong = times(GUESSES, (index) => logIn(`the wrong password, try ${index}`));
    const ended = await together(sandbox, wrong);
    const codes = ended.map(codeOf);
    for (const one of ended) expect([one.code, one.stdout]).toEqual([1, ""]);
    expect(new Set(codes)).toEqual(new Set(["credentials_refused", "login_throttled"]));
    const tried = codes.filter((code) => code === "credentials_refused").length;
    const { failed_attempts } = await alice(sandbox);
    expect(failed_attempts).toBe(tried);
    // Five are free; each one more has had to wait for the one before it: 1 s, 2 s, 4 s.
    const seconds = (performance.now() - began) / 1000;
    expect(2 ** (tried - 5) - 1).toBeLessThanOrEqual(seconds);

    // Ten more, each after the wait for the one before it, make the wait fifteen minutes long.
    for (let more = 1; more <= 10; more++) {
      const one = await sandbox.jwtctl(logIn("another wrong password").args, {
        stdin: "another wrong password",
        env: clockOff(more * 1000),
      });
      expect(codeOf(one)).toBe("credentials_refused");
    }
    const right = await sandbox.jwtctl(logIn(PASSWORD).args, { stdin: PASSWORD, env: clockOff(10_000) });
    expect([right.code, right.stdout, codeOf(right)]).toEqual([1, "", "login_throttled"]);
    expect((await alice(sandbox)).failed_attempts).toBe(tried + 10);
    // Guesses whose clock was read before the last attempt move nothing.
    const { locked_until } = await alice(sandbox);
    for (const behind of [3, 9, 5]) {
      const env = clockOff(10_000 - behind);
      const stale = await sandbox.jwtctl(logIn(PASSWORD).args, { stdin: PASSWORD, env });
      expect([stale.code, codeOf(stale)]).toEqual([1, "login_throttled"]);
      expect(await alice(sandbox)).toEqual({ failed_attempts: tried + 10, locked_until });
    }
    await sandbox.ok(["users", "unlock", "alice"]);
    await sandbox.ok(logIn(PASSWORD).args, { stdin: PASSWORD });
    expect(await alice(sandbox)).toMatchObject({ failed_attempts: 0 });
    await expectSound(sandbox);
  });
});

/** From the file: what counts is what is stored. */
async function alice(sandbox: Sandbox): Promise<{ failed_attempts: number; locked_until: number | null }> {
  return behind(
    sandbox,
    (database) =>
      database.prepare("SELECT failed_attempts, locked_until FROM users WHERE name = 'alice'").get() as {
        failed_attempts: number;
        locked_until: number | null;
      },
  );
}

describe("prune while others refresh", () => {
  it("removes whole logins that ended long ago, and touches no live one", async () => {
    const sandbox = await authority();
    const logins = await inTurn(6, () => login(sandbox, "--no-save"));
    const OLD = 3000;
    plantEndedSessions(sandbox, OLD);
    const ended = await together(
      sandbox,
      times(3, () => ({ args: ["tokens", "prune", "--json"] })).concat(logins.map(refresh) as never[]),
    );
    expect(ended.map(({ code }) => code)).toEqual(times(9, () => 0));
    const pruned = ended.slice(0, 3).map(({ stdout }) => JSON.parse(stdout).pruned as number);
    expect(pruned.reduce((sum, count) => sum + count, 0)).toBe(OLD);
    for (const [index, one] of printedBy(ended.slice(3), []).entries()) {
      expect(one.session_id).toBe(logins[index]?.session_id);
      await sandbox.ok(refresh(one).args, { stdin: one.refresh_token });
    }
    await expectSound(sandbox);
    const left = JSON.parse(await sandbox.ok(["tokens", "list", "--json"])) as {
      id: string;
      rotations: number;
    }[];
    expect(left.map(({ id }) => id).sort()).toEqual(logins.map(({ session_id }) => session_id).sort());
    for (const { rotations } of left) expect(rotations).toBe(2);
  });
});

const DAY = 24 * 60 * 60 * 1000;

/** Logins of alice with two refresh tokens each, whose absolute end lies more than 30 days back. */
function plantEndedSessions(sandbox: Sandbox, count: number): void {
  const secrets = createRefreshSecrets({ bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) });
  const hash = () => Buffer.from(secrets.hash(secrets.create()));
  behind(sandbox, (database) => {
    const { id } = database.prepare("SELECT id FROM users").get() as { id: string };
    const addSession = database.prepare(
      `INSERT INTO sessions (id, user_id, user_name, client_id, created_at, last_used_at, idle_expires_at, expires_at, rotations)
       VALUES (@login, @id, 'alice', 'jwtctl', @at, @at, @end, @end, 1)`,
    );
    const addToken = database.prepare(
      `INSERT INTO refresh_tokens (session_id, seq, hash, created_at, idle_expires_at, consumed_at)
       VALUES (@login, @seq, @hash, @at, @end, @consumed)`,
    );
    const at = Date.now() - 130 * DAY;
    const end = at + 90 * DAY;
    database.transaction(() => {
      for (let index = 0; index < count; index++) {
        const login = `old${String(index).padStart(13, "0")}`;
        addSession.run({ login, id, at, end });
        addToken.run({ login, seq: 1, hash: hash(), at, end, consumed: at + DAY });
        addToken.run({ login, seq: 2, hash: hash(), at, end, consumed: null });
      }
    })();
  });
}
