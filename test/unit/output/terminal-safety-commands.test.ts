import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { CATALOG } from "../../../src/cli/catalog.ts";
import { flagOf } from "../../../src/cli/declare.ts";
import type { FetchAnswer, Network } from "../../../src/core/remote/ports.ts";
import { Cli, type RunOptions } from "../../support/run.ts";
import { unsignedToken } from "../token/make.ts";
import { ecKey } from "../token/node-jws.ts";
import { ATTACKS, asFileName, EVERYTHING, expectHarmlessCommand } from "./terminal-safety.ts";

const NAME = asFileName(EVERYTHING);
const PASSWORD = "seven green kettles hum";

/** A store with hostile text wherever it takes text: issuer, audience, claims of a user, client, kids. */
async function hostileStore(): Promise<Cli> {
  const cli = new Cli();
  // Only what a command may refuse is tried: what it refuses is looked at, too.
  const run = (words: readonly string[], options: RunOptions = {}) =>
    expectHarmlessCommand(cli, words, options);
  await cli.ok(["init", "--no-passphrase"]);
  for (const setting of ["issuer", "audience"]) await run(["config", "set", setting, EVERYTHING]);
  await cli.ok(["users", "add", "alice", "--password-stdin"], { stdin: PASSWORD });
  await run(
    ["users", "add", "bob", "--password-stdin", "--claim", `${EVERYTHING.replaceAll("=", "")}=${EVERYTHING}`],
    { stdin: PASSWORD },
  );
  const { d, ...publicKey } = ecKey({ kid: EVERYTHING });
  const inAscii = JSON.stringify(publicKey).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  await run(["keys", "import", cli.file(NAME, inAscii)]);
  for (const user of ["alice", "bob"]) {
    await run(["login", user, "--password-stdin", "--client-id", EVERYTHING], { stdin: PASSWORD });
    await run(["login", user, "--password-stdin"], { stdin: PASSWORD });
  }
  return cli;
}

/**
 * The words with which a command is called once for each of its options and arguments, each of them hostile. What it
 * writes, it writes into the directory.
 */
async function hostileCalls(path: readonly string[], directory: string): Promise<string[][]> {
  const entry = CATALOG.find((candidate) => candidate.path.join(" ") === path.join(" "));
  if (entry === undefined) throw new Error(`no command ${path.join(" ")}`);
  const { options = {}, arguments: taken = {} } = await entry.load();
  const valued = Object.keys(options).filter((name) => options[name]?.value !== undefined);
  const flags = valued.map(flagOf);
  const positional = Object.keys(taken).map(() => EVERYTHING);
  return [
    [...path],
    [...path, ...positional],
    [...path, ...positional.map(() => `@${directory}/${NAME}`)],
    [...path, ...positional.map(() => "-")],
    [...path, EVERYTHING, EVERYTHING, EVERYTHING, EVERYTHING],
    [...path, `--${EVERYTHING}`],
    [...path, `--${EVERYTHING}=${EVERYTHING}`],
    ...flags.map((flag) => [...path, `${flag}=${EVERYTHING}`]),
    ...flags.map((flag) => [...path, ...positional, flag, EVERYTHING]),
    ...flags.map((flag) => [...path, flag, `@${directory}/${NAME}`]),
    ...flags.map((flag) => [...path, flag, `env:${EVERYTHING}`]),
  ];
}

/** The commands that show what a store holds. */
async function shows(cli: Cli): Promise<readonly (readonly string[])[]> {
  const [session] = await cli.json<{ id: string }[]>(["tokens", "list"]);
  const [key] = await cli.json<{ kid: string }[]>(["keys", "list"]);
  const kids = (await cli.json<{ kid: string }[]>(["keys", "list"])).map(({ kid }) => kid);
  return [
    ...[
      ["config", "list"],
      ["config", "get", "issuer"],
      ["users", "list"],
      ["users", "show", "alice"],
      ["users", "show", "bob"],
    ],
    ...[
      ["keys", "list"],
      ["keys", "jwks"],
      ["keys", "thumbprint", NAME],
      ["keys", "lint", cli.path(NAME)],
    ],
    ...kids.map((kid) => ["keys", "show", kid]),
    ...kids.flatMap((kid) =>
      ["retire", "revoke", "delete", "activate"].map((verb) => ["keys", verb, kid, "--dry-run"]),
    ),
    ...[
      ["keys", "rotate", "--dry-run"],
      ["keys", "export", key?.kid ?? "", "--out", cli.path(`${NAME}.pem`)],
    ],
    ...[["whoami"], ["access-token"], ["refresh"], ["tokens", "list"], ["tokens", "list", "--user", "bob"]],
    ...[
      ["tokens", "show", session?.id ?? ""],
      ["tokens", "prune"],
      ["audit", "list"],
      ["audit", "verify"],
      ["doctor"],
    ],
    ...[
      ["audit", "export", cli.path(`${NAME}.ndjson`)],
      ["backup", cli.path(`${NAME}.db`)],
      ["verify", unsignedToken({ alg: "ES256", kid: EVERYTHING }, { iss: EVERYTHING })],
    ],
    ...[
      ["users", "disable", "bob"],
      ["users", "enable", "bob"],
      ["users", "unlock", "bob"],
      ["users", "remove", "bob", "--yes"],
    ],
    ...[["tokens", "revoke", "--user", "alice", "--yes"], ["logout"], ["mint", "--claim", `a=${EVERYTHING}`]],
  ];
}

