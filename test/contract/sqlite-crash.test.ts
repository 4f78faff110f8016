import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import type { Store } from "../../src/core/authority/ports/store.ts";
import { MIGRATIONS } from "../../src/storage/sqlite/migrations.ts";
import { openSqliteStore } from "../../src/storage/sqlite/store.ts";
import { amount } from "../support/amount.ts";
import { fillRichly, portrait } from "../support/store-dump.ts";
import { created, filledFile, integrityOf, opened, temporaryPath } from "../support/store-files.ts";
import { bundleWorker, startWorker } from "../support/store-processes.ts";
import { DAY, START, sampleSession, sampleStore } from "../support/store-samples.ts";

bundleWorker();

const ROUNDS = amount({ soak: 25, gate: 5 });
const BEGINNINGS = amount({ soak: 20, gate: 5 });
const MIGRATIONS_KILLED = amount({ soak: 12, gate: 4 });
const LOGINS = ["login-1", "login-2"];

/** What a killed process had said before it died. */
interface Said {
  /** The newest refresh token it had told to be durable. */
  readonly rotated: number;
  readonly promoted: readonly string[];
}

/** Lets a process rotate until it has said so many things and `delay` ms have passed, and kills it. */
async function churnAndKill(
  path: string,
  session: string,
  seq: number,
  lines: number,
  delay: number,
): Promise<Said> {
  const worker = await startWorker();
  let rotated = seq;
  const promoted: string[] = [];
  const note = (said: unknown) => {
    const { rotated: next, promoted: kid } = said as { rotated?: number; promoted?: string };
    if (next === undefined && kid === undefined)
      throw new Error(`it stopped by itself: ${JSON.stringify(said)}`);
    if (next !== undefined) rotated = next;
    if (kid !== undefined) promoted.push(kid);
  };
  note(await worker.do("churn", { path, session, seq }));
  for (let said = 1; said < lines; said++) note(await worker.next());
  await sleep(delay);
  worker.kill();
  for (let said = await worker.next(); said !== undefined; said = await worker.next()) note(said);
  await worker.end();
  return { rotated, promoted };
}

/** The number of a login's newest refresh token, after a check that the family has not forked or lost a member. */
async function newestOf(store: Store, session: string): Promise<number> {
  const tokens = await store.listRefreshTokens(session);
  expect(tokens.map(({ seq }) => seq)).toEqual(tokens.map((_, index) => index + 1));
  expect(tokens.filter(({ consumedAt }) => consumedAt === null).map(({ seq }) => seq)).toEqual([
    tokens.length,
  ]);
  return tokens.length;
}

test(`kill -9 in the middle of ${ROUNDS * LOGINS.length} runs of rotations loses nothing that was told`, async () => {
  const path = await filledFile();
  const first = await openSqliteStore(path);
  await first.createSession(sampleSession("login-2", "ada"), START);
  await first.close();
  const newest = new Map(LOGINS.map((session) => [session, 1]));
  for (let round = 0; round < ROUNDS; round++) {
    const dead = await Promise.all(
      LOGINS.map((session, index) =>
        churnAndKill(
          path,
          session,
          newest.get(session) ?? 0,
          1 + ((round + 5 * index) % 9),
          (round * 13) % 11,
        ),
      ),
    );
    // As the file lies there, before anything has been repaired.
    expect(integrityOf(path)).toBe("ok");
    const store = await openSqliteStore(path);
    for (const [index, session] of LOGINS.entries()) {
      const told = dead[index]?.rotated ?? 0;
      const found = await newestOf(store, session);
      // The last one may have been committed and not told.
      expect([told, told + 1]).toContain(found);
      newest.set(session, found);
    }
    const keys = await store.listKeys(START);
    expect(keys.filter(({ state }) => state === "active")).toHaveLength(1);
    const kids = new Set(keys.map(({ kid }) => kid));
    for (const { promoted } of dead) for (const kid of promoted) expect(kids).toContain(kid);
    await store.close();
  }
});

test("kill -9 while a store is being made leaves a store, or what init can still fill", async () => {
  const seen = new Set<string>();
  for (let round = 0; round < BEGINNINGS; round++) {
    const path = temporaryPath();
    const worker = await startWorker();
    const said = worker.do("init", { path, name: "killed" });
    await sleep(round % 10);
    worker.kill();
    const told = await said;
    await worker.end();
    const left = await openSqliteStore(path).catch((error) => error.code as string);
    if (typeof left === "string") {
      seen.add(left);
      expect(told).toBeUndefined();
    } else {
      await left.close();
    }
    const store = await created(path);
    const outcome = await store.initialise(sampleStore(), START);
    expect(outcome).toBe(typeof left === "string" ? "initialised" : "already_initialised");
    expect(await store.listKeys(START)).toHaveLength(2);
    expect(integrityOf(path)).toBe("ok");
  }
  for (const code of seen) expect(code).toBe("store_not_found");
});

test("kill -9 in the middle of a migration leaves the old store or the new one", async () => {
  const migration = `CREATE TABLE later (id INTEGER PRIMARY KEY, text TEXT) STRICT;
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
    INSERT INTO later SELECT i, 'text ' || i FROM n`;
  for (let round = 0; round < MIGRATIONS_KILLED; round++) {
    const path = await filledFile();
    const worker = await startWorker();
    const said = worker.do("upgrade", { path, migration });
    await sleep(6 * round);
    worker.kill();
    await said;
    await worker.end();
    expect(integrityOf(path)).toBe("ok");
    const store = await openSqliteStore(path).catch((error) => error.code as string);
    if (typeof store === "string") expect(store).toBe("store_newer");
    else await store.close();
    const next = await startWorker();
    expect(await next.do("upgrade", { path, migration })).toBe(1);
    await next.end();
  }
});

/** The steps of a migration; none of them has a semicolon inside. */
function stepsOf(version: number): string[] {
  const { sql = "" } = MIGRATIONS.find((migration) => migration.version === version) ?? {};
  const steps = sql
    .replace(/^--.*$/gm, "")
    .split(";")
    .map((step) => step.trim());
  return steps.filter((step) => step !== "").map((step) => `${step};`);
}

test("kill -9 at every step of the migration to sessions loses nothing", async () => {
  const steps = stepsOf(3);
  expect(steps.length).toBeGreaterThan(8);
  const fixture = readFileSync(new URL("../fixtures/schemas/2.sql", import.meta.url), "utf8");
  const right = await portrait(await fillRichly(await created(temporaryPath())), START + DAY);
  for (let done = 0; done <= steps.length; done++) {
    const path = temporaryPath();
    writeFileSync(path, "", { mode: 0o600 });
    const database = new Sqlite(path);
    database.exec(fixture);
    database.close();
    const worker = await startWorker();
    expect(await worker.do("beginUpgrade", { path, sql: steps.slice(0, done).join("\n") })).toBeUndefined();
    await worker.end();
    expect(integrityOf(path)).toBe("ok");
    const store = await opened(path);
    expect(await portrait(store, START + DAY)).toEqual(right);
    expect(await store.verifyAudit()).toMatchObject({ faultCount: 0 });
  }
});
