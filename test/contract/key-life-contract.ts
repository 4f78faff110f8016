import { describe, expect, test } from "vitest";
import { retirementOf } from "../../src/core/authority/keys/signing-key.ts";
import type { Store } from "../../src/core/authority/ports/store.ts";
import {
  DAY,
  HOUR,
  SECOND,
  START,
  sampleKey,
  sampleSecret,
  sampleSession,
  sampleStore,
  sampleUser,
} from "../support/store-samples.ts";
import type { MakeStore } from "./store-contract.ts";

export function describeKeyLife(make: MakeStore): void {
  const ready = async () => {
    const store = await make();
    await store.initialise(sampleStore(), START);
    return store;
  };
  describe("the life of signing keys", () => {
    describeNames(ready);
    describeActivation(ready);
    describeRetirement(ready);
    describeRevocation(ready);
    describeDeletion(ready);
    describeResealing(ready);
  });
}

type Ready = () => Promise<Store>;

async function statesOf(store: Store, now = START): Promise<Record<string, string>> {
  return Object.fromEntries((await store.listKeys(now)).map(({ kid, state }) => [kid, state]));
}

async function refusesToChange(store: Store, work: () => Promise<unknown>): Promise<void> {
  const before = await store.listKeys(START);
  await work();
  expect(await store.listKeys(START)).toEqual(before);
}

const publicKey = (kid: string, formerKid?: string) =>
  sampleKey(kid, { privateMaterial: null, ...(formerKid === undefined ? {} : { formerKid }) });

function describeNames(ready: Ready): void {
  test("an imported key is listed with the kid it had where it came from", async () => {
    const store = await ready();
    await store.addKey({ key: publicKey("theirs", "key-1"), state: "retiring" }, START);
    expect((await store.listKeys(START))[0]).toMatchObject({ kid: "theirs", formerKid: "key-1" });
    expect((await store.listKeys(START))[1]).not.toHaveProperty("formerKid");
  });

  test("an imported key ends at the date it came with", async () => {
    const store = await ready();
    await store.addKey({ key: publicKey("theirs"), state: "retiring", retiresAt: START + DAY }, START);
    expect(await statesOf(store, START + DAY - 1)).toMatchObject({ theirs: "retiring" });
    expect(await statesOf(store, START + DAY)).toMatchObject({ theirs: "retired" });
  });

  test.each([
    ["a former kid that is another key's kid", publicKey("theirs", "first"), "first"],
    ["a former kid that another key has too", publicKey("theirs", "key-1"), "old"],
    ["a kid that another key had before", publicKey("key-1"), "old"],
  ])("no key comes in under %s", async (_, key, by) => {
    const store = await ready();
    await store.addKey({ key: publicKey("old", "key-1"), state: "retiring" }, START);
    const before = await store.listKeys(START);
    expect(await store.addKey({ key, state: "retiring" }, START)).toEqual({ outcome: "kid_taken", by });
    expect(await store.listKeys(START)).toEqual(before);
  });
}

