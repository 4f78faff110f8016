import type { RevocationReason, Session } from "./session.ts";

/** The two ways a login ends by time alone. */
export type SessionExpiry = "idle" | "absolute";

/** A login as a store records it: `reason` and `endedAt` stay null until its end has been written down. */
export type SessionRecord = Omit<Session, "status">;

/** A login as it begins. */
export function started(
  input: Pick<Session, "id" | "userId" | "userName" | "clientId" | "idleExpiresAt" | "expiresAt">,
  now: number,
): SessionRecord {
  const { id, userId, userName, clientId, expiresAt } = input;
  return {
    id,
    userId,
    userName,
    reason: null,
    clientId,
    createdAt: now,
    lastUsedAt: now,
    idleExpiresAt: Math.min(input.idleExpiresAt, expiresAt),
    expiresAt,
    endedAt: null,
    rotations: 0,
  };
}

/** How a login has ended by time as of `now`, whether or not it is recorded; the absolute end goes first. */
export function expiryAt(
  session: Pick<Session, "idleExpiresAt" | "expiresAt">,
  now: number,
): SessionExpiry | null {
  if (now >= session.expiresAt) return "absolute";
  return now >= session.idleExpiresAt ? "idle" : null;
}

/** The record of a login that ended by time. The end it reports is the deadline, not the moment somebody noticed. */
export function expired(session: SessionRecord, expiry: SessionExpiry): SessionRecord {
  return {
    ...session,
    reason: expiry,
    endedAt: expiry === "idle" ? session.idleExpiresAt : session.expiresAt,
  };
}

/** The record of a login that was revoked. */
export function revoked(session: SessionRecord, reason: RevocationReason, now: number): SessionRecord {
  return { ...session, reason, endedAt: now };
}

/**
 * The record of a live login after an order to revoke it. One whose time is up already has expired instead, and that
 * is now final: a clock set back must not bring to life what somebody asked to end.
 */
export function endedByRevocation(
  session: SessionRecord,
  reason: RevocationReason,
  now: number,
): SessionRecord {
  const expiry = expiryAt(session, now);
  return expiry === null ? revoked(session, reason, now) : expired(session, expiry);
}

/** A login as of `now`: a recorded end stands whatever the clock says; else time decides. */
export function sessionAt(record: SessionRecord, now: number): Session {
  if (record.reason === null) {
    const expiry = expiryAt(record, now);
    return expiry === null
      ? { ...record, status: "active" }
      : { ...expired(record, expiry), status: "expired" };
  }
  return { ...record, status: isExpiry(record.reason) ? "expired" : "revoked" };
}

export function isExpiry(reason: Session["reason"]): reason is SessionExpiry {
  return reason === "idle" || reason === "absolute";
}
