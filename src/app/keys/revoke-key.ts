import { decideRevocation } from "../../core/authority/keys/life-cycle.ts";
import { type PlannedKey, planned } from "../../core/authority/keys/planned-key.ts";
import type { NewSigningKey, SigningKey } from "../../core/authority/keys/signing-key.ts";
import type { KeyRevocationResult, SessionStore } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";
import { findKeyToChange } from "./find-key.ts";
import { newSigningKey } from "./new-signing-key.ts";
import {
  type KeyPorts,
  type PassphraseSource,
  passphraseChanged,
  verifiedPassphrase,
} from "./store-passphrase.ts";
import { unseen } from "./unseen-key.ts";

export interface RevokeKeyInput {
  /** A kid or its beginning. */
  readonly given: string;
  /** Revoke every session, too. */
  readonly withSessions: boolean;
  /** Let a standby take its place that verifiers may not know yet. */
  readonly now?: boolean;
  readonly dryRun: boolean;
  /** Called only when a new key has to be generated. */
  readonly passphrase: PassphraseSource;
}

export interface KeyRevoked {
  readonly dryRun: boolean;
  /** False when the key had been revoked before. */
  readonly changed: boolean;
  readonly key: SigningKey;
  /** The new active key, when the revoked one was active. */
  readonly active: SigningKey | PlannedKey | null;
  /** A new standby, when the old one was revoked or became active. */
  readonly standby: SigningKey | PlannedKey | null;
  /** The ids of the sessions that were revoked; null when that was not asked for. */
  readonly revokedSessions: readonly string[] | null;
  /** The new active key was generated just now: verifiers have never seen it. */
  readonly unannounced: boolean;
}

/** How often the revocation is tried anew after other processes changed the keys. */
const MAX_ATTEMPTS = 5;

/**
 * Revokes a compromised key. When it was active the standby becomes active, and a new standby is generated. Idempotent;
 * the sessions are revoked in the same transaction.
 *
 * @throws AppError `key_not_found`, `key_ambiguous`, `passphrase_wrong`
 */
export async function revokeKey(
  input: RevokeKeyInput,
  ports: KeyPorts & { store: SessionStore },
): Promise<KeyRevoked> {
  const { store, clock } = ports;
  const keys = await store.listKeys(clock.now());
  const { kid } = findKeyToChange(keys, input.given);
  if (input.dryRun) return plan(keys, kid, input, ports);
  const { withSessions } = input;
  const order = { kid, withSessions, onlyIfSeen: !input.now };
  let result = await store.revokeKey({ ...order, replacements: [] }, clock.now());
  for (let attempt = 0; result.outcome === "replacements_needed" && attempt < MAX_ATTEMPTS; attempt++) {
    const made = await replacements(result.count, keys, input.passphrase, ports);
    result = await store.revokeKey({ ...order, ...made }, clock.now());
  }
  return resultOf(result, keys, kid, withSessions);
}

async function replacements(
  count: number,
  keys: readonly SigningKey[],
  source: PassphraseSource,
  ports: KeyPorts,
): Promise<{ replacements: NewSigningKey[]; sealingEpoch: number }> {
  const { passphrase, sealingEpoch } = await verifiedPassphrase(source, keys, ports);
  const { algorithm } = await ports.store.readSettings();
  const made: NewSigningKey[] = [];
  while (made.length < count) made.push(await newSigningKey({ alg: algorithm, passphrase }, ports));
  return { replacements: made, sealingEpoch };
}

function resultOf(
  result: KeyRevocationResult,
  before: readonly SigningKey[],
  kid: string,
  withSessions: boolean,
): KeyRevoked {
  if (result.outcome === "passphrase_changed") throw passphraseChanged();
  if (result.outcome === "unseen") throw unseen(result);
  if (result.outcome !== "revoked") {
    throw new AppError("key_not_found", `the key "${kid}" has just been deleted`, {
      hints: ["Somebody else works on this store, too; list the keys with: jwtctl keys list"],
    });
  }
  const { changed, key, active, standby, revokedSessions } = result;
  return {
    dryRun: false,
    changed,
    key,
    active,
    standby,
    revokedSessions: withSessions ? revokedSessions : null,
    unannounced: active !== null && !before.some((one) => one.kid === active.kid),
  };
}

async function plan(
  keys: readonly SigningKey[],
  kid: string,
  { withSessions, now: isUrgent }: RevokeKeyInput,
  { store, keyTools, clock }: KeyPorts & { store: SessionStore },
): Promise<KeyRevoked> {
  const now = clock.now();
  const { algorithm } = await store.readSettings();
  const stand = async (): Promise<NewSigningKey> => {
    const { publicJwk, privateJwk, ...name } = await keyTools.generate(algorithm);
    return { ...name, publicJwk, privateMaterial: { form: "plain", jwk: privateJwk } };
  };
  const replacements = [await stand(), await stand()];
  const { result } = decideRevocation(keys, { kid, replacements, onlyIfSeen: !isUrgent }, now);
  const sessions = withSessions ? await store.listSessions({ status: "active" }, now) : [];
  if (result.outcome === "unseen") throw unseen(result);
  if (result.outcome !== "revoked") throw new TypeError("two replacements are always enough");
  return {
    dryRun: true,
    changed: result.changed,
    key: result.key,
    active: result.active && planned(result.active, keys),
    standby: result.standby && planned(result.standby, keys),
    revokedSessions: withSessions ? sessions.map(({ id }) => id) : null,
    unannounced: result.active !== null && planned(result.active, keys).kid === null,
  };
}
