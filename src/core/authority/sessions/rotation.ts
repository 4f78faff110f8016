import { AppError } from "../../base/errors.ts";
import type { RotationResult } from "../ports/store.ts";
import type { User } from "../users/user.ts";
import { expired, isExpiry, type LoginExpiry, type LoginRecord, loginAt, revoked } from "./session-state.ts";

/** What a store knows when a refresh token is presented. */
export interface RotationFacts {
  readonly login: LoginRecord;
  /** Null when the user has been removed. */
  readonly user: User | null;
  readonly token: PresentedToken;
}

/** The presented refresh token, found by its hash. Times are ms. */
export interface PresentedToken {
  readonly consumedAt: number | null;
  /** What was kept for a replay; null when there never was one or it has been wiped. */
  readonly sealedSuccessor: Uint8Array | null;
  readonly successorConsumed: boolean;
}

/** In ms. */
export interface RotationPolicy {
  readonly reuseWindow: number;
  readonly idleLifetime: number;
  /** When the token was presented; the reuse window counts up to here, not up to when it is its turn. */
  readonly presentedAt: number;
}

/**
 * So long (ms) after it was presented a token may have its turn without counting as older for that: two waits for the
 * store's lock, to reserve a signature and to trade, and what opens the signing key in between. Who took longer is
 * judged as if it had been this long.
 */
export const LONGEST_DELAY = 30_000;

/**
 * Until when (ms) a sealed successor is kept: whoever presents the used token within the window may still have to wait.
 * Null when there is no window.
 */
export function sealedUntil(consumedAt: number, reuseWindow: number): number | null {
  return reuseWindow > 0 ? consumedAt + reuseWindow + LONGEST_DELAY : null;
}

/**
 * What is to happen. `login` is the record afterwards; when it is not the record of the facts, it must be written
 * before the outcome is told.
 */
export type RotationDecision =
  | { readonly outcome: "rotated"; readonly login: LoginRecord; readonly user: User }
  | {
      readonly outcome: "replayed";
      readonly login: LoginRecord;
      readonly user: User;
      readonly sealedSuccessor: Uint8Array;
    }
  | {
      readonly outcome: "user_disabled" | "revoked" | "superseded" | "reused";
      readonly login: LoginRecord;
    }
  | { readonly outcome: "expired"; readonly login: LoginRecord; readonly end: LoginExpiry }
  | { readonly outcome: "clock_went_back"; readonly login: LoginRecord; readonly consumedAt: number };

/**
 * Decides what a presented refresh token brings (RFC 9700 section 4.14.2). The order of the checks is part of the
 * contract: user disabled, login revoked, absolute end, consumed, idle end. That a consumed token is looked at before
 * the idle end makes an old stolen token an alarm, however long the login has been idle.
 *
 * @param now ms
 * @throws AppError `store_corrupt` for a live login without a user, which no command leaves behind
 */
export function decideRotation(facts: RotationFacts, policy: RotationPolicy, now: number): RotationDecision {
  const { login, user, token } = facts;
  if (user?.status === "disabled") return { outcome: "user_disabled", login };
  if (login.reason !== null && !isExpiry(login.reason)) return { outcome: "revoked", login };
  if (login.reason === "absolute" || now >= login.expiresAt) return expiry(login, "absolute");
  if (token.consumedAt !== null) return decideSecondUse(facts, token.consumedAt, policy, now);
  if (login.reason === "idle" || now >= login.idleExpiresAt) return expiry(login, "idle");
  return {
    outcome: "rotated",
    login: {
      ...login,
      // A clock set back between two uses must not make the login look older than it was.
      lastUsedAt: Math.max(login.lastUsedAt, now),
      idleExpiresAt: Math.min(now + policy.idleLifetime, login.expiresAt),
      rotations: login.rotations + 1,
    },
    user: present(user, login),
  };
}

function decideSecondUse(
  { login, user, token }: RotationFacts,
  consumedAt: number,
  { reuseWindow, presentedAt }: RotationPolicy,
  now: number,
): RotationDecision {
  if (consumedAt > now) return { outcome: "clock_went_back", login, consumedAt };
  const presented = Math.min(now, Math.max(presentedAt, now - LONGEST_DELAY));
  // Presented before it was used by another process: both have come at the same moment.
  if (Math.max(0, presented - consumedAt) >= reuseWindow) {
    return { outcome: "reused", login: revoked(login, "reuse_detected", now) };
  }
  const { sealedSuccessor, successorConsumed } = token;
  if (successorConsumed || sealedSuccessor === null) return { outcome: "superseded", login };
  if (login.reason === "idle" || now >= login.idleExpiresAt) return expiry(login, "idle");
  return { outcome: "replayed", login, user: present(user, login), sealedSuccessor };
}

/** Expired; the first to see it makes it final. */
function expiry(login: LoginRecord, end: LoginExpiry): RotationDecision {
  if (isExpiry(login.reason)) return { outcome: "expired", login, end: login.reason };
  return { outcome: "expired", login: expired(login, end), end };
}

function present(user: User | null, login: LoginRecord): User {
  if (user !== null) return user;
  throw new AppError("store_corrupt", `the login "${login.id}" is live, but its user is gone`, {
    hints: [
      "Something else than jwtctl has changed the store: restore a backup, or end the login with tokens revoke",
    ],
  });
}

/** The decision as the store's answer. */
export function rotationResult(decision: RotationDecision, now: number): RotationResult {
  return { ...decision, login: loginAt(decision.login, now) };
}
