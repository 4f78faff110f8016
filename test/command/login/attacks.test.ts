import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Outcome, RunOptions } from "../../support/run.ts";
import { authority, login, PASSWORD, type TokenResponse } from "./alice.ts";

describe("a password in argv", () => {
  const SECRET = "hunter2-on-the-command-line";

  it.each([
    ["login", "alice", SECRET],
    ["login", "alice", "--password", SECRET],
    ["login", "alice", `--password=${SECRET}`],
    ["login", "alice", "-p", SECRET],
    ["login", "alice", `-p${SECRET}`],
    ["login", "alice", `--pasword=${SECRET}`],
    ["login", "alice", `--password-stdin=${SECRET}`],
    ["users", "add", "bob", SECRET],
    ["users", "add", "bob", "--password", SECRET],
    ["users", "passwd", "alice", SECRET],
    ["users", "passwd", "alice", `--password=${SECRET}`],
    ["users", "passwd", "alice", `--new-password=${SECRET}`],
  ])("is refused and not repeated: %s %s %s", async (...words) => {
    const cli = await authority();
    const plain = await cli.run(words, { terminal: true });
    const json = await cli.run([...words, "--json", "--verbose"]);
    for (const { code, stdout, stderr, asked } of [plain, json]) {
      expect(code).toBe(2);
      expect(stdout + stderr + asked.join()).not.toContain(SECRET);
    }
    expect(await cli.json("users list")).toMatchObject([{ name: "alice", last_login_at: null }]);
  });

  it.each(["login alice x", "users add bob x", "users passwd alice x", "login alice --password x"])(
    "is told how to do better: %s",
    async (command) => {
      const { hints } = await (await authority()).refusal(command);
      expect(hints.join()).toContain("--password-stdin or --password-file FILE");
    },
  );
});

describe("enumeration of user names", () => {
  it("login says the same of an unknown user and a wrong password, byte for byte, in text and JSON", async () => {
    const cli = await authority();
    for (const flags of ["", " --json", " --verbose"]) {
      const wrong = await cli.run(`login alice --password-stdin${flags}`, { stdin: "not this one at all" });
      const unknown = await cli.run(`login mallory --password-stdin${flags}`, {
        stdin: "not this one at all",
      });
      expect(unknown).toEqual(wrong);
      expect(wrong.code).toBe(1);
    }
  });

  it("a disabled user is told so only with the right password", async () => {
    const cli = await authority();
    await cli.ok("users disable alice");
    const attempt = (stdin: string) => cli.refusal("login alice --password-stdin", { stdin });
    expect(await attempt("not this one at all")).toMatchObject({ code: "credentials_refused", exit: 1 });
    expect(await attempt(PASSWORD)).toMatchObject({ code: "user_disabled", exit: 1 });
  });
});

describe("a stolen refresh token", () => {
  it("replayed after the owner has refreshed ends the login for thief and owner", async () => {
    const cli = await authority();
    const { refresh_token: stolen, session_id } = await login(cli);
    await cli.ok("refresh");
    cli.clock.advance(11);
    expect(await cli.refusal("refresh -", { stdin: stolen })).toMatchObject({
      code: "refresh_reused",
      exit: 1,
      stdout: "",
    });
    expect(await cli.refusal("refresh")).toMatchObject({ code: "refresh_revoked", exit: 1 });
    expect(await cli.json("tokens list")).toMatchObject([{ id: session_id, reason: "reuse_detected" }]);
  });

  it("used by the thief first is noticed when the owner comes", async () => {
    const cli = await authority();
    const { refresh_token: stolen } = await login(cli);
    const thief = await cli.json<TokenResponse>("refresh -", {
      stdin: stolen,
      env: { JWTCTL_CREDENTIALS: cli.path("thief.json") },
    });
    cli.clock.advance(3600);
    expect(await cli.refusal("access-token")).toMatchObject({ code: "refresh_reused", stdout: "" });
    expect(await cli.refusal("refresh -", { stdin: thief.refresh_token })).toMatchObject({
      code: "refresh_revoked",
    });
  });

  it("ends the login of its own family only", async () => {
    const cli = await authority();
    const one = await login(cli, "--no-save");
    const other = await login(cli, "--no-save");
    await cli.ok("refresh -", { stdin: one.refresh_token });
    cli.clock.advance(60);
    await cli.run("refresh -", { stdin: one.refresh_token });
    await cli.ok("refresh -", { stdin: other.refresh_token });
  });

  it("the id of a login in its place touches nothing", async () => {
    const cli = await authority();
    const { session_id } = await login(cli);
    expect(await cli.refusal("refresh -", { stdin: session_id })).toMatchObject({
      code: "refresh_malformed",
      exit: 5,
    });
    await cli.ok("refresh");
  });
});

