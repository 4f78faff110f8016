import type { Login, RevocationReason } from "./session.ts";

/** The two ways a login ends by time alone. */
export type LoginExpiry = "idle" | "absolute";

/** A login as a store records it: `reason` and `endedAt` stay null until its end has been written down. */
export type LoginRecord = Omit<Login, "status">;

/** A login as it begins. */
export function started(
  input: Pick<Login, "id" | "userId" | "userName" | "clientId" | "idleExpiresAt" | "expiresAt">,
  now: number,
): LoginRecord {
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
export function expiryAt(login: Pick<Login, "idleExpiresAt" | "expiresAt">, now: number): LoginExpiry | null {
  if (now >= login.expiresAt) return "absolute";
  return now >= login.idleExpiresAt ? "idle" : null;
}

/** The record of a login that ended by time. The end it reports is the deadline, not the moment somebody noticed. */
export function expired(login: LoginRecord, expiry: LoginExpiry): LoginRecord {
  return { ...login, reason: expiry, endedAt: expiry === "idle" ? login.idleExpiresAt : login.expiresAt };
}

/** The record of a login that was revoked. */
export function revoked(login: LoginRecord, reason: RevocationReason, now: number): LoginRecord {
  return { ...login, reason, endedAt: now };
}

/**
 * The record of a live login after an order to revoke it. One whose time is up already has expired instead, and that
 * is now final: a clock set back must not bring to life what somebody asked to end.
 */
export function endedByRevocation(login: LoginRecord, reason: RevocationReason, now: number): LoginRecord {
  const expiry = expiryAt(login, now);
  return expiry === null ? revoked(login, reason, now) : expired(login, expiry);
}

/** A login as of `now`: a recorded end stands whatever the clock says; else time decides. */
export function loginAt(record: LoginRecord, now: number): Login {
  if (record.reason === null) {
    const expiry = expiryAt(record, now);
    return expiry === null
      ? { ...record, status: "active" }
      : { ...expired(record, expiry), status: "expired" };
  }
  return { ...record, status: isExpiry(record.reason) ? "expired" : "revoked" };
}

export function isExpiry(reason: Login["reason"]): reason is LoginExpiry {
  return reason === "idle" || reason === "absolute";
}
