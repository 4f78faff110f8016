import type { ChainVerdict } from "../../authority/audit/chain.ts";
import type { KeyEncryption, PrivateMaterial, SigningKey } from "../../authority/keys/signing-key.ts";
import type { Settings } from "../../authority/settings.ts";
import type { JwsAlgorithm } from "../../jose/algorithms.ts";
import type { Jwk } from "../../jose/jwk.ts";
import type { Finding } from "./finding.ts";

/** A value, or why it could not be read. */
export type Known<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: string };

/** What a backend reads of a store for `doctor`. Times are ms. */
export interface StoreFacts {
  /** Where the store is. */
  readonly path: string;
  /** The findings of the backend's own checks, in their order. */
  readonly findings: readonly Finding[];
  /** Evidence that the store itself is damaged; null when there is none. */
  readonly damage: string | null;
  /** Null when the content cannot be read, for the reason `unread`. */
  readonly content: ContentFacts | null;
  readonly unread: string | null;
}

export interface ContentFacts {
  readonly initialised: Known<boolean>;
  readonly settings: Known<Settings>;
  readonly encryption: Known<KeyEncryption>;
  /** In their recorded states: a key whose retirement date has passed is still `retiring`. */
  readonly keys: Known<readonly KeyFact[]>;
  /** The halves of every key as they are in the file. */
  readonly halves: Known<readonly StoredHalves[]>;
  readonly audit: Known<ChainVerdict>;
  readonly traces: Known<LogTraces>;
  readonly sessions: Known<SessionFacts>;
  /** Names of users whose password was accepted with --allow-weak-password. */
  readonly weakUsers: Known<readonly string[]>;
  /** The latest time in the store. */
  readonly newestTime: Known<number | null>;
  /** The latest use of a key or session that is a month old or older (clock-jump.ts); null when there is none. */
  readonly lastUse: Known<number | null>;
}

export interface KeyFact extends SigningKey {
  /** How the private half is kept; null when there is none. */
  readonly privateForm: "plain" | "encrypted" | null;
}

/** The two halves of a key as a store keeps them. Never shown, not even in part. */
export interface StoredHalves {
  readonly kid: string;
  readonly alg: JwsAlgorithm;
  /** Null for a shared secret. */
  readonly publicJwk: Jwk | null;
  readonly privateMaterial: PrivateMaterial | null;
}

/** The result of checking the halves of every key, by kid. */
export interface KeyMaterialFacts {
  /** Public halves that are no key, or not that of their kid. */
  readonly wrongPublic: readonly string[];
  /** Private halves that are no key, or not that of their kid. */
  readonly wrongPrivate: readonly string[];
  /** Sealed private halves that the passphrase does not open. */
  readonly locked: readonly string[];
  /** Sealed private halves of which only the header was checked. */
  readonly unopened: readonly string[];
  /** Sealed private halves that were opened and belong to their kid. */
  readonly opened: readonly string[];
}

/** Events that the store shows and the audit log must have: a change and its entry are written in one transaction. */
export interface LogTraces {
  readonly entries: number;
  /** Whether somebody has logged in, or tried to, since the log exists. */
  readonly usedSince: boolean;
  /** How many sessions, users and keys have a later time than every entry. */
  readonly newer: { readonly sessions: number; readonly users: number; readonly keys: number };
  /** Ids of active sessions that the log calls revoked. */
  readonly reopened: readonly string[];
}

export interface SessionFacts {
  /** Active sessions without exactly one unused refresh token. */
  readonly withoutOneUnused: number;
  /** Sessions whose refresh tokens have a gap, or do not match the count of rotations. */
  readonly withGaps: number;
  /** Sessions in which a refresh token other than the newest is unused. */
  readonly forked: number;
  /** Active sessions in which a reuse was recorded. */
  readonly reusedAlive: number;
  /** Sealed successors whose time is over: the next command that starts or refreshes a session wipes them. */
  readonly overdueSeals: number;
  /** Sealed successors of ended sessions, which should have been wiped with them. */
  readonly strandedSeals: number;
}
