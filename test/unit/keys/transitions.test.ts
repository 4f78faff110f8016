import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SigningKey } from "../../../src/core/authority/keys/signing-key.ts";
import type { Store } from "../../../src/core/authority/ports/store.ts";
import { createMemoryStore } from "../../support/memory-store.ts";
import { DAY, HOUR, MINUTE, START, sampleKey, sampleStore } from "../../support/store-samples.ts";

type Step = (store: Store, kid: string, now: number, step: number) => Promise<unknown>;

const STEPS: Readonly<Record<string, Step>> = {
  rotate: (store, _, now, step) =>
    store.promoteStandbyKey({ successor: sampleKey(`r${step}`), keepPrivate: step % 2 === 0 }, now),
  add: (store, _, now, step) => store.addKey({ key: sampleKey(`n${step}`), state: "standby" }, now),
  activate: (store, kid, now, step) =>
    store.activateKey({ kid, keepPrivate: step % 2 === 0, successor: sampleKey(`a${step}`) }, now),
  retire: (store, kid, now) => store.retireKey(kid, now),
  revoke: (store, kid, now, step) => {
    const replacements = [sampleKey(`x${step}`), sampleKey(`y${step}`)];
    return store.revokeKey({ kid, replacements, withSessions: false }, now);
  },
  delete: (store, kid, now) => store.deleteKey({ kid, force: false }, now),
  forceDelete: (store, kid, now) => store.deleteKey({ kid, force: true }, now),
  sign: (store, kid, now) => store.reserveSignature(kid, (now + HOUR) / 1000, now),
};

/** What holds of the keys of a store, always. */
function expectSound(keys: readonly SigningKey[]): void {
  expect(keys.filter(({ state }) => state === "active")).toHaveLength(1);
  for (const { state, hasPrivate, activatedAt, revokedAt, retiresAt } of keys) {
    if (state === "active" || state === "standby") expect(hasPrivate).toBe(true);
    if (state === "active") expect(activatedAt).not.toBeNull();
    if (state === "revoked") expect([hasPrivate, retiresAt]).toEqual([false, null]);
    expect(revokedAt !== null).toBe(state === "revoked");
  }
}

describe("whatever is done to the keys of a store", () => {
  const script = (names: readonly string[]) =>
    fc.array(
      fc.record({
        name: fc.constantFrom(...names),
        pick: fc.nat({ max: 20 }),
        wait: fc.constantFrom(0, MINUTE, HOUR, 2 * DAY),
      }),
      { minLength: 5, maxLength: 40 },
    );

  async function play(
    steps: readonly { name: string; pick: number; wait: number }[],
    check: (keys: readonly SigningKey[], before: readonly SigningKey[]) => void,
  ) {
    const store = createMemoryStore();
    await store.initialise(sampleStore(), START);
    let now = START;
    for (const [step, { name, pick, wait }] of steps.entries()) {
      now += wait;
      const before = await store.listKeys(now);
      await STEPS[name]?.(store, before[pick % before.length]?.kid ?? "", now, step);
      check(await store.listKeys(now), before);
    }
  }

  test("exactly one key is active, and what may sign has its private half", async () => {
    await fc.assert(
      fc.asyncProperty(script(Object.keys(STEPS)), (steps) => play(steps, (keys) => expectSound(keys))),
      { numRuns: 200 },
    );
  });

  test("without force, a key is always published ahead", async () => {
    const gentle = Object.keys(STEPS).filter((name) => name !== "forceDelete");
    await fc.assert(
      fc.asyncProperty(script(gentle), (steps) =>
        play(steps, (keys) => {
          expect(keys.filter(({ state }) => state === "standby").length).toBeGreaterThanOrEqual(1);
        }),
      ),
      { numRuns: 200 },
    );
  });

  test("a key never leaves retired or revoked, and a destroyed private half never comes back", async () => {
    await fc.assert(
      fc.asyncProperty(script(Object.keys(STEPS)), (steps) =>
        play(steps, (keys, before) => {
          for (const old of before) {
            const key = keys.find(({ kid }) => kid === old.kid);
            if (!key) continue;
            if (old.state === "revoked") expect(key.state).toBe("revoked");
            if (old.state === "retired") expect(["retired", "revoked"]).toContain(key.state);
            if (!old.hasPrivate) expect(key.hasPrivate).toBe(false);
          }
        }),
      ),
      { numRuns: 200 },
    );
  });
});
