import { describe, expect, it } from "vitest";
import type { Cli } from "../../support/run.ts";
import {
  jwksOf,
  type KeyJson,
  keyIn,
  keysOf,
  plainStore,
  sealedStore,
  signSomething,
  UNLOCKED,
} from "./support.ts";

const stateOf = async (cli: Cli, kid: string) => (await keysOf(cli)).find((key) => key.kid === kid)?.state;

/** What a command that changes nothing leaves. */
async function unchanged(cli: Cli, work: () => Promise<unknown>): Promise<void> {
  const before = await keysOf(cli);
  await work();
  expect(await keysOf(cli)).toEqual(before);
}

describe("keys rotate", () => {
  it("promotes the standby, makes the next, and keeps the old key until its tokens have expired", async () => {
    const cli = await plainStore();
    await signSomething(cli);
    const [standby, active] = [await keyIn(cli, "standby"), await keyIn(cli, "active")];
    expect(await cli.json("keys rotate")).toEqual({
      dry_run: false,
      changed: true,
      reason: null,
      active: { ...standby, state: "active", activated_at: "2026-03-01T12:00:00.000Z" },
      previous: {
        ...active,
        state: "retiring",
        // 15 minutes of the token, 5 of leeway, 10 of cached key sets
        retires_at: "2026-03-01T12:30:00.000Z",
        has_private: false,
      },
      standby: expect.objectContaining({ state: "standby", alg: "ES256" }),
    });
    cli.clock.advance(30 * 60);
    expect(await stateOf(cli, active.kid)).toBe("retired");
  });

  it("a token signed before the rotation verifies after it", async () => {
    const cli = await plainStore();
    const token = await signSomething(cli);
    await cli.ok("keys rotate");
    const { kid } = JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());
    expect((await jwksOf(cli)).map((key) => key.kid)).toContain(kid);
  });

  it("--if-older-than is idempotent", async () => {
    const cli = await plainStore();
    await unchanged(cli, async () => {
      expect(await cli.json("keys rotate --if-older-than 30d")).toMatchObject({
        changed: false,
        reason: "too_young",
      });
    });
    cli.clock.advance(30 * 86_400);
    expect(await cli.json("keys rotate --if-older-than 30d --dry-run")).toMatchObject({ changed: true });
    expect(await cli.json("keys rotate --if-older-than 30d")).toMatchObject({ changed: true });
    expect(await cli.json("keys rotate --if-older-than 30d")).toMatchObject({ changed: false });
  });

  it.each(["30", "+30", " 30 ", "0"])(
    "--if-older-than takes no number for seconds: a timer that forgot the d would rotate each time: %j",
    async (age) => {
      const cli = await plainStore();
      cli.clock.advance(86_400);
      await unchanged(cli, async () => {
        const refusal = await cli.refusal(["keys", "rotate", "--if-older-than", age]);
        expect(refusal).toMatchObject({
          exit: 2,
          code: "usage",
          message: expect.stringContaining("of what?"),
        });
        expect(refusal.hints[0]).toContain(`--if-older-than ${age.replace(/\D/g, "")}d`);
      });
    },
  );

  it("--if-older-than asks for no passphrase while there is nothing to do", async () => {
    const cli = await sealedStore();
    expect(await cli.json("keys rotate --if-older-than 30d")).toMatchObject({ changed: false });
    expect(await cli.refusal("keys rotate")).toMatchObject({ code: "input_required" });
  });

  it("--alg changes the next standby, which has its turn at the next rotation", async () => {
    const cli = await plainStore();
    expect(await cli.json("keys rotate --alg EdDSA")).toMatchObject({
      active: { alg: "ES256" },
      standby: { alg: "EdDSA" },
    });
    expect(await cli.json("keys rotate")).toMatchObject({
      active: { alg: "EdDSA" },
      standby: { alg: "ES256" },
    });
  });

  it("--keep-private allows going back", async () => {
    const cli = await plainStore();
    const old = await keyIn(cli, "active");
    await cli.ok("keys rotate --keep-private");
    expect(await cli.json(["keys", "activate", old.kid])).toMatchObject({ active: { kid: old.kid } });
    await signSomething(cli);
    expect((await keyIn(cli, "active")).max_exp).not.toBeNull();
  });

  it("without a standby it makes one, and warns that verifiers have not seen it", async () => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "standby");
    await cli.ok(["keys", "delete", kid, "--force"]);
    const { stderr, stdout } = await cli.run("keys rotate --json");
    expect(JSON.parse(stdout)).toMatchObject({ changed: true });
    expect(stderr).toContain("not published ahead");
    expect((await keysOf(cli)).map(({ state }) => state).sort()).toEqual(["active", "retiring", "standby"]);
  });

  it("a dry run changes nothing and names what would happen", async () => {
    const cli = await sealedStore();
    const [standby, active] = [await keyIn(cli, "standby"), await keyIn(cli, "active")];
    await unchanged(cli, async () => {
      expect(await cli.json("keys rotate --dry-run --alg RS256")).toMatchObject({
        dry_run: true,
        changed: true,
        active: { kid: standby.kid },
        previous: { kid: active.kid, state: "retiring", has_private: false },
        standby: { kid: null, alg: "RS256" },
      });
    });
  });

  it.each(["keys rotate --if-older-than soon", "keys rotate --alg ROT13", "keys rotate --if-older-than -1d"])(
    "refuses %s",
    async (command) => {
      const cli = await plainStore();
      await unchanged(cli, async () =>
        expect(await cli.refusal(command)).toMatchObject({ exit: 2, code: "usage" }),
      );
    },
  );
});

