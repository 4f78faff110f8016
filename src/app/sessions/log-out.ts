import type { CurrentSessionStore } from "../../core/authority/ports/current-session.ts";
import type { Session } from "../../core/authority/sessions/session.ts";
import { acceptRefreshToken } from "./accept-refresh-token.ts";
import { type CurrentSessionPorts, requireCurrentSession } from "./current-session.ts";
import type { SessionPorts } from "./ports.ts";
import { rotationRefusal } from "./rotation-refusal.ts";
import { forgetSession } from "./save-session.ts";

export interface LoggedOut {
  readonly sessionId: string;
  readonly user: string;
  /** False when the session had ended before, or is not in the store. */
  readonly revoked: boolean;
  /** Whether it was the current session, which is then removed from the credentials file. */
  readonly forgotten: boolean;
}

/** Revokes the current session, then removes it from the credentials file. @throws AppError `not_logged_in` */
export async function logOutCurrent({ current, open }: CurrentSessionPorts): Promise<LoggedOut> {
  const saved = await requireCurrentSession(current);
  const { sessionId, user, db } = saved;
  const { store, clock } = await open(saved);
  const revoked = await store.revokeSessions({ sessions: [sessionId] }, "logout", clock.now());
  const forgotten = await forgetSession(sessionId, db, current);
  return { sessionId, user, revoked: revoked.length > 0, forgotten };
}

/**
 * Revokes the session of a refresh token, which may be used or ended.
 * @param db the absolute path of the store, to recognise the current session
 * @throws AppError `refresh_malformed`, `refresh_unknown`
 */
export async function logOutGiven(
  text: string,
  { store, secrets, clock, current, db }: SessionPorts & { current: CurrentSessionStore; db: string },
): Promise<LoggedOut> {
  const session = await sessionOfToken(text, { store, secrets, clock });
  const revoked = await store.revokeSessions({ sessions: [session.id] }, "logout", clock.now());
  const forgotten = await forgetSession(session.id, db, current);
  return { sessionId: session.id, user: session.userName, revoked: revoked.length > 0, forgotten };
}

/** Finds the session of a refresh token. @throws AppError `refresh_malformed`, `refresh_unknown` */
export async function sessionOfToken(
  text: string,
  { store, secrets, clock }: Pick<SessionPorts, "store" | "secrets" | "clock">,
): Promise<Session> {
  const token = acceptRefreshToken(text, secrets);
  const session = await store.findSessionByToken(secrets.hash(token), clock.now());
  if (session === null) throw rotationRefusal({ outcome: "unknown" });
  return session;
}
