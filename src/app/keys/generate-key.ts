import { type PlannedKey, planned } from "../../core/authority/keys/planned-key.ts";
import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import { AppError } from "../../core/base/errors.ts";
import type { JwsAlgorithm } from "../../core/jose/algorithms.ts";
import { imaginedKeys } from "./imagined-keys.ts";
import { generated, sealKeyPair } from "./new-signing-key.ts";
import {
  type KeyPorts,
  type PassphraseSource,
  passphraseChanged,
  verifiedPassphrase,
} from "./store-passphrase.ts";

export interface GenerateKeyInput {
  /** Undefined: the store's setting. */
  readonly alg: JwsAlgorithm | undefined;
  readonly bits: number | undefined;
  /** Make it the active key at once, instead of a standby that is published ahead. */
  readonly activate: boolean;
  /** With `activate`: keep the private half of the key that stops signing. */
  readonly keepPrivate: boolean;
  readonly dryRun: boolean;
  /** Add a standby only when there is none. */
  readonly onlyIfMissing?: boolean;
  readonly passphrase: PassphraseSource;
}

export interface KeyGenerated {
  readonly dryRun: boolean;
  readonly key: SigningKey | PlannedKey;
  /** With `onlyIfMissing`: `key` is a standby that the store had already. */
  readonly wasThere?: true;
  /** The former active key, when the new one took its place. */
  readonly previous: SigningKey | null;
}

/**
 * Adds a new key to the store.
 * @throws AppError `usage`, `key_too_weak`, `algorithm_unsupported`, `passphrase_wrong`
 */
export async function generateKey(input: GenerateKeyInput, ports: KeyPorts): Promise<KeyGenerated> {
  const { store, clock } = ports;
  const alg = input.alg ?? (await store.readSettings()).algorithm;
  // Generated before the passphrase is asked for, and in a dry run too: it is refused here when it cannot be made.
  const pair = await generated(alg, input.bits, ports.keyTools);
  const state = input.activate ? "active" : "standby";
  const before = await store.listKeys(clock.now());
  const active = before.find((key) => key.state === "active");
  const { dryRun, keepPrivate, onlyIfMissing = false } = input;
  const sealing = dryRun ? undefined : await verifiedPassphrase(input.passphrase, before, ports);
  const entrance = dryRun ? imaginedKeys(before) : store;
  const key = await sealKeyPair(pair, sealing?.passphrase, ports.keyVault);
  const order = { key, state, keepPrivate, onlyIfMissing } as const;
  const result = await entrance.addKey(
    { ...order, ...(sealing && { sealingEpoch: sealing.sealingEpoch }) },
    clock.now(),
  );
  const { outcome } = result;
  if (outcome === "passphrase_changed") throw passphraseChanged();
  if (outcome !== "added" && outcome !== "not_missing") throw repeated();
  const kid = outcome === "added" ? key.kid : result.standby;
  const after = await entrance.listKeys(clock.now());
  const added = after.find((candidate) => candidate.kid === kid);
  if (!added)
    throw new AppError("key_not_found", `the key "${kid}" was deleted as soon as it was added`, {
      hints: ["Somebody else works on this store, too; list the keys with: jwtctl keys list"],
    });
  if (outcome === "not_missing") return { dryRun, key: added, previous: null, wasThere: true };
  const replaced = input.activate ? after.find((candidate) => candidate.kid === active?.kid) : undefined;
  return { dryRun, key: dryRun ? planned(added, before) : added, previous: replaced ?? null };
}

/** The error for a generated key that exists already: the source of randomness is broken. */
function repeated(): AppError {
  return new AppError(
    "key_state_conflict",
    "the new key is in the store already: the system's randomness repeats",
    {
      hints: ["Do not use keys made on this machine before its random number generator works"],
    },
  );
}
