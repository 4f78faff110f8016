import { newSigningKey } from "../../../../src/app/keys/new-signing-key.ts";
import type { StoreMintPorts } from "../../../../src/app/token/mint-token.ts";
import type { KeyVault } from "../../../../src/core/authority/ports/crypto.ts";
import type { Store } from "../../../../src/core/authority/ports/store.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../../../src/core/authority/settings.ts";
import type { JwsAlgorithm } from "../../../../src/core/jose/algorithms.ts";
import { createJws } from "../../../../src/crypto/jws.ts";
import { createKeyTools } from "../../../../src/crypto/key-tools.ts";
import { createKeyVault } from "../../../../src/crypto/key-vault.ts";
import { CHEAP_KDF } from "../../../support/cheap-kdf.ts";
import { FakeClock, SeededRandom } from "../../../support/fake-runtime.ts";
import { createMemoryStore } from "../../../support/memory-store.ts";

export interface Authority extends StoreMintPorts {
  readonly store: Store;
  readonly clock: FakeClock;
  readonly keyTools: ReturnType<typeof createKeyTools>;
  readonly jws: ReturnType<typeof createJws>;
  readonly keyVault: KeyVault;
  /** How often the passphrase was asked for. */
  asked: number;
  /** Makes the standby active and a new standby. */
  rotate(options?: { keepPrivate?: boolean }): Promise<void>;
  activeKid(): Promise<string>;
}

/** A store in memory with a key and a standby, and everything that signs with it. */
export async function makeAuthority(
  options: { alg?: JwsAlgorithm; passphrase?: string; settings?: Partial<Settings> } = {},
): Promise<Authority> {
  const { alg = "ES256", passphrase } = options;
  const random = new SeededRandom();
  const clock = new FakeClock();
  const keyTools = createKeyTools(random);
  const keyVault = createKeyVault(keyTools, CHEAP_KDF);
  const store = createMemoryStore();
  const make = () => newSigningKey({ alg, passphrase }, { keyTools, keyVault });
  await store.initialise(
    {
      settings: { ...DEFAULT_SETTINGS, algorithm: alg, ...options.settings },
      encryption: passphrase === undefined ? "none" : "passphrase",
      active: await make(),
      standby: await make(),
    },
    clock.now(),
  );
  const authority: Authority = {
    ...{ store, clock, random, keyTools, keyVault, jws: createJws(), asked: 0 },
    passphrase: async () => {
      authority.asked++;
      return passphrase;
    },
    rotate: async ({ keepPrivate = false } = {}) => {
      const result = await store.promoteStandbyKey({ successor: await make(), keepPrivate }, clock.now());
      if (result.outcome !== "promoted") throw new Error(result.outcome);
    },
    activeKid: async () => {
      const active = (await store.listKeys(clock.now())).find((key) => key.state === "active");
      return active?.kid ?? "none";
    },
  };
  return authority;
}

/** The store with some of its steps replaced, as another process could come in between. */
export function interfered(store: Store, steps: Partial<Store>): Store {
  return new Proxy(store, {
    get(target, name) {
      if (name in steps) return Reflect.get(steps, name);
      const step: unknown = Reflect.get(target, name);
      return typeof step === "function" ? step.bind(target) : step;
    },
  });
}
