import type { ChangePassword, NewUser, UserSummary } from "../../core/authority/ports/store.ts";
import { sessionAt } from "../../core/authority/sessions/session-state.ts";
import { lockedUntil, UNTRIED } from "../../core/authority/users/throttle.ts";
import { type UserStatus, userNameKey } from "../../core/authority/users/user.ts";
import { nameBucket } from "../digest.ts";
import { endSessions } from "./sessions.ts";
import type { State, UserEntry } from "./state.ts";

export function addUser(state: State, input: NewUser, now: number): "added" | "name_taken" {
  if (entryNamed(state, input.name) !== undefined) return "name_taken";
  const { id, name, passwordHash, weakPassword, claims } = input;
  state.users.set(id, {
    user: { id, name, status: "active", weakPassword, claims, createdAt: now, lastLoginAt: null },
    passwordHash,
  });
  return "added";
}

export function listUsers(state: State, now: number): UserSummary[] {
  return [...state.users.values()]
    .sort((a, b) => compareBytes(userNameKey(a.user.name), userNameKey(b.user.name)))
    .map((entry) => summaryOf(state, entry, now));
}

export function findUser(state: State, name: string, now: number): UserSummary | null {
  const entry = entryNamed(state, name);
  return entry === undefined ? null : summaryOf(state, entry, now);
}

export function changePassword(
  state: State,
  { userId, passwordHash, weakPassword, keepSession }: ChangePassword,
  now: number,
): { revoked: readonly string[] } | null {
  const entry = state.users.get(userId);
  if (entry === undefined) return null;
  state.users.set(userId, { user: { ...entry.user, weakPassword }, passwordHash });
  state.attempts.delete(userId);
  const ends = (id: string | null, session: string) => id === userId && session !== keepSession;
  return {
    revoked: endSessions(state, (session) => ends(session.userId, session.id), "password_changed", now),
  };
}

export function rehashPassword(
  state: State,
  { userId, from, to }: { userId: string; from: string; to: string },
): "replaced" | "changed_meanwhile" {
  const entry = state.users.get(userId);
  if (entry?.passwordHash !== from) return "changed_meanwhile";
  state.users.set(userId, { ...entry, passwordHash: to });
  return "replaced";
}

export function setUserStatus(
  state: State,
  userId: string,
  status: UserStatus,
  now: number,
): { changed: boolean; revoked: readonly string[] } | null {
  const entry = state.users.get(userId);
  if (entry === undefined) return null;
  state.users.set(userId, { ...entry, user: { ...entry.user, status } });
  const ofUser = (session: { userId: string | null }) => session.userId === userId;
  const revoked = status === "disabled" ? endSessions(state, ofUser, "user_disabled", now) : [];
  return { changed: entry.user.status !== status, revoked };
}

export function removeUser(state: State, userId: string, now: number): { revoked: readonly string[] } | null {
  if (!state.users.has(userId)) return null;
  const revoked = endSessions(state, (session) => session.userId === userId, "user_removed", now);
  for (const session of state.sessions.values()) {
    if (session.userId === userId) state.sessions.set(session.id, { ...session, userId: null });
  }
  state.users.delete(userId);
  state.attempts.delete(userId);
  return { revoked };
}

function entryNamed(state: State, name: string): UserEntry | undefined {
  const key = userNameKey(name);
  return [...state.users.values()].find(({ user }) => userNameKey(user.name) === key);
}

function summaryOf(state: State, { user }: UserEntry, now: number): UserSummary {
  const open = [...state.sessions.values()].filter(
    (session) => session.userId === user.id && sessionAt(session, now).status === "active",
  );
  const attempts = state.attempts.get(user.id) ?? UNTRIED;
  return {
    ...user,
    activeSessions: open.length,
    failedAttempts: attempts.attempts,
    lockedUntil: lockedUntil(attempts, now),
  };
}

/** The order of the UTF-8 bytes, which is that of the code points. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** What is in memory is nobody's to read: no salt is needed. */
const NO_SALT = new Uint8Array();

/** Where the attempts at a name that nobody has are counted. */
export function bucketOf(name: string): number {
  return nameBucket(NO_SALT, userNameKey(name));
}
