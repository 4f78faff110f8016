import { readdirSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";
import { authority, claimsOf, login, PASSPHRASE, PASSWORD, saved } from "./alice.ts";

describe("login", () => {
  it("answers with the OAuth 2.0 token response", async () => {
    const cli = await authority();
    const response = await login(cli);
    expect(response).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: "Bearer",
      expires_in: 900,
      refresh_token: expect.stringMatching(/^jwtctl_rt_\w{49}$/),
      refresh_expires_in: 14 * 86_400,
      session_id: expect.stringMatching(/^\w{16}$/),
      user: "alice",
    });
    expect(claimsOf(response.access_token)).toMatchObject({
      sub: "alice",
      role: "reader",
      client_id: "jwtctl",
      sid: response.session_id,
      iat: cli.clock.now() / 1000,
      exp: cli.clock.now() / 1000 + 900,
    });
  });

  it("puts the client id that is asked for into token and login", async () => {
    const cli = await authority();
    const { access_token, session_id } = await login(cli, "--client-id web");
    expect(claimsOf(access_token)).toMatchObject({ client_id: "web" });
    expect(await cli.json(`tokens show ${session_id}`)).toMatchObject({ client_id: "web" });
    const words = ["login", "alice", "--password-stdin", "--client-id", "we\u0007b"];
    expect(await cli.refusal(words, { stdin: PASSWORD })).toMatchObject({ code: "usage", exit: 2 });
  });

  it("saves the tokens where only the user can read them, and leaves no lock behind", async () => {
    const cli = await authority();
    const { refresh_token } = await login(cli);
    expect(saved(cli)).toMatchObject({ refresh_token });
    expect(statSync(cli.path("state/credentials.json")).mode & 0o777).toBe(0o600);
    expect(statSync(cli.path("state")).mode & 0o777).toBe(0o700);
    expect(readdirSync(cli.path("state"))).toEqual(["credentials.json"]);
  });

  it("keeps the tokens off the screen when they are saved", async () => {
    const cli = await authority();
    const { stdout, stderr } = await cli.run("login alice", {
      terminal: true,
      answers: [["Password for alice:", PASSWORD]],
    });
    const { access_token, refresh_token } = saved(cli);
    for (const secret of [access_token, refresh_token]) expect(stdout + stderr).not.toContain(secret);
  });

  it("--no-save leaves the current login alone and prints both tokens", async () => {
    const cli = await authority();
    await login(cli);
    const before = saved(cli);
    const stdout = await cli.ok("login alice --no-save --password-stdin", { stdin: PASSWORD });
    expect(saved(cli)).toEqual(before);
    expect(stdout).toMatch(/^eyJ\S+$/m);
    expect(stdout).toMatch(/^jwtctl_rt_\w+$/m);
  });

  it("--no-save needs no place to save anything", async () => {
    const cli = await authority();
    const path = `${cli.file("file", "")}/credentials.json`;
    await login(cli, "--no-save", { env: { JWTCTL_CREDENTIALS: path } });
  });

  it("asks for nothing when the login could not be saved, and makes none", async () => {
    const cli = await authority();
    const outcome = await cli.run("login alice", {
      terminal: true,
      env: { JWTCTL_CREDENTIALS: `${cli.file("file", "")}/credentials.json` },
    });
    expect(outcome).toMatchObject({ code: 2, asked: [], stdout: "" });
    expect(await cli.json("tokens list")).toEqual([]);
  });

  it("asks for nothing when there is no store", async () => {
    const outcome = await new Cli().run("login alice", { terminal: true });
    expect(outcome).toMatchObject({ code: 3, asked: [] });
  });

  it("replaces a damaged current login", async () => {
    const cli = await authority();
    cli.file("state/credentials.json", "{");
    expect(await cli.refusal("whoami")).toMatchObject({ code: "json_malformed", exit: 5 });
    await login(cli);
    await cli.ok("whoami");
  });

  it("asks for the passphrase only after the right password", async () => {
    const cli = await authority("");
    const wrong = await cli.run("login alice", {
      terminal: true,
      answers: [["Password for", "not this one at all"]],
    });
    expect(wrong).toMatchObject({ code: 1, asked: ["Password for alice:"] });
    await cli.ok("login alice", {
      terminal: true,
      answers: [
        ["Password for alice:", PASSWORD],
        ["Passphrase of the store:", PASSPHRASE],
      ],
    });
  });

  it("makes no login when the passphrase is wrong", async () => {
    const cli = await authority("");
    const refusal = await cli.refusal("login alice --password-stdin", {
      stdin: PASSWORD,
      env: { JWTCTL_PASSPHRASE: "not this one" },
    });
    expect(refusal).toMatchObject({ code: "passphrase_wrong", exit: 6 });
    expect(await cli.json("tokens list")).toEqual([]);
  });

  it("never gives an access token beyond the end of the login", async () => {
    const cli = await authority();
    await cli.ok("config set refresh_idle 5m");
    await cli.ok("config set refresh_max 1h");
    await cli.ok("config set access_ttl 2h");
    const { access_token, expires_in } = await login(cli);
    expect(expires_in).toBe(3600);
    expect(claimsOf(access_token).exp).toBe(cli.clock.now() / 1000 + 3600);
  });
});