function describeActivation(ready: Ready): void {
  const activate = (kid: string, successor?: string) => ({
    kid,
    keepPrivate: false,
    ...(successor === undefined ? {} : { successor: sampleKey(successor) }),
  });

  test("a standby signs at once, whichever has its turn, and the active key retires", async () => {
    const store = await ready();
    await store.addKey({ key: sampleKey("third"), state: "standby" }, START);
    const now = START + DAY;
    expect(await store.activateKey(activate("third"), now)).toMatchObject({
      outcome: "activated",
      active: { kid: "third", state: "active", activatedAt: now },
      previous: { kid: "first", state: "retiring", hasPrivate: false, retiresAt: retirementOf(null, now) },
      standby: null,
    });
    expect(await statesOf(store, now)).toEqual({ first: "retiring", second: "standby", third: "active" });
    expect(await store.readPrivateKey("first")).toBeNull();
  });

  test("the last standby is not activated before another one is there to be published ahead", async () => {
    const store = await ready();
    await refusesToChange(store, async () => {
      expect(await store.activateKey(activate("second"), START)).toEqual({ outcome: "successor_needed" });
    });
    const result = await store.activateKey(activate("second", "third"), START);
    expect(result).toMatchObject({ outcome: "activated", standby: { kid: "third", state: "standby" } });
    expect(await statesOf(store)).toEqual({ first: "retiring", second: "active", third: "standby" });
    expect(await store.readPrivateKey("third")).toEqual(sampleKey("third").privateMaterial);
  });

  test("a successor that is not needed stays out", async () => {
    const store = await ready();
    await store.addKey({ key: sampleKey("third"), state: "standby" }, START);
    expect(await store.activateKey(activate("second", "fourth"), START)).toMatchObject({ standby: null });
    expect(await statesOf(store)).not.toHaveProperty("fourth");
  });

  test("going back: a retiring key whose private half was kept signs again", async () => {
    const store = await ready();
    await store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: true }, START);
    expect(await store.activateKey(activate("first"), START + SECOND)).toMatchObject({
      outcome: "activated",
    });
    expect(await statesOf(store)).toEqual({ first: "active", second: "retiring", third: "standby" });
    const [, , first] = await store.listKeys(START);
    expect(first).toMatchObject({ kid: "first", retiresAt: null, hasPrivate: true });
    expect(await store.reserveSignature("first", 1_800_000_000, START + SECOND)).toBe("reserved");
  });

  test("activation is idempotent", async () => {
    const store = await ready();
    await refusesToChange(store, async () => {
      const result = await store.activateKey(activate("first"), START + DAY);
      expect(result).toMatchObject({ outcome: "already_active", active: { activatedAt: START } });
    });
  });

  test("a key without its private half cannot be activated", async () => {
    const store = await ready();
    await store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: false }, START);
    await refusesToChange(store, async () => {
      const result = await store.activateKey(activate("first"), START);
      expect(result).toMatchObject({ outcome: "cannot_sign", key: { state: "retiring" } });
    });
  });

  test("a revoked key cannot be activated, and neither can a retired one whose private half was kept", async () => {
    const store = await ready();
    await store.revokeKey({ kid: "first", replacements: [sampleKey("third")], withSessions: false }, START);
    expect(await store.activateKey(activate("first"), START)).toMatchObject({ outcome: "cannot_sign" });
    await store.promoteStandbyKey({ successor: sampleKey("fourth"), keepPrivate: true }, START);
    const later = START + DAY;
    expect(await store.activateKey(activate("second"), later)).toMatchObject({
      outcome: "cannot_sign",
      key: { state: "retired" },
    });
  });

  test("what is kept of a private half is destroyed when the key retires", async () => {
    const store = await ready();
    await store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: true }, START);
    expect(await store.readPrivateKey("first")).not.toBeNull();
    await store.promoteStandbyKey({ successor: sampleKey("fourth"), keepPrivate: true }, START + DAY);
    expect(await store.readPrivateKey("first")).toBeNull();
  });

  test("an unknown key is not found", async () => {
    const store = await ready();
    expect(await store.activateKey(activate("nobody"), START)).toEqual({ outcome: "not_found" });
    expect(await store.retireKey("nobody", START)).toEqual({ outcome: "not_found" });
    expect(await store.revokeKey({ kid: "nobody", replacements: [], withSessions: true }, START)).toEqual({
      outcome: "not_found",
    });
    expect(await store.deleteKey({ kid: "nobody", force: true }, START)).toEqual({ outcome: "not_found" });
  });
}

