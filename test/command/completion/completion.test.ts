import { readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";

const PASSWORD = { stdin: "seven green kettles hum" };

/** What the script of a shell is told. */
async function offered(cli: Cli, words: readonly string[], shell = "zsh"): Promise<readonly string[]> {
  const stdin = words.map((word) => `${word}\0`).join("");
  const { code, stdout, stderr } = await cli.run(["completion", shell, "--candidates"], { stdin });
  expect([code, stderr]).toEqual([0, ""]);
  return stdout.trimEnd().split("\n");
}

async function store(): Promise<Cli> {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  await cli.ok("users add alice --password-stdin", PASSWORD);
  return cli;
}

describe("completion", () => {
  it.each(["bash", "zsh", "fish", "powershell"])(
    "prints the script for %s, which asks jwtctl",
    async (shell) => {
      const script = await new Cli().ok(["completion", shell]);
      expect(script).toContain(`jwtctl completion ${shell} --candidates`);
      expect(script.endsWith("\n")).toBe(true);
    },
  );

  it("refuses another shell and names those that it knows", async () => {
    const { exit, hints } = await new Cli().refusal("completion tcsh");
    expect([exit, hints[0]]).toEqual([2, "Choose from: bash, zsh, fish, powershell"]);
  });

  it("does not show what only the scripts ask", async () => {
    expect(await new Cli().ok("completion --help")).not.toContain("--candidates");
  });
});

describe("what a script is told", () => {
  it("is the kind, then a value and what it is on each line", async () => {
    expect(await offered(new Cli(), ["config", "s"])).toEqual(["words", "set\tChange one setting"]);
    expect(await offered(new Cli(), ["--color", "a"])).toEqual(["words", "auto", "always"]);
    expect(await offered(new Cli(), ["decode", "@x"])).toEqual(["files"]);
  });

  it("has the names that jwtctl knows", async () => {
    const cli = new Cli();
    expect(await offered(cli, ["mint", "--alg=ES2"])).toEqual(["words", "--alg=ES256"]);
    expect(await offered(cli, ["config", "get", "access"])).toEqual(["words", "access_ttl"]);
    expect(await offered(cli, ["tamper", "--attack", "hs"])).toEqual([
      "words",
      expect.stringMatching(/^hs-rs\t\S/),
    ]);
    expect((await offered(cli, ["lint", "--ignore", ""])).length).toBeGreaterThan(20);
    expect(await offered(cli, ["verify", "--require", "exp"])).toContainEqual(
      expect.stringMatching(/^exp\t/),
    );
    expect(await offered(cli, ["audit", "--type", "key_del"])).toEqual([
      "words",
      expect.stringMatching(/^key_deleted\t/),
    ]);
  });

  it("has the kids, users and sessions of the store", async () => {
    const cli = await store();
    const { session_id } = await cli.json<{ session_id: string }>("login alice --password-stdin", PASSWORD);
    const keys = await cli.json<readonly { kid: string; state: string }[]>("keys list");
    const kids = keys.map(({ kid, state }) => `${kid}\tES256, ${state}`);
    expect(await offered(cli, ["keys", "show", ""])).toEqual(["words", ...kids]);
    expect(await offered(cli, ["users", "show", "a"])).toEqual(["words", "alice\tactive"]);
    expect(await offered(cli, ["audit", "--user=a"])).toEqual(["words", "--user=alice\tactive"]);
    expect(await offered(cli, ["tokens", "show", ""])).toEqual(["words", `${session_id}\talice, active`]);
  });

  it("comes from the store that the words name", async () => {
    const cli = await store();
    await cli.ok(["init", "--no-passphrase", "--db", cli.path("other.db")]);
    await cli.ok(["users", "add", "bob", "--password-stdin", "--db", cli.path("other.db")], PASSWORD);
    const words = ["--db", cli.path("other.db"), "users", "show", ""];
    expect(await offered(cli, words)).toEqual(["words", "bob\tactive"]);
  });

  it("needs no passphrase, asks nothing and writes nothing", async () => {
    const cli = new Cli();
    const passphrase = cli.file("passphrase", "violet kettle of nine");
    await cli.ok(["init", "--passphrase-file", passphrase, "--db", cli.path("sealed.db")]);
    const file = cli.path("sealed.db");
    const before = [readFileSync(file), statSync(file).mtimeMs];
    const lines = await offered(cli, ["--db", file, "keys", "show", ""]);
    expect(lines).toHaveLength(3);
    expect([readFileSync(file), statSync(file).mtimeMs]).toEqual(before);
  });

  it("is nothing where there is no store, no command or no sense", async () => {
    const cli = new Cli();
    cli.file("broken.db", "this is no database");
    for (const words of [
      ["keys", "show", ""],
      ["--db", cli.path("broken.db"), "users", "show", ""],
      ["--db", "", "users", "show", ""],
      ["nothing", ""],
      ["mint", "--nothing="],
      ["keys", "show", "--", "\u001b[2J"],
    ]) {
      expect(await offered(cli, words), words.join(" ")).toEqual(["words"]);
    }
    expect((await offered(cli, [])).length).toBeGreaterThan(20);
  });

  it("has names with blanks and quotes as they are, and none that begins like an option before --", async () => {
    const cli = await store();
    for (const name of ['o\'neill "bob"', "-dash"]) {
      await cli.ok(["users", "add", "--password-stdin", "--", name], PASSWORD);
    }
    const typed = await offered(cli, ["users", "show", ""]);
    expect(typed).toEqual(expect.arrayContaining(['o\'neill "bob"\tactive', "alice\tactive"]));
    expect(typed.join()).not.toContain("-dash");
    expect(await offered(cli, ["users", "show", "--", "-"])).toEqual(["words", "-dash\tactive"]);
    expect(await offered(cli, ["users", "show", "\"o'n"], "bash")).toEqual([
      "words",
      'o\'neill "bob"\tactive',
    ]);
  });
});
