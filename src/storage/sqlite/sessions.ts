import type { PruneSessions, RevocationTarget, SessionFilter } from "../../core/authority/ports/store.ts";
import type { Session, SessionStatus } from "../../core/authority/sessions/session.ts";
import type { OpenSession, SessionEnd, SessionRecord } from "../../core/authority/sessions/session-state.ts";
import { userNameKey } from "../../core/authority/users/user.ts";
import type { Connection, SqlValue } from "./connection.ts";
import { wipeSealsOfEndedSessions } from "./sealed-successors.ts";

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

/** Inside a write transaction: writes what can change in a session. */
export function updateSession(db: Connection, session: SessionRecord): void {
  db.run(
    `UPDATE sessions SET last_used_at = @lastUsedAt, idle_expires_at = @idleExpiresAt, rotations = @rotations,
       ended_at = @endedAt, reason = @reason
     WHERE id = @id`,
    { ...session },
  );
}

/** As it is recorded. */
export function findSession(db: Connection, id: string): SessionRecord | null {
  const row = db.get<SessionRow>(`${SELECT_SESSION} WHERE id = ?`, [id]);
  return row === undefined ? null : sessionOf(row);
}

/** In the order of their ids. */
export function findSessions(db: Connection, prefix: string, limit: number): SessionRecord[] {
  const sql = `${SELECT_SESSION} WHERE id >= ? AND id < ? ORDER BY id LIMIT ?`;
  return db.all<SessionRow>(sql, [prefix, `${prefix}\u{10ffff}`, limit]).map(sessionOf);
}

export function countActiveSessions(db: Connection, now: number): number {
  // The idle end is never after the absolute one.
  const sql = "SELECT count(*) AS sessions FROM sessions WHERE ended_at IS NULL AND idle_expires_at > ?";
  return db.get<{ sessions: number }>(sql, [now])?.sessions ?? 0;
}

/** What a session's status is in SQL, as of `@now`; core's `sessionAt` is the definition. */
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

export function listSessions(db: Connection, filter: SessionFilter, now: number): SessionRecord[] {
  const { userId, removedUserName, clientId, status, since, sort = "created", limit } = filter;
  const conditions = [
    ...(userId === undefined ? [] : ["user_id = @userId"]),
    ...(removedUserName === undefined
      ? []
      : ["user_id IS NULL AND user_name IN (SELECT value FROM json_each(@names))"]),
    ...(clientId === undefined ? [] : ["client_id = @clientId"]),
    ...(status === undefined ? [] : [STATUS[status]]),
    ...(since === undefined ? [] : ["created_at >= @since"]),
  ];
  const where = conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
  const parameters: Record<string, SqlValue> = { limit: limit ?? -1 };
  if (userId !== undefined) parameters["userId"] = userId;
  if (removedUserName !== undefined) parameters["names"] = JSON.stringify(spellings(db, removedUserName));
  if (clientId !== undefined) parameters["clientId"] = clientId;
  if (status === "active" || status === "expired") parameters["now"] = now;
  if (since !== undefined) parameters["since"] = since;
  return db
    .all<SessionRow>(`${SELECT_SESSION} ${where} ORDER BY ${ORDER[sort]} LIMIT @limit`, parameters)
    .map(sessionOf);
}

/** The ways a name is written in the sessions of removed users; SQL knows neither all cases nor normalisation. */
function spellings(db: Connection, name: string): string[] {
  const key = userNameKey(name);
  return db
    .all<{ user_name: string }>("SELECT DISTINCT user_name FROM sessions WHERE user_id IS NULL")
    .map((row) => row.user_name)
    .filter((written) => userNameKey(written) === key);
}

/** The sessions of a target that have no recorded end. */
export function listOpenSessions(db: Connection, target: RevocationTarget): OpenSession[] {
  const { where, parameters } = targetInSql(target);
  return db.all<OpenSession>(
    `SELECT id, user_name AS "userName", created_at AS "createdAt", idle_expires_at AS "idleExpiresAt",
       expires_at AS "expiresAt" FROM sessions WHERE ${where} AND ended_at IS NULL`,
    parameters,
  );
}

function targetInSql(target: RevocationTarget): { where: string; parameters: Record<string, string> } {
  if ("all" in target) return { where: "TRUE", parameters: {} };
  if ("sessions" in target) {
    return {
      where: "id IN (SELECT value FROM json_each(@ids))",
      parameters: { ids: JSON.stringify(target.sessions) },
    };
  }
  const ofUser = "userId" in target ? { userId: target.userId } : {};
  const ofClient = target.clientId === undefined ? {} : { clientId: target.clientId };
  const conditions = [
    ...("userId" in ofUser ? ["user_id = @userId"] : []),
    ...("clientId" in ofClient ? ["client_id = @clientId"] : []),
  ];
  return { where: conditions.join(" AND "), parameters: { ...ofUser, ...ofClient } };
}

/** Inside a write transaction: records the ends of sessions. What their tokens keep for a repetition goes. */
export function endSessions(db: Connection, ends: readonly SessionEnd[]): void {
  if (ends.length === 0) return;
  const sql = "UPDATE sessions SET reason = ?, ended_at = ? WHERE id = ?";
  for (const { id, reason, endedAt } of ends) db.run(sql, [reason, endedAt, id]);
  wipeSealsOfEndedSessions(db);
}

/** The sessions whose absolute end lies before a time, the earliest first. */
export function listPrunable(db: Connection, { endedBefore, limit, tokens }: PruneSessions): string[] {
  const sql = `SELECT id, (SELECT max(seq) FROM refresh_tokens WHERE session_id = id) AS tokens
    FROM sessions WHERE expires_at < ? ORDER BY expires_at, id LIMIT ?`;
  const ids: string[] = [];
  let left = tokens ?? Number.POSITIVE_INFINITY;
  for (const row of db.iterate<{ id: string; tokens: number | null }>(sql, [endedBefore, limit])) {
    left -= row.tokens ?? 0;
    if (left < 0 && ids.length > 0) break;
    ids.push(row.id);
  }
  return ids;
}

/** Inside a write transaction; the refresh tokens go with their sessions. */
export function removeSessions(db: Connection, ids: readonly string[]): void {
  db.run("DELETE FROM sessions WHERE id IN (SELECT value FROM json_each(?))", [JSON.stringify(ids)]);
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