/** In how many outputs the attacks were there to be seen, so that the test is about something. */
async function shownIn(cli: Cli, commands: readonly (readonly string[])[]): Promise<number> {
  let shown = 0;
  for (const words of commands) {
    const outcomes = await expectHarmlessCommand(cli, words);
    shown += outcomes.filter(({ stdout, stderr }) => /\\u001b|\\u202e/.test(stdout + stderr)).length;
  }
  return shown;
}

/** What nobody can put into a store through jwtctl, but whoever can write its file. */
function tamperWith(cli: Cli): void {
  const database = new Database(cli.path("data", "jwtctl.db"));
  const triggers = database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all() as {
    name: string;
  }[];
  for (const { name } of triggers) database.exec(`DROP TRIGGER "${name}"`);
  for (const [table, ...columns] of [
    ["settings", "issuer", "audience"],
    ["users", "name"],
    ["sessions", "user_name", "client_id"],
    ["signing_keys", "former_kid"],
    ["audit_log", "os_user", "command", "user_name", "kid", "reason", "type"],
  ]) {
    for (const column of columns) {
      const one = column === "former_kid" ? "WHERE rowid = (SELECT min(rowid) FROM signing_keys)" : "";
      database.prepare(`UPDATE ${table} SET ${column} = ? ${one}`).run(EVERYTHING);
    }
  }
  database.close();
}

describe("a terminal on which commands are run", () => {
  it("is not reached by anything typed into any option or argument of any command", async () => {
    const cli = new Cli();
    await cli.ok(["init", "--no-passphrase"]);
    for (const { path } of CATALOG) {
      if (path[0] === "demo") continue;
      for (const words of await hostileCalls(path, cli.directory)) await expectHarmlessCommand(cli, words);
    }
  }, 120_000);

  it("is not reached by anything a store holds, in any command that shows it", async () => {
    const cli = await hostileStore();
    expect(await shownIn(cli, await shows(cli))).toBeGreaterThan(20);
  }, 120_000);

  it("is not reached by a store that somebody else has written to", async () => {
    const cli = await hostileStore();
    const commands = await shows(cli);
    tamperWith(cli);
    expect(await shownIn(cli, commands)).toBeGreaterThan(40);
  }, 120_000);

  it.each(ATTACKS)("is not reached by the name of a file or store: %s", async (_, attack) => {
    const cli = new Cli();
    const name = cli.path(asFileName(`missing ${attack}`));
    for (const words of [
      ...[
        ["decode", `@${name}`],
        ["verify", "-", "--key", name],
        ["keys", "lint", name],
        ["keys", "thumbprint", name],
      ],
      ...[
        ["tokens", "list", "--db", name],
        ["doctor", "--db", name],
        ["audit", "verify", name],
        ["restore", name],
      ],
    ]) {
      await expectHarmlessCommand(cli, words, { stdin: unsignedToken({ alg: "HS256" }, {}) });
    }
  });

  it.each(ATTACKS)("is not reached by a server that answers with %s", async (_, attack) => {
    const cli = new Cli();
    const answers: unknown[] = [
      {
        keys: [
          { kty: "EC", kid: attack, use: attack, alg: attack, crv: attack },
          { ...ecKey(), d: undefined, kid: attack },
        ],
      },
      { issuer: attack, jwks_uri: attack, [attack]: attack },
      { issuer: "https://issuer.example", jwks_uri: `https://issuer.example/${attack}` },
      attack,
    ];
    for (const answer of answers) {
      const body = new TextEncoder().encode(JSON.stringify(answer));
      const headers = { "cache-control": attack, etag: attack, expires: attack, date: attack, age: attack };
      const fetched: FetchAnswer = { outcome: "fetched", body, headers };
      const network: Network = { visit: (work) => work(async () => fetched) };
      const token = unsignedToken({ alg: "ES256", kid: attack }, { iss: attack });
      for (const source of [
        ["--jwks", "https://issuer.example/keys"],
        ["--issuer-url", "https://issuer.example"],
      ]) {
        await expectHarmlessCommand(cli, ["verify", token, ...source, "--refresh-jwks"], { network });
      }
    }
  });

  it("is not reached by the environment", async () => {
    const cli = new Cli();
    for (const name of [
      "JWTCTL_DB",
      "JWTCTL_CREDENTIALS",
      "JWTCTL_CACHE_DIR",
      "JWTCTL_PASSPHRASE_FILE",
      "JWTCTL_PASSPHRASE",
    ]) {
      for (const words of [
        ["tokens", "list"],
        ["whoami"],
        ["init", "--no-passphrase"],
        ["doctor"],
        ["keys", "generate"],
      ]) {
        await expectHarmlessCommand(cli, words, { env: { [name]: cli.path(NAME) } });
      }
    }
  });

  it("is not reached by words that are no command", async () => {
    for (const words of [
      [EVERYTHING],
      ["help", EVERYTHING],
      ["keys", EVERYTHING],
      ["keys", EVERYTHING, "--help"],
      [EVERYTHING, "--help"],
    ]) {
      await expectHarmlessCommand(new Cli(), words);
    }
    expect(CATALOG.length).toBeGreaterThan(40);
  });
});