describe("keys activate", () => {
  it("makes a new standby when it takes the last one, and asks for the passphrase only then", async () => {
    const cli = await sealedStore();
    const { kid } = await keyIn(cli, "standby");
    expect(await cli.refusal(["keys", "activate", kid])).toMatchObject({ code: "input_required" });
    const result = await cli.json(["keys", "activate", kid], UNLOCKED);
    expect(result).toMatchObject({ changed: true, active: { kid }, standby: { state: "standby" } });
    const again = await cli.json(["keys", "activate", kid]);
    expect(again).toMatchObject({ changed: false, previous: null, standby: null });
  });

  it("a key whose private half is gone cannot be activated", async () => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "active");
    await cli.ok("keys rotate");
    await unchanged(cli, async () => {
      for (const flags of [[], ["--dry-run"]]) {
        const refusal = await cli.refusal(["keys", "activate", kid, ...flags]);
        expect(refusal).toMatchObject({ exit: 1, code: "key_state_conflict" });
        expect(refusal.hints[0]).toContain("--keep-private");
      }
    });
  });

  it("a dry run changes nothing", async () => {
    const cli = await sealedStore();
    const { kid } = await keyIn(cli, "standby");
    await unchanged(cli, async () => {
      expect(await cli.json(["keys", "activate", kid, "--dry-run"])).toMatchObject({
        dry_run: true,
        active: { kid, state: "active" },
        standby: { kid: null },
      });
    });
  });
});

