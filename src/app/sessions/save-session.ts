import type { CurrentSessionStore } from "../../core/authority/ports/current-session.ts";
import type { CurrentSession, TokenSet } from "../../core/authority/sessions/current-session.ts";
import { AppError } from "../../core/base/errors.ts";
import type { SessionPorts } from "./ports.ts";

/** Makes sure that a session could be saved, before there is one to lose. @throws AppError `file_unwritable`, `file_unreadable` */
export async function requireSavable(current: CurrentSessionStore): Promise<void> {
  await current.exclusively(() => readable(current));
}

/**
 * Makes a new session the current one. One that cannot be saved is ended: nobody would have its refresh token.
 * @returns the session it takes the place of, if there was one
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
    // What went wrong first is what the user is to be told.
    await store
      .revokeSessions({ sessions: [tokens.sessionId] }, "logout", clock.now())
      .catch(() => undefined);
    throw error;
  }
}

/** Makes a session the current one. @returns the session it takes the place of, if it is another */
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

/** Saves new tokens of the current session when they are its own; another session is left alone. */
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

/** Forgets the current session when it is this one. */
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

/** A damaged file holds no session; it may be replaced, and is no reason to fail. */
async function readable(current: CurrentSessionStore): Promise<CurrentSession | null> {
  try {
    return await current.read();
  } catch (error) {
    if (error instanceof AppError && error.code === "json_malformed") return null;
    throw error;
  }
}
