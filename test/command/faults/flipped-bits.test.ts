import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { calculateJwkThumbprint, type JWK } from "jose";
import { describe, expect, it } from "vitest";
import { amount, IS_SOAK } from "../../support/amount.ts";
import { authority, login, PASSWORD, type TokenResponse } from "../../support/authority.ts";
import { chance } from "../../support/chance.ts";
import { Cli } from "../../support/run.ts";
import { behind, storeOf } from "../../support/sound-store.ts";
import { refusalOf, type Sandbox } from "../../support/spawn.ts";

/** So many bits are flipped, one at a time. */
const FLIPS = amount({ soak: 120, gate: 10 });

const COMMANDS = [
  "keys jwks",
  "keys list --json",
  "users list --json",
  "tokens list --json",
  "config list --json",
  "doctor --json",
  "doctor --full --json",
  "backup BACKUP --force --json",
  "doctor --fix --json",
  "mint --sub bob --ttl 5m --quiet",
  "refresh - --json",
  "keys rotate --json",
  "users disable alice --json",
  "init --no-passphrase --json",
];
const READERS = new Set(COMMANDS.slice(0, 7));

describe(`one flipped bit, anywhere in what a store's file holds (${FLIPS} of them)`, () => {
  it("is no crash, no half answer and no false key, and what is refused is not written", async () => {
    const { cli, store, token } = await filled();
    const jwks = cli.file("jwks.json", await cli.ok("keys jwks"));
    const whole = readFileSync(store);
    // Nothing is where the file is zero.
    const used = [...whole.keys()].filter((position) => whole[position] !== 0);
    const random = chance();
    const exits = new Set<number>();
    const backup = cli.path("backup.db");
    for (let flip = 0; flip < FLIPS; flip++) {
      const position = used[Math.floor(random() * used.length)] ?? 0;
      const bit = Math.floor(random() * 8);
      const damaged = Buffer.from(whole);
      damaged.writeUInt8(damaged.readUInt8(position) ^ (1 << bit), position);
      for (const command of COMMANDS) {
        const where = `${command}, bit ${bit} of byte ${position}`;
        const path = cli.path("damaged.db");
        for (const part of ["", "-wal", "-shm"]) rmSync(path + part, { force: true });
        writeFileSync(path, damaged, { mode: 0o600 });
        const words = `${command.replace("BACKUP", backup)} --db ${path}`;
        const { code, stdout, stderr } = await cli.run(words, { stdin: token });
        exits.add(code);
        expect(code, `${where}: ${stderr}`).not.toBe(70);
        if (code === 0) await expectTrue(cli, command, stdout, jwks, where);
        // A report is given of what is bad, too.
        else if (code === 1 && command.startsWith("doctor"))
          expect(failuresIn(stdout), where).not.toEqual([]);
        else expect(stdout, where).toBe("");
        if (READERS.has(command)) expect(readFileSync(path).equals(damaged), where).toBe(true);
      }
    }
    expect(exits).toContain(0);
    // A few flips may all be where nothing comes of them.
    if (IS_SOAK) expect(exits).toContain(6);
  });
});

/** An answer that was given is right where it can be told. */
async function expectTrue(cli: Cli, command: string, stdout: string, jwks: string, where: string) {
  if (command === "keys jwks") {
    for (const key of (JSON.parse(stdout) as { keys: JWK[] }).keys) {
      expect(await calculateJwkThumbprint(key), where).toBe(key.kid);
    }
  }
  if (command.startsWith("doctor")) expect(failuresIn(stdout), where).toEqual([]);
  if (command.startsWith("backup")) {
    const { file } = JSON.parse(stdout) as { file: string };
    const { stdout: report } = await cli.run(`doctor --full --json --db ${file}`);
    const failures = failuresIn(report);
    for (const check of ["identity", "integrity", "foreign_keys", "active_key", "key_material"]) {
      expect(failures, where).not.toContain(check);
    }
    if (failures.length === 0) await cli.ok(`keys jwks --db ${file}`);
  }
  if (command.startsWith("mint")) {
    const { code } = await cli.run(["verify", stdout.trim(), "--jwks", jwks]);
    expect([where, code]).toEqual([where, 0]);
  }
}

function failuresIn(report: string): string[] {
  const { findings } = JSON.parse(report) as { findings: { id: string; status: string }[] };
  return findings.filter(({ status }) => status === "fail").map(({ id }) => id);
}

