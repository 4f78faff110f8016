import type { RevocationTarget, SessionFilter } from "../../core/authority/ports/store.ts";
import type { RevocationReason, Session, SessionStatus } from "../../core/authority/sessions/session.ts";
import { type SessionRecord, sessionAt } from "../../core/authority/sessions/session-state.ts";
import { userNameKey } from "../../core/authority/users/user.ts";
import type { Connection, SqlValue } from "./connection.ts";
import { wipeSealsOfEndedSessions } from "./seals.ts";

interface SessionRow {
  readonly id: string;
  readonly user_id: string | null;
  readonly user_name: string;
  readonly client_id: string;
  readonly created_at: number;
  readonly last_used_at: number;
  readonly idle_expires_at: number;
  readonly expires_at: number;
  readonly rotations: number;
  readonly ended_at: number | null;
  readonly reason: Session["reason"];
}

const SELECT_SESSION = `SELECT id, user_id, user_name, client_id, created_at, last_used_at, idle_expires_at, expires_at,
  rotations, ended_at, reason FROM sessions`;

/** Inside a write transaction. */
export function insertSession(db: Connection, session: SessionRecord): void {
  db.run(
    `INSERT INTO sessions (id, user_id, user_name, client_id, created_at, last_used_at, idle_expires_at, expires_at)
     VALUES (@id, @userId, @userName, @clientId, @createdAt, @lastUsedAt, @idleExpiresAt, @expiresAt)`,
    { ...session },
  );
}

/** Inside a write transaction: writes what can change in a login. */
export function updateSession(db: Connection, session: SessionRecord): void {
  db.run(
    `UPDATE sessions SET last_used_at = @lastUsedAt, idle_expires_at = @idleExpiresAt, rotations = @rotations,
       ended_at = @endedAt, reason = @reason
     WHERE id = @id`,
    { ...session },
  );
}

/** As recorded; {@link sessionAt} says what it is now. */
export function readSession(db: Connection, id: string): SessionRecord | undefined {
  const row = db.get<SessionRow>(`${SELECT_SESSION} WHERE id = ?`, [id]);
  return row && sessionOf(row);
}

/** In the order of their ids. */
export function findSessions(db: Connection, prefix: string, now: number): Session[] {
  return db
    .all<SessionRow>(`${SELECT_SESSION} WHERE id >= ? AND id < ? ORDER BY id`, [
      prefix,
      `${prefix}\u{10ffff}`,
    ])
    .map((row) => sessionAt(sessionOf(row), now));
}

/** What a login's status is in SQL, as of `@now`; {@link sessionAt} is the definition. */
const STATUS: Readonly<Record<SessionStatus, string>> = {
  active: "(ended_at IS NULL AND idle_expires_at > @now)",
  expired: "(reason IN ('idle', 'absolute') OR (ended_at IS NULL AND idle_expires_at <= @now))",
  revoked: "(reason NOT IN ('idle', 'absolute'))",
};

const ORDER = {
  created: "created_at DESC, id DESC",
  last_used: "last_used_at DESC, id DESC",
  expires: "expires_at, id",
} as const;

export function listSessions(db: Connection, filter: SessionFilter, now: number): Session[] {
  const { userId, removedUserName, status, since, sort = "created", limit } = filter;
  const conditions = [
    ...(userId === undefined ? [] : ["user_id = @userId"]),
    ...(removedUserName === undefined
      ? []
      : ["user_id IS NULL AND user_name IN (SELECT value FROM json_each(@names))"]),
    ...(status === undefined ? [] : [STATUS[status]]),
    ...(since === undefined ? [] : ["created_at >= @since"]),
  ];
  const where = conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
  const parameters: Record<string, SqlValue> = { limit: limit ?? -1 };
  if (userId !== undefined) parameters["userId"] = userId;
  if (removedUserName !== undefined) parameters["names"] = JSON.stringify(spellings(db, removedUserName));
  if (status === "active" || status === "expired") parameters["now"] = now;
  if (since !== undefined) parameters["since"] = since;
  return db
    .all<SessionRow>(`${SELECT_SESSION} ${where} ORDER BY ${ORDER[sort]} LIMIT @limit`, parameters)
    .map((row) => sessionAt(sessionOf(row), now));
}

/** The ways a name is written in the logins of removed users; SQL knows neither all cases nor normalisation. */
function spellings(db: Connection, name: string): string[] {
  const key = userNameKey(name);
  return db
    .all<{ user_name: string }>("SELECT DISTINCT user_name FROM sessions WHERE user_id IS NULL")
    .map((row) => row.user_name)
    .filter((written) => userNameKey(written) === key);
}

/** What {@link endSessions} is about. */
export type SessionsToEnd = RevocationTarget | { readonly userId: string; readonly keepSession: string };

/**
 * Inside a write transaction: revokes every open login of the target. Those whose time is up already are recorded as
 * expired instead (core: `endedByRevocation`, here for any number of rows at once).
 *
 * @returns the ids that were revoked, the oldest login first
 */
export function endSessions(
  db: Connection,
  target: SessionsToEnd,
  reason: RevocationReason,
  now: number,
): string[] {
  const { where, parameters } = targetInSql(target);
  db.run(
    `UPDATE sessions SET reason = iif(expires_at <= @now, 'absolute', 'idle'),
       ended_at = iif(expires_at <= @now, expires_at, idle_expires_at)
     WHERE ${where} AND ended_at IS NULL AND idle_expires_at <= @now`,
    { ...parameters, now },
  );
  const ended = db.all<{ id: string; created_at: number }>(
    `UPDATE sessions SET reason = @reason, ended_at = @now
     WHERE ${where} AND ended_at IS NULL AND idle_expires_at > @now RETURNING id, created_at`,
    { ...parameters, reason, now },
  );
  wipeSealsOfEndedSessions(db);
  return ended.sort((a, b) => a.created_at - b.created_at || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
}

function targetInSql(target: SessionsToEnd): { where: string; parameters: Record<string, string> } {
  if ("sessions" in target) {
    return {
      where: "id IN (SELECT value FROM json_each(@ids))",
      parameters: { ids: JSON.stringify(target.sessions) },
    };
  }
  if ("all" in target) return { where: "TRUE", parameters: {} };
  const user = { where: "user_id = @userId", parameters: { userId: target.userId } };
  if (!("keepSession" in target)) return user;
  return {
    where: `${user.where} AND id <> @keepSession`,
    parameters: { ...user.parameters, keepSession: target.keepSession },
  };
}

/** Inside a write transaction; the refresh tokens go with their logins. */
export function pruneSessions(
  db: Connection,
  { endedBefore, limit }: { endedBefore: number; limit: number },
): number {
  return db.run(
    "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at < ? ORDER BY expires_at, id LIMIT ?)",
    [endedBefore, limit],
  );
}

export function countPrunable(db: Connection, endedBefore: number): number {
  const sql = "SELECT count(*) AS sessions FROM sessions WHERE expires_at < ?";
  return db.get<{ sessions: number }>(sql, [endedBefore])?.sessions ?? 0;
}

function sessionOf(row: SessionRow): SessionRecord {
  return {
    id: row.id,
    userId: row.user_id,
    userName: row.user_name,
    reason: row.reason,
    clientId: row.client_id,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    idleExpiresAt: row.idle_expires_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
    rotations: row.rotations,
  };
}
