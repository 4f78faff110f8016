import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { authority, login, PASSPHRASE, saved, type TokenResponse } from "./alice.ts";

describe("refresh", () => {
  it("trades the saved token and saves what it brings", async () => {
    const cli = await authority();
    const first = await login(cli);
    cli.clock.advance(3600);
    const second = await cli.json<TokenResponse>("refresh");
    expect(second).toMatchObject({ session_id: first.session_id, expires_in: 900, token_type: "Bearer" });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(saved(cli)).toMatchObject({
      refresh_token: second.refresh_token,
      access_token: second.access_token,
    });
  });

  it.each([
    ["-", (token: string) => ({ stdin: `${token}\n` })],
    ["env:TOKEN", (token: string) => ({ env: { TOKEN: token } })],
  ])("takes a token from %s", async (source, options) => {
    const cli = await authority();
    const first = await login(cli, "--no-save");
    const second = await cli.json<TokenResponse>(`refresh ${source}`, options(first.refresh_token));
    expect(second.session_id).toBe(first.session_id);
    expect(existsSync(cli.path("state/credentials.json"))).toBe(false);
  });

  it("takes a token from a file, and with a warning from the command line", async () => {
    const cli = await authority();
    const first = await login(cli, "--no-save");
    const file = cli.file("token.txt", `  ${first.refresh_token}\n\n`);
    const second = await cli.json<TokenResponse>(["refresh", `@${file}`]);
    const outcome = await cli.run(["refresh", second.refresh_token]);
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toMatch(/^warning: a secret on the command line/);
    expect(outcome.stderr).not.toContain(second.refresh_token);
  });

  it("gives the same answer to whoever lost it and asks again inside the window", async () => {
    const cli = await authority();
    const first = await login(cli, "--no-save");
    const answers = [];
    for (let tries = 0; tries < 3; tries++) {
      answers.push(await cli.json<TokenResponse>("refresh -", { stdin: first.refresh_token }));
      cli.clock.advance(3);
    }
    expect(new Set(answers.map((answer) => answer.refresh_token)).size).toBe(1);
    expect(await cli.json("tokens list")).toMatchObject([{ rotations: 1, status: "active" }]);
  });

  it.each([
    ["none, and nobody to ask", {}],
    ["a wrong one", { JWTCTL_PASSPHRASE: "not the one" }],
  ])("notices a stolen token without the store's passphrase: %s", async (_, env: Record<string, string>) => {
    const cli = await authority("");
    const under = { env: { JWTCTL_PASSPHRASE: PASSPHRASE } };
    const first = await login(cli, "--no-save", under);
    const second = await cli.json<TokenResponse>("refresh -", { stdin: first.refresh_token, ...under });
    cli.clock.advance(10);
    const thief = await cli.run("refresh - --no-input", { stdin: first.refresh_token, env });
    expect([thief.code, thief.stdout]).toEqual([1, ""]);
    expect(thief.stderr).toContain("may have stolen it");
    expect(await cli.json("tokens list")).toMatchObject([{ status: "revoked", reason: "reuse_detected" }]);
    expect(await cli.ok("audit")).toContain("reuse_detected");
    const owner = await cli.run("refresh -", { stdin: second.refresh_token, ...under });
    expect([owner.code, owner.stderr.includes("has been revoked")]).toEqual([1, true]);
  });

  it("does not cost a token that is still good when the passphrase is missing or wrong", async () => {
    const cli = await authority("");
    const under = { env: { JWTCTL_PASSPHRASE: PASSPHRASE } };
    const first = await login(cli, "--no-save", under);
    for (const env of [{}, { JWTCTL_PASSPHRASE: "not the one" }]) {
      const { code } = await cli.run("refresh - --no-input", { stdin: first.refresh_token, env });
      expect(code).not.toBe(0);
    }
    await cli.ok("refresh -", { stdin: first.refresh_token, ...under });
    expect(await cli.json("tokens list")).toMatchObject([{ rotations: 1, status: "active" }]);
  });

  it("replaces what is saved, too, when the token given is the current login's", async () => {
    const cli = await authority();
    const { refresh_token } = await login(cli);
    const second = await cli.json<TokenResponse>("refresh -", { stdin: refresh_token });
    expect(saved(cli)).toMatchObject({ refresh_token: second.refresh_token });
    cli.clock.advance(3600);
    await cli.ok("refresh");
  });

  it("leaves a current login alone that is another", async () => {
    const cli = await authority();
    const other = await login(cli, "--no-save");
    await login(cli);
    const before = saved(cli);
    await cli.ok("refresh -", { stdin: other.refresh_token });
    expect(saved(cli)).toEqual(before);
  });

  it.each(["", "not this one"])("uses up nothing when the passphrase is %j", async (passphrase) => {
    const cli = await authority("");
    const { refresh_token } = await login(cli, "", { env: { JWTCTL_PASSPHRASE: PASSPHRASE } });
    const env = { JWTCTL_PASSPHRASE: passphrase };
    for (const command of ["refresh", "refresh -"]) {
      const { exit } = await cli.refusal(command, { env, stdin: refresh_token });
      expect(exit).toBe(passphrase === "" ? 2 : 6);
    }
    expect(saved(cli)).toMatchObject({ refresh_token });
    expect(await cli.json("tokens list")).toMatchObject([{ rotations: 0, status: "active" }]);
  });

  it("asks for no passphrase for a token that buys nothing", async () => {
    const cli = await authority("");
    const { refresh_token } = await login(cli, "--no-save", { env: { JWTCTL_PASSPHRASE: PASSPHRASE } });
    await cli.ok("tokens revoke --all --yes");
    const outcome = await cli.run("refresh env:TOKEN", { terminal: true, env: { TOKEN: refresh_token } });
    expect(outcome).toMatchObject({ code: 1, asked: [], stdout: "" });
  });

  it.each([
    ["a JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2ln", "this is a JWT"],
    ["a truncated token", "jwtctl_rt_0123456789", "cut off"],
    ["a token with a typing error", `jwtctl_rt_${"0".repeat(49)}`, "typing error"],
    ["the id of a login", "0123456789abcdef", "the id of a login"],
    ["a token response", '{"refresh_token":"x"}', "this is JSON"],
    ["something else", "hello", "not a refresh token"],
  ])("says what it was given instead of a refresh token: %s", async (_, text, reason) => {
    const cli = await authority();
    const refusal = await cli.refusal("refresh -", { stdin: text });
    expect(refusal).toMatchObject({ code: "refresh_malformed", exit: 5, stdout: "" });
    expect(refusal.message).toContain(reason);
    expect(refusal.hints.length).toBeGreaterThan(0);
    expect([refusal.message, ...refusal.hints].join()).not.toContain(text);
  });
});
