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
  /** False when the session had ended before, or the store does not know it. */
  readonly revoked: boolean;
  /** Whether it was the current session, which is forgotten then. */
  readonly forgotten: boolean;
}

/** Ends the current session in the store, then forgets it here. @throws AppError `not_logged_in` */
export async function logOutCurrent({ current, open }: CurrentSessionPorts): Promise<LoggedOut> {
  const saved = await requireCurrentSession(current);
  const { sessionId, user, db } = saved;
  const { store, clock } = await open(saved);
  const revoked = await store.revokeSessions({ sessions: [sessionId] }, "logout", clock.now());
  const forgotten = await forgetSession(sessionId, db, current);
  return { sessionId, user, revoked: revoked.length > 0, forgotten };
}

/**
 * Ends the session that a refresh token belongs to; a used or ended one serves as well.
 * @param db the absolute path of the store, to know the current session by
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

/** The session that a refresh token belongs to. @throws AppError `refresh_malformed`, `refresh_unknown` */
export async function sessionOfToken(
  text: string,
  { store, secrets, clock }: Pick<SessionPorts, "store" | "secrets" | "clock">,
): Promise<Session> {
  const token = acceptRefreshToken(text, secrets);
  const session = await store.findSessionByToken(secrets.hash(token), clock.now());
  if (session === null) throw rotationRefusal({ outcome: "unknown" });
  return session;
}