describe("a refresh token typed where an id belongs", () => {
  it.each(["tokens show", "tokens revoke"])("%s does not repeat it", async (command) => {
    const cli = await authority();
    const { refresh_token, access_token } = await login(cli);
    for (const token of [refresh_token, refresh_token.slice(0, 30), access_token]) {
      const { code, stdout, stderr } = await cli.run([...command.split(" "), token]);
      expect(code).toBe(2);
      expect(stdout + stderr).not.toContain(token);
      expect(stderr).toContain("hint: ");
    }
  });
});

describe("the credentials file", () => {
  it("behind a symbolic link is not followed, neither to read nor to write", async () => {
    const cli = await authority();
    await login(cli);
    const victim = cli.file("victim.txt", "precious");
    const link = cli.path("link.json");
    symlinkSync(victim, link);
    const env = { JWTCTL_CREDENTIALS: link };
    for (const command of ["whoami", "access-token", "refresh", "logout"]) {
      expect(await cli.refusal(command, { env })).toMatchObject({ code: "file_unreadable", exit: 2 });
    }
    const outcome = await cli.run("login alice", { terminal: true, env });
    expect(outcome).toMatchObject({ code: 2, asked: [] });
    expect(readFileSync(victim, "utf8")).toBe("precious");
  });

  it("readable by others is closed, with a warning", async () => {
    const cli = await authority();
    await login(cli);
    const path = cli.path("state/credentials.json");
    chmodSync(path, 0o644);
    const { code, stderr } = await cli.run("access-token");
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: others could read /);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await cli.run("access-token")).stderr).toBe("");
  });

  it("with a forged token in it cannot break out of the terminal or an HTTP header", async () => {
    const cli = await authority();
    await login(cli);
    const path = cli.path("state/credentials.json");
    const saved = JSON.parse(readFileSync(path, "utf8"));
    for (const access_token of ["a.b.c\r\nX-Admin: 1", "\u001b]52;c;aGk=\u0007", "a.b.c d"]) {
      writeFileSync(path, JSON.stringify({ ...saved, access_token }));
      expect(await cli.refusal("access-token")).toMatchObject({
        code: "json_malformed",
        exit: 5,
        stdout: "",
      });
    }
  });
});

/** A terminal obeys these; nobody sees the others. */
const DANGEROUS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;

describe("terminal escapes", () => {
  const NAMES = [
    "al\u001b]0;owned\u0007ice",
    "al\u001b[2Jice",
    "al\u009b2Jice",
    "alice\u202e",
    "al\u200bice",
    "alice\r\nerror: all is well",
  ];

  it.each(NAMES.map((name) => [JSON.stringify(name), name]))(
    "a user cannot be called %s",
    async (_, name) => {
      const cli = await authority();
      const outcome = await cli.run(["users", "add", name, "--password-stdin"], { stdin: PASSWORD });
      expect(outcome.code).toBe(2);
      expect(outcome.stderr).not.toMatch(DANGEROUS);
    },
  );

  it.each(NAMES.map((name) => [JSON.stringify(name), name]))(
    "no command passes on a name, an id or a claim with %s in it",
    async (_, name) => {
      const cli = await authority();
      const check = async (words: readonly string[], options: RunOptions = {}): Promise<Outcome> => {
        const outcome = await cli.run(words, { env: { NO_COLOR: "1" }, ...options });
        const { stdout, stderr, asked } = outcome;
        expect(stdout + stderr + asked.join("")).not.toMatch(DANGEROUS);
        return outcome;
      };
      const claims = ["--claim", `role=${name}`, "--claim", `${name}=x`];
      const added = await check(["users", "add", "bob", ...claims, "--password-stdin"], { stdin: PASSWORD });
      expect(added.code).toBe(0);
      await check(["users", "list"]);
      await check(["users", "list", "--json"]);
      await check(["users", "show", "bob"]);
      await check(["users", "show", name]);
      await check(["users", "passwd", name]);
      await check(["users", "disable", name, "--json"]);
      await check(["users", "remove", name, "--yes"]);
      await check(["login", name], { terminal: true, answers: [["Password", "not this one at all"]] });
      await check(["login", "alice", "--client-id", name, "--password-stdin"], { stdin: PASSWORD });
      await check(["tokens", "list", "--user", name]);
      await check(["tokens", "list", "--since", name]);
      await check(["tokens", "list", "--status", name]);
      await check(["tokens", "list", "--limit", name]);
      await check(["tokens", "show", name]);
      await check(["tokens", "revoke", name]);
      await check(["tokens", "revoke", "--user", name]);
      await check(["refresh", "-"], { stdin: name });
      await check(["refresh", `@${name}`]);
      await check(["refresh", `env:${name}`]);
      await check(["logout", "-", "--json"], { stdin: name });
      await check(["whoami"], { env: { JWTCTL_CREDENTIALS: cli.path(name.replaceAll("\u0000", "")) } });
    },
  );
});
