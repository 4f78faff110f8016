import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { runChecks } from "../../src/core/analysis/doctor/run-checks.ts";
import { JsonObject } from "../../src/core/base/json/value.ts";
import { createStoreBackups } from "../../src/storage/backups.ts";
import { createStoreExaminer } from "../../src/storage/examiner.ts";
import { createSqliteStore } from "../../src/storage/sqlite/store.ts";
import { amount } from "../support/amount.ts";
import { opened, temporaryPath } from "../support/store-files.ts";
import { bundleWorker, startWorker, type Worker } from "../support/store-processes.ts";
import { HOUR, START, sampleSession, sampleStore, sampleUser } from "../support/store-samples.ts";

bundleWorker();

const backups = createStoreBackups();

async function worker(): Promise<Worker> {
  const started = await startWorker();
  onTestFinished(() => started.kill());
  return started;
}

/** A store with so many logins, and some megabytes so that copying takes a while. */
async function largeStore(sessions: number): Promise<string> {
  const path = temporaryPath();
  const store = await createSqliteStore(path);
  await store.initialise(sampleStore(), START);
  const claims = new JsonObject([["filler", "x".repeat(50_000)]]);
  for (let user = 0; user < 100; user++) await store.addUser(sampleUser(`user-${user}`, { claims }), START);
  for (let session = 0; session < sessions; session++) {
    await store.createSession(sampleSession(`login-${session}`, "user-0"), START);
  }
  await store.close();
  return path;
}

/** What doctor finds wrong with a store, thoroughly. */
async function failures(path: string): Promise<string[]> {
  const now = START + 100 * HOUR;
  const store = await createStoreExaminer().examine({ path, full: true, now });
  const findings = runChecks({ store, credentials: null, jwks: undefined, now });
  return findings.filter(({ status }) => status === "fail").map(({ id, summary }) => `${id}: ${summary}`);
}

const leftovers = (path: string) => readdirSync(dirname(path)).filter((name) => name.includes("jwtctl-part"));

/** So many processes write beside a backup. */
const WRITERS = amount({ soak: 20, gate: 6 });
const KILLS = amount({ soak: 12, gate: 4 });

describe(`a backup while ${WRITERS} processes write`, () => {
  test("is whole, of one moment, and does not begin anew without end", async () => {
    const path = await largeStore(WRITERS);
    const to = join(dirname(path), "backup.db");
    const writers = await Promise.all(Array.from({ length: WRITERS }, () => worker()));
    await Promise.all(
      writers.map((writer, index) => writer.do("churn", { path, session: `login-${index}`, seq: 1 })),
    );
    const entries: number[] = [];
    for (let round = 0; round < 5; round++) {
      let steps = 0;
      const made = await backups.backUp({ from: path, to, overwrite: true, progress: () => steps++ });
      // 5 MB in steps of 4 MB: more would mean that it was thrown back by the writers.
      expect(steps).toBeLessThan(10);
      expect(made.audit).toMatchObject({ faultCount: 0 });
      expect(await failures(to)).toEqual([]);
      entries.push(made.counts.auditEntries);
    }
    expect(entries).toEqual([...entries].sort((a, b) => a - b));
    expect(entries.at(-1)).toBeGreaterThan(entries[0] ?? 0);
    for (const writer of writers) writer.kill();
    expect(leftovers(path)).toEqual([]);
  });
});

describe("a backup for which there is no room", () => {
  test("says so of the backup, leaves nothing of it, and the store as it is", async () => {
    const path = await largeStore(1);
    const to = join(dirname(path), "backup.db");
    // 2 MB, in blocks of 1 KB.
    const confined = await startWorker("ulimit -f 2000");
    onTestFinished(() => confined.kill());
    expect(await confined.do("backUpOnce", { from: path, to })).toEqual({ error: "file_unwritable" });
    expect(existsSync(to)).toBe(false);
    expect(leftovers(path)).toEqual([]);
    expect(await failures(path)).toEqual([]);
  });
});

describe("kill -9", () => {
  test("in the middle of a backup leaves the old backup or the new one, whole, and never a half one", async () => {
    const path = await largeStore(1);
    const to = join(dirname(path), "backup.db");
    for (let round = 0; round < KILLS; round++) {
      const victim = await worker();
      await victim.do("backUp", { from: path, to });
      await sleep(5 + round * 13);
      victim.kill();
      await victim.end();
      if (existsSync(to)) expect([round, await failures(to)]).toEqual([round, []]);
      expect([round, await failures(path)]).toEqual([round, []]);
    }
    await backups.backUp({ from: path, to, overwrite: true, progress: () => undefined });
    expect(await failures(to)).toEqual([]);
    expect(leftovers(path)).toEqual([]);
  });

  test("in the middle of a restoration leaves the old store or the new one, whole, at every moment", async () => {
    const backup = await largeStore(1);
    const target = await largeStore(2);
    const seen = new Set<number>();
    for (let round = 0; round < KILLS; round++) {
      const victim = await worker();
      await victim.do("restore", { backup, target });
      await sleep(5 + round * 13);
      victim.kill();
      await victim.end();
      expect([round, await failures(target)]).toEqual([round, []]);
      const store = await opened(target);
      seen.add((await store.listSessions({}, START)).length);
    }
    expect([...seen].every((sessions) => sessions === 1 || sessions === 2)).toBe(true);
    const staged = await backups.stage({ backup, target });
    await staged.discard();
    expect(leftovers(target)).toEqual([]);
  });
});

describe("a store that is being used", () => {
  test("is restored between two commands, and nothing that is written afterwards is lost", async () => {
    const path = await largeStore(1);
    const to = join(dirname(path), "backup.db");
    await backups.backUp({ from: path, to, overwrite: false, progress: () => undefined });
    const staged = await backups.stage({ backup: to, target: path });
    await backups.replace({ staged, target: path, now: START, settle: async () => true });
    await staged.discard();
    const store = await opened(path);
    await store.addUser(sampleUser("new"), START);
    expect(await store.findUser("new", START)).not.toBeNull();
    expect(await failures(path)).toEqual([]);
  });
});
