import { loginRefused } from "../core/authority/audit/events.ts";
import type { PasswordAttempt, UserSummary } from "../core/authority/ports/store.ts";
import { decideAttempt, type ThrottleState, UNTRIED } from "../core/authority/users/throttle.ts";
import { isoInstant } from "../core/base/time/format.ts";
import type { AuditLog } from "./audit-log.ts";

// Attempts at passwords, the same for every backend. Backends call these inside a write transaction.

/** Where a backend keeps the attempts at one name. */
export interface AttemptsPlace {
  readonly state: ThrottleState;
  write(state: ThrottleState): void;
}

/**
 * Counts an attempt, or refuses it.
 * @param found null for a name that nobody has
 */
export function attemptBegun(
  log: AuditLog,
  found: { readonly user: UserSummary; readonly passwordHash: string } | null,
  place: AttemptsPlace,
  now: number,
): PasswordAttempt {
  const decision = decideAttempt(place.state, now);
  place.write(decision.state);
  if (decision.outcome === "allowed") {
    return { outcome: "allowed", user: found?.user ?? null, passwordHash: found?.passwordHash ?? null };
  }
  log.refuse(loginRefused(found?.user.name ?? null, "throttled"));
  return { outcome: "throttled", retryAt: decision.retryAt };
}

/** @param user the name of the user; null for a name that nobody has, or a user who has gone since */
export function attemptEnded(
  log: AuditLog,
  user: string | null,
  place: AttemptsPlace,
  result: "wrong" | "right" | "disabled",
): void {
  if (user === null) {
    log.refuse(loginRefused(null, "unknown_user"));
  } else if (result === "wrong") {
    const { attempts, lockedUntil } = place.state;
    const locked_until = lockedUntil === null ? null : isoInstant(lockedUntil);
    log.note(loginRefused(user, "wrong_password", { attempts, locked_until }));
  } else {
    place.write(UNTRIED);
    if (result === "disabled") log.refuse(loginRefused(user, "user_disabled"));
  }
}

/** @returns whether there was anything to clear */
export function attemptsCleared(place: AttemptsPlace): boolean {
  place.write(UNTRIED);
  return place.state.attempts > 0;
}