function describeRetirement(ready: Ready): void {
  test("a standby that is not wanted retires at once, and its private half goes", async () => {
    const store = await ready();
    await store.addKey({ key: sampleKey("third"), state: "standby" }, START);
    expect(await store.retireKey("second", START + 1)).toMatchObject({
      outcome: "retired",
      key: { state: "retired", retiresAt: START + 1, hasPrivate: false },
    });
    expect(await store.readPrivateKey("second")).toBeNull();
  });

  test.each([
    ["first", "active"],
    ["second", "only_standby"],
  ])("%s does not retire: it is the %s key", async (kid, outcome) => {
    const store = await ready();
    await refusesToChange(store, async () => {
      expect(await store.retireKey(kid, START)).toMatchObject({ outcome });
    });
  });

  test("a retiring key with a date is left to it", async () => {
    const store = await ready();
    await store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: false }, START);
    await refusesToChange(store, async () => {
      expect(await store.retireKey("first", START)).toMatchObject({ outcome: "unchanged" });
    });
  });

  test("a retiring key whose date a clock far ahead has set is given the right one, once", async () => {
    const store = await ready();
    const exp = START / SECOND + 900;
    await store.reserveSignature("first", exp, START);
    const successor = sampleKey("third");
    await store.promoteStandbyKey({ successor, keepPrivate: false }, START + 3650 * DAY);
    const retiresAt = retirementOf(exp, START);
    expect(await store.retireKey("first", START)).toMatchObject({
      outcome: "brought_forward",
      key: { state: "retiring", retiresAt },
    });
    expect(await store.retireKey("first", START + 1)).toMatchObject({ outcome: "unchanged" });
    expect(await statesOf(store, retiresAt - 1)).toMatchObject({ first: "retiring" });
    expect(await statesOf(store, retiresAt)).toMatchObject({ first: "retired" });
  });

  test("a key that came with a late date keeps it", async () => {
    const store = await ready();
    const retiresAt = START + 3650 * DAY;
    await store.addKey({ key: publicKey("theirs"), state: "retiring", retiresAt }, START);
    expect(await store.retireKey("theirs", START)).toMatchObject({
      outcome: "unchanged",
      key: { retiresAt },
    });
  });

  test("a key that would verify for ever retires by hand, and only once", async () => {
    const store = await ready();
    await store.addKey({ key: publicKey("theirs"), state: "retiring" }, START);
    expect(await store.retireKey("theirs", START + DAY)).toMatchObject({ outcome: "retired" });
    expect(await store.retireKey("theirs", START + 2 * DAY)).toMatchObject({
      outcome: "unchanged",
      key: { state: "retired", retiresAt: START + DAY },
    });
  });

  test("a revoked key stays revoked", async () => {
    const store = await ready();
    await store.revokeKey({ kid: "first", replacements: [sampleKey("third")], withSessions: false }, START);
    expect(await store.retireKey("first", START)).toMatchObject({ outcome: "revoked" });
    expect(await statesOf(store)).toMatchObject({ first: "revoked" });
  });
}

