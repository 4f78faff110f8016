import { describe, expect, test } from "vitest";
import { JWKS_CACHE_MS, retirementOf } from "../../src/core/authority/keys/signing-key.ts";
import type { Store } from "../../src/core/authority/ports/store.ts";
import {
  DAY,
  HOUR,
  MINUTE,
  SECOND,
  START,
  sampleKey,
  sampleSecret,
  sampleStore,
} from "../support/store-samples.ts";
import type { MakeStore } from "./store-contract.ts";

export function describeKeys(make: MakeStore): void {
  const ready = async () => {
    const store = await make();
    await store.initialise(sampleStore(), START);
    return store;
  };
  describe("signing keys", () => {
    describeListing(ready);
    describeAdding(ready);
    describePromotion(ready, make);
    describeReservation(ready);
  });
}

type Ready = () => Promise<Store>;

async function statesOf(store: Store, now: number): Promise<Record<string, string>> {
  return Object.fromEntries((await store.listKeys(now)).map(({ kid, state }) => [kid, state]));
}

function promotion(kid: string, changes: { keepPrivate?: boolean; onlyIfActivatedBefore?: number } = {}) {
  return { successor: sampleKey(kid), keepPrivate: false, ...changes };
}

function describeListing(ready: Ready): void {
  test("are listed newest first, as they came in", async () => {
    const store = await ready();
    const { kid, alg, publicJwk } = sampleKey("second");
    const listed = await store.listKeys(START);
    expect(listed.map((key) => key.kid)).toEqual(["second", "first"]);
    expect(listed[0]).toEqual({
      kid,
      alg,
      state: "standby",
      publicJwk,
      hasPrivate: true,
      createdAt: START,
      activatedAt: null,
      retiresAt: null,
      revokedAt: null,
      maxExp: null,
      signedWithoutExp: false,
    });
    expect(listed[1]).toMatchObject({ state: "active", activatedAt: START });
  });

  test("give their private half only when asked for it", async () => {
    const store = await ready();
    expect(JSON.stringify(await store.listKeys(START))).not.toContain("d-of-");
    expect(await store.readPrivateKey("first")).toEqual(sampleKey("first").privateMaterial);
    expect(await store.readPrivateKey("nobody")).toBeNull();
  });

  test("keep an encrypted private half as it is", async () => {
    const store = await ready();
    const privateMaterial = { form: "encrypted", jwe: "a.b.c.d.e" } as const;
    await store.addKey({ key: sampleKey("sealed", { privateMaterial }), state: "standby" }, START);
    expect(await store.readPrivateKey("sealed")).toEqual(privateMaterial);
  });
}

