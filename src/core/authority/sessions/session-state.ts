import type { RevocationReason, Session } from "./session.ts";

/** The two ways a session ends by time alone. */
export type SessionExpiry = "idle" | "absolute";

/** A session as a store records it: `reason` and `endedAt` stay null until its end has been written down. */
export type SessionRecord = Omit<Session, "status">;

/** A session as it begins. */
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

type Deadlines = Pick<Session, "idleExpiresAt" | "expiresAt">;

/** How a session has ended by time as of `now`, whether or not it is recorded; the absolute end goes first. */
export function expiryAt(session: Deadlines, now: number): SessionExpiry | null {
  if (now >= session.expiresAt) return "absolute";
  return now >= session.idleExpiresAt ? "idle" : null;
}

/** The record of a session that ended by time. The end it reports is the deadline, not the moment somebody noticed. */
export function expired(session: SessionRecord, expiry: SessionExpiry): SessionRecord {
  return { ...session, ...endByTime(session, expiry) };
}

/** How a session has ended that reached a deadline. */
export function endByTime(session: Deadlines, reason: SessionExpiry): Omit<SessionEnd, "id"> {
  return { reason, endedAt: reason === "idle" ? session.idleExpiresAt : session.expiresAt };
}

/** The record of a session that was revoked. */
export function revoked(session: SessionRecord, reason: RevocationReason, now: number): SessionRecord {
  return { ...session, reason, endedAt: now };
}

/** A session whose end is not recorded, as far as a revocation is about it. */
export type OpenSession = Pick<
  SessionRecord,
  "id" | "userName" | "createdAt" | "idleExpiresAt" | "expiresAt"
>;

/** How a session has ended, to be recorded. */
export interface SessionEnd {
  readonly id: string;
  readonly reason: RevocationReason | SessionExpiry;
  readonly endedAt: number;
}

/** A session as of `now`: a recorded end stands whatever the clock says; else time decides. */
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