function describeRevocation(ready: Ready): void {
  const revoke = (kid: string, ...replacements: string[]) => ({
    kid,
    replacements: replacements.map((name) => sampleKey(name)),
    withSessions: false,
  });

  test("the standby takes the place of a revoked active key, and a new standby comes in, in one step", async () => {
    const store = await ready();
    await refusesToChange(store, async () => {
      const result = await store.revokeKey(revoke("first"), START);
      expect(result).toEqual({ outcome: "replacements_needed", count: 1 });
    });
    const now = START + HOUR;
    expect(await store.revokeKey(revoke("first", "third", "spare"), now)).toMatchObject({
      outcome: "revoked",
      changed: true,
      key: { kid: "first", state: "revoked", revokedAt: now, retiresAt: null, hasPrivate: false },
      active: { kid: "second", state: "active", activatedAt: now },
      standby: { kid: "third", state: "standby" },
      revokedSessions: [],
    });
    expect(await statesOf(store)).toEqual({ first: "revoked", second: "active", third: "standby" });
    expect(await store.readPrivateKey("first")).toBeNull();
    expect(await store.reserveSignature("first", null, now)).toBe("not_active");
  });

  test("without a standby a new key signs", async () => {
    const store = await ready();
    await store.deleteKey({ kid: "second", force: true }, START);
    expect(await store.revokeKey(revoke("first", "third"), START)).toEqual({
      outcome: "replacements_needed",
      count: 2,
    });
    await store.revokeKey(revoke("first", "third", "fourth"), START);
    expect(await statesOf(store)).toEqual({ first: "revoked", third: "active", fourth: "standby" });
  });

  test("a revoked standby is replaced, and one of several is not", async () => {
    const store = await ready();
    await store.revokeKey(revoke("second", "third"), START);
    expect(await statesOf(store)).toEqual({ first: "active", second: "revoked", third: "standby" });
    await store.addKey({ key: sampleKey("fourth"), state: "standby" }, START);
    expect(await store.revokeKey(revoke("third"), START)).toMatchObject({ active: null, standby: null });
  });

  test("a retired key can be revoked, and its date goes", async () => {
    const store = await ready();
    await store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: false }, START);
    const result = await store.revokeKey(revoke("first"), START + DAY);
    expect(result).toMatchObject({ changed: true, key: { state: "revoked", retiresAt: null } });
  });

  test("a revoked shared secret is destroyed", async () => {
    const store = await ready();
    await store.addKey({ key: sampleSecret("secret"), state: "active" }, START);
    await store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: false }, START);
    await store.revokeKey(revoke("secret"), START);
    expect(await store.readPrivateKey("secret")).toBeNull();
  });

  test("revocation is idempotent and keeps its first date", async () => {
    const store = await ready();
    await store.revokeKey(revoke("first", "third"), START);
    expect(await store.revokeKey(revoke("first"), START + DAY)).toMatchObject({
      outcome: "revoked",
      changed: false,
      key: { revokedAt: START },
    });
  });

  test("with the logins: all open ones end as compromised, even when the key was revoked before", async () => {
    const store = await ready();
    await store.addUser(sampleUser("ada"), START);
    await store.createSession(sampleSession("login-1", "ada"), START);
    await store.revokeKey(revoke("first", "third"), START);
    expect(await store.listSessions({ status: "active" }, START)).toHaveLength(1);
    const again = await store.revokeKey({ ...revoke("first"), withSessions: true }, START + SECOND);
    expect(again).toMatchObject({ changed: false, revokedSessions: ["login-1"] });
    expect(await store.listSessions({}, START + SECOND)).toMatchObject([
      { status: "revoked", reason: "key_compromised", endedAt: START + SECOND },
    ]);
    const third = await store.revokeKey({ ...revoke("first"), withSessions: true }, START + 2 * SECOND);
    expect(third).toMatchObject({ revokedSessions: [] });
  });

  test("a refused revocation leaves the logins alone", async () => {
    const store = await ready();
    await store.addUser(sampleUser("ada"), START);
    await store.createSession(sampleSession("login-1", "ada"), START);
    await store.revokeKey({ kid: "first", replacements: [], withSessions: true }, START);
    expect(await store.listSessions({ status: "active" }, START)).toHaveLength(1);
  });
}

function describeDeletion(ready: Ready): void {
  const exp = (ms: number) => ms / SECOND;

  test.each([false, true])("the active key is never deleted (force: %s)", async (force) => {
    const store = await ready();
    await refusesToChange(store, async () => {
      expect(await store.deleteKey({ kid: "first", force }, START)).toMatchObject({ outcome: "active" });
    });
  });

  test("the only standby goes by force alone", async () => {
    const store = await ready();
    await refusesToChange(store, async () => {
      const result = await store.deleteKey({ kid: "second", force: false }, START);
      expect(result).toMatchObject({ outcome: "only_standby" });
    });
    expect(await store.deleteKey({ kid: "second", force: true }, START)).toMatchObject({
      outcome: "deleted",
    });
    expect(await statesOf(store)).toEqual({ first: "active" });
  });

  test("a key goes when the last token it signed has expired everywhere, and not before", async () => {
    const store = await ready();
    await store.reserveSignature("first", exp(START + HOUR), START);
    await store.promoteStandbyKey({ successor: sampleKey("third"), keepPrivate: false }, START);
    const end = retirementOf(exp(START + HOUR), START);
    expect(await store.deleteKey({ kid: "first", force: false }, end - 1)).toMatchObject({
      outcome: "tokens_alive",
    });
    expect(await store.deleteKey({ kid: "first", force: false }, end)).toMatchObject({ outcome: "deleted" });
    expect(await statesOf(store)).not.toHaveProperty("first");
  });

  test("a revoked key is kept while its tokens could still be shown", async () => {
    const store = await ready();
    await store.reserveSignature("first", exp(START + HOUR), START);
    const replacements = [sampleKey("third")];
    await store.revokeKey({ kid: "first", replacements, withSessions: false }, START);
    const order = { kid: "first", force: false };
    expect(await store.deleteKey(order, START + HOUR)).toMatchObject({ outcome: "tokens_alive" });
    expect(await store.deleteKey(order, START + DAY)).toMatchObject({ outcome: "deleted" });
  });

  test("a key that verifies without an end goes by force alone", async () => {
    const store = await ready();
    await store.addKey({ key: publicKey("theirs"), state: "retiring" }, START);
    const later = START + 10_000 * DAY;
    expect(await store.deleteKey({ kid: "theirs", force: false }, later)).toMatchObject({
      outcome: "tokens_alive",
    });
    expect(await store.deleteKey({ kid: "theirs", force: true }, later)).toMatchObject({
      outcome: "deleted",
    });
  });
}

