import { sessionsRevoked } from "../audit/events.ts";
import type { Decision } from "../decision.ts";
import type { RevocationTarget } from "../ports/store.ts";
import type { RevocationReason } from "./session.ts";
import { endByTime, expiryAt, type OpenSession, type SessionEnd } from "./session-state.ts";

/**
 * Revokes the sessions of a target, without the one that it excepts.
 * @param open sessions of the target without a recorded end
 * @param now ms
 */
export function decideRevocation(
  open: readonly OpenSession[],
  { target, reason }: { readonly target: RevocationTarget; readonly reason: RevocationReason },
  now: number,
): Decision<readonly string[], readonly SessionEnd[]> {
  const kept = "except" in target ? target.except : undefined;
  return decideSessionEnds(
    open.filter(({ id }) => id !== kept),
    reason,
    now,
  );
}

/**
 * Revokes sessions. One whose time is up already has expired instead, and that is now final: a clock set back must not
 * bring to life what somebody asked to end. The result is the ids that were revoked, the oldest session first.
 *
 * @param open sessions of the target without a recorded end
 * @param now ms
 */
export function decideSessionEnds(
  open: readonly OpenSession[],
  reason: RevocationReason,
  now: number,
): Decision<readonly string[], readonly SessionEnd[]> {
  if (open.length === 0) return { result: [] };
  const ends = open.map((session) => {
    const expiry = expiryAt(session, now);
    const end = expiry === null ? { reason, endedAt: now } : endByTime(session, expiry);
    return { session, end: { id: session.id, ...end } };
  });
  const revoked = ends
    .filter(({ end }) => end.reason === reason)
    .map(({ session }) => session)
    .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  return {
    result: revoked.map(({ id }) => id),
    change: ends.map(({ end }) => end),
    events: sessionsRevoked(
      revoked.map(({ id, userName }) => ({ id, user: userName })),
      reason,
    ),
  };
}
