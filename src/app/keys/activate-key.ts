import { type ActivationResult, decideActivation } from "../../core/authority/keys/life-cycle.ts";
import { type PlannedKey, plannedKey } from "../../core/authority/keys/planned-key.ts";
import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import type { PassphraseChanged } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";
import { findKey } from "./find-key.ts";
import { newSigningKey } from "./new-signing-key.ts";
import {
  type KeyPorts,
  type PassphraseSource,
  passphraseChanged,
  verifiedPassphrase,
} from "./store-passphrase.ts";

export interface ActivateKeyInput {
  /** A kid or its beginning. */
  readonly given: string;
  /** Keep the private half of the key that stops signing. */
  readonly keepPrivate: boolean;
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
  const keys = await store.listKeys(clock.now());
  const { kid } = findKey(keys, input.given);
  if (dryRun) return planned(keys, kid, input, ports);
  const first = await store.activateKey({ kid, keepPrivate }, clock.now());
  if (first.outcome !== "successor_needed") return resultOf(first, kid);
  const { passphrase, sealingEpoch } = await verifiedPassphrase(input.passphrase, keys, ports);
  const { algorithm } = await store.readSettings();
  const successor = await newSigningKey({ alg: algorithm, passphrase }, ports);
  return resultOf(await store.activateKey({ kid, keepPrivate, successor, sealingEpoch }, clock.now()), kid);
}

function resultOf(result: ActivationResult | PassphraseChanged, kid: string): KeyActivated {
  switch (result.outcome) {
    case "activated":
      return { dryRun: false, changed: true, ...result };
    case "already_active":
      return { dryRun: false, changed: false, active: result.active, previous: null, standby: null };
    case "cannot_sign":
      throw cannotSign(result.key);
    case "passphrase_changed":
      throw passphraseChanged();
    default:
      throw new AppError("key_not_found", `the key "${kid}" has just been deleted`, {
        hints: ["Somebody else works on this store, too; list the keys with: jwtctl keys list"],
      });
  }
}

async function planned(
  keys: readonly SigningKey[],
  kid: string,
  { keepPrivate }: ActivateKeyInput,
  { store, keyTools, clock }: KeyPorts,
): Promise<KeyActivated> {
  const now = clock.now();
  const { result } = decideActivation(keys, { kid, keepPrivate }, now);
  if (result.outcome !== "successor_needed") return { ...resultOf(result, kid), dryRun: true };
  const { algorithm } = await store.readSettings();
  const { publicJwk, privateJwk, ...name } = await keyTools.generate(algorithm);
  const successor = { ...name, publicJwk, privateMaterial: { form: "plain", jwk: privateJwk } } as const;
  const withSuccessor = decideActivation(keys, { kid, keepPrivate, successor }, now).result;
  return { ...resultOf(withSuccessor, kid), dryRun: true, standby: plannedKey(algorithm, "standby", now) };
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
