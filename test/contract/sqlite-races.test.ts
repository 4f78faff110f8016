import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { amount } from "../support/amount.ts";
import { filledFile, opened, temporaryDirectory } from "../support/store-files.ts";
import { assemble, bundleWorker } from "../support/store-processes.ts";
import { START, sealOf, WINDOW } from "../support/store-samples.ts";

/** How many processes want the same thing at the same moment. */
const CROWD = amount({ soak: 100, gate: 20 });

bundleWorker();
const crowd = assemble(CROWD);

function count(results: readonly unknown[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of results) {
    const name = typeof result === "string" ? result : JSON.stringify(result);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

interface Rotated {
  readonly outcome: string;
  readonly sealed: number[] | null;
}

const outcomes = (results: readonly unknown[]) => count((results as Rotated[]).map(({ outcome }) => outcome));

describe(`${CROWD} processes at once`, () => {
  test("with the same refresh token: one rotation, one successor for all, nothing revoked", async () => {
    const path = await filledFile();
    const order = (index: number) => ({ path, from: "login-1/1", to: `s-${index}`, reuseWindow: WINDOW });
    const results = (await crowd.race("rotate", order)) as Rotated[];
    expect(outcomes(results)).toEqual({ rotated: 1, replayed: CROWD - 1 });
    const winner = results.findIndex(({ outcome }) => outcome === "rotated");
    const successors = new Set(
      results.map(({ sealed }) => sealed?.join()).filter((sealed) => sealed !== undefined),
    );
    expect([...successors]).toEqual([sealOf(`s-${winner}`).join()]);
    const store = await opened(path);
    expect(await store.listRefreshTokens("login-1")).toHaveLength(2);
    expect(await store.findSessions("login-1", START)).toMatchObject([{ reason: null, rotations: 1 }]);
  });

  test("with the same refresh token and window 0: one rotation, one theft, the login revoked", async () => {
    const path = await filledFile();
    const order = (index: number) => ({ path, from: "login-1/1", to: `s-${index}`, reuseWindow: 0 });
    expect(outcomes(await crowd.race("rotate", order))).toEqual({
      rotated: 1,
      reused: 1,
      revoked: CROWD - 2,
    });
    const store = await opened(path);
    expect(await store.listRefreshTokens("login-1")).toHaveLength(2);
    expect(await store.findSessions("login-1", START)).toMatchObject([{ reason: "reuse_detected" }]);
  });

  test("rotating the keys: exactly one key is active, and none is lost", async () => {
    const path = await filledFile();
    const results = await crowd.race("promote", (index) => ({ path, successor: `k-${index}` }));
    expect(outcomes(results)).toEqual({ promoted: CROWD });
    const keys = await (await opened(path)).listKeys(START);
    expect(count(keys.map(({ state }) => state))).toEqual({ active: 1, standby: 1, retiring: CROWD });
  });

  test("rotating a key that is old enough: it is rotated once", async () => {
    const path = await filledFile();
    const order = (index: number) => ({ path, successor: `k-${index}`, onlyIfActivatedBefore: START });
    expect(outcomes(await crowd.race("promote", order))).toEqual({ promoted: 1, too_young: CROWD - 1 });
    expect(await (await opened(path)).listKeys(START)).toHaveLength(3);
  });

  test("on an empty path: one store, filled by one of them, whole", async () => {
    const path = join(temporaryDirectory(), "not", "there", "yet", "jwtctl.db");
    const results = await crowd.race("init", (index) => ({ path, name: `p-${index}` }));
    expect(count(results)).toEqual({ initialised: 1, already_initialised: CROWD - 1 });
    const winner = `p-${results.indexOf("initialised")}`;
    const keys = await (await opened(path)).listKeys(START);
    expect(keys.map(({ kid }) => kid)).toEqual([`${winner}-standby`, `${winner}-active`]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("registering one name: one user", async () => {
    const path = await filledFile();
    const results = await crowd.race("register", (index) => ({ path, id: `u-${index}`, name: "bob" }));
    expect(count(results)).toEqual({ added: 1, name_taken: CROWD - 1 });
    expect(await (await opened(path)).findUser("bob", START)).toMatchObject({
      id: `u-${results.indexOf("added")}`,
    });
  });

  test("bringing an old store up to date: it is done once, and all go on with it", async () => {
    const path = await filledFile();
    const migration = "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT; INSERT INTO later VALUES (1)";
    expect(count(await crowd.race("upgrade", () => ({ path, migration })))).toEqual({ 1: CROWD });
  });
});
