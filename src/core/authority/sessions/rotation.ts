import { AppError } from "../../base/errors.ts";
import { rotationEvent } from "../audit/events.ts";
import type { Decision } from "../decision.ts";
import type { ForeseeRotation, RotateRefreshToken, RotationResult } from "../ports/store.ts";
import type { User } from "../users/user.ts";
import {
  expired,
  isExpiry,
  revoked,
  type SessionExpiry,
  type SessionRecord,
  sessionAt,
} from "./session-state.ts";

/** What a store knows when a refresh token is presented. */
export interface RotationFacts {
  /** As it is recorded. */
  readonly session: SessionRecord;
  /** Null when the user has been removed. */
  readonly user: User | null;
  readonly token: PresentedToken;
}

/** The presented refresh token, found by its hash. Times are ms. */
export interface PresentedToken {
  readonly seq: number;
  readonly consumedAt: number | null;
  /** What was kept for a replay; null when there never was one or it has been wiped. */
  readonly sealedSuccessor: Uint8Array | null;
  /** Until when it may be given out; null when there is none. */
  readonly sealedUntil: number | null;
  readonly successorConsumed: boolean;
}

/** What a presented refresh token changes. */
export interface RotationChange {
  /** The session afterwards. A seal that is kept for the newest token goes. */
  readonly session: SessionRecord;
  /** The presented token is used, and has this successor. */
  readonly successor?: {
    readonly hash: Uint8Array;
    /** Kept with the presented token for a repetition; null when there is to be none. */
    readonly seal: { readonly bytes: Uint8Array; readonly until: number } | null;
  };
  /** The presented token came back after it had been used. */
  readonly reused?: true;
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
 * What is to happen. `session` is the record afterwards; when it is not the record of the facts, it must be written
 * before the outcome is told.
 */
export type RotationDecision =
  | { readonly outcome: "rotated"; readonly session: SessionRecord; readonly user: User }
  | {
      readonly outcome: "replayed";
      readonly session: SessionRecord;
      readonly user: User;
      readonly sealedSuccessor: Uint8Array;
    }
  | {
      readonly outcome: "user_disabled" | "revoked" | "superseded" | "reused";
      readonly session: SessionRecord;
    }
  | { readonly outcome: "expired"; readonly session: SessionRecord; readonly end: SessionExpiry }
  | { readonly outcome: "clock_went_back"; readonly session: SessionRecord; readonly consumedAt: number };

/**
 * Decides what a presented refresh token brings (RFC 9700 section 4.14.2). The order of the checks is part of the
 * contract: user disabled, login revoked, absolute end, consumed, idle end. That a consumed token is looked at before
 * the idle end makes an old stolen token an alarm, however long the login has been idle.
 *
 * @param now ms
 * @throws AppError `store_corrupt` for a live login without a user, which no command leaves behind
 */
export function decideRotation(facts: RotationFacts, policy: RotationPolicy, now: number): RotationDecision {
  const { session, user, token } = facts;
  if (user?.status === "disabled") return { outcome: "user_disabled", session };
  if (session.reason !== null && !isExpiry(session.reason)) return { outcome: "revoked", session };
  if (session.reason === "absolute" || now >= session.expiresAt) return expiry(session, "absolute");
  if (token.consumedAt !== null) return decideSecondUse(facts, token.consumedAt, policy, now);
  if (session.reason === "idle" || now >= session.idleExpiresAt) return expiry(session, "idle");
  return {
    outcome: "rotated",
    session: {
      ...session,
      // A clock set back between two uses must not make the login look older than it was.
      lastUsedAt: Math.max(session.lastUsedAt, now),
      idleExpiresAt: Math.min(now + policy.idleLifetime, session.expiresAt),
      rotations: session.rotations + 1,
    },
    user: present(user, session),
  };
}

function decideSecondUse(
  { session, user, token }: RotationFacts,
  consumedAt: number,
  { reuseWindow, presentedAt }: RotationPolicy,
  now: number,
): RotationDecision {
  if (consumedAt > now) return { outcome: "clock_went_back", session, consumedAt };
  const presented = Math.min(now, Math.max(presentedAt, now - LONGEST_DELAY));
  // Presented before it was used by another process: both have come at the same moment.
  if (Math.max(0, presented - consumedAt) >= reuseWindow) {
    return { outcome: "reused", session: revoked(session, "reuse_detected", now) };
  }
  const { sealedSuccessor, sealedUntil: until, successorConsumed } = token;
  const isOver = until !== null && now >= until;
  if (successorConsumed || sealedSuccessor === null || isOver) return { outcome: "superseded", session };
  if (session.reason === "idle" || now >= session.idleExpiresAt) return expiry(session, "idle");
  return { outcome: "replayed", session, user: present(user, session), sealedSuccessor };
}

/** Expired; the first to see it makes it final. */
function expiry(session: SessionRecord, end: SessionExpiry): RotationDecision {
  if (isExpiry(session.reason)) return { outcome: "expired", session, end: session.reason };
  return { outcome: "expired", session: expired(session, end), end };
}

function present(user: User | null, session: SessionRecord): User {
  if (user !== null) return user;
  throw new AppError("store_corrupt", `the login "${session.id}" is live, but its user is gone`, {
    hints: [
      "Something else than jwtctl has changed the store: restore a backup, or end the login with tokens revoke",
    ],
  });
}

/**
 * The step of a presented refresh token: {@link decideRotation} with what is written and told.
 *
 * @param facts null for a token that nobody knows
 * @param presentedAt ms; when the store was asked, unless the order says otherwise
 */
export function decideRefresh(
  facts: RotationFacts | null,
  order: RotateRefreshToken,
  { now, presentedAt }: { now: number; presentedAt: number },
): Decision<RotationResult, RotationChange> {
  if (facts === null) return { result: { outcome: "unknown" }, ...rotationEvent({ outcome: "unknown" }) };
  const decision = decideRotation(facts, { presentedAt, ...order }, now);
  const result = { ...decision, session: sessionAt(decision.session, now) };
  if (decision.session === facts.session) return { result, ...rotationEvent(result) };
  const until = sealedUntil(now, order.reuseWindow);
  const seal = until === null ? null : { bytes: order.sealedSuccessor, until };
  return {
    result,
    change: {
      session: decision.session,
      ...(decision.outcome === "rotated" && { successor: { hash: order.successorHash, seal } }),
      ...(decision.outcome === "reused" && { reused: true }),
    },
    ...rotationEvent(result),
  };
}

/** What a presented refresh token would bring; nothing is written. */
export function foreseeRefresh(
  facts: RotationFacts | null,
  order: ForeseeRotation,
  now: number,
): RotationResult["outcome"] {
  return facts === null ? "unknown" : decideRotation(facts, { presentedAt: now, ...order }, now).outcome;
}
