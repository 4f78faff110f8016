import type { NewUser } from "../../core/authority/ports/store.ts";
import type {
  UserChange,
  UserFacts,
  UserQuestion,
  UserReading,
} from "../../core/authority/ports/store-backend.ts";
import type { ThrottleState } from "../../core/authority/users/throttle.ts";
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
import { endSessions, listOpenSessions } from "./sessions.ts";

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly status: UserStatus;
  readonly password_hash: string;
  readonly weak_password: 0 | 1;
  readonly claims: string;
  readonly created_at: number;
  readonly last_login_at: number | null;
  readonly failed_attempts: number;
  readonly locked_until: number | null;
  readonly last_attempt_at: number | null;
}

const COLUMNS = `id, name, status, password_hash, weak_password, claims, created_at, last_login_at, failed_attempts,
  locked_until, last_attempt_at`;

// The idle end is never after the absolute one, so it alone tells which open sessions are alive.
const SELECT_READING = `SELECT ${COLUMNS}, (
    SELECT count(*) FROM sessions WHERE user_id = users.id AND ended_at IS NULL AND idle_expires_at > @now
  ) AS active_sessions FROM users`;

// Earlier versions took Straße beside STRASSE: each is still found by its own name.
const BY_NAME = "WHERE name_key IN (@name_key, @former) ORDER BY name_key = @former DESC LIMIT 1";

/** By name, as `name_key` sorts. */
export function listUsers(db: Connection, now: number): UserReading[] {
  return db
    .all<UserRow & { readonly active_sessions: number }>(`${SELECT_READING} ORDER BY name_key`, { now })
    .map((row) => ({ ...factsOf(db, row), activeSessions: row.active_sessions }));
}

export function readUserByName(db: Connection, name: string, now: number): UserReading | null {
  const row = db.get<UserRow & { readonly active_sessions: number }>(`${SELECT_READING} ${BY_NAME}`, {
    ...keysOf(name),
    now,
  });
  return row === undefined ? null : { ...factsOf(db, row), activeSessions: row.active_sessions };
}

export function findUserByName(db: Connection, name: string): UserFacts | null {
  const row = db.get<UserRow>(`SELECT ${COLUMNS} FROM users ${BY_NAME}`, keysOf(name));
  return row === undefined ? null : factsOf(db, row);
}

export function findUserById(db: Connection, id: string): UserFacts | null {
  const row = db.get<UserRow>(`SELECT ${COLUMNS} FROM users WHERE id = ?`, [id]);
  return row === undefined ? null : factsOf(db, row);
}

/** Whether somebody has the name, in any spelling. */
export function isNameTaken(db: Connection, name: string): boolean {
  const { name_key, former } = keysOf(name);
  return db.get("SELECT id FROM users WHERE name_key IN (?, ?)", [name_key, former]) !== undefined;
}

function keysOf(name: string): { name_key: string; former: string } {
  return { name_key: userNameKey(name), former: formerUserNameKey(name) };
}

/** What a step on a user is decided by. */
export function userFacts(db: Connection, { userId, openSessions }: UserQuestion): UserFacts | null {
  const facts = findUserById(db, userId);
  if (facts === null || !openSessions) return facts;
  return { ...facts, open: listOpenSessions(db, { userId }) };
}

/** Inside a write transaction. @param at ms */
export function insertUser(db: Connection, user: NewUser, at: number): void {
  db.run(
    `INSERT INTO users (id, name, name_key, status, password_hash, weak_password, claims, created_at,
       password_changed_at)
     VALUES (@id, @name, @name_key, 'active', @password_hash, @weak_password, @claims, @at, @at)`,
    {
      id: user.id,
      name: user.name,
      name_key: userNameKey(user.name),
      password_hash: user.passwordHash,
      weak_password: user.weakPassword ? 1 : 0,
      claims: writeJson(user.claims),
      at,
    },
  );
}

/** Inside a write transaction. @param at ms */
export function applyToUser(db: Connection, id: string, change: UserChange, at: number): void {
  const { status, passwordHash, password, attempts, claims, ended = [] } = change;
  endSessions(db, ended);
  if (status !== undefined) db.run("UPDATE users SET status = ? WHERE id = ?", [status, id]);
  if (passwordHash !== undefined)
    db.run("UPDATE users SET password_hash = ? WHERE id = ?", [passwordHash, id]);
  if (password !== undefined) {
    const sql = "UPDATE users SET password_hash = ?, weak_password = ?, password_changed_at = ? WHERE id = ?";
    db.run(sql, [password.hash, password.weak ? 1 : 0, at, id]);
  }
  if (claims !== undefined) db.run("UPDATE users SET claims = ? WHERE id = ?", [writeJson(claims), id]);
  if (attempts !== undefined) writeAttempts(db, id, attempts);
  // The sessions stay, under the user's name.
  if (change.removed) db.run("DELETE FROM users WHERE id = ?", [id]);
}

/** Inside a write transaction. */
export function writeAttempts(db: Connection, id: string, after: ThrottleState): void {
  db.run(
    `UPDATE users SET failed_attempts = @attempts, locked_until = @lockedUntil, last_attempt_at = @lastAttemptAt
     WHERE id = @id`,
    { id, ...after },
  );
}

/** Inside a write transaction. */
export function noteLogin(db: Connection, id: string | null, at: number): void {
  db.run("UPDATE users SET last_login_at = ? WHERE id = ?", [at, id]);
}

function factsOf(db: Connection, row: UserRow): UserFacts {
  return {
    user: userOf(db, row),
    passwordHash: row.password_hash,
    attempts: {
      attempts: row.failed_attempts,
      lockedUntil: row.locked_until,
      lastAttemptAt: row.last_attempt_at,
    },
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
