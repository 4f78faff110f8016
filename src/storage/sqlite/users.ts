import type { ChangePassword, NewUser, UserSummary } from "../../core/authority/ports/store.ts";
import { lockedUntil } from "../../core/authority/users/throttle.ts";
import {
  formerUserNameKey,
  USER_STATUSES,
  type User,
  type UserStatus,
  userNameKey,
} from "../../core/authority/users/user.ts";
import { readJson } from "../../core/base/json/read.ts";
import { JsonObject } from "../../core/base/json/value.ts";
import { writeJson } from "../../core/base/json/write.ts";
import type { Connection } from "./connection.ts";
import { corrupt } from "./faults.ts";
import { endSessions } from "./sessions.ts";

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly status: UserStatus;
  readonly weak_password: 0 | 1;
  readonly claims: string;
  readonly created_at: number;
  readonly last_login_at: number | null;
}

interface UserSummaryRow extends UserRow {
  readonly active_sessions: number;
  readonly failed_attempts: number;
  readonly locked_until: number | null;
  readonly last_attempt_at: number | null;
}

const COLUMNS = "id, name, status, weak_password, claims, created_at, last_login_at";

// The idle end is never after the absolute one, so it alone tells which open logins are alive.
const SELECT_SUMMARY = `SELECT ${COLUMNS}, failed_attempts, locked_until, last_attempt_at, (
    SELECT count(*) FROM sessions WHERE user_id = users.id AND ended_at IS NULL AND idle_expires_at > @now
  ) AS active_sessions FROM users`;

/** Inside a write transaction. */
export function addUser(db: Connection, input: NewUser, now: number): "added" | "name_taken" {
  const { name_key, former } = keysOf(input.name);
  const taken = db.get("SELECT id FROM users WHERE name_key IN (?, ?)", [name_key, former]);
  if (taken !== undefined) return "name_taken";
  db.run(
    `INSERT INTO users (id, name, name_key, status, password_hash, weak_password, claims, created_at,
       password_changed_at)
     VALUES (@id, @name, @name_key, 'active', @password_hash, @weak_password, @claims, @now, @now)`,
    {
      id: input.id,
      name: input.name,
      name_key,
      password_hash: input.passwordHash,
      weak_password: input.weakPassword ? 1 : 0,
      claims: writeJson(input.claims),
      now,
    },
  );
  return "added";
}

/** By name, as `name_key` sorts. */
export function listUsers(db: Connection, now: number): UserSummary[] {
  return db
    .all<UserSummaryRow>(`${SELECT_SUMMARY} ORDER BY name_key`, { now })
    .map((row) => summaryOf(db, row, now));
}

export function findUser(db: Connection, name: string, now: number): UserSummary | null {
  // Earlier versions took Straße beside STRASSE: each is still found by its own name.
  const row = db.get<UserSummaryRow>(
    `${SELECT_SUMMARY} WHERE name_key IN (@name_key, @former) ORDER BY name_key = @former DESC LIMIT 1`,
    { ...keysOf(name), now },
  );
  return row === undefined ? null : summaryOf(db, row, now);
}

function keysOf(name: string): { name_key: string; former: string } {
  return { name_key: userNameKey(name), former: formerUserNameKey(name) };
}

export function readUser(db: Connection, id: string): User | null {
  const row = db.get<UserRow>(`SELECT ${COLUMNS} FROM users WHERE id = ?`, [id]);
  return row === undefined ? null : userOf(db, row);
}

export function readPasswordHash(db: Connection, id: string): string | null {
  const row = db.get<{ password_hash: string }>("SELECT password_hash FROM users WHERE id = ?", [id]);
  return row?.password_hash ?? null;
}

/** Inside a write transaction. */
export function changePassword(
  db: Connection,
  { userId, passwordHash, weakPassword, keepSession }: ChangePassword,
  now: number,
): { revoked: readonly string[] } | null {
  const changed = db.run(
    `UPDATE users SET password_hash = @hash, weak_password = @weak, password_changed_at = @now,
       failed_attempts = 0, locked_until = NULL, last_attempt_at = NULL
     WHERE id = @id`,
    { id: userId, hash: passwordHash, weak: weakPassword ? 1 : 0, now },
  );
  if (changed === 0) return null;
  return {
    revoked: endSessions(
      db,
      { userId, ...(keepSession !== undefined && { keepSession }) },
      "password_changed",
      now,
    ),
  };
}

/** Inside a write transaction. */
export function rehashPassword(
  db: Connection,
  { userId, from, to }: { userId: string; from: string; to: string },
): "replaced" | "changed_meanwhile" {
  const sql = "UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?";
  return db.run(sql, [to, userId, from]) === 1 ? "replaced" : "changed_meanwhile";
}

/** Inside a write transaction. */
export function setUserStatus(
  db: Connection,
  userId: string,
  status: UserStatus,
  now: number,
): { changed: boolean; revoked: readonly string[] } | null {
  if (readUser(db, userId) === null) return null;
  const sql = "UPDATE users SET status = @status WHERE id = @userId AND status <> @status";
  const changed = db.run(sql, { status, userId }) === 1;
  const revoked = status === "disabled" ? endSessions(db, { userId }, "user_disabled", now) : [];
  return { changed, revoked };
}

/** Inside a write transaction. The logins stay, under the user's name. */
export function removeUser(
  db: Connection,
  userId: string,
  now: number,
): { revoked: readonly string[] } | null {
  const revoked = endSessions(db, { userId }, "user_removed", now);
  return db.run("DELETE FROM users WHERE id = ?", [userId]) === 1 ? { revoked } : null;
}

/** Inside a write transaction: notes a login that succeeded. */
export function noteSession(db: Connection, userId: string, now: number): void {
  db.run("UPDATE users SET last_login_at = max(coalesce(last_login_at, @now), @now) WHERE id = @id", {
    id: userId,
    now,
  });
}

function summaryOf(db: Connection, row: UserSummaryRow, now: number): UserSummary {
  const throttle = {
    attempts: row.failed_attempts,
    lockedUntil: row.locked_until,
    lastAttemptAt: row.last_attempt_at,
  };
  return {
    ...userOf(db, row),
    activeSessions: row.active_sessions,
    failedAttempts: row.failed_attempts,
    lockedUntil: lockedUntil(throttle, now),
  };
}

function userOf(db: Connection, row: UserRow): User {
  const claims = readJson(row.claims);
  if (!claims.ok || !(claims.value instanceof JsonObject))
    throw corrupt(db.path, "a user's claims are not JSON");
  // What is not "disabled" would be let in.
  if (!USER_STATUSES.includes(row.status)) throw corrupt(db.path, "a user has an unknown status");
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    weakPassword: row.weak_password === 1,
    claims: claims.value,
    createdAt: row.created_at,
    lastLoginAt: row.last_login_at,
  };
}