async function filled(): Promise<{ cli: Cli; store: string; token: string }> {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  await cli.ok("users add alice --claim role=admin --password-stdin", { stdin: PASSWORD });
  const words = "login alice --password-stdin --no-save";
  const { refresh_token } = await cli.json<TokenResponse>(words, { stdin: PASSWORD });
  await cli.ok("keys rotate --now");
  return { cli, store: cli.path("data", "jwtctl.db"), token: refresh_token };
}

describe("a flipped bit in", () => {
  it("the word that says a user is disabled does not let the user in", async () => {
    const sandbox = await authority({ processes: false });
    await sandbox.ok(["users", "disable", "alice"]);
    await flip(sandbox, "disabled", "dysabled");
    const words = ["login", "alice", "--password-stdin", "--no-save", "--json"];
    const ended = await sandbox.jwtctl(words, { stdin: PASSWORD });
    expect([ended.code, ended.stdout, refusalOf(ended).code]).toEqual([6, "", "store_corrupt"]);
  });

  it("the state of a key does not take it out of the JWKS without a word", async () => {
    const sandbox = await authority({ processes: false });
    await flip(sandbox, "standby{", "stendby{");
    const ended = await sandbox.jwtctl(["keys", "jwks", "--json"]);
    expect([ended.code, ended.stdout, refusalOf(ended).code]).toEqual([6, "", "store_corrupt"]);
  });

  it("the public half of a key: it is not published, and no token is called forged for it", async () => {
    const sandbox = await authority({ processes: false });
    const { access_token } = await login(sandbox, "--no-save");
    behind(sandbox, (database) => {
      const { kid, x } = database
        .prepare("SELECT kid, public_jwk ->> 'x' AS x FROM signing_keys WHERE state = 'active'")
        .get() as { kid: string; x: string };
      const other = x.replace(/^./, (letter) => (letter === "A" ? "C" : "A"));
      database
        .prepare("UPDATE signing_keys SET public_jwk = json_set(public_jwk, '$.x', ?) WHERE kid = ?")
        .run(other, kid);
    });
    for (const words of [
      ["keys", "jwks"],
      ["verify", access_token],
    ]) {
      const ended = await sandbox.jwtctl([...words, "--json"]);
      expect([ended.code, ended.stdout, refusalOf(ended).code]).toEqual([6, "", "store_corrupt"]);
    }
  });

  it("the private half of a key: nothing is signed with it, the hint works, and no refresh token is used up", async () => {
    const sandbox = await authority({ processes: false });
    await sandbox.ok(["config", "set", "reuse_window", "0"]);
    const { refresh_token } = await login(sandbox, "--no-save");
    behind(sandbox, (database) => {
      database.exec(`UPDATE signing_keys SET private_text = json_set(private_text, '$.d',
        substr(private_text ->> 'd', 2) || substr(private_text ->> 'd', 1, 1)) WHERE state = 'active'`);
    });
    const ended = await sandbox.jwtctl(["mint", "--sub", "bob", "--json"]);
    expect([ended.code, ended.stdout, refusalOf(ended).code]).toEqual([6, "", "store_corrupt"]);
    expect(refusalOf(ended).hints.join()).toContain("jwtctl keys rotate");
    const refresh = await sandbox.jwtctl(["refresh", "-", "--json"], { stdin: refresh_token });
    expect([refresh.code, refresh.stdout]).toEqual([6, ""]);
    await sandbox.ok(["keys", "rotate", "--now"]);
    await sandbox.ok(["refresh", "-"], { stdin: refresh_token });
  });
});

/** Changes one letter in the file itself, behind SQLite's back, wherever the word stands in a row. */
async function flip(sandbox: Sandbox, word: string, damaged: string): Promise<void> {
  // What waits in the log would hide it.
  behind(sandbox, (database) => database.pragma("wal_checkpoint(TRUNCATE)"));
  const bytes = readFileSync(storeOf(sandbox));
  const rows = bytes.toString("latin1");
  let found = 0;
  for (let at = rows.indexOf(word); at !== -1; at = rows.indexOf(word, at + 1)) {
    // In the schema it stands in quotes.
    if (rows[at - 1] === "'") continue;
    bytes.write(damaged, at, "latin1");
    found += 1;
  }
  expect(found).toBeGreaterThan(0);
  writeFileSync(storeOf(sandbox), bytes);
}
