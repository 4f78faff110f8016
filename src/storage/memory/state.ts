import type { AuditRecord } from "../../core/authority/audit/canonical.ts";
import type { QuotaState } from "../../core/authority/audit/refusal-quota.ts";
import type { KeyEncryption, PrivateMaterial, SigningKey } from "../../core/authority/keys/signing-key.ts";
import type { RefreshTokenRecord } from "../../core/authority/sessions/session.ts";
import type { SessionRecord } from "../../core/authority/sessions/session-state.ts";
import type { Settings } from "../../core/authority/settings.ts";
import type { ThrottleState } from "../../core/authority/users/throttle.ts";
import type { User } from "../../core/authority/users/user.ts";
import { AppError } from "../../core/base/errors.ts";

/** What a store in memory holds. Records are replaced, never altered: what was given out stays as it was. */
export interface State {
  settings: {
    readonly values: Settings;
    readonly encryption: KeyEncryption;
    /** Counts the changes of the passphrase. */
    readonly sealingEpoch: number;
  } | null;
  /** By kid, the oldest first. */
  readonly keys: Map<string, KeyEntry>;
  readonly users: Map<string, UserEntry>;
  readonly sessions: Map<string, SessionRecord>;
  /** By login, in the order of `seq`. */
  readonly tokens: Map<string, readonly TokenEntry[]>;
  /** Where each refresh token is, by its hash in base64url. */
  readonly hashes: Map<string, { readonly sessionId: string; readonly seq: number }>;
  /** Attempts at passwords: by user id, and by bucket for names that nobody has. */
  readonly attempts: Map<string | number, ThrottleState>;
  readonly audit: AuditRecord[];
  readonly refusals: Map<string, QuotaState>;
}

export interface KeyEntry {
  readonly key: SigningKey;
  readonly material: PrivateMaterial | null;
}

export interface UserEntry {
  readonly user: User;
  readonly passwordHash: string;
}

export interface TokenEntry {
  readonly record: RefreshTokenRecord;
  readonly hash: string;
  readonly seal: { readonly bytes: Uint8Array; readonly until: number } | null;
}

export function emptyState(): State {
  return {
    settings: null,
    keys: new Map(),
    users: new Map(),
    sessions: new Map(),
    tokens: new Map(),
    hashes: new Map(),
    attempts: new Map(),
    audit: [],
    refusals: new Map(),
  };
}

/** @throws AppError `store_not_found` when the store has not been initialised */
export function settingsOf(state: State): NonNullable<State["settings"]> {
  if (state.settings !== null) return state.settings;
  throw new AppError("store_not_found", "the store has not been initialised", {
    hints: ["Make one with: jwtctl init"],
  });
}
