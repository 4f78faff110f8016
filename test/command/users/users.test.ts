import { describe, expect, it } from "vitest";
import { CTRL_C } from "../../support/fake-runtime.ts";
import { Cli, Story } from "../../support/run.ts";

const PASSWORD = "seven green kettles hum";

async function authority(): Promise<Cli> {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  return cli;
}

const add = (cli: Cli, name: string, ...flags: string[]) =>
  cli.ok(["users", "add", name, "--password-stdin", ...flags], { stdin: PASSWORD });

describe("users", () => {
  it("tell a person what happened", async () => {
    const story = new Story(await authority());
    const person = { terminal: true, columns: 80, env: { NO_COLOR: "1" } };
    const typed = (answer: string) => [
      ["New password for", answer] as const,
      ["Repeat the", answer] as const,
    ];
    await story.tell("users list", person);
    await story.tell("users add alice --claim role=reader --claim level:=3", {
      ...person,
      answers: typed(PASSWORD),
    });
    await story.tell("users add ALICE", person);
    await story.tell("users add bob", { ...person, answers: typed("kettle").slice(0, 1) });
    await story.tell("users add bob --allow-weak-password", { ...person, answers: typed("kettle") });
    await story.tell("users add 'carol smith'", {
      ...person,
      answers: typed("correct horse battery staple").slice(0, 1),
    });
    await story.tell("users add 'carol smith'", {
      ...person,
      answers: [
        ["New password for carol smith", PASSWORD],
        ["Repeat the", "another one"],
      ],
    });
    await story.tell("users add 'carol smith'", { ...person, answers: typed(PASSWORD) });
    await story.tell("login bob --password-stdin", { stdin: "kettle", env: { NO_COLOR: "1" } });
    await story.tell("users list", person);
    await story.tell("users show alice", person);
    await story.tell("users show bob", person);
    await story.tell("users show dave", person);
    await story.tell("users passwd bob", { ...person, answers: typed("eight blue kettles hum") });
    await story.tell("users disable Bob", person);
    await story.tell("users disable bob", person);
    await story.tell("users enable bob", person);
    await story.tell("users enable bob", person);
    await story.tell("users remove bob", { ...person, answers: [["Remove the user bob?", false]] });
    await story.tell("users remove bob", { ...person, answers: [["Remove the user bob?", true]] });
    await story.tell("users remove bob", person);
    await expect(story.toString()).toMatchFileSnapshot("golden/users.txt");
  });

  it("have the documented JSON", async () => {
    const cli = await authority();
    const created = await cli.json(
      "users add alice --claim role=reader --claim n:=12345678901234567890 --password-stdin",
      {
        stdin: PASSWORD,
      },
    );
    expect(created).toMatchObject({ name: "alice", status: "active", weak_password: false });
    await cli.ok("login alice --password-stdin", { stdin: PASSWORD });
    expect(await cli.ok("users list --json")).toBe(
      [
        "[",
        "  {",
        '    "name": "alice",',
        '    "status": "active",',
        '    "claims": {',
        '      "role": "reader",',
        '      "n": 12345678901234567890',
        "    },",
        '    "created_at": "2026-03-01T12:00:00.000Z",',
        '    "last_login_at": "2026-03-01T12:00:00.000Z",',
        '    "active_sessions": 1,',
        '    "locked_until": null',
        "  }",
        "]",
        "",
      ].join("\n"),
    );
    const [login] = await cli.json<{ id: string }[]>("tokens list");
    expect(await cli.json("users disable alice")).toEqual({
      name: "alice",
      status: "disabled",
      changed: true,
      revoked: [login?.id],
    });
    expect(await cli.json("users disable alice")).toMatchObject({ changed: false, revoked: [] });
    expect(await cli.json("users enable alice")).toMatchObject({ status: "active", changed: true });
    expect(
      await cli.json("users passwd alice --password-stdin", { stdin: "eight blue kettles hum" }),
    ).toEqual({
      name: "alice",
      weak_password: false,
      revoked: [],
      kept: null,
    });
    expect(await cli.json("users remove alice --yes")).toEqual({ name: "alice", removed: true, revoked: [] });
    expect(await cli.json("users list")).toEqual([]);
  });

  it.each(["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "sid", "client_id"])(
    "refuse %s as a default claim, for it would forge the token's own",
    async (claim) => {
      const cli = await authority();
      const refusal = await cli.refusal(
        ["users", "add", "alice", "--claim", `${claim}=x`, "--password-stdin"],
        {
          stdin: PASSWORD,
        },
      );
      expect(refusal).toMatchObject({ exit: 2, code: "usage" });
      expect(await cli.json("users list")).toEqual([]);
    },
  );

  it("ask for no password before name and claims are in order", async () => {
    const cli = await authority();
    await add(cli, "alice");
    for (const words of [
      "users add alice",
      "users add ' alice'",
      "users add bob --claim exp=1",
      "users passwd bob",
    ]) {
      const { asked, code } = await cli.run(words, { terminal: true });
      expect({ asked, failed: code !== 0 }).toEqual({ asked: [], failed: true });
    }
  });

  it("are the same in any case and normalisation", async () => {
    const cli = await authority();
    await add(cli, "zoe\u0301");
    expect(
      await cli.refusal(["users", "add", "ZO\u00c9", "--password-stdin"], { stdin: PASSWORD }),
    ).toMatchObject({
      exit: 1,
      code: "user_exists",
    });
    expect(await cli.json(["users", "show", "ZOE\u0301"])).toMatchObject({ name: "zo\u00e9" });
  });

  it("change nothing when a prompt is cancelled", async () => {
    const cli = await authority();
    const { code } = await cli.run("users add alice", {
      terminal: true,
      answers: [["New password", CTRL_C]],
    });
    expect(code).toBe(130);
    expect(await cli.json("users list")).toEqual([]);
  });

  it("name the flag when nobody can be asked", async () => {
    const cli = await authority();
    await add(cli, "alice");
    for (const options of [{}, { terminal: true }]) {
      const refusal = await cli.refusal("users passwd alice --no-input", options);
      expect(refusal).toMatchObject({ exit: 2, code: "input_required" });
      expect(refusal.hints.join()).toContain("--password-stdin or --password-file FILE");
      expect(await cli.refusal("users remove alice --no-input", options)).toMatchObject({
        exit: 2,
        hints: [expect.stringContaining("--yes")],
      });
    }
  });

  it("take a password from a file, without its final line break, and nothing else off it", async () => {
    const cli = await authority();
    const file = cli.file("password.txt", `${PASSWORD} \r\n`);
    await cli.ok(["users", "add", "alice", "--password-file", file]);
    await cli.ok("login alice --password-stdin", { stdin: `${PASSWORD} ` });
    expect(await cli.refusal("login alice --password-stdin", { stdin: PASSWORD })).toMatchObject({ exit: 1 });
  });

  it.each([
    ["both", ["--password-stdin", "--password-file", "x"], PASSWORD, "usage", 2],
    ["an empty stdin", ["--password-stdin"], "", "usage", 2],
    ["a lone line break", ["--password-stdin"], "\n", "usage", 2],
    ["bytes that are no text", ["--password-stdin"], Uint8Array.of(0xff, 0xfe, 0x41), "usage", 2],
    ["two lines", ["--password-stdin"], `${PASSWORD}\n${PASSWORD}\n`, "password_rejected", 1],
    ["too much", ["--password-stdin"], "x y".repeat(400), "password_rejected", 1],
    ["a whole disk", ["--password-stdin"], "x".repeat(100_000), "input_too_large", 5],
    ["a file that is not there", ["--password-file", "/nonexistent"], "", "file_unreadable", 2],
  ])("refuse %s as a password", async (_, flags, stdin, code, exit) => {
    const cli = await authority();
    expect(await cli.refusal(["users", "add", "alice", ...flags], { stdin })).toMatchObject({ code, exit });
    expect(await cli.json("users list")).toEqual([]);
  });

  it("do not wait for a password on a terminal that --password-stdin would echo", async () => {
    const cli = await authority();
    const refusal = await cli.refusal("users add alice --password-stdin", { terminal: true });
    expect(refusal).toMatchObject({ exit: 2, code: "usage" });
  });

  describe("passwd", () => {
    const other = "eight blue kettles hum";

    it("ends every login, and the old password opens nothing any more", async () => {
      const cli = await authority();
      await add(cli, "alice");
      await cli.ok("login alice --password-stdin", { stdin: PASSWORD });
      await cli.ok("login alice --password-stdin --no-save", { stdin: PASSWORD });
      const { revoked } = await cli.json<{ revoked: string[] }>("users passwd alice --password-stdin", {
        stdin: other,
      });
      expect(revoked).toHaveLength(2);
      expect(await cli.refusal("refresh")).toMatchObject({ code: "refresh_revoked", exit: 1 });
      expect(await cli.refusal("login alice --password-stdin", { stdin: PASSWORD })).toMatchObject({
        exit: 1,
      });
      await cli.ok("login alice --password-stdin", { stdin: other });
    });

    it("--keep-current keeps the login that is saved here, and no other", async () => {
      const cli = await authority();
      await add(cli, "alice");
      await cli.ok("login alice --password-stdin --no-save", { stdin: PASSWORD });
      const { session_id } = await cli.json<{ session_id: string }>("login alice --password-stdin", {
        stdin: PASSWORD,
      });
      const changed = await cli.json("users passwd Alice --keep-current --password-stdin", { stdin: other });
      expect(changed).toMatchObject({ kept: session_id, revoked: [expect.any(String)] });
      await cli.ok("refresh");
      expect(await cli.json("tokens list --status active")).toMatchObject([{ id: session_id }]);
    });

    it("--keep-current does not say of a login that has ended that it goes on", async () => {
      const cli = await authority();
      await add(cli, "alice");
      await cli.ok("login alice --password-stdin", { stdin: PASSWORD });
      await cli.ok("users passwd alice --password-stdin", { stdin: other });
      const words = "users passwd alice --keep-current --password-stdin";
      expect(await cli.json(words, { stdin: PASSWORD })).toMatchObject({ kept: null, revoked: [] });
    });

    it("--keep-current refuses, before anything is asked, when the current login is another's", async () => {
      const cli = await authority();
      await add(cli, "alice");
      await add(cli, "bob");
      const words = "users passwd alice --keep-current --password-stdin";
      expect(await cli.refusal(words, { stdin: other })).toMatchObject({ code: "not_logged_in", exit: 3 });
      await cli.ok("login bob --password-stdin", { stdin: PASSWORD });
      expect(await cli.refusal(words, { stdin: other })).toMatchObject({ code: "usage", exit: 2 });
      await cli.ok("login alice --password-stdin", { stdin: PASSWORD });
    });

    it("records whether the password is weak", async () => {
      const cli = await authority();
      await cli.ok("users add alice --allow-weak-password --password-stdin", { stdin: "kettle" });
      expect(await cli.json("users show alice")).toMatchObject({ weak_password: true });
      await cli.ok("users passwd alice --password-stdin", { stdin: PASSWORD });
      expect(await cli.json("users show alice")).toMatchObject({ weak_password: false });
    });
  });
});