function describeAdding(ready: Ready): void {
  test("a key that is there already is not added again", async () => {
    const store = await ready();
    const added = await store.addKey({ key: sampleKey("first"), state: "standby" }, START);
    expect(added).toEqual({ outcome: "duplicate", state: "active" });
    expect(await store.listKeys(START)).toHaveLength(2);
  });

  test("a standby that is only wanted where there is none is not added beside another", async () => {
    const store = await ready();
    const add = (kid: string) =>
      store.addKey({ key: sampleKey(kid), state: "standby", onlyIfMissing: true }, START);
    expect(await add("third")).toEqual({ outcome: "not_missing", standby: "second" });
    expect(await statesOf(store, START)).toEqual({ first: "active", second: "standby" });
    // That it is to be one counts, not that it is the same key again.
    expect(await add("second")).toEqual({ outcome: "duplicate", state: "standby" });
  });

  test("a key added as active takes the place of the active one", async () => {
    const store = await ready();
    const added = await store.addKey({ key: sampleKey("third"), state: "active" }, START + DAY);
    expect(added).toEqual({ outcome: "added" });
    expect(await statesOf(store, START + DAY)).toEqual({
      first: "retiring",
      second: "standby",
      third: "active",
    });
    expect(await store.readPrivateKey("first")).toBeNull();
  });

  test("the private half of the key it replaces stays when that is asked for", async () => {
    const store = await ready();
    await store.addKey({ key: sampleKey("third"), state: "active", keepPrivate: true }, START + DAY);
    expect(await store.readPrivateKey("first")).toEqual(sampleKey("first").privateMaterial);
  });

  test("a public key can be added to verify with, and does not retire by itself", async () => {
    const store = await ready();
    const key = sampleKey("theirs", { privateMaterial: null });
    expect(await store.addKey({ key, state: "retiring" }, START)).toEqual({ outcome: "added" });
    const [added] = await store.listKeys(START + 10_000 * DAY);
    expect(added).toMatchObject({ kid: "theirs", state: "retiring", hasPrivate: false, retiresAt: null });
  });

  test("a key to verify with can be added until a date", async () => {
    const store = await ready();
    const key = sampleKey("theirs", { privateMaterial: null });
    await store.addKey({ key, state: "retiring", retiresAt: START + DAY }, START);
    expect((await store.listKeys(START))[0]).toMatchObject({ kid: "theirs", retiresAt: START + DAY });
    expect(await statesOf(store, START + DAY - 1)).toMatchObject({ theirs: "retiring" });
    expect(await statesOf(store, START + DAY)).toMatchObject({ theirs: "retired" });
  });

  test.each(["standby", "active"] as const)("a key without a private half cannot be %s", async (state) => {
    const store = await ready();
    const key = sampleKey("theirs", { privateMaterial: null });
    await expect(store.addKey({ key, state }, START)).rejects.toMatchObject({ code: "key_unusable" });
    expect(await statesOf(store, START)).toEqual({ first: "active", second: "standby" });
  });
}

