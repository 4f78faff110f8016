import { describe, expect, test } from "vitest";
import { amount } from "../support/amount.ts";
import { filledFile, opened } from "../support/store-files.ts";
import { assemble, bundleWorker } from "../support/store-processes.ts";
import { HOUR, START, sampleKey } from "../support/store-samples.ts";

/** How many processes change the keys at the same moment. */
const CROWD = amount({ soak: 60, gate: 20 });

bundleWorker();
const crowd = assemble(CROWD);

const NOW = START + HOUR;

async function statesIn(path: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { state } of await (await opened(path)).listKeys(NOW)) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

const outcomes = (results: readonly unknown[]) =>
  (results as { outcome: string }[]).map(({ outcome }) => outcome);

describe(`${CROWD} processes at once`, () => {
  test("activating one standby: it is activated once, and one successor comes in", async () => {
    const path = await filledFile();
    const order = (index: number) => ({ path, kid: "second", successor: `next-${index}` });
    const said = outcomes(await crowd.race("activate", order));
    expect(said.filter((outcome) => outcome === "activated")).toHaveLength(1);
    expect(said.filter((outcome) => outcome === "already_active")).toHaveLength(CROWD - 1);
    expect(await statesIn(path)).toEqual({ active: 1, standby: 1, retiring: 1 });
  });

  test("activate against rotate: exactly one key is active, one standby or more is published, none is lost", async () => {
    const path = await filledFile();
    const store = await opened(path);
    const standbys = Array.from({ length: CROWD }, (_, index) => `standby-${index}`);
    for (const kid of standbys) await store.addKey({ key: sampleKey(kid), state: "standby" }, START);
    const activations = crowd.race("activate", (index) => ({
      path,
      kid: standbys[index] ?? "",
      successor: `spare-${index}`,
    }));
    const promotions = crowd.race("promote", (index) => ({ path, successor: `rotated-${index}` }));
    expect(new Set(outcomes(await promotions))).toEqual(new Set(["promoted"]));
    await activations;
    const keys = await store.listKeys(NOW);
    const { active, standby = 0 } = await statesIn(path);
    expect(active).toBe(1);
    expect(standby).toBeGreaterThanOrEqual(1);
    const kids = new Set(keys.map(({ kid }) => kid));
    for (const kid of [...standbys, "first", "second"]) expect(kids).toContain(kid);
    for (let index = 0; index < CROWD; index++) expect(kids).toContain(`rotated-${index}`);
  });

  test("revoke against rotate: the revoked stay revoked, one key signs, and one standby is published", async () => {
    const path = await filledFile();
    const revocations = crowd.race("revoke", (index) => ({ path, replacement: `new-${index}` }));
    const promotions = crowd.race("promote", (index) => ({ path, successor: `rotated-${index}` }));
    await promotions;
    expect(new Set(outcomes(await revocations))).toEqual(new Set(["revoked"]));
    const store = await opened(path);
    const keys = await store.listKeys(NOW);
    const { active, standby, revoked = 0 } = await statesIn(path);
    expect(active).toBe(1);
    expect(standby).toBe(1);
    expect(revoked).toBeGreaterThanOrEqual(1);
    for (const { kid, state, hasPrivate } of keys) {
      expect(hasPrivate).toBe(state === "active" || state === "standby");
      if (state === "revoked") expect(await store.readPrivateKey(kid)).toBeNull();
    }
  });

  test("revoking one key: one replacement, one revocation", async () => {
    const path = await filledFile();
    const order = (index: number) => ({ path, kid: "first", replacement: `new-${index}` });
    const results = (await crowd.race("revoke", order)) as { changed: boolean }[];
    expect(results.filter(({ changed }) => changed)).toHaveLength(1);
    expect(await statesIn(path)).toEqual({ revoked: 1, active: 1, standby: 1 });
  });
});
