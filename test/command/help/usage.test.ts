import { describe, expect, it } from "vitest";
import { CATALOG } from "../../../src/cli/catalog.ts";
import { FIRST_STEPS, NEEDS } from "../../../src/cli/start-screen.ts";
import { VERSION } from "../../../src/version.ts";
import { Cli } from "../../support/run.ts";

const refused = async (line: string | readonly string[]) => {
  const { exit, code, message, hints, stdout } = await new Cli().refusal(line);
  expect({ exit, code, stdout }).toEqual({ exit: 2, code: "usage", stdout: "" });
  return { message, hints };
};

describe("a typing error in the command line", () => {
  it("names the command that was nearly typed", async () => {
    expect(await refused("decod")).toEqual({
      message: "unknown command 'decod'",
      hints: ["Did you mean decode?", "See: jwtctl --help"],
    });
    expect(await refused("keys lst")).toEqual({
      message: "unknown command 'lst'",
      hints: ["Did you mean list?", "See: jwtctl keys --help"],
    });
  });

  it.each([
    ["deco", "decode"],
    ["inspet", "inspect"],
    ["keys rot", "rotate"],
    ["keys gen", "generate"],
    ["users rm x", "remove"],
    ["tokens ls", "list"],
    ["ver", "verify"],
    ["mint --audience x", "--aud"],
    ["mint --subject x", "--sub"],
    ["mint --expires +5m", "--exp"],
    ["mint --isuer x", "--iss"],
    ["init --isuer x", "--issuer"],
    ["verify --secert", "--secret"],
    ["keys list --jsno", "--json"],
    ["keys generate --alg es256", "ES256"],
    ["init --alg eddsa", "EdDSA"],
    ["keys generate --alg ml-dsa-65x", undefined],
    ["bogus", undefined],
    ["keys xyzzy", undefined],
    ["decode --zzz", undefined],
  ])("proposes what was meant, and nothing far-fetched: %s", async (line, meant) => {
    const { hints } = await refused(line);
    const proposals = hints.filter((hint) => hint.startsWith("Did you mean"));
    expect(proposals).toEqual(meant === undefined ? [] : [`Did you mean ${meant}?`]);
  });

  it("says so when a flag is given a value it does not take, without repeating it", async () => {
    expect(await refused("decode --json=false")).toEqual({
      message: "--json takes no value",
      hints: ["Say --json alone, or leave it out", "See: jwtctl decode --help"],
    });
  });

  it("lists the verbs when none is near, or none was typed", async () => {
    const see = ["Choose from: get, set, list", "See: jwtctl config --help"];
    expect(await refused("config frobnicate")).toEqual({
      message: "unknown command 'frobnicate'",
      hints: see,
    });
    expect(await refused("config")).toEqual({
      message: "missing command: jwtctl config COMMAND",
      hints: see,
    });
  });

  it.each(["help decod", "decod --help", "--help decod", "keys lst -h", "help keys lst"])(
    "is an error in a question for help, too: %s",
    async (line) => {
      expect((await refused(line)).message).toMatch(/^unknown command '(decod|lst)'$/);
    },
  );

  it.each([
    ["config get", "config get takes one argument"],
    ["keys list", "keys list takes no argument"],
    ["config set", "config set takes 2 arguments"],
  ])("says how many arguments %s takes", async (command, takes) => {
    const { message, hints } = await refused([...command.split(" "), "a", "b", "c"]);
    expect(message).toBe(`${takes}, and 3 were given`);
    expect(hints.at(-1)).toBe(`See: jwtctl ${command} --help`);
  });

  it("says which argument is missing", async () => {
    expect(await refused("config set issuer")).toEqual({
      message: "missing value: jwtctl config set NAME VALUE",
      hints: ["See: jwtctl config set --help"],
    });
  });

  it("says which option lacks its value, and which values there are", async () => {
    expect((await refused("decode --at")).message).toBe("--at <time> needs its value");
    expect(await refused("tokens list --status gone")).toEqual({
      message: '--status cannot be "gone"',
      hints: ["Choose from: active, expired, revoked", "See: jwtctl tokens list --help"],
    });
  });

  it("takes an empty --db for a variable that is not set, not for the default store", async () => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase");
    for (const line of [
      ["keys", "list", "--db", ""],
      ["--db=", "keys", "list"],
    ]) {
      expect((await cli.refusal(line)).message).toBe("--db is empty");
    }
    expect((await cli.refusal(["keys", "rotate", "--passphrase-file", ""])).message).toBe(
      "--passphrase-file is empty",
    );
  });

  it("does not repeat what follows the = of an unknown option: it may be a secret", async () => {
    const { stdout, stderr } = await new Cli().run(["verify", "--secert=hunter2hunter2"]);
    expect(stdout + stderr).toContain("unknown option '--secert'");
    expect(stdout + stderr).not.toContain("hunter2");
  });

  it.each([
    ["mint --key a --key b", "--key"],
    ["keys generate --alg ES256 --alg RS256", "--alg"],
    ["init --alg ES256 --alg RS256", "--alg"],
    ["keys list --db a --db b", "--db"],
    ["--db a keys list --db b", "--db"],
    ["tokens list --limit 1 --limit 2", "--limit"],
    ["tokens list --status active --status expired", "--status"],
    ["decode x --color never --color always", "--color"],
    ["keys generate -o a --out b", "--out"],
  ])("is an option with one value that is given twice: %s", async (line, flag) => {
    expect(await refused(line)).toEqual({ message: `${flag} is given twice`, hints: ["Give it once"] });
  });

  it("is no flag without a value that is given twice", async () => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase --no-passphrase");
    expect(JSON.parse(await cli.ok("--json keys list --json -q --quiet"))).toHaveLength(2);
  });

  it("of options alone is told as JSON when --json is among them", async () => {
    expect((await refused([])).message).toBe("missing command");
  });
});

