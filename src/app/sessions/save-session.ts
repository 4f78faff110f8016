import type { CurrentSessionStore } from "../../core/authority/ports/current-session.ts";
import type { CurrentSession, TokenSet } from "../../core/authority/sessions/current-session.ts";
import { AppError } from "../../core/base/errors.ts";
import type { SessionPorts } from "./ports.ts";

/**
 * Refuses a credentials file that cannot be written, before a session is started.
 * @throws AppError `file_unwritable`, `file_unreadable`
 */
export async function requireSavable(current: CurrentSessionStore): Promise<void> {
  await current.exclusively(() => readable(current));
}

/**
 * Saves a new session as the current one. When that fails the session is revoked: nobody has its refresh token.
 * @returns the session it replaces, if there was one
 * @throws AppError `file_unwritable`, `file_unreadable`
 */
export async function saveNewSession(
  tokens: TokenSet,
  db: string,
  { current, store, clock }: Pick<SessionPorts, "store" | "clock"> & { current: CurrentSessionStore },
): Promise<CurrentSession | null> {
  try {
    return await saveSession(tokens, db, current);
  } catch (error) {
    // The first error is reported, not one of the revocation.
    await store
      .revokeSessions({ sessions: [tokens.sessionId] }, "logout", clock.now())
      .catch(() => undefined);
    throw error;
  }
}

/** Saves a session as the current one. @returns the session it replaces, if it is another */
export async function saveSession(
  tokens: TokenSet,
  db: string,
  current: CurrentSessionStore,
): Promise<CurrentSession | null> {
  return current.exclusively(async () => {
    const before = await readable(current);
    await current.write({ ...tokens, db, nextRefreshToken: null });
    return before?.sessionId === tokens.sessionId ? null : before;
  });
}

/** Saves new tokens when they are of the current session. */
export async function updateSession(
  tokens: TokenSet,
  db: string,
  current: CurrentSessionStore,
): Promise<boolean> {
  if (!(await isCurrent(tokens.sessionId, db, current))) return false;
  return current.exclusively(async () => {
    if (!(await isCurrent(tokens.sessionId, db, current))) return false;
    await current.write({ ...tokens, db, nextRefreshToken: null });
    return true;
  });
}

/** Removes the session from the credentials file when it is the current one. */
export async function forgetSession(
  sessionId: string,
  db: string,
  current: CurrentSessionStore,
): Promise<boolean> {
  if (!(await isCurrent(sessionId, db, current))) return false;
  return current.exclusively(async () => {
    if (!(await isCurrent(sessionId, db, current))) return false;
    await current.remove();
    return true;
  });
}

async function isCurrent(sessionId: string, db: string, current: CurrentSessionStore): Promise<boolean> {
  const saved = await readable(current);
  return saved?.sessionId === sessionId && saved.db === db;
}

/** Reads the current session; null for a damaged file, which may be replaced. */
async function readable(current: CurrentSessionStore): Promise<CurrentSession | null> {
  try {
    return await current.read();
  } catch (error) {
    if (error instanceof AppError && error.code === "json_malformed") return null;
    throw error;
  }
}
