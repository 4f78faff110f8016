import type { JsonObject } from "../../base/json/value.ts";
import type { KeyEncryption, NewSigningKey, PrivateMaterial } from "../keys/signing-key.ts";
import type { RefreshTokenRecord, RevocationReason, Session, SessionStatus } from "../sessions/session.ts";
import type { Settings } from "../settings.ts";
import type { User, UserStatus } from "../users/user.ts";
import type { AuditStore } from "./audit-store.ts";
import type { KeyStore } from "./key-store.ts";

export type * from "./audit-store.ts";
export type * from "./key-store.ts";

/**
 * The store, named by intent. Every method is one atomic step: it happens whole and durably, or not at all.
 *
 * - `now` is data: milliseconds since the epoch, from the caller's clock. A backend in which a write has to wait for
 *   others adds what it waited: what is written has the time at which it was written.
 * - Expected outcomes are results (`outcome`), so that what a refusal writes (a revocation) is committed.
 * - A store that cannot be used throws AppError with a `store_*` code; nothing has changed then.
 * - Secrets never enter: refresh tokens arrive as SHA-256 hashes, passwords as PHC strings, private keys as
 *   {@link PrivateMaterial}.
 *
 * Every backend passes test/contract/store-contract.ts.
 */
export interface Store extends SettingsStore, KeyStore, UserStore, SessionStore, AuditStore {
  close(): Promise<void>;
}

export interface SettingsStore {
  /** Fills an empty store; the first caller wins and the others change nothing. */
  initialise(input: NewStore, now: number): Promise<"initialised" | "already_initialised">;
  readSettings(): Promise<Settings>;
  writeSettings(changes: Partial<Settings>, now: number): Promise<void>;
  /** Whether private keys are kept under a passphrase. */
  readEncryption(): Promise<KeyEncryption>;
  /** Counts the changes of the passphrase: what was sealed in an earlier epoch may be under another one. */
  readSealingEpoch(): Promise<number>;
  /**
   * Does now what the next writes would do: destroys and wipes what has no more use. What is of no use only if the
   * clock is right stays when that is in doubt (core/base/time/clock-jump.ts).
   */
  tidy(now: number): Promise<Tidied>;
  /**
   * The latest time, at or before `before` (ms), at which a key came or was activated, a user came, or a login was made
   * or used; null when there is none. A login that was used before and after counts as used at `before`.
   */
  findLastUse(before: number): Promise<number | null>;
}

export interface Tidied {
  /** The kids of keys whose private half was destroyed. */
  readonly destroyed: readonly string[];
  /** Sealed successors that were wiped. */
  readonly seals: number;
}

export interface NewStore {
  readonly settings: Settings;
  readonly encryption: KeyEncryption;
  readonly active: NewSigningKey;
  readonly standby: NewSigningKey;
}

export interface UserStore {
  addUser(input: NewUser, now: number): Promise<"added" | "name_taken">;
  listUsers(now: number): Promise<readonly UserSummary[]>;
  /** By name, in any case and normalisation. */
  findUser(name: string, now: number): Promise<UserSummary | null>;
  readPasswordHash(userId: string): Promise<string | null>;
  /**
   * Counts an attempt at a user's password before it is checked, so that guesses made at the same moment count each
   * other (core/authority/users/throttle.ts). A name that nobody has is counted and answered in the same way.
   */
  beginPasswordAttempt(name: string, now: number): Promise<PasswordAttempt>;
  /** Says what became of an attempt; the right password sets the count back to none. */
  endPasswordAttempt(input: EndPasswordAttempt, now: number): Promise<void>;
  /** Ends a user's wait; null when there is no such user. */
  unlockUser(userId: string, now: number): Promise<{ readonly changed: boolean } | null>;
  /** Replaces the password and revokes the user's sessions (except `keepSession`) in the same step. */
  changePassword(input: ChangePassword, now: number): Promise<{ readonly revoked: readonly string[] } | null>;
  /** Replaces a hash by another of the same password, unless the password has changed meanwhile. */
  rehashPassword(
    input: { userId: string; from: string; to: string },
    now: number,
  ): Promise<"replaced" | "changed_meanwhile">;
  /** Disabling revokes the user's logins in the same step. */
  setUserStatus(
    userId: string,
    status: UserStatus,
    now: number,
  ): Promise<{ readonly changed: boolean; readonly revoked: readonly string[] } | null>;
  /** Changes the claims of the user's access tokens; null when there is no such user. */
  changeClaims(input: ChangeClaims, now: number): Promise<ClaimsChange | null>;
  /** Removes the user and revokes their logins; the logins stay on record under the user's name. */
  removeUser(userId: string, now: number): Promise<{ readonly revoked: readonly string[] } | null>;
}

export interface NewUser {
  readonly id: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly weakPassword: boolean;
  readonly claims: JsonObject;
}

export interface UserSummary extends User {
  readonly activeSessions: number;
  /** Wrong passwords since the last right one. */
  readonly failedAttempts: number;
  /** Until when (ms) nobody may try a password; null when somebody may. */
  readonly lockedUntil: number | null;
}

export type PasswordAttempt =
  /** Both null for a name that nobody has. */
  | {
      readonly outcome: "allowed";
      readonly user: User | null;
      readonly passwordHash: string | null;
    }
  | { readonly outcome: "throttled"; readonly retryAt: number };

export interface EndPasswordAttempt {
  /** Null for a name that nobody has. */
  readonly userId: string | null;
  /** `disabled`: the password was right, and the user may not log in. */
  readonly result: "wrong" | "right" | "disabled";
}

export interface ChangePassword {
  readonly userId: string;
  readonly passwordHash: string;
  readonly weakPassword: boolean;
  readonly keepSession?: string;
}

