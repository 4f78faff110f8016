import { describe, expect, test } from "vitest";
import { generateKey } from "../../../../src/app/keys/generate-key.ts";
import { revokeKey } from "../../../../src/app/keys/revoke-key.ts";
import { rotateKeys } from "../../../../src/app/keys/rotate-keys.ts";
import { openActiveKey } from "../../../../src/app/token/active-key.ts";
import type { PrivateMaterial } from "../../../../src/core/authority/keys/signing-key.ts";
import { interfered, makeAuthority } from "../token/authority.ts";
import { bench, given, kidIn, newKey, statesOf } from "./support.ts";

const PLAN = {
  alg: undefined,
  bits: undefined,
  keepPrivate: false,
  dryRun: false,
  passphrase: given(undefined),
};

describe("attack: somebody has turned the passphrase off in the file, to read the next key", () => {
  test.each([
    [
      "generate",
      (ports: Awaited<ReturnType<typeof bench>>) => generateKey({ ...PLAN, activate: false }, ports),
    ],
    [
      "rotate",
      (ports: Awaited<ReturnType<typeof bench>>) => rotateKeys({ ...PLAN, ifOlderThan: undefined }, ports),
    ],
    [
      "revoke, which makes a new standby",
      async (ports: Awaited<ReturnType<typeof bench>>) =>
        revokeKey({ ...PLAN, given: await kidIn(ports, "active"), withSessions: false }, ports),
    ],
  ])("%s: no key is kept in the clear beside sealed ones", async (_, run) => {
    const ports = await bench("right");
    const store = interfered(ports.store, { readEncryption: async () => "none" });
    await expect(run({ ...ports, store })).rejects.toMatchObject({ code: "store_corrupt" });
    expect(await statesOf(ports)).toEqual({ active: 1, standby: 1 });
  });
});

describe("attack: somebody has put a key of their own into a store with a passphrase, in the clear", () => {
  test("it does not sign", async () => {
    const authority = await makeAuthority({ passphrase: "right" });
    const { privateJwk } = await authority.keyTools.generate("ES256");
    const planted: PrivateMaterial = { form: "plain", jwk: privateJwk };
    const store = interfered(authority.store, { readPrivateKey: async () => planted });
    await expect(openActiveKey({ ...authority, store })).rejects.toMatchObject({ code: "store_corrupt" });
    expect(authority.asked).toBe(0);
  });

  test("it is revoked like any other", async () => {
    const ports = await bench("right");
    const { store, clock } = ports;
    const key = await newKey(ports);
    await store.addKey({ key, state: "active", keepPrivate: false }, clock.now());
    const order = { given: key.kid, withSessions: false, dryRun: false, passphrase: given("right") };
    expect(await revokeKey(order, ports)).toMatchObject({ changed: true });
    expect(await statesOf(ports)).toMatchObject({ revoked: 1, active: 1, standby: 1 });
  });
});

test("a passphrase that is set while the key that signs is opened is no attack", async () => {
  const authority = await makeAuthority({ passphrase: "right" });
  const kid = await authority.activeKid();
  const before: PrivateMaterial = {
    form: "plain",
    jwk: (await authority.keyTools.generate("ES256")).privateJwk,
  };
  let reads = 0;
  const store = interfered(authority.store, {
    readPrivateKey: async (wanted) => (reads++ === 0 ? before : authority.store.readPrivateKey(wanted)),
  });
  expect((await openActiveKey({ ...authority, store })).kid).toBe(kid);
});
