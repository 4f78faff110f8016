import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, it } from "vitest";
import { MIGRATIONS, newestVersion } from "../../src/storage/sqlite/migrations.ts";
import { authority, login, type TokenResponse } from "../support/authority.ts";
import { chance } from "../support/chance.ts";
import { bundleCommandWorker, runAndKill } from "../support/command-processes.ts";
import type { Printed } from "../support/command-worker.ts";
import { behind, expectSound } from "../support/sound-store.ts";
import { IN_MEMORY, Sandbox } from "../support/spawn.ts";

bundleCommandWorker();

/** So many refreshes, key rotations, signatures and migrations are done, with a kill -9 in the middle of them. */
const COMMANDS = 2_200;
const LONGEST_LIFE_MS = 600;

interface Chain {
  session: string;
  /** The newest refresh token that was printed. */
  token: string;
  /** How many trades were printed. */
  trades: number;
}

it("kill -9 at random instants loses nothing that was printed, and forks nothing", async () => {
  const random = chance();
  const sandbox = await authority({ in: IN_MEMORY });
  await sandbox.ok(["config", "set", "reuse_window", "60s"]);
  const chains: Chain[] = [];
  for (let index = 0; index < 2; index++) {
    const { session_id, refresh_token } = await login(sandbox, "--no-save");
    chains.push({ session: session_id, token: refresh_token, trades: 0 });
  }
  const kids = new Set<string>();
  let commands = 0;
  while (commands < COMMANDS) {
    const dead = await Promise.all(
      chains.map(({ token }) => runAndKill(sandbox, "trade", { token }, random() * LONGEST_LIFE_MS)),
    );
    await expectSound(sandbox);
    for (const [index, printed] of dead.entries()) {
      const chain = chains[index] as Chain;
      commands += printed.length;
      note(chain, printed, kids);
      // The last trade may have been committed and not printed: it is the only one that may.
      expect([chain.trades, chain.trades + 1]).toContain(tradesOf(sandbox, chain.session));
    }
    // Whatever the moment of the kill: who holds the newest token that was printed goes on with it.
    for (const chain of chains) {
      const out = await sandbox.ok(["refresh", "-", "--json"], { stdin: chain.token });
      chain.token = (JSON.parse(out) as TokenResponse).refresh_token;
      chain.trades += 1;
      expect(tradesOf(sandbox, chain.session)).toBe(chain.trades);
    }
  }
  const keys = JSON.parse(await sandbox.ok(["keys", "list", "--json"])) as { kid: string }[];
  const known = new Set(keys.map(({ kid }) => kid));
  for (const kid of kids) expect(known).toContain(kid);
});

/** Takes down what a killed process had printed. */
function note(chain: Chain, printed: readonly Printed[], kids: Set<string>): void {
  for (const { command, text } of printed) {
    if (command === "refresh -") {
      const answer = JSON.parse(text) as TokenResponse;
      chain.token = answer.refresh_token;
      chain.trades += 1;
      kids.add(kidOf(answer.access_token));
    } else if (command === "keys rotate") {
      kids.add((JSON.parse(text) as { active: { kid: string } }).active.kid);
    } else kids.add(kidOf(text));
  }
}

function kidOf(token: string): string {
  return JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()).kid as string;
}

function tradesOf(sandbox: Sandbox, session: string): unknown {
  return behind(sandbox, (database) =>
    database.prepare("SELECT rotations FROM logins WHERE id = ?").pluck().get(session),
  );
}

it("kill -9 at random instants of a migration leaves the old store or the new one, whole", async () => {
  const random = chance();
  const sandbox = new Sandbox(IN_MEMORY);
  const old = sandbox.path("old.db");
  const into = sandbox.path("copies");
  mkdirSync(into);
  const names = storeOfVersionOne(old);
  let number = 0;
  for (let round = 0; round < 12; round++) {
    const printed = await runAndKill(sandbox, "upgrade", { old, into, from: number }, random() * 100);
    number += printed.length;
    // The one that was being brought up to date, if there was one.
    const path = `${into}/${number}.db`;
    const version = versionOf(path);
    expect([undefined, 1, newestVersion(MIGRATIONS)]).toContain(version);
    if (version === undefined) continue;
    const users = JSON.parse(await sandbox.ok(["users", "list", "--json", "--db", path]));
    expect(users.map(({ name }: { name: string }) => name)).toEqual(names);
    expect(versionOf(path)).toBe(newestVersion(MIGRATIONS));
  }
  expect(number).toBeGreaterThanOrEqual(12);
});

/** A store as the first version left it. @returns the names of its users */
function storeOfVersionOne(path: string): string[] {
  writeFileSync(path, "", { mode: 0o600 });
  const database = new Sqlite(path);
  database.exec(readFileSync(resolve(import.meta.dirname, "../fixtures/schemas/1.sql"), "utf8"));
  const names = database.prepare("SELECT name FROM users ORDER BY name_key").pluck().all() as string[];
  database.close();
  return names;
}

/** Undefined when the file is not there: the process was killed before its copy was whole. */
function versionOf(path: string): unknown {
  try {
    const database = new Sqlite(path, { fileMustExist: true });
    try {
      expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
      return database.pragma("user_version", { simple: true });
    } finally {
      database.close();
    }
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "SQLITE_CANTOPEN") return undefined;
    throw error;
  }
}
