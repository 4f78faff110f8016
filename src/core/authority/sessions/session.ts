import type { Settings } from "../settings.ts";
import type { User } from "../users/user.ts";

export const SESSION_STATUSES = ["active", "expired", "revoked"] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];

/** Why a session was revoked. */
export const REVOCATION_REASONS = [
  "reuse_detected",
  "logout",
  "revoked",
  "password_changed",
  "user_disabled",
  "user_removed",
  "key_compromised",
] as const;
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

/** What a login starts: a chain ("family") of refresh tokens, of which one is live. Times are ms. */
export interface Session {
  readonly id: string;
  /** Null once the user has been removed; the name stays for the record. */
  readonly userId: string | null;
  readonly userName: string;
  readonly status: SessionStatus;
  /** A revocation reason, or `idle` or `absolute` for an expired session; null while it is active. */
  readonly reason: RevocationReason | "idle" | "absolute" | null;
  readonly clientId: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** When the newest refresh token expires unless it is used; never after `expiresAt`. */
  readonly idleExpiresAt: number;
  /** The absolute end; it never moves. */
  readonly expiresAt: number;
  readonly endedAt: number | null;
  /** How often the refresh token was rotated. */
  readonly rotations: number;
}

/** One refresh token of a session, without its secret or hash. Times are ms. */
export interface RefreshTokenRecord {
  readonly seq: number;
  readonly createdAt: number;
  readonly idleExpiresAt: number;
  /** When it was rotated; null for the newest. */
  readonly consumedAt: number | null;
  /** When it was used again outside the reuse window; null when it was not. */
  readonly reusedAt: number | null;
}

/** A new session. Its absolute end never moves; the idle end is never after it. */
export function beginSession(
  input: { id: string; user: User; clientId: string; settings: Settings },
  now: number,
): Session {
  const { id, user, clientId, settings } = input;
  const expiresAt = now + settings.refresh_max * 1000;
  return {
    id,
    userId: user.id,
    userName: user.name,
    status: "active",
    reason: null,
    clientId,
    createdAt: now,
    lastUsedAt: now,
    idleExpiresAt: Math.min(now + settings.refresh_idle * 1000, expiresAt),
    expiresAt,
    endedAt: null,
    rotations: 0,
  };
}