function describePromotion(ready: Ready, make: MakeStore): void {
  test("promotion makes the standby key active and the active one retiring", async () => {
    const store = await ready();
    const now = START + 30 * DAY;
    const result = await store.promoteStandbyKey(promotion("third"), now);
    expect(result).toMatchObject({
      outcome: "promoted",
      active: { kid: "second", state: "active", activatedAt: now },
      standby: { kid: "third", state: "standby", createdAt: now, activatedAt: null },
      previous: { kid: "first", state: "retiring", hasPrivate: false, retiresAt: retirementOf(null, now) },
    });
    expect(await statesOf(store, now)).toEqual({ first: "retiring", second: "active", third: "standby" });
    const listed = await store.listKeys(now);
    if (result.outcome !== "promoted") throw new Error(result.outcome);
    expect(listed).toEqual([result.standby, result.active, result.previous]);
  });

  test("the private half is destroyed when a key leaves active", async () => {
    const store = await ready();
    await store.promoteStandbyKey(promotion("third"), START + DAY);
    expect(await store.readPrivateKey("first")).toBeNull();
    expect(await store.readPrivateKey("second")).not.toBeNull();
  });

  test("the private half stays with keepPrivate", async () => {
    const store = await ready();
    await store.promoteStandbyKey(promotion("third", { keepPrivate: true }), START + DAY);
    expect(await store.readPrivateKey("first")).toEqual(sampleKey("first").privateMaterial);
  });

  test("a shared secret stays while its tokens live, and goes when it retires", async () => {
    const store = await ready();
    await store.addKey({ key: sampleSecret("secret"), state: "active" }, START);
    await store.promoteStandbyKey(promotion("third"), START + DAY);
    expect(await store.readPrivateKey("secret")).toEqual(sampleSecret("secret").privateMaterial);
    await store.promoteStandbyKey(promotion("fourth"), START + 2 * DAY);
    expect(await statesOf(store, START + 2 * DAY)).toMatchObject({ secret: "retired" });
    expect(await store.readPrivateKey("secret")).toBeNull();
  });

  test("promotion takes the oldest standby key, so that what signs has always been published ahead", async () => {
    const store = await ready();
    await store.addKey({ key: sampleKey("third"), state: "standby" }, START);
    const successor = sampleKey("rsa", { alg: "RS256" });
    await store.promoteStandbyKey({ successor, keepPrivate: false }, START);
    expect(await statesOf(store, START)).toMatchObject({
      second: "active",
      third: "standby",
      rsa: "standby",
    });
    await store.promoteStandbyKey(promotion("fourth"), START);
    await store.promoteStandbyKey(promotion("fifth"), START);
    expect(await statesOf(store, START)).toMatchObject({
      rsa: "active",
      fourth: "standby",
      fifth: "standby",
    });
  });

  test("a standby that verifiers may not know yet stays one, for whoever asks for that", async () => {
    const store = await ready();
    await store.promoteStandbyKey(promotion("third"), START + 1);
    const before = await store.listKeys(START + 2);
    const unseen = { outcome: "unseen", key: { kid: "third" }, until: START + 1 + JWKS_CACHE_MS };
    expect(
      await store.promoteStandbyKey({ ...promotion("fourth"), onlyIfSeen: true }, START + 2),
    ).toMatchObject(unseen);
    const activation = { kid: "third", keepPrivate: false, onlyIfSeen: true, successor: sampleKey("fourth") };
    expect(await store.activateKey(activation, START + 2)).toMatchObject(unseen);
    const revocation = {
      kid: "second",
      withSessions: false,
      onlyIfSeen: true,
      replacements: [sampleKey("fourth")],
    };
    expect(await store.revokeKey(revocation, START + 2)).toMatchObject(unseen);
    expect(await store.listKeys(START + 2)).toEqual(before);
    expect(await store.activateKey(activation, START + 1 + JWKS_CACHE_MS)).toMatchObject({
      outcome: "activated",
    });
  });

  test("without a standby key nothing changes", async () => {
    const store = await make();
    const before = await store.listKeys(START);
    expect(await store.promoteStandbyKey(promotion("third"), START)).toEqual({ outcome: "no_standby" });
    expect(await store.listKeys(START)).toEqual(before);
  });

  test("an active key that is younger than asked for stays", async () => {
    const store = await ready();
    const now = START + 30 * DAY;
    const young = await store.promoteStandbyKey(
      promotion("third", { onlyIfActivatedBefore: START - 1 }),
      now,
    );
    expect(young).toMatchObject({ outcome: "too_young", active: { kid: "first", state: "active" } });
    expect(await store.listKeys(now)).toHaveLength(2);
    const due = await store.promoteStandbyKey(promotion("third", { onlyIfActivatedBefore: START }), now);
    expect(due.outcome).toBe("promoted");
  });

  test("an activation that lies days ahead says nothing about the age of a key", async () => {
    const store = await ready();
    const tenYears = START + 3650 * DAY;
    await store.promoteStandbyKey(promotion("third"), tenYears);
    const now = START + DAY;
    const young = promotion("fourth", { onlyIfActivatedBefore: now - 30 * DAY });
    expect(await store.promoteStandbyKey(young, tenYears - HOUR)).toMatchObject({ outcome: "too_young" });
    expect(await store.promoteStandbyKey(young, now)).toMatchObject({
      outcome: "promoted",
      active: { kid: "third", activatedAt: now },
    });
    const again = promotion("fifth", { onlyIfActivatedBefore: now - 30 * DAY });
    expect(await store.promoteStandbyKey(again, now)).toMatchObject({ outcome: "too_young" });
  });

  test("under a clock that shows a time before everything in the store, no key is old", async () => {
    const store = await ready();
    const now = START - 3650 * DAY;
    const order = promotion("third", { onlyIfActivatedBefore: now - DAY });
    expect(await store.promoteStandbyKey(order, now)).toMatchObject({ outcome: "too_young" });
  });

  test("of many promotions of one old key at once only one happens", async () => {
    const store = await ready();
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store.promoteStandbyKey(promotion(`next-${index}`, { onlyIfActivatedBefore: START }), START + DAY),
      ),
    );
    expect(results.filter(({ outcome }) => outcome === "promoted")).toHaveLength(1);
    const states = Object.values(await statesOf(store, START + DAY));
    expect(states.sort()).toEqual(["active", "retiring", "standby"]);
  });

  test("a successor that is in the store already changes nothing", async () => {
    const store = await ready();
    const before = await store.listKeys(START);
    await expect(store.promoteStandbyKey(promotion("first"), START)).rejects.toThrow();
    expect(await store.listKeys(START)).toEqual(before);
  });

  test("a retiring key is retired from its date on, and verifies again when a clock that was ahead is set right", async () => {
    const store = await ready();
    await store.promoteStandbyKey(promotion("third"), START);
    const end = retirementOf(null, START);
    expect(await statesOf(store, end - 1)).toMatchObject({ first: "retiring" });
    expect(await statesOf(store, end)).toMatchObject({ first: "retired" });
    expect(await statesOf(store, end - 1)).toMatchObject({ first: "retiring" });
    await store.promoteStandbyKey(promotion("fourth"), end);
    expect(await statesOf(store, end)).toMatchObject({ first: "retired" });
    expect(await statesOf(store, end - 1)).toMatchObject({ first: "retiring", second: "retiring" });
  });
}

