import type {
  ActivationResult,
  DeletionResult,
  RetirementResult,
  RevocationResult,
  Unseen,
} from "../keys/life-cycle.ts";
import type {
  KeyEncryption,
  KeyState,
  NewSigningKey,
  PrivateMaterial,
  SigningKey,
} from "../keys/signing-key.ts";

/** The signing keys of a store; part of `Store`, whose rules hold here. */
export interface KeyStore {
  /** All keys, the newest first. States are as of `now`. */
  listKeys(now: number): Promise<readonly SigningKey[]>;
  readPrivateKey(kid: string): Promise<PrivateMaterial | null>;
  /**
   * Adds a key, or, as a standby that is only wanted where there is none, does not. `active` demotes the present active
   * key as {@link promoteStandbyKey} does.
   */
  addKey(input: AddKey, now: number): Promise<AddKeyResult>;
  /**
   * Makes the oldest standby key active, the active one retiring, and adds `successor` as a standby. A successor of
   * another algorithm has its turn at the next promotion: what signs has always been published ahead.
   * The retiring key ends at {@link retirementOf}; its private half is destroyed unless `keepPrivate`.
   */
  promoteStandbyKey(input: PromoteStandbyKey, now: number): Promise<PromotionResult>;
  /** See core/authority/keys/life-cycle.ts, `decideActivation`. */
  activateKey(input: ActivateKey, now: number): Promise<ActivationResult | PassphraseChanged>;
  /** See `decideRetirement`. */
  retireKey(kid: string, now: number): Promise<RetirementResult>;
  /** See `decideRevocation`; the sessions are revoked in the same step. Idempotent. */
  revokeKey(input: RevokeKey, now: number): Promise<KeyRevocationResult>;
  /** See `decideDeletion`. */
  deleteKey(input: { kid: string; force: boolean }, now: number): Promise<DeletionResult>;
  /**
   * Swaps the private halves of all keys for the same ones sealed in another way. `changed_meanwhile` when a private
   * half came or went, or the passphrase changed, since they were read: nothing has changed then.
   */
  resealKeys(input: ResealKeys, now: number): Promise<"resealed" | "changed_meanwhile">;
  /**
   * Notes, before signing, that `kid` will sign a token with this `exp` (seconds; null: never expires), so that the key
   * is kept until then. `not_active` when the key may not sign (any more): nothing may be signed with it.
   *
   * @param minted for a token that belongs to no session: what the audit log is told of it in the same step
   */
  reserveSignature(
    kid: string,
    exp: number | null,
    now: number,
    minted?: MintNote,
  ): Promise<"reserved" | "not_active">;
}

/** A token that an operator has signed; null for claims that it does not have, or not as text. */
export interface MintNote {
  readonly sub: string | null;
  readonly jti: string | null;
  readonly typ: string | null;
}

export interface AddKey extends Sealing {
  readonly key: NewSigningKey;
  readonly state: "standby" | "active" | "retiring";
  /** With state `active`: keep the private half of the key it replaces. */
  readonly keepPrivate?: boolean;
  /** With state `retiring`: when the key stops verifying (ms); without it, when it is retired by hand. */
  readonly retiresAt?: number;
  /** With state `standby`: only when there is no standby key, whoever else adds one at the same time. */
  readonly onlyIfMissing?: boolean;
}

export type AddKeyResult =
  | { readonly outcome: "added" }
  | { readonly outcome: "duplicate"; readonly state: KeyState }
  /** A standby key is there, which was only wanted if there was none: nothing has changed. */
  | { readonly outcome: "not_missing"; readonly standby: string }
  /** Its kid or former kid names the key `by`. */
  | { readonly outcome: "kid_taken"; readonly by: string }
  | PassphraseChanged;

/** The passphrase of the store is another than when `sealingEpoch` was read: nothing has changed. */
export interface PassphraseChanged {
  readonly outcome: "passphrase_changed";
}

/** For whoever brings a private key in: when it was sealed. */
export interface Sealing {
  /** As `SettingsStore.readSealingEpoch` had it before the passphrase was proven; undefined: not compared. */
  readonly sealingEpoch?: number;
}

export interface PromoteStandbyKey extends Sealing {
  readonly successor: NewSigningKey;
  readonly keepPrivate: boolean;
  /** Do nothing when the active key was activated after this time (ms). */
  readonly onlyIfActivatedBefore?: number;
  /** Do nothing when verifiers may not know the standby yet. */
  readonly onlyIfSeen?: boolean;
}

export type PromotionResult =
  | {
      readonly outcome: "promoted";
      readonly active: SigningKey;
      readonly standby: SigningKey;
      readonly previous: SigningKey | null;
    }
  | { readonly outcome: "too_young"; readonly active: SigningKey }
  | { readonly outcome: "no_standby" }
  | Unseen
  | PassphraseChanged;

export interface ActivateKey extends Sealing {
  readonly kid: string;
  /** The next standby, for when this takes the last one. */
  readonly successor?: NewSigningKey;
  /** Keep the private half of the key it replaces. */
  readonly keepPrivate: boolean;
  /** Do nothing when verifiers may not know the key yet. */
  readonly onlyIfSeen?: boolean;
}

export type KeyRevocationResult =
  | (Extract<RevocationResult, { outcome: "revoked" }> & { readonly revokedSessions: readonly string[] })
  | Exclude<RevocationResult, { outcome: "revoked" }>
  | PassphraseChanged;

export interface RevokeKey extends Sealing {
  readonly kid: string;
  /** For the places that fall vacant; what is not needed stays out. */
  readonly replacements: readonly NewSigningKey[];
  /** Do nothing when verifiers may not know the standby that would take its place. */
  readonly onlyIfSeen?: boolean;
  /** Revoke every session too, with the reason `key_compromised`. */
  readonly withSessions: boolean;
}

export interface ResealKeys {
  /** As it was when the private halves were read. */
  readonly sealingEpoch: number;
  /** How private keys are kept from now on. */
  readonly encryption: KeyEncryption;
  /** The private half of every key that has one. */
  readonly materials: readonly { readonly kid: string; readonly material: PrivateMaterial }[];
}