describe("keys revoke", () => {
  it("takes a key out of the JWKS at once, has another one sign, and says until when tokens live elsewhere", async () => {
    const cli = await plainStore();
    await signSomething(cli);
    const [standby, active] = [await keyIn(cli, "standby"), await keyIn(cli, "active")];
    const max_exp = cli.clock.now() / 1000 + 900;
    expect(await cli.json(["keys", "revoke", active.kid])).toEqual({
      dry_run: false,
      changed: true,
      key: { ...active, state: "revoked", has_private: false, max_exp },
      active: { ...standby, state: "active", activated_at: "2026-03-01T12:00:00.000Z" },
      standby: expect.objectContaining({ state: "standby" }),
      tokens_max_exp: max_exp,
      signed_without_exp: false,
      revoked_sessions: null,
    });
    expect((await jwksOf(cli)).map(({ kid }) => kid)).not.toContain(active.kid);
  });

  it("is idempotent", async () => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "active");
    await cli.ok(["keys", "revoke", kid]);
    await unchanged(cli, async () => {
      expect(await cli.json(["keys", "revoke", kid])).toMatchObject({ changed: false, active: null });
    });
  });

  it("--with-sessions ends every login in the same step", async () => {
    const cli = await plainStore();
    await signSomething(cli);
    await signSomething(cli);
    const { kid } = await keyIn(cli, "active");
    const logins = await cli.json<{ id: string }[]>("tokens list");
    const { revoked_sessions } = await cli.json<{ revoked_sessions: string[] }>([
      ...["keys", "revoke", kid, "--with-sessions", "--yes"],
    ]);
    expect([...revoked_sessions].sort()).toEqual(logins.map(({ id }) => id).sort());
    for (const login of await cli.json<{ status: string; reason: string }[]>("tokens list")) {
      expect(login).toMatchObject({ status: "revoked", reason: "key_compromised" });
    }
  });

  it("--with-sessions asks first, and without anybody to ask it names the flag", async () => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "active");
    await unchanged(cli, async () => {
      const refusal = await cli.refusal(["keys", "revoke", kid, "--with-sessions"]);
      expect(refusal).toMatchObject({ exit: 2, code: "input_required" });
      expect(refusal.hints.join()).toContain("--yes");
    });
  });

  it("a dry run counts the logins and changes nothing", async () => {
    const cli = await sealedStore();
    await signSomething(cli, UNLOCKED);
    const { kid } = await keyIn(cli, "active");
    await unchanged(cli, async () => {
      const plan = await cli.json(["keys", "revoke", kid, "--with-sessions", "--dry-run"]);
      expect(plan).toMatchObject({ dry_run: true, changed: true, revoked_sessions: [expect.any(String)] });
    });
    expect(await cli.json("tokens list")).toMatchObject([{ status: "active" }]);
  });

  it("a wrong passphrase changes nothing: neither key nor login is revoked", async () => {
    const cli = await sealedStore();
    await signSomething(cli, UNLOCKED);
    const { kid } = await keyIn(cli, "active");
    await unchanged(cli, async () => {
      const words = ["keys", "revoke", kid, "--with-sessions", "--yes"];
      const refusal = await cli.refusal(words, { env: { JWTCTL_PASSPHRASE: "an old elm" } });
      expect(refusal).toMatchObject({ exit: 6, code: "passphrase_wrong" });
    });
    expect(await cli.json("tokens list")).toMatchObject([{ status: "active" }]);
  });

  it("a revoked key cannot be activated again", async () => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "active");
    await cli.ok(["keys", "revoke", kid]);
    await unchanged(cli, async () => {
      expect(await cli.refusal(["keys", "activate", kid])).toMatchObject({ code: "key_state_conflict" });
      expect(await cli.refusal(["keys", "retire", kid])).toMatchObject({ code: "key_state_conflict" });
    });
  });
});

describe("keys delete", () => {
  it.each([[[]], [["--force"]]])("the active key is never deleted (%j)", async (flags) => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "active");
    await unchanged(cli, async () => {
      expect(await cli.refusal(["keys", "delete", kid, ...flags])).toMatchObject({
        code: "key_state_conflict",
      });
    });
  });

  it("with live tokens it is refused, and --force says what breaks", async () => {
    const cli = await plainStore();
    await signSomething(cli);
    const { kid } = await keyIn(cli, "active");
    await cli.ok("keys rotate");
    expect(await cli.refusal(["keys", "delete", kid])).toMatchObject({ exit: 1, code: "key_state_conflict" });
    expect(await cli.json(["keys", "delete", kid, "--force"])).toMatchObject({
      changed: true,
      key: { kid, state: "retiring" },
      consequences: ["tokens_refused"],
    });
    expect(await cli.refusal(["keys", "show", kid])).toMatchObject({ exit: 3, code: "key_not_found" });
  });

  it("a retired key goes without force", async () => {
    const cli = await plainStore();
    await signSomething(cli);
    const { kid } = await keyIn(cli, "active");
    await cli.ok("keys rotate");
    cli.clock.advance(1800);
    expect(await cli.json(["keys", "delete", kid])).toMatchObject({ consequences: [] });
  });

  it("a dry run with force deletes nothing", async () => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "standby");
    await unchanged(cli, async () => {
      expect(await cli.json(["keys", "delete", kid, "--force", "--dry-run"])).toMatchObject({
        dry_run: true,
        consequences: ["nothing_published_ahead"],
      });
    });
  });
});

describe("keys retire", () => {
  it("ends a standby that is not wanted, once", async () => {
    const cli = await plainStore();
    await cli.ok("keys generate");
    const { kid } = await keyIn(cli, "standby");
    await unchanged(cli, async () => cli.ok(["keys", "retire", kid, "--dry-run"]));
    expect(await cli.json(["keys", "retire", kid])).toMatchObject({
      changed: true,
      key: { state: "retired", has_private: false },
    });
    expect(await cli.json(["keys", "retire", kid])).toMatchObject({ changed: false });
  });

  it("leaves a retiring key to its date", async () => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "active");
    await cli.ok("keys rotate");
    const result = await cli.json<{ changed: boolean; key: KeyJson }>(["keys", "retire", kid]);
    expect(result).toMatchObject({ changed: false, key: { state: "retiring" } });
  });
});