describe("names that options had before", () => {
  it.each([
    ["keys revoke nothing --with-logins --dry-run", "key_not_found"],
    ["restore nothing.db --keep-logins --yes", "file_unreadable"],
  ])("are understood: %s", async (line, code) => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase");
    expect((await cli.refusal(line)).code).toBe(code);
  });

  it("mean the option: audit --login is audit --session", async () => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase");
    expect(await cli.refusal("audit --login a --session b")).toMatchObject({
      message: "--session is given twice",
    });
  });

  it("are shown nowhere", async () => {
    const cli = new Cli();
    for (const command of ["keys revoke", "restore", "audit list"]) {
      const help = await cli.ok([...command.split(" "), "--help"]);
      expect(help).not.toMatch(/--(with-logins|keep-logins|login)\b/);
    }
  });
});

const SCREEN = { terminal: true, columns: 80, env: { NO_COLOR: "1" } };

describe("help", () => {
  it("is the same by its two names", async () => {
    const cli = new Cli();
    expect(await cli.ok("help")).toBe(await cli.ok("--help"));
  });

  it("of nothing at all is where to begin, on one screen, with names of commands that there are", async () => {
    const cli = new Cli();
    const { code, stdout } = await cli.run([], SCREEN);
    expect([code, (await cli.run(["-h"], SCREEN)).stdout]).toEqual([0, stdout]);
    const lines = stdout.trimEnd().replace(VERSION, "0.1.0").split("\n");
    expect(lines.length).toBeLessThanOrEqual(23);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const known = new Set(CATALOG.flatMap(({ path, aliases = [] }) => [path[0], ...aliases]));
    const named = NEEDS.flatMap(({ commands }) => commands.flatMap(([names]) => names.split(", ")));
    expect(named.filter((name) => !known.has(name))).toEqual([]);
    for (const [typed] of FIRST_STEPS) expect(known).toContain(typed.split(" ")[1]);
  });

  it("names every command and every other name it has", async () => {
    const cli = new Cli();
    const root = await cli.ok("--help");
    for (const { path, aliases = [], summary } of CATALOG) {
      const [first, second] = path;
      const page = second === undefined ? root : await cli.ok([first, "--help"]);
      const line = page.split("\n").find((text) => text.endsWith(` ${summary}`));
      expect(line?.trim().split(/\s/)[0], path.join(" ")).toBe([second ?? first, ...aliases].join("|"));
    }
  });

  it.each(CATALOG.map(({ path }) => path.join(" ")))(
    "of %s is the same however it is asked for",
    async (name) => {
      const cli = new Cli();
      const help = await cli.ok([...name.split(" "), "--help"]);
      expect(help).toContain(`Usage: jwtctl ${name}`);
      expect(await cli.ok(["help", ...name.split(" ")])).toBe(help);
      const [noun = "", verb] = name.split(" ");
      if (verb !== undefined) expect(await cli.ok([noun, "help", verb])).toBe(help);
      expect(await cli.ok(["--no-input", ...name.split(" "), "-h"])).toBe(help);
    },
  );

  it("fits narrow terminals", async () => {
    const cli = new Cli();
    const help = await cli.ok("verify --help --color never", { terminal: true, columns: 60 });
    const [options = ""] = help.split("\nExamples:");
    expect(Math.max(...options.split("\n").map((line) => line.length))).toBeLessThanOrEqual(60);
  });
});
