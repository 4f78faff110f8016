import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";

const PASSWORD = "seven green kettles hum";

async function authority() {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  await cli.ok("users add alice --password-stdin", { stdin: PASSWORD });
  return cli;
}

describe("what a truncated or unset variable gives", () => {
  it.each(["revoke", "delete", "retire", "activate"])(
    "keys %s: a beginning of fewer than four characters changes no key",
    async (verb) => {
      const cli = await authority();
      const before = await cli.json("keys list");
      const [{ kid }] = (await cli.json("keys list --state standby")) as [{ kid: string }];
      for (const length of [1, 3]) {
        const { code, message } = await cli.refusal(`keys ${verb} ${kid.slice(0, length)}`);
        expect([code, message]).toEqual(["usage", expect.stringContaining("too short")]);
      }
      expect(await cli.json("keys list")).toEqual(before);
      // Who only reads may be short.
      await cli.ok(`keys show ${kid.slice(0, 3)}`);
    },
  );

  it("keys revoke takes four characters", async () => {
    const cli = await authority();
    const [{ kid }] = (await cli.json("keys list --state standby")) as [{ kid: string }];
    await cli.ok(`keys revoke ${kid.slice(0, 4)}`);
  });

  it("tokens revoke: a beginning of fewer than four characters ends no login", async () => {
    const cli = await authority();
    const login = await cli.json("login alice --no-save --password-stdin", { stdin: PASSWORD });
    const id = (login as { session_id: string }).session_id;
    expect(await cli.refusal(`tokens revoke ${id.slice(0, 3)}`)).toMatchObject({ code: "usage" });
    expect(await cli.json(`tokens revoke ${id.slice(0, 4)}`)).toEqual({ revoked: [id] });
  });

  it.each(["--sub", "--iss", "--aud"])("mint %s: an empty value is not signed", async (flag) => {
    const cli = await authority();
    expect((await cli.refusal(["mint", flag, ""])).message).toBe(`${flag} is empty`);
  });

  it("keys rotate --if-older-than names the forms that it takes", async () => {
    const cli = await authority();
    const { hints } = await cli.refusal("keys rotate --if-older-than abc");
    expect(hints.join()).not.toContain("number of seconds");
    expect(hints.join()).toContain("30d");
  });
});

describe("what may be run again", () => {
  it("init --if-missing leaves the store that is there as it is, and tells it", async () => {
    const cli = new Cli();
    const made = await cli.json("init --no-passphrase --if-missing");
    expect(made).toMatchObject({ created: true });
    const before = await cli.json("audit list");
    expect(await cli.json("init --no-passphrase --if-missing --issuer https://other.example")).toEqual({
      ...(made as object),
      created: false,
    });
    expect(await cli.ok("init --no-passphrase --if-missing")).toContain("there is a store already");
    expect(await cli.json("audit list")).toEqual(before);
    expect((await cli.refusal("init --no-passphrase")).code).toBe("store_exists");
  });

  it("users add --if-missing leaves the user who is there, and asks for no password", async () => {
    const cli = await authority();
    expect(
      await cli.json("users add ALICE --if-missing --claim role=admin --password-stdin", { stdin: "x" }),
    ).toMatchObject({
      name: "alice",
      claims: {},
    });
    expect(await cli.ok("users add alice --if-missing --password-stdin", { stdin: "x" })).toContain(
      "nothing to do",
    );
    await cli.ok("login alice --no-save --password-stdin", { stdin: PASSWORD });
  });
});

describe("names and waits", () => {
  it("full-width letters are the same name (RFC 8265)", async () => {
    const cli = await authority();
    expect((await cli.refusal("users add ａlice --password-stdin", { stdin: PASSWORD })).code).toBe(
      "user_exists",
    );
    await cli.ok("users add ＢＯＢ --password-stdin", { stdin: PASSWORD });
    expect(await cli.json("users show bob")).toMatchObject({ name: "BOB" });
    await cli.ok("login ｂｏｂ --no-save --password-stdin", { stdin: PASSWORD });
  });

  it("the refusal of a throttled login has the seconds to wait in its JSON", async () => {
    const cli = await authority();
    const attempt = () =>
      cli.run("login alice --no-save --password-stdin --json", { stdin: "wrong and long enough" });
    for (let count = 0; count < 5; count++) await attempt();
    const { error } = JSON.parse((await attempt()).stderr);
    expect(error).toMatchObject({ code: "login_throttled", retry_after: expect.any(Number) });
    cli.clock.advance(error.retry_after);
    expect(JSON.parse((await attempt()).stderr).error.code).toBe("credentials_refused");
  });

  it("reuse_window may be ten minutes", async () => {
    const cli = await authority();
    await cli.ok("config set reuse_window 10m");
    expect((await cli.refusal("config set reuse_window 601s")).code).toBe("usage");
  });
});
