import { type PlannedKey, plannedKey } from "../../core/authority/keys/planned-key.ts";
import { demoted, type SigningKey } from "../../core/authority/keys/signing-key.ts";
import { AppError } from "../../core/base/errors.ts";
import type { JwsAlgorithm } from "../../core/jose/algorithms.ts";
import { generated, sealKeyPair } from "./new-signing-key.ts";
import {
  type KeyPorts,
  type PassphraseSource,
  passphraseChanged,
  verifiedPassphrase,
} from "./store-passphrase.ts";

export interface GenerateKeyInput {
  /** Undefined: the one the store is set to. */
  readonly alg: JwsAlgorithm | undefined;
  readonly bits: number | undefined;
  /** Sign with it at once, instead of publishing it ahead as a standby. */
  readonly activate: boolean;
  /** With `activate`: keep the private half of the key that stops signing. */
  readonly keepPrivate: boolean;
  readonly dryRun: boolean;
  /** A standby, and only when there is none. */
  readonly onlyIfMissing?: boolean;
  readonly passphrase: PassphraseSource;
}

export interface KeyGenerated {
  readonly dryRun: boolean;
  readonly key: SigningKey | PlannedKey;
  /** The key is one that was there, or came in meanwhile, and no other was wanted then. */
  readonly wasThere?: true;
  /** The key that was active before, when the new one took its place. */
  readonly previous: SigningKey | null;
}

/** Adds a new key to the store. @throws AppError `usage`, `key_too_weak`, `algorithm_unsupported`, `passphrase_wrong` */
export async function generateKey(input: GenerateKeyInput, ports: KeyPorts): Promise<KeyGenerated> {
  const { store, clock } = ports;
  const alg = input.alg ?? (await store.readSettings()).algorithm;
  // Before the passphrase is asked for, and in a dry run too: what cannot be made is refused here.
  const pair = await generated(alg, input.bits, ports.keyTools);
  const state = input.activate ? "active" : "standby";
  const before = await store.listKeys(clock.now());
  const active = before.find((key) => key.state === "active");
  if (input.dryRun) {
    const now = clock.now();
    const previous = input.activate && active ? demoted(active, now, input.keepPrivate) : null;
    return { dryRun: true, key: plannedKey(alg, state, now), previous };
  }
  const { passphrase, sealingEpoch } = await verifiedPassphrase(input.passphrase, before, ports);
  const key = await sealKeyPair(pair, passphrase, ports.keyVault);
  const { keepPrivate, onlyIfMissing = false } = input;
  const result = await store.addKey({ key, state, keepPrivate, sealingEpoch, onlyIfMissing }, clock.now());
  const { outcome } = result;
  if (outcome === "passphrase_changed") throw passphraseChanged();
  if (outcome !== "added" && outcome !== "not_missing") throw repeated();
  const kid = outcome === "added" ? key.kid : result.standby;
  const after = await store.listKeys(clock.now());
  const added = after.find((candidate) => candidate.kid === kid);
  if (!added)
    throw new AppError("key_not_found", `the key "${kid}" was deleted as soon as it was added`, {
      hints: ["Somebody else works on this store, too; list the keys with: jwtctl keys list"],
    });
  if (outcome === "not_missing") return { dryRun: false, key: added, previous: null, wasThere: true };
  const replaced = input.activate ? after.find((candidate) => candidate.kid === active?.kid) : undefined;
  return { dryRun: false, key: added, previous: replaced ?? null };
}

/** A key that exists already can only come from a source of randomness that is none. */
function repeated(): AppError {
  return new AppError(
    "key_state_conflict",
    "the new key is in the store already: the system's randomness repeats",
    {
      hints: ["Do not use keys made on this machine before its random number generator works"],
    },
  );
}