export interface ChangeClaims {
  readonly userId: string;
  /** New claims, and new values of claims that are there. */
  readonly set: JsonObject;
  /** The names of claims that go. */
  readonly remove: readonly string[];
}

export type ClaimsChange =
  | { readonly outcome: "changed" | "unchanged"; readonly claims: JsonObject }
  /** Nothing was changed: the user has no claims of these names. */
  | { readonly outcome: "no_such_claim"; readonly missing: readonly string[] };

export interface PruneSessions {
  /** The absolute end lies before it, ms. */
  readonly endedBefore: number;
  /** So many sessions at most. */
  readonly limit: number;
  /** So many refresh tokens at most, but one session in any case: a session may have thousands. */
  readonly tokens?: number;
}

export interface SessionStore {
  /**
   * Starts a login with its first refresh token. Refused when the user went, was disabled, or changed the password
   * since `passwordHash` was read and verified.
   */
  createSession(input: NewSession, now: number): Promise<SessionStartResult>;
  /** Trades a refresh token (design section 5, RFC 9700 section 4.14.2). A revocation it finds due is committed. */
  rotateRefreshToken(input: RotateRefreshToken, now: number): Promise<RotationResult>;
  /**
   * What {@link rotateRefreshToken} would find now; nothing is written. Anything may have changed when the token is
   * traded.
   */
  foreseeRotation(input: ForeseeRotation, now: number): Promise<RotationResult["outcome"]>;
  /** The login a refresh token belongs to, consumed tokens included. */
  findSessionByToken(tokenHash: Uint8Array, now: number): Promise<Session | null>;
  findSession(id: string, now: number): Promise<Session | null>;
  /** Sessions whose id starts with `prefix`, taken literally; the first `limit` (1,000) in the order of their ids. */
  findSessions(prefix: string, now: number, limit?: number): Promise<readonly Session[]>;
  listSessions(filter: SessionFilter, now: number): Promise<readonly Session[]>;
  /** The refresh tokens of a login, oldest first; `seq` counts from 1. */
  listRefreshTokens(sessionId: string): Promise<readonly RefreshTokenRecord[]>;
  /** Idempotent: logins that have ended already are left as they are and not in the result. */
  revokeSessions(target: RevocationTarget, reason: RevocationReason, now: number): Promise<readonly string[]>;
  /** Removes whole sessions, the earliest end first, in one step; returns how many. */
  pruneSessions(input: PruneSessions, now: number): Promise<number>;
  /** How many sessions there are whose absolute end lies before `endedBefore` (ms). */
  countPrunable(endedBefore: number): Promise<number>;
  /** Sessions that have not ended, of all users. */
  countActiveSessions(now: number): Promise<number>;
}

export type SessionStartResult = "created" | "user_not_found" | "user_disabled" | "password_changed";

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  /** The hash the password was verified against. */
  readonly passwordHash: string;
  readonly clientId: string;
  readonly tokenHash: Uint8Array;
  readonly idleExpiresAt: number;
  readonly expiresAt: number;
}

export interface RotateRefreshToken {
  readonly tokenHash: Uint8Array;
  readonly successorHash: Uint8Array;
  /** The successor's secret, sealed so that only the holder of the presented token can open it. */
  readonly sealedSuccessor: Uint8Array;
  /** In ms; 0 is strict: any second use is theft. */
  readonly reuseWindow: number;
  /** In ms. */
  readonly idleLifetime: number;
  /**
   * When (ms) the token was presented, for the reuse window: what it had to wait since for its turn, up to
   * `LONGEST_DELAY`, does not make it older. Default: `now`, before any wait of the store's.
   */
  readonly presentedAt?: number;
}

export type ForeseeRotation = Pick<
  RotateRefreshToken,
  "tokenHash" | "reuseWindow" | "idleLifetime" | "presentedAt"
>;

export type RotationResult =
  /** Done: the successor given is now the login's refresh token. */
  | { readonly outcome: "rotated"; readonly session: Session; readonly user: User }
  /** Inside the window with the successor unused: the same successor again, sealed. */
  | {
      readonly outcome: "replayed";
      readonly session: Session;
      readonly user: User;
      readonly sealedSuccessor: Uint8Array;
    }
  /** Inside the window, but the successor has been used: refused, nothing revoked. */
  | { readonly outcome: "superseded"; readonly session: Session }
  /** A used token came back: theft. The login is revoked, and that is committed. */
  | { readonly outcome: "reused"; readonly session: Session }
  | { readonly outcome: "revoked"; readonly session: Session }
  | { readonly outcome: "expired"; readonly session: Session; readonly end: "idle" | "absolute" }
  | { readonly outcome: "user_disabled"; readonly session: Session }
  /**
   * The clock shows a time before the token was consumed: refused, nothing revoked. A clock that was read a while ago
   * looks the same: read it again and, when it has reached `consumedAt`, ask once more.
   */
  | { readonly outcome: "clock_went_back"; readonly session: Session; readonly consumedAt: number }
  | { readonly outcome: "unknown" };

export interface SessionFilter {
  readonly userId?: string;
  /** On record of a user of this name, in any case and normalisation, who has been removed. */
  readonly removedUserName?: string;
  /** Started for this client, as it was written. */
  readonly clientId?: string;
  readonly status?: SessionStatus;
  /** Created at or after (ms). */
  readonly since?: number;
  /** `created` (the default) and `last_used`: the latest first; `expires`: the next absolute end first. */
  readonly sort?: "created" | "last_used" | "expires";
  readonly limit?: number;
}

export type RevocationTarget =
  | { readonly sessions: readonly string[] }
  /** Of this user, for this client, or both; all of them but `except`. */
  | { readonly userId: string; readonly clientId?: string; readonly except?: string }
  | { readonly clientId: string }
  | { readonly all: true };
