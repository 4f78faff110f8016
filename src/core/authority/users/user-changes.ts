import { isoInstant } from "../../base/time/format.ts";
import { loginRefused, userAdded } from "../audit/events.ts";
import type { Decision } from "../decision.ts";
import type { ChangePassword, EndPasswordAttempt, NewUser, PasswordAttempt } from "../ports/store.ts";
import type { AttemptFacts, UserChange, UserFacts } from "../ports/store-backend.ts";
import { decideSessionEnds } from "../sessions/revocation.ts";
import type { RevocationReason } from "../sessions/session.ts";
import { decideAttempt, type ThrottleState, UNTRIED } from "./throttle.ts";
import type { UserStatus } from "./user.ts";

// What becomes of users, their passwords and their sessions. Facts are null where there is no such user; times are ms.

type UserDecision<Result> = Decision<Result, UserChange>;

export function decideNewUser(isTaken: boolean, user: NewUser): Decision<"added" | "name_taken", NewUser> {
  if (isTaken) return { result: "name_taken" };
  return { result: "added", change: user, events: [userAdded(user)] };
}

/** Replaces the password, forgets wrong attempts, and ends the user's sessions. */
export function decidePasswordChange(
  facts: UserFacts | null,
  { passwordHash, weakPassword, keepSession }: ChangePassword,
  now: number,
): UserDecision<{ readonly revoked: readonly string[] } | null> {
  if (facts === null) return { result: null };
  const ends = endsOf(
    { ...facts, open: facts.open?.filter(({ id }) => id !== keepSession) ?? [] },
    "password_changed",
    now,
  );
  return {
    result: { revoked: ends.revoked },
    change: { password: { hash: passwordHash, weak: weakPassword }, attempts: UNTRIED, ended: ends.ended },
    events: [
      { type: "password_changed", user: facts.user.name, details: { weak_password: weakPassword } },
      ...ends.events,
    ],
  };
}

/** Replaces a hash by another of the same password, unless the password has changed meanwhile. */
export function decideRehash(
  facts: UserFacts | null,
  { from, to }: { readonly from: string; readonly to: string },
): UserDecision<"replaced" | "changed_meanwhile"> {
  if (facts?.passwordHash !== from) return { result: "changed_meanwhile" };
  return {
    result: "replaced",
    change: { passwordHash: to },
    events: [{ type: "password_rehashed", user: facts.user.name }],
  };
}

/** Disabling ends the user's sessions. */
export function decideStatus(
  facts: UserFacts | null,
  status: UserStatus,
  now: number,
): UserDecision<{ readonly changed: boolean; readonly revoked: readonly string[] } | null> {
  if (facts === null) return { result: null };
  const changed = facts.user.status !== status;
  const ends = endsOf(status === "disabled" ? facts : { ...facts, open: [] }, "user_disabled", now);
  const type = status === "disabled" ? "user_disabled" : "user_enabled";
  return {
    result: { changed, revoked: ends.revoked },
    ...((changed || ends.ended.length > 0) && { change: { status, ended: ends.ended } }),
    events: [...(changed ? [{ type, user: facts.user.name } as const] : []), ...ends.events],
  };
}

/** Removes the user; the sessions end, and stay on record under the name. */
export function decideRemoval(
  facts: UserFacts | null,
  now: number,
): UserDecision<{ readonly revoked: readonly string[] } | null> {
  if (facts === null) return { result: null };
  const ends = endsOf(facts, "user_removed", now);
  return {
    result: { revoked: ends.revoked },
    change: { removed: true, ended: ends.ended },
    events: [{ type: "user_removed", user: facts.user.name }, ...ends.events],
  };
}

function endsOf({ open = [] }: Pick<UserFacts, "open">, reason: RevocationReason, now: number) {
  const { result, change = [], events = [] } = decideSessionEnds(open, reason, now);
  return { revoked: result, ended: change, events };
}

/** Ends a user's wait. */
export function decideUnlock(facts: UserFacts | null): UserDecision<{ readonly changed: boolean } | null> {
  if (facts === null) return { result: null };
  if (facts.attempts.attempts === 0) return { result: { changed: false } };
  return {
    result: { changed: true },
    change: { attempts: UNTRIED },
    events: [{ type: "user_unlocked", user: facts.user.name }],
  };
}

/** Counts an attempt at a password, or refuses it. */
export function decideAttemptBegin(
  { found, attempts }: AttemptFacts,
  now: number,
): Decision<PasswordAttempt, ThrottleState> {
  const decision = decideAttempt(attempts, now);
  if (decision.outcome === "allowed") {
    const { user = null, passwordHash = null } = found ?? {};
    return { result: { outcome: "allowed", user, passwordHash }, change: decision.state };
  }
  return {
    result: { outcome: "throttled", retryAt: decision.retryAt },
    change: decision.state,
    refusal: loginRefused(found?.user.name ?? null, "throttled"),
  };
}

/** Says what became of an attempt; the right password sets the count back to none. */
export function decideAttemptEnd(
  facts: UserFacts | null,
  result: EndPasswordAttempt["result"],
): UserDecision<void> {
  if (facts === null) return { result: undefined, refusal: loginRefused(null, "unknown_user") };
  const { user, attempts } = facts;
  if (result === "wrong") {
    const locked_until = attempts.lockedUntil === null ? null : isoInstant(attempts.lockedUntil);
    const details = { attempts: attempts.attempts, locked_until };
    return { result: undefined, events: [loginRefused(user.name, "wrong_password", details)] };
  }
  return {
    result: undefined,
    change: { attempts: UNTRIED },
    ...(result === "disabled" && { refusal: loginRefused(user.name, "user_disabled") }),
  };
}
