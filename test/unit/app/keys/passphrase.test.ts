import { describe, expect, test } from "vitest";
import { changePassphrase } from "../../../../src/app/keys/change-passphrase.ts";
import { generateKey } from "../../../../src/app/keys/generate-key.ts";
import { revokeKey } from "../../../../src/app/keys/revoke-key.ts";
import { rotateKeys } from "../../../../src/app/keys/rotate-keys.ts";
import { type Bench, bench, disturbed, given, kidIn, newKey, statesOf } from "./support.ts";

const change = (ports: Bench, from: string | undefined, to: string | undefined) =>
  changePassphrase({ current: given(from), next: given(to), dryRun: false }, ports);

/** Every private half opens under this passphrase: the store is under one, and only one. */
async function expectUnder({ store, clock, keyVault }: Bench, passphrase: string | undefined): Promise<void> {
  for (const { kid, hasPrivate } of await store.listKeys(clock.now())) {
    const material = await store.readPrivateKey(kid);
    expect(material !== null).toBe(hasPrivate);
    if (material) expect(await keyVault.open(material, kid, passphrase)).toMatchObject({ kty: "EC" });
    if (material) expect(material.form).toBe(passphrase === undefined ? "plain" : "encrypted");
  }
}

const rotation = (passphrase: string) => ({
  alg: undefined,
  bits: undefined,
  ifOlderThan: undefined,
  keepPrivate: false,
  dryRun: false,
  passphrase: given(passphrase),
});
const generation = (passphrase: string) => ({
  alg: undefined,
  bits: undefined,
  activate: false,
  keepPrivate: false,
  dryRun: false,
  passphrase: given(passphrase),
});

describe("one store never holds keys under two passphrases", () => {
  test("a key that comes in while the passphrase changes is sealed anew with the others", async () => {
    const ports = await bench("old");
    const store = disturbed(ports.store, "resealKeys", () => generateKey(generation("old"), ports));
    expect(await change({ ...ports, store }, "old", "new")).toMatchObject({ changed: true, keys: 3 });
    await expectUnder(ports, "new");
  });

  test("a key that goes while the passphrase changes stays gone", async () => {
    const ports = await bench("old");
    const store = disturbed(ports.store, "resealKeys", () => rotateKeys(rotation("old"), ports));
    expect(await change({ ...ports, store }, "old", "new")).toMatchObject({ keys: 2 });
    expect(await statesOf(ports)).toEqual({ active: 1, standby: 1, retiring: 1 });
    await expectUnder(ports, "new");
  });

  test("of two changes at once one wins, and the other is told that its passphrase is wrong", async () => {
    const ports = await bench("old");
    const store = disturbed(ports.store, "resealKeys", () => change(ports, "old", "first"));
    await expect(change({ ...ports, store }, "old", "second")).rejects.toMatchObject({
      code: "passphrase_wrong",
    });
    await expectUnder(ports, "first");
  });

  test("who is disturbed every time gives up, and the passphrase is the old one", async () => {
    const ports = await bench("old");
    const store = new Proxy(ports.store, {
      get(target, property) {
        if (property !== "resealKeys") return Reflect.get(target, property, target).bind(target);
        return async () => "changed_meanwhile";
      },
    });
    await expect(change({ ...ports, store }, "old", "new")).rejects.toMatchObject({ code: "store_busy" });
    await expectUnder(ports, "old");
  });

  test.each([
    ["generate", "addKey", (ports: Bench) => generateKey(generation("old"), ports)],
    ["rotate", "promoteStandbyKey", (ports: Bench) => rotateKeys(rotation("old"), ports)],
  ] as const)(
    "%s, when the passphrase changes between its proof and the write, adds nothing",
    async (_, method, run) => {
      const ports = await bench("old");
      const store = disturbed(ports.store, method, () => change(ports, "old", "new"));
      await expect(run({ ...ports, store })).rejects.toMatchObject({ code: "passphrase_wrong" });
      expect(await statesOf(ports)).toEqual({ active: 1, standby: 1 });
      await expectUnder(ports, "new");
    },
  );

  test("a passphrase that is set while a key is made in the clear keeps that key out", async () => {
    const ports = await bench();
    const store = disturbed(ports.store, "addKey", () => change(ports, undefined, "new"));
    const input = { ...generation(""), passphrase: given(undefined) };
    await expect(generateKey(input, { ...ports, store })).rejects.toMatchObject({ code: "passphrase_wrong" });
    await expectUnder(ports, "new");
  });

  test("a wrong passphrase is found before a new key is sealed", async () => {
    const ports = await bench("right");
    for (const work of [
      () => generateKey(generation("wrong"), ports),
      () => rotateKeys(rotation("wrong"), ports),
    ]) {
      await expect(work()).rejects.toMatchObject({ code: "passphrase_wrong" });
    }
    expect(await statesOf(ports)).toEqual({ active: 1, standby: 1 });
  });
});

describe("a revocation that others get in the way of", () => {
  const input = (given_: string, passphrase: string | undefined) => ({
    given: given_,
    withSessions: false,
    dryRun: false,
    passphrase: given(passphrase),
  });

  test("makes one key more when the standby is revoked first", async () => {
    const ports = await bench();
    const [active, standby] = [await kidIn(ports, "active"), await kidIn(ports, "standby")];
    const store = disturbed(ports.store, "revokeKey", async () => {
      await ports.store.deleteKey({ kid: standby, force: true }, ports.clock.now());
    });
    expect(await revokeKey(input(active, undefined), { ...ports, store })).toMatchObject({
      unannounced: true,
    });
    expect(await statesOf(ports)).toEqual({ revoked: 1, active: 1, standby: 1 });
  });

  test("makes no key when another one came in first", async () => {
    const ports = await bench("secret");
    const active = await kidIn(ports, "active");
    const store = disturbed(ports.store, "revokeKey", async () => {
      await ports.store.addKey({ key: await newKey(ports, "secret"), state: "standby" }, ports.clock.now());
    });
    const result = await revokeKey(input(active, "not asked"), { ...ports, store });
    expect(result).toMatchObject({ changed: true, standby: null });
    expect(await statesOf(ports)).toEqual({ revoked: 1, active: 1, standby: 1 });
  });

  test("is done once when the key is revoked twice at once", async () => {
    const ports = await bench();
    const active = await kidIn(ports, "active");
    const results = await Promise.all([1, 2, 3].map(() => revokeKey(input(active, undefined), ports)));
    expect(results.filter(({ changed }) => changed)).toHaveLength(1);
    expect(await statesOf(ports)).toEqual({ revoked: 1, active: 1, standby: 1 });
  });
});
