import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, it } from "vitest";
import { MIGRATIONS, newestVersion } from "../../src/storage/sqlite/migrations.ts";
import { amount } from "../support/amount.ts";
import { authority, login, type TokenResponse } from "../support/authority.ts";
import { chance } from "../support/chance.ts";
import { bundleCommandWorker, runAndKill } from "../support/command-processes.ts";
import type { Printed } from "../support/command-worker.ts";
import { behind, expectSound } from "../support/sound-store.ts";
import { IN_MEMORY, Sandbox } from "../support/spawn.ts";

bundleCommandWorker();

/** So many refreshes and key rotations are printed by processes that are killed (-9) in the middle of one, so often. */
const CHANGES = amount({ soak: 2_000, gate: 100 });
const KILLS = amount({ soak: 40, gate: 6 });
/** What a process prints, on average, before it is killed. */
const LINES = CHANGES / KILLS;
const MIGRATIONS_KILLED = amount({ soak: 12, gate: 3 });
/** A command takes a few of these ms; on a busy machine it takes more, and the kills come early in it. */
const DELAY_MS = 20;

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
  const done = { refreshes: 0, rotations: 0, kills: 0 };
  while (done.refreshes + done.rotations < CHANGES || done.kills < KILLS) {
    const dead = await Promise.all(
      chains.map(({ token }) => {
        const after = { lines: 1 + Math.floor(random() * 2 * LINES), ms: random() * DELAY_MS };
        return runAndKill(sandbox, "trade", { token }, after);
      }),
    );
    await expectSound(sandbox);
    for (const [index, printed] of dead.entries()) {
      const chain = chains[index] as Chain;
      done.kills += 1;
      done.refreshes += printed.filter(({ command }) => command === "refresh -").length;
      done.rotations += printed.filter(({ command }) => command === "keys rotate").length;
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
  // Each rotation has added a key: those that were printed, and perhaps the one in whose middle the kill came.
  expect(keys.length - 2).toBeGreaterThanOrEqual(done.rotations);
  expect(keys.length - 2).toBeLessThanOrEqual(done.rotations + done.kills);
  const known = new Set(keys.map(({ kid }) => kid));
  for (const kid of kids) expect(known).toContain(kid);
  expect(done.refreshes).toBeGreaterThan(done.rotations);
  expect(done.rotations).toBeGreaterThan(CHANGES / 10);
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
    database.prepare("SELECT rotations FROM sessions WHERE id = ?").pluck().get(session),
  );
}

it.each([1, 2])(
  "kill -9 at random instants of a migration from version %i leaves the old store or a newer one, whole",
  async (from) => {
    const random = chance();
    const sandbox = new Sandbox({ in: IN_MEMORY });
    const old = sandbox.path("old.db");
    const into = sandbox.path("copies");
    mkdirSync(into);
    const names = storeOfVersion(from, old);
    let number = 0;
    for (let kill = 0; kill < MIGRATIONS_KILLED; kill++) {
      const printed = await runAndKill(
        sandbox,
        "upgrade",
        { old, into, from: number },
        { lines: 1 + Math.floor(random() * 4), ms: random() * DELAY_MS },
      );
      number += printed.length;
      // The one that was being brought up to date, if there was one.
      const path = `${into}/${number}.db`;
      const version = versionOf(path);
      expect([undefined, ...MIGRATIONS.map((migration) => migration.version)]).toContain(version);
      if (version === undefined) continue;
      const users = JSON.parse(await sandbox.ok(["users", "list", "--json", "--db", path]));
      expect(users.map(({ name }: { name: string }) => name)).toEqual(names);
      expect(versionOf(path)).toBe(newestVersion(MIGRATIONS));
    }
    expect(number).toBeGreaterThanOrEqual(MIGRATIONS_KILLED);
  },
);

/** A store as an earlier version left it. @returns the names of its users */
function storeOfVersion(version: number, path: string): string[] {
  writeFileSync(path, "", { mode: 0o600 });
  const database = new Sqlite(path);
  database.exec(readFileSync(resolve(import.meta.dirname, `../fixtures/schemas/${version}.sql`), "utf8"));
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
