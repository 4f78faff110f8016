import type { KeyPorts, PassphraseSource } from "../../../../src/app/keys/store-passphrase.ts";
import type { NewSigningKey } from "../../../../src/core/authority/keys/signing-key.ts";
import type { KeyVault } from "../../../../src/core/authority/ports/crypto.ts";
import type { Store } from "../../../../src/core/authority/ports/store.ts";
import { AppError } from "../../../../src/core/base/errors.ts";
import type { Jwk } from "../../../../src/core/jose/jwk.ts";
import { createKeyTools } from "../../../../src/crypto/key-tools.ts";
import { FakeClock, SeededRandom } from "../../../support/fake-runtime.ts";
import { createMemoryStore } from "../../../support/memory-store.ts";

/** Seals in no time: what is sealed opens under the same passphrase and no other. */
export const quickVault: KeyVault = {
  async seal(jwk, passphrase) {
    return { form: "encrypted", jwe: JSON.stringify({ passphrase, jwk }) };
  },
  async open(material, _kid, passphrase) {
    if (material.form === "plain") return material.jwk;
    const sealed = JSON.parse(material.jwe) as { passphrase: string; jwk: Jwk };
    if (sealed.passphrase === passphrase) return sealed.jwk;
    throw new AppError("passphrase_wrong", "the passphrase is wrong");
  },
  async isPublicHalfOf() {
    return true;
  },
};

export interface Bench extends KeyPorts {
  readonly store: Store;
  readonly clock: FakeClock;
}

export const given =
  (passphrase: string | undefined): PassphraseSource =>
  async () =>
    passphrase;

export const neverAsked: PassphraseSource = async () => {
  throw new Error("nobody was to be asked for a passphrase");
};

/** A filled store in memory. @param passphrase undefined: private halves are in the clear */
export async function bench(passphrase?: string): Promise<Bench> {
  const keyTools = createKeyTools(new SeededRandom());
  const store = createMemoryStore();
  const clock = new FakeClock();
  const { DEFAULT_SETTINGS } = await import("../../../../src/core/authority/settings.ts");
  const ports = { store, clock, keyTools, keyVault: quickVault };
  const active = await newKey(ports, passphrase);
  const standby = await newKey(ports, passphrase);
  const encryption = passphrase === undefined ? "none" : "passphrase";
  await store.initialise({ settings: DEFAULT_SETTINGS, encryption, active, standby }, clock.now());
  return ports;
}

export async function newKey(ports: KeyPorts, passphrase?: string): Promise<NewSigningKey> {
  const { kid, alg, publicJwk, privateJwk } = await ports.keyTools.generate("ES256");
  const privateMaterial =
    passphrase === undefined
      ? ({ form: "plain", jwk: privateJwk } as const)
      : await ports.keyVault.seal(privateJwk, passphrase);
  return { kid, alg, publicJwk, privateMaterial };
}

/** The store with something happening the moment before a method does its work, once. */
export function disturbed<Name extends keyof Store>(
  store: Store,
  name: Name,
  before: () => Promise<unknown>,
): Store {
  let done = false;
  return new Proxy(store, {
    get(target, property) {
      const value = Reflect.get(target, property, target) as unknown;
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        if (property === name && !done) {
          done = true;
          await before();
        }
        return Reflect.apply(value, target, args);
      };
    },
  });
}

export async function statesOf({ store, clock }: Bench): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { state } of await store.listKeys(clock.now())) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

export async function kidIn({ store, clock }: Bench, state: string): Promise<string> {
  return (await store.listKeys(clock.now())).find((key) => key.state === state)?.kid ?? "";
}
