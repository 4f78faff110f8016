import type { JsonObject, JsonValue } from "../../base/json/value.ts";

/**
 * What the audit log knows, and what each entry means. The list is closed and part of the public interface
 * (docs/audit.md): types come, but never change their meaning.
 */
export const AUDIT_TYPES = {
  store_initialised: "the store was made, with its first two keys",
  settings_changed: "a setting has another value",
  store_backed_up: "a backup was written and verified",
  store_restored: "this store was put in place from a backup",
  store_repaired: "`doctor --fix` repaired something",
  key_added: "a signing key was generated or imported",
  key_activated: "a key signs from now on",
  key_retiring: "a key signs no more and verifies until its date",
  key_retired: "a key is accepted no more",
  key_revoked: "a key was declared compromised",
  key_deleted: "a key was taken out of the store",
  passphrase_changed: "the private keys are sealed under another passphrase, or none",
  token_minted: "`mint` signed a token with the store's key",
  user_added: "a user was registered",
  user_disabled: "a user may not log in any more",
  user_enabled: "a user may log in again",
  user_unlocked: "an operator ended a user's wait after wrong passwords",
  user_changed: "the claims of a user's access tokens were changed",
  user_removed: "a user was removed",
  password_changed: "a user has a new password",
  password_rehashed: "a password was hashed with today's parameters",
  login_started: "the right password bought a login",
  login_refused: "a password bought nothing",
  login_revoked: "logins were ended before their time",
  logins_pruned: "logins long ended were removed from the store",
  token_refreshed: "a refresh token was traded for its successor",
  token_replayed: "a refresh token came again within the reuse window and got the same successor",
  refresh_refused: "a refresh token bought nothing",
  reuse_detected: "a used refresh token came back: its login was revoked",
  refusals_skipped: "so many refusals of one kind were counted, but not written one by one",
} as const satisfies Readonly<Record<string, string>>;

export type AuditType = keyof typeof AUDIT_TYPES;

export const AUDIT_TYPE_NAMES = Object.keys(AUDIT_TYPES) as readonly AuditType[];

/**
 * Who did it, as far as a program that anybody can start may say: the account of the operating system that ran the
 * command, and the command. Nobody has proven anything for it; whoever may write the store could write it without
 * jwtctl.
 */
export interface Actor {
  readonly osUser: string;
  /** `users add`, never with its arguments. */
  readonly command: string;
}

/** Whom the log names when nobody said who it is. */
export const NOBODY: Actor = { osUser: "unknown", command: "unknown" };

/** Something that happened, before it is written down. */
export interface AuditEvent {
  readonly type: AuditType;
  /** The name of the user it is about. */
  readonly user?: string | null;
  /** The id of the login it is about. */
  readonly session?: string | null;
  readonly kid?: string | null;
  /** A word from the field's closed lists (`wrong_password`, `reuse_detected`, `idle`). */
  readonly reason?: string | null;
  /** What else is worth knowing. Never a secret, a hash, or text that an unknown caller chose. */
  readonly details?: Readonly<Record<string, JsonValue>>;
}

/** One line of the log. */
export interface AuditEntry {
  /** Counts from 1, without a gap. */
  readonly seq: number;
  /** ms, by the clock of the machine: it may go back where `seq` does not. */
  readonly at: number;
  /** One of {@link AUDIT_TYPES}, unless somebody has altered the log. */
  readonly type: string;
  readonly osUser: string;
  readonly command: string;
  readonly user: string | null;
  readonly session: string | null;
  readonly kid: string | null;
  readonly reason: string | null;
  readonly details: JsonObject;
  /** SHA-256 of the entry and the hash before it, 64 hexadecimal digits. */
  readonly hash: string;
}

/** The end of the log: the last entry's number and hash. Kept apart, it shows that nothing before it was altered. */
export interface AuditHead {
  /** 0 for an empty log. */
  readonly seq: number;
  readonly hash: string;
}

/** What the first entry follows on. */
export const AUDIT_ORIGIN: AuditHead = { seq: 0, hash: "0".repeat(64) };
