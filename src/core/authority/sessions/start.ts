import { loginRefused, sessionStarted } from "../audit/events.ts";
import type { Decision } from "../decision.ts";
import type { NewSession, SessionStartResult } from "../ports/store.ts";
import type { Credentials, SessionStart } from "../ports/store-backend.ts";
import { started } from "./session-state.ts";

/**
 * Starts a session, unless the user went, was disabled, or changed the password since it was verified.
 *
 * @param facts the user as of now; null when there is none
 * @param now ms
 */
export function decideSessionStart(
  facts: Credentials | null,
  order: NewSession,
  now: number,
): Decision<SessionStartResult, SessionStart> {
  const refusal = refusalOf(facts, order.passwordHash);
  if (facts === null || refusal !== null) {
    const reason = refusal === "user_disabled" ? refusal : "changed_meanwhile";
    return {
      result: refusal ?? "user_not_found",
      refusal: loginRefused(facts?.user.name ?? null, reason),
    };
  }
  const { id, name, lastLoginAt } = facts.user;
  return {
    result: "created",
    change: {
      session: started({ ...order, userId: id, userName: name }, now),
      tokenHash: order.tokenHash,
      // A clock set back must not make the last login look older than it was.
      lastLoginAt: Math.max(lastLoginAt ?? now, now),
    },
    events: [sessionStarted(name, order)],
  };
}

function refusalOf(
  facts: Credentials | null,
  verified: string,
): Exclude<SessionStartResult, "created"> | null {
  if (facts === null) return "user_not_found";
  if (facts.user.status === "disabled") return "user_disabled";
  return facts.passwordHash === verified ? null : "password_changed";
}