function describeReservation(ready: Ready): void {
  const exp = (ms: number) => ms / SECOND;

  test("a key is kept until the last token it signed has expired everywhere", async () => {
    const store = await ready();
    const last = exp(START + HOUR);
    expect(await store.reserveSignature("first", last, START)).toBe("reserved");
    expect(await store.reserveSignature("first", last - 1, START)).toBe("reserved");
    expect((await store.listKeys(START)).at(-1)).toMatchObject({ kid: "first", maxExp: last });
    const result = await store.promoteStandbyKey(promotion("third"), START + MINUTE);
    expect(result).toMatchObject({ previous: { retiresAt: retirementOf(last, START + MINUTE) } });
  });

  test("a fraction of a second counts up", async () => {
    const store = await ready();
    await store.reserveSignature("first", 1_800_000_000.25, START);
    expect((await store.listKeys(START)).at(-1)).toMatchObject({ maxExp: 1_800_000_001 });
  });

  test.each([
    ["has none", null],
    ["lies beyond the calendar", 1e300],
  ])("a key that signed a token whose exp %s does not retire by itself", async (_, never) => {
    const store = await ready();
    await store.reserveSignature("first", never, START);
    await store.reserveSignature("first", exp(START + HOUR), START);
    const result = await store.promoteStandbyKey(promotion("third"), START + DAY);
    expect(result).toMatchObject({
      previous: { state: "retiring", retiresAt: null, signedWithoutExp: true },
    });
    expect(await statesOf(store, START + 100_000 * DAY)).toMatchObject({ first: "retiring" });
  });

  test("a token that has expired already can be signed too", async () => {
    const store = await ready();
    expect(await store.reserveSignature("first", -1e300, START)).toBe("reserved");
    expect((await store.listKeys(START)).at(-1)).toMatchObject({ maxExp: 0, signedWithoutExp: false });
  });

  test.each(["second", "nobody"])("only the active key signs, not %s", async (kid) => {
    const store = await ready();
    expect(await store.reserveSignature(kid, exp(START + HOUR), START)).toBe("not_active");
    expect((await store.listKeys(START)).map(({ maxExp }) => maxExp)).toEqual([null, null]);
  });

  test("a key that was active a moment ago signs no more", async () => {
    const store = await ready();
    await store.reserveSignature("first", exp(START + DAY), START);
    await store.promoteStandbyKey(promotion("third", { keepPrivate: true }), START + MINUTE);
    expect(await store.reserveSignature("first", exp(START + HOUR), START + MINUTE)).toBe("not_active");
  });
}