function describeResealing(ready: Ready): void {
  const sealed = (kid: string, text = `sealed-${kid}`) => ({
    kid,
    material: { form: "encrypted", jwe: text } as const,
  });
  const both = [sealed("first"), sealed("second")];

  test("all private halves are swapped in one step, and the encryption is told", async () => {
    const store = await ready();
    const sealingEpoch = await store.readSealingEpoch();
    const result = await store.resealKeys({ sealingEpoch, encryption: "passphrase", materials: both }, START);
    expect(result).toBe("resealed");
    expect(await store.readEncryption()).toBe("passphrase");
    expect(await store.readPrivateKey("first")).toEqual(sealed("first").material);
    expect(await store.readPrivateKey("second")).toEqual(sealed("second").material);
    expect(await store.readSealingEpoch()).not.toBe(sealingEpoch);
  });

  test.each([
    ["a key that came meanwhile", [sealed("first")]],
    ["a key that went meanwhile", [...both, sealed("gone")]],
    ["another key in the place of one", [sealed("first"), sealed("gone")]],
  ])("nothing is swapped with %s", async (_, materials) => {
    const store = await ready();
    const sealingEpoch = await store.readSealingEpoch();
    const result = await store.resealKeys({ sealingEpoch, encryption: "passphrase", materials }, START);
    expect(result).toBe("changed_meanwhile");
    expect(await store.readEncryption()).toBe("none");
    expect(await store.readPrivateKey("first")).toEqual(sampleKey("first").privateMaterial);
  });

  test("of two changes of the passphrase that began together one is refused", async () => {
    const store = await ready();
    const sealingEpoch = await store.readSealingEpoch();
    const order = { sealingEpoch, encryption: "passphrase", materials: both } as const;
    expect(await store.resealKeys(order, START)).toBe("resealed");
    expect(await store.resealKeys(order, START)).toBe("changed_meanwhile");
  });

  test("a key sealed before the passphrase changed does not come in", async () => {
    const store = await ready();
    const sealingEpoch = await store.readSealingEpoch();
    await store.resealKeys({ sealingEpoch, encryption: "passphrase", materials: both }, START);
    const key = sampleKey("third", { privateMaterial: sealed("third", "under the old one").material });
    const refused = { outcome: "passphrase_changed" };
    const successor = key;
    const replacements = [key];
    expect(await store.addKey({ key, state: "standby", sealingEpoch }, START)).toEqual(refused);
    expect(await store.promoteStandbyKey({ successor, keepPrivate: false, sealingEpoch }, START)).toEqual(
      refused,
    );
    expect(
      await store.activateKey({ kid: "second", successor, keepPrivate: false, sealingEpoch }, START),
    ).toEqual(refused);
    expect(
      await store.revokeKey({ kid: "first", replacements, withSessions: true, sealingEpoch }, START),
    ).toEqual(refused);
    expect(await statesOf(store)).toEqual({ first: "active", second: "standby" });
    const now = await store.readSealingEpoch();
    expect(await store.addKey({ key, state: "standby", sealingEpoch: now }, START)).toEqual({
      outcome: "added",
    });
  });
}
