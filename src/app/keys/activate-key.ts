import type { ActivationResult } from "../../core/authority/keys/life-cycle.ts";
import { type PlannedKey, planned } from "../../core/authority/keys/planned-key.ts";
import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import type { PassphraseChanged } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";
import { findKeyToChange } from "./find-key.ts";
import { imaginedKeys } from "./imagined-keys.ts";
import { newSigningKey } from "./new-signing-key.ts";
import {
  type KeyPorts,
  type PassphraseSource,
  passphraseChanged,
  verifiedPassphrase,
} from "./store-passphrase.ts";
import { unseen } from "./unseen-key.ts";

export interface ActivateKeyInput {
  /** A kid or its beginning. */
  readonly given: string;
  /** Keep the private half of the key that stops signing. */
  readonly keepPrivate: boolean;
  /** Sign with a standby that verifiers may not know yet. */
  readonly now?: boolean;
  readonly dryRun: boolean;
  /** Called only when a new standby has to be generated. */
  readonly passphrase: PassphraseSource;
}

export interface KeyActivated {
  readonly dryRun: boolean;
  /** False when the key was active already. */
  readonly changed: boolean;
  readonly active: SigningKey;
  readonly previous: SigningKey | null;
  /** The new standby, when the activated key was the last one. */
  readonly standby: SigningKey | PlannedKey | null;
}

/**
 * Makes a standby key, or a retiring key whose private half was kept, the active key. Idempotent.
 *
 * @throws AppError `key_not_found`, `key_ambiguous`, `key_state_conflict`, `passphrase_wrong`
 */
export async function activateKey(input: ActivateKeyInput, ports: KeyPorts): Promise<KeyActivated> {
  const { store, clock } = ports;
  const { keepPrivate, dryRun } = input;
  const onlyIfSeen = !input.now;
  const keys = await store.listKeys(clock.now());
  const { kid } = findKeyToChange(keys, input.given);
  const entrance = dryRun ? imaginedKeys(keys) : store;
  const first = await entrance.activateKey({ kid, keepPrivate, onlyIfSeen }, clock.now());
  if (first.outcome !== "successor_needed") return { ...resultOf(first, kid), dryRun };
  const sealing = dryRun ? undefined : await verifiedPassphrase(input.passphrase, keys, ports);
  const { algorithm } = await store.readSettings();
  const successor = await newSigningKey({ alg: algorithm, passphrase: sealing?.passphrase }, ports);
  const order = {
    kid,
    keepPrivate,
    onlyIfSeen,
    successor,
    ...(sealing && { sealingEpoch: sealing.sealingEpoch }),
  };
  const { standby, ...result } = resultOf(await entrance.activateKey(order, clock.now()), kid);
  return { ...result, dryRun, standby: standby && dryRun ? planned(standby, keys) : standby };
}

type StoreActivation = Omit<KeyActivated, "dryRun" | "standby"> & { readonly standby: SigningKey | null };

function resultOf(result: ActivationResult | PassphraseChanged, kid: string): StoreActivation {
  switch (result.outcome) {
    case "activated":
      return { changed: true, ...result };
    case "already_active":
      return { changed: false, active: result.active, previous: null, standby: null };
    case "cannot_sign":
      throw cannotSign(result.key);
    case "unseen":
      throw unseen(result);
    case "passphrase_changed":
      throw passphraseChanged();
    default:
      throw new AppError("key_not_found", `the key "${kid}" has just been deleted`, {
        hints: ["Somebody else works on this store, too; list the keys with: jwtctl keys list"],
      });
  }
}

function cannotSign(key: SigningKey): AppError {
  const data = { kid: key.kid, state: key.state };
  if (key.state === "retiring") {
    return new AppError(
      "key_state_conflict",
      `the key "${key.kid}" cannot sign any more: its private half is gone`,
      {
        hints: [
          "To be able to go back, rotate with --keep-private; now make a new key: jwtctl keys generate",
        ],
        data,
      },
    );
  }
  return new AppError("key_state_conflict", `the key "${key.kid}" is ${key.state} and never signs again`, {
    hints: ["Make a new key with: jwtctl keys generate"],
    data,
  });
}
