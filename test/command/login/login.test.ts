import { existsSync, readdirSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Cli, type RunOptions } from "../../support/run.ts";

const PASSWORD = "seven green kettles hum";
const PASSPHRASE = "a store behind a hedge";

interface Response {
  readonly access_token: string;
  readonly expires_in: number;
  readonly refresh_token: string;
  readonly refresh_expires_in: number;
  readonly session_id: string;
}

interface Saved {
  readonly session_id: string;
  readonly access_token: string;
  readonly refresh_token: string;
}

async function authority(init = "--no-passphrase"): Promise<Cli> {
  const cli = new Cli();
  await cli.ok(`init ${init}`, { env: init === "" ? { JWTCTL_PASSPHRASE: PASSPHRASE } : {} });
  await cli.ok("users add alice --claim role=reader --password-stdin", { stdin: PASSWORD });
  return cli;
}

const login = (cli: Cli, flags = "", options: RunOptions = {}) =>
  cli.json<Response>(`login alice --password-stdin ${flags}`, { stdin: PASSWORD, ...options });
const saved = (cli: Cli) => JSON.parse(cli.read("state/credentials.json")) as Saved;
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;

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

describe("refresh", () => {
  it("trades the saved token and saves what it brings", async () => {
    const cli = await authority();
    const first = await login(cli);
    cli.clock.advance(3600);
    const second = await cli.json<Response>("refresh");
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
    const second = await cli.json<Response>(`refresh ${source}`, options(first.refresh_token));
    expect(second.session_id).toBe(first.session_id);
    expect(existsSync(cli.path("state/credentials.json"))).toBe(false);
  });

  it("takes a token from a file, and with a warning from the command line", async () => {
    const cli = await authority();
    const first = await login(cli, "--no-save");
    const file = cli.file("token.txt", `  ${first.refresh_token}\n\n`);
    const second = await cli.json<Response>(["refresh", `@${file}`]);
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
      answers.push(await cli.json<Response>("refresh -", { stdin: first.refresh_token }));
      cli.clock.advance(3);
    }
    expect(new Set(answers.map((answer) => answer.refresh_token)).size).toBe(1);
    expect(await cli.json("tokens list")).toMatchObject([{ rotations: 1, status: "active" }]);
  });

  it("replaces what is saved, too, when the token given is the current login's", async () => {
    const cli = await authority();
    const { refresh_token } = await login(cli);
    const second = await cli.json<Response>("refresh -", { stdin: refresh_token });
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

describe("access-token", () => {
  it("prints the saved token while it has 30 seconds left, without a store", async () => {
    const cli = await authority();
    const { access_token } = await login(cli);
    cli.clock.advance(900 - 30);
    const outcome = await cli.run("access-token", { env: { JWTCTL_DB: undefined } });
    expect(outcome).toEqual({ code: 0, stdout: `${access_token}\n`, stderr: "", asked: [] });
    cli.clock.advance(1);
    const renewed = await cli.ok("access-token");
    expect(renewed).not.toBe(`${access_token}\n`);
    expect(await cli.ok("access-token")).toBe(renewed);
    expect(await cli.json("tokens list")).toMatchObject([{ rotations: 1 }]);
  });

  it("answers two processes at once with valid tokens of one rotation", async () => {
    const cli = await authority();
    await login(cli);
    cli.clock.advance(3600);
    const both = await Promise.all([cli.ok("access-token"), cli.ok("access-token"), cli.ok("access-token")]);
    expect(new Set(both).size).toBe(1);
    expect(await cli.json("tokens list")).toMatchObject([{ rotations: 1, status: "active" }]);
  });

  it("finds the store of the login from another directory and without --db", async () => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase --db mine.db".replace("mine.db", cli.path("mine.db")));
    const env = { JWTCTL_DB: cli.path("mine.db") };
    await cli.ok("users add alice --password-stdin", { stdin: PASSWORD, env });
    await cli.ok("login alice --password-stdin", { stdin: PASSWORD, env });
    cli.clock.advance(3600);
    await cli.ok("access-token");
    await cli.ok("refresh");
    await cli.ok("whoami");
    await cli.ok("logout");
  });

  it("refuses when another store is asked for than the login's", async () => {
    const cli = await authority();
    await login(cli);
    const other = cli.path("other.db");
    cli.clock.advance(3600);
    for (const command of ["refresh", "access-token", "whoami", "logout"]) {
      expect(await cli.refusal([command, "--db", other])).toMatchObject({ code: "not_logged_in", exit: 3 });
    }
    expect(existsSync(other)).toBe(false);
  });
});

describe("logout", () => {
  it("ends the login in the store and forgets it here", async () => {
    const cli = await authority();
    const { refresh_token, session_id } = await login(cli);
    expect(await cli.json("logout")).toEqual({ session_id, user: "alice", revoked: [session_id] });
    expect(existsSync(cli.path("state/credentials.json"))).toBe(false);
    expect(await cli.refusal("refresh -", { stdin: refresh_token })).toMatchObject({
      code: "refresh_revoked",
    });
    expect(await cli.refusal("logout")).toMatchObject({ code: "not_logged_in", exit: 3 });
  });

  it("forgets a login that had ended before", async () => {
    const cli = await authority();
    const { session_id } = await login(cli);
    await cli.ok("tokens revoke --all --yes");
    expect(await cli.json("logout")).toEqual({ session_id, user: "alice", revoked: [] });
    expect(await cli.refusal("whoami")).toMatchObject({ code: "not_logged_in" });
  });

  it("with a token ends that login, and forgets it only when it is the current one", async () => {
    const cli = await authority();
    const other = await login(cli, "--no-save");
    const current = await login(cli);
    await cli.ok("logout -", { stdin: other.refresh_token });
    expect(saved(cli)).toMatchObject({ session_id: current.session_id });
    await cli.ok("logout -", { stdin: current.refresh_token });
    expect(existsSync(cli.path("state/credentials.json"))).toBe(false);
    expect(await cli.json("tokens list --status active")).toEqual([]);
  });

  it("keeps the login when its store is not there, and says how to forget it", async () => {
    const cli = await authority();
    await login(cli);
    const elsewhere = { ...JSON.parse(cli.read("state/credentials.json")), db: cli.path("gone.db") };
    cli.file("state/credentials.json", JSON.stringify(elsewhere));
    const refusal = await cli.refusal("logout");
    expect(refusal).toMatchObject({ code: "store_not_found", exit: 3 });
    expect(refusal.hints.join()).toContain(cli.path("state/credentials.json"));
    expect(existsSync(cli.path("state/credentials.json"))).toBe(true);
  });
});

describe("whoami", () => {
  it("exits with 0 only while the login lives", async () => {
    const cli = await authority();
    expect(await cli.run("whoami")).toMatchObject({ code: 3 });
    const { session_id } = await login(cli);
    expect(await cli.json("whoami")).toEqual({
      user: "alice",
      session_id,
      client_id: "jwtctl",
      status: "active",
      reason: null,
      access_expires_at: "2026-03-01T12:15:00.000Z",
      idle_expires_at: "2026-03-15T12:00:00.000Z",
      expires_at: "2026-05-30T12:00:00.000Z",
      db: cli.path("data/jwtctl.db"),
    });
    cli.clock.advance(15 * 86_400);
    expect(await cli.run("whoami --json")).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('"idle"'),
    });
    await login(cli);
    await cli.ok("tokens revoke --all --yes");
    expect(await cli.run("whoami")).toMatchObject({ code: 1, stderr: "" });
  });

  it("works without the store, from what is saved, and says so", async () => {
    const cli = await authority();
    await login(cli);
    const elsewhere = { ...JSON.parse(cli.read("state/credentials.json")), db: cli.path("gone.db") };
    cli.file("state/credentials.json", JSON.stringify(elsewhere));
    expect(await cli.json("whoami")).toMatchObject({ user: "alice", status: null });
    expect(await cli.ok("whoami")).toContain("not checked: the store is not there");
    cli.clock.advance(14 * 86_400);
    expect(await cli.run("whoami")).toMatchObject({ code: 4 });
  });

  it("says when the store does not know the login", async () => {
    const cli = await authority();
    await login(cli);
    const other = { ...JSON.parse(cli.read("state/credentials.json")), session_id: "0000000000000000" };
    cli.file("state/credentials.json", JSON.stringify(other));
    const { code, stdout } = await cli.run("whoami");
    expect(code).toBe(3);
    expect(stdout).toContain("not known to the store");
  });
});
