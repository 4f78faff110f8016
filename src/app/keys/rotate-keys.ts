import { type PlannedKey, planned } from "../../core/authority/keys/planned-key.ts";
import {
  isActivatedAfter,
  type NewSigningKey,
  type SigningKey,
} from "../../core/authority/keys/signing-key.ts";
import type { PromotionResult } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";
import type { JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { GeneratedKey } from "../../core/jose/ports/crypto.ts";
import { imaginedKeys } from "./imagined-keys.ts";
import { generated, sealKeyPair } from "./new-signing-key.ts";
import {
  type KeyPorts,
  type PassphraseSource,
  passphraseChanged,
  verifiedPassphrase,
} from "./store-passphrase.ts";
import { unseen } from "./unseen-key.ts";

export interface RotateKeysInput {
  /** The algorithm of the next standby; undefined: the store's setting. */
  readonly alg: JwsAlgorithm | undefined;
  readonly bits: number | undefined;
  /** Seconds; do nothing when the active key has been active for less. */
  readonly ifOlderThan: number | undefined;
  readonly keepPrivate: boolean;
  /** Sign with a standby that verifiers may not know yet. */
  readonly now?: boolean;
  readonly dryRun: boolean;
  readonly passphrase: PassphraseSource;
}

export type Rotation =
  | {
      readonly outcome: "rotated";
      readonly dryRun: boolean;
      readonly active: SigningKey | PlannedKey;
      readonly standby: SigningKey | PlannedKey;
      readonly previous: SigningKey | null;
      /** There was no standby: verifiers have never seen the new active key. */
      readonly unannounced: boolean;
    }
  | { readonly outcome: "too_young"; readonly dryRun: boolean; readonly active: SigningKey };

/**
 * Rotates the signing keys: the standby becomes active, the active key retiring, and a new standby is added. When
 * several processes rotate at once with `ifOlderThan`, only one of them does.
 *
 * @throws AppError `key_state_conflict` for a standby that verifiers may not know, `usage`, `key_too_weak`, `algorithm_unsupported`, `passphrase_wrong`
 */
export async function rotateKeys(input: RotateKeysInput, ports: KeyPorts): Promise<Rotation> {
  const { store, clock } = ports;
  const alg = input.alg ?? (await store.readSettings()).algorithm;
  const now = clock.now();
  const keys = await store.listKeys(now);
  const active = keys.find((key) => key.state === "active");
  const threshold = input.ifOlderThan === undefined ? undefined : now - input.ifOlderThan * 1000;
  if (active && isActivatedAfter(active, threshold, { keys: () => keys, now })) {
    return { outcome: "too_young", dryRun: input.dryRun, active };
  }
  // Generated before the passphrase is asked for, and in a dry run too: it is refused here when it cannot be made.
  const first = await generated(alg, input.bits, ports.keyTools);
  const sealing = input.dryRun ? undefined : await verifiedPassphrase(input.passphrase, keys, ports);
  const entrance = input.dryRun ? imaginedKeys(keys) : store;
  const epoch = sealing && { sealingEpoch: sealing.sealingEpoch };
  const seal = async (pair: GeneratedKey) => sealKeyPair(pair, sealing?.passphrase, ports.keyVault);
  const promote = async (successor: NewSigningKey, onlyIfSeen: boolean): Promise<PromotionResult> =>
    entrance.promoteStandbyKey(
      {
        successor,
        ...epoch,
        keepPrivate: input.keepPrivate,
        onlyIfSeen,
        ...(threshold === undefined ? {} : { onlyIfActivatedBefore: threshold }),
      },
      clock.now(),
    );
  const successor = await seal(first);
  const result = await promote(successor, !input.now);
  const rotation = (promotion: PromotionResult, unannounced: boolean) =>
    resultOf(promotion, { dryRun: input.dryRun, unannounced, known: keys });
  if (result.outcome !== "no_standby") return rotation(result, false);
  await entrance.addKey({ key: successor, state: "standby", ...epoch }, clock.now());
  const second = await generated(alg, input.bits, ports.keyTools);
  return rotation(await promote(await seal(second), false), true);
}

function resultOf(
  result: PromotionResult,
  run: { readonly dryRun: boolean; readonly unannounced: boolean; readonly known: readonly SigningKey[] },
): Rotation {
  const { dryRun, unannounced } = run;
  if (result.outcome === "promoted") {
    const { previous } = result;
    const shown = (key: SigningKey) => (dryRun ? planned(key, run.known) : key);
    const [active, standby] = [shown(result.active), shown(result.standby)];
    return { outcome: "rotated", dryRun, active, standby, previous, unannounced };
  }
  if (result.outcome === "too_young") return { outcome: "too_young", dryRun, active: result.active };
  if (result.outcome === "passphrase_changed") throw passphraseChanged();
  if (result.outcome === "unseen") throw unseen(result);
  throw new AppError(
    "key_state_conflict",
    "another command takes the standby keys away; nothing was rotated",
    {
      hints: ["Run it again when the other command has ended"],
    },
  );
}
