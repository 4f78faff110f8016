import { describe, expect, it } from "vitest";
import { Cli, Story } from "../../support/run.ts";

const PASSWORD = "seven green kettles hum";

interface Response {
  readonly session_id: string;
  readonly refresh_token: string;
}

interface Listed {
  readonly id: string;
  readonly user: string;
  readonly status: string;
}

async function authority(...users: string[]): Promise<Cli> {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  for (const user of users) await cli.ok(`users add ${user} --password-stdin`, { stdin: PASSWORD });
  return cli;
}

const login = (cli: Cli, user: string) =>
  cli.json<Response>(`login ${user} --password-stdin --no-save`, { stdin: PASSWORD });
const refresh = (cli: Cli, token: string) => cli.json<Response>("refresh -", { stdin: token });
const idsOf = async (cli: Cli, command: string) => (await cli.json<Listed[]>(command)).map(({ id }) => id);

/** Logs in until two ids begin with the same character. */
async function twins(cli: Cli, user: string): Promise<[string, string]> {
  const seen = new Map<string, string>();
  for (;;) {
    const { session_id: id } = await login(cli, user);
    const first = id.slice(0, 1);
    const other = seen.get(first);
    if (other !== undefined) return [other, id];
    seen.set(first, id);
  }
}

describe("tokens", () => {
  it("of a user who was removed are found by the name that is on record, and not those of a namesake", async () => {
    const cli = await authority("alice", "bob");
    const gone = await login(cli, "alice");
    await cli.ok("users remove alice --yes");
    expect(await idsOf(cli, "tokens list --user Alice")).toEqual([gone.session_id]);
    expect(await idsOf(cli, "tokens list --user alice --status active")).toEqual([]);
    await cli.ok("users add alice --password-stdin", { stdin: PASSWORD });
    expect(await idsOf(cli, "tokens list --user alice")).toEqual([]);
    const back = await login(cli, "alice");
    expect(await idsOf(cli, "tokens list --user alice")).toEqual([back.session_id]);
    expect(await cli.refusal("tokens list --user nobody")).toMatchObject({ exit: 3, code: "user_not_found" });
  });

  it("are revoked without a question when none is active", async () => {
    const cli = await authority("alice");
    expect(await cli.json("tokens revoke --all")).toEqual({ revoked: [] });
    await login(cli, "alice");
    expect(await cli.refusal("tokens revoke --all")).toMatchObject({ exit: 2, code: "input_required" });
  });

  it.each([60, 80, 120])("tell whole why a login has ended, at %i columns", async (columns) => {
    const cli = await authority("alice");
    const first = await login(cli, "alice");
    await cli.ok("refresh -", { stdin: first.refresh_token });
    cli.clock.advance(60);
    await cli.refusal("refresh -", { stdin: first.refresh_token });
    const { stdout } = await cli.run("tokens list --color never", { terminal: true, columns });
    expect(stdout).toContain("revoked: token reused");
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
  });

  it("say why a list is empty", async () => {
    const cli = await authority("alice");
    const told = async (command: string) => {
      const { stdout, stderr } = await cli.run(command);
      expect(stdout).toBe("");
      return stderr;
    };
    expect(await told("tokens list")).toBe(
      "note: nobody has logged in yet; log in with: jwtctl login NAME\n",
    );
    expect(await told("tokens list --user alice")).toContain("see them all with: jwtctl tokens list");
    expect(await told("keys list --state retired --state revoked")).toBe(
      "note: no key is retired or revoked\n",
    );
  });

  it("tell a person what became of logins and their refresh tokens", async () => {
    const cli = await authority("alice", "bob");
    const story = new Story(cli);
    const person = { terminal: true, columns: 80, env: { NO_COLOR: "1" } };
    await story.tell("tokens list", person);
    const first = await login(cli, "alice");
    cli.clock.advance(600);
    const second = await refresh(cli, first.refresh_token);
    cli.clock.advance(3600);
    await refresh(cli, second.refresh_token);
    const bob = await login(cli, "bob");
    await story.tell("tokens list", person);
    await story.tell(`tokens show ${first.session_id}`, person);
    cli.clock.advance(86_400);
    await cli.run("refresh -", { stdin: first.refresh_token });
    await story.tell("tokens list", person);
    await story.tell(`tokens show ${first.session_id}`, person);
    await story.tell(`tokens revoke ${bob.session_id} ${first.session_id}`, person);
    await story.tell(`tokens revoke ${bob.session_id}`, person);
    await login(cli, "bob");
    await story.tell("tokens revoke --all", { ...person, answers: [["Revoke every login", false]] });
    await story.tell("tokens revoke --all", { ...person, answers: [["Revoke every login", true]] });
    await story.tell("tokens revoke", person);
    await story.tell("tokens revoke zzzz", person);
    await story.tell("tokens prune", person);
    cli.clock.advance(120 * 86_400);
    await story.tell("tokens prune", person);
    await story.tell("tokens list", person);
    await expect(story.toString()).toMatchFileSnapshot("golden/tokens.txt");
  });

  it("list has the documented JSON, and neither a secret nor a hash", async () => {
    const cli = await authority("alice");
    const { session_id, refresh_token } = await login(cli, "alice");
    cli.clock.advance(60);
    await refresh(cli, refresh_token);
    expect(await cli.json("tokens list")).toEqual([
      {
        id: session_id,
        user: "alice",
        status: "active",
        reason: null,
        created_at: "2026-03-01T12:00:00.000Z",
        last_used_at: "2026-03-01T12:01:00.000Z",
        idle_expires_at: "2026-03-15T12:01:00.000Z",
        expires_at: "2026-05-30T12:00:00.000Z",
        rotations: 1,
      },
    ]);
    expect(await cli.json(`tokens show ${session_id}`)).toEqual({
      id: session_id,
      user: "alice",
      status: "active",
      reason: null,
      created_at: "2026-03-01T12:00:00.000Z",
      last_used_at: "2026-03-01T12:01:00.000Z",
      idle_expires_at: "2026-03-15T12:01:00.000Z",
      expires_at: "2026-05-30T12:00:00.000Z",
      rotations: 1,
      client_id: "jwtctl",
      ended_at: null,
      tokens: [
        {
          seq: 1,
          created_at: "2026-03-01T12:00:00.000Z",
          idle_expires_at: "2026-03-15T12:00:00.000Z",
          consumed_at: "2026-03-01T12:01:00.000Z",
          reused_at: null,
        },
        {
          seq: 2,
          created_at: "2026-03-01T12:01:00.000Z",
          idle_expires_at: "2026-03-15T12:01:00.000Z",
          consumed_at: null,
          reused_at: null,
        },
      ],
    });
  });

  it("list filters, sorts and limits", async () => {
    const cli = await authority("alice", "bob");
    const a1 = await login(cli, "alice");
    cli.clock.advance(3600);
    const b1 = await login(cli, "bob");
    cli.clock.advance(3600);
    const a2 = await login(cli, "alice");
    cli.clock.advance(60);
    await refresh(cli, a1.refresh_token);
    await cli.ok(`tokens revoke ${b1.session_id}`);
    const [one, two, three] = [a1.session_id, b1.session_id, a2.session_id];
    expect(await idsOf(cli, "tokens list")).toEqual([three, two, one]);
    expect(await idsOf(cli, "tokens list --sort last-used")).toEqual([one, three, two]);
    expect(await idsOf(cli, "tokens list --user ALICE")).toEqual([three, one]);
    expect(await idsOf(cli, "tokens list --status revoked")).toEqual([two]);
    expect(await idsOf(cli, "tokens list --status active --limit 1")).toEqual([three]);
    expect(await idsOf(cli, "tokens list --since -90m")).toEqual([three, two]);
    expect(await idsOf(cli, "tokens list --since 2026-03-01T14:00:00Z")).toEqual([three]);
    expect(await idsOf(cli, "tokens list --user alice --status expired")).toEqual([]);
  });

  it.each([
    ["tokens list --user nobody", "user_not_found", 3],
    ["tokens list --status dead", "usage", 2],
    ["tokens list --sort size", "usage", 2],
    ["tokens list --limit 0", "usage", 2],
    ["tokens list --limit ten", "usage", 2],
    ["tokens list --since yesterday", "usage", 2],
    ["tokens show ''", "usage", 2],
    ["tokens show", "usage", 2],
    ["tokens show nosuchlogin", "session_not_found", 3],
    ["tokens show %", "session_not_found", 3],
    ["tokens show _", "session_not_found", 3],
    ["tokens show *", "session_not_found", 3],
    ["tokens revoke", "usage", 2],
    ["tokens revoke abc --all --yes", "usage", 2],
    ["tokens revoke --user alice --all --yes", "usage", 2],
    ["tokens revoke --client-id web --all --yes", "usage", 2],
    ["tokens revoke --client-id web abc", "usage", 2],
    ["tokens revoke --client-id web --except-current", "usage", 2],
    ["tokens revoke --except-current --all --yes", "usage", 2],
    ["tokens revoke --except-current", "not_logged_in", 3],
    ["tokens revoke --user nobody --client-id web", "user_not_found", 3],
    ["tokens revoke --user nobody", "user_not_found", 3],
    ["tokens revoke --all", "input_required", 2],
    ["tokens revoke ''", "usage", 2],
    ["tokens revoke --token ''", "usage", 2],
  ])("%s is refused (%s) and changes nothing", async (command, code, exit) => {
    const cli = await authority("alice");
    await login(cli, "alice");
    expect(await cli.refusal(command)).toMatchObject({ code, exit, stdout: "" });
    expect(await cli.json("tokens list --status active")).toHaveLength(1);
  });

  it("show takes any unambiguous beginning of an id, in any case, and lists the candidates of another", async () => {
    const cli = await authority("alice");
    const [one, other] = await twins(cli, "alice");
    let length = 1;
    while (one.slice(0, length) === other.slice(0, length)) length++;
    expect(await cli.json(`tokens show ${one.slice(0, length + 3)}`)).toMatchObject({ id: one });
    expect(await cli.json(`tokens show ${one.toUpperCase()}`)).toMatchObject({ id: one });
    const refusal = await cli.refusal(`tokens show ${one.slice(0, length - 1)}`);
    expect(refusal).toMatchObject({ code: "session_ambiguous", exit: 1 });
    expect(refusal.hints.join()).toContain(`${one} (alice)`);
    expect(refusal.hints.join()).toContain(`${other} (alice)`);
  });

  it("revoke by several beginnings of ids ends all of them, or, when one is wrong, none", async () => {
    const cli = await authority("alice");
    const ids = [await login(cli, "alice"), await login(cli, "alice")].map((response) => response.session_id);
    const beginnings = ids.map((id) => id.slice(0, 8));
    expect(await cli.refusal(["tokens", "revoke", ...beginnings, "zzzzzzzz"])).toMatchObject({ exit: 3 });
    expect(await cli.json("tokens list --status active")).toHaveLength(2);
    const { revoked } = await cli.json<{ revoked: string[] }>([
      "tokens",
      "revoke",
      ...beginnings,
      ...beginnings,
    ]);
    expect([...revoked].sort()).toEqual([...ids].sort());
  });

  it("revoke is idempotent: the second time nothing is revoked and the exit code is 0", async () => {
    const cli = await authority("alice");
    const { session_id, refresh_token } = await login(cli, "alice");
    expect(await cli.json(`tokens revoke ${session_id}`)).toEqual({ revoked: [session_id] });
    cli.clock.advance(60);
    expect(await cli.json(`tokens revoke ${session_id}`)).toEqual({ revoked: [] });
    expect(await cli.json("tokens revoke --user alice")).toEqual({ revoked: [] });
    expect(await cli.json("tokens revoke --all --yes")).toEqual({ revoked: [] });
    expect(await cli.json("tokens revoke --token -", { stdin: refresh_token })).toEqual({ revoked: [] });
    expect(await cli.json(`tokens show ${session_id}`)).toMatchObject({
      ended_at: "2026-03-01T12:00:00.000Z",
    });
  });

  it("revoke --user leaves the logins of others alone", async () => {
    const cli = await authority("alice", "bob");
    const alice = [await login(cli, "alice"), await login(cli, "alice")].map(({ session_id }) => session_id);
    const bob = await login(cli, "bob");
    const { revoked } = await cli.json<{ revoked: string[] }>("tokens revoke --user alice");
    expect([...revoked].sort()).toEqual(alice.sort());
    await refresh(cli, bob.refresh_token);
  });

  it("revoke --token ends the login of a used refresh token, too: what leaked may be old", async () => {
    const cli = await authority("alice");
    const first = await login(cli, "alice");
    const second = await refresh(cli, first.refresh_token);
    const file = cli.file("leaked.txt", `${first.refresh_token}\n`);
    expect(await cli.json(["tokens", "revoke", "--token", `@${file}`])).toEqual({
      revoked: [first.session_id],
    });
    expect(await cli.refusal("refresh -", { stdin: second.refresh_token })).toMatchObject({
      code: "refresh_revoked",
    });
  });

  it("revoke --token takes a token from the environment", async () => {
    const cli = await authority("alice");
    const { refresh_token, session_id } = await login(cli, "alice");
    const outcome = await cli.run("tokens revoke --token env:LEAKED --json", {
      env: { LEAKED: refresh_token },
    });
    expect(JSON.parse(outcome.stdout)).toEqual({ revoked: [session_id] });
    expect(outcome.stderr).toBe("");
  });

  it("prune removes what ended more than 30 days ago, and nothing a day too early", async () => {
    const cli = await authority("alice");
    const old = await login(cli, "alice");
    cli.clock.advance(86_400);
    const young = await login(cli, "alice");
    await cli.ok(`tokens revoke ${young.session_id}`);
    cli.clock.advance((90 + 30 - 1) * 86_400);
    expect(await cli.json("tokens prune")).toEqual({ dry_run: false, pruned: 0 });
    cli.clock.advance(1);
    expect(await cli.json("tokens prune")).toEqual({ dry_run: false, pruned: 1 });
    expect(await idsOf(cli, "tokens list")).toEqual([young.session_id]);
    expect(await cli.refusal("refresh -", { stdin: old.refresh_token })).toMatchObject({
      code: "refresh_unknown",
    });
  });
});
