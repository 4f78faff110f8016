import type { CurrentLoginStore } from "../../core/authority/ports/current-session.ts";
import type { Login } from "../../core/authority/sessions/session.ts";
import { type CurrentPorts, requireCurrent } from "./current-ports.ts";
import type { SessionPorts } from "./ports.ts";
import { acceptRefreshToken } from "./refresh-form.ts";
import { rotationRefusal } from "./refusals.ts";
import { forgetLogin } from "./save-login.ts";

export interface LoggedOut {
  readonly sessionId: string;
  readonly user: string;
  /** False when the login had ended before, or the store does not know it. */
  readonly revoked: boolean;
  /** Whether it was the current login, which is forgotten then. */
  readonly forgotten: boolean;
}

/** Ends the current login in the store, then forgets it here. @throws AppError `not_logged_in` */
export async function logOutCurrent({ current, open }: CurrentPorts): Promise<LoggedOut> {
  const saved = await requireCurrent(current);
  const { sessionId, user, db } = saved;
  const { store, clock } = await open(saved);
  const revoked = await store.revokeLogins({ logins: [sessionId] }, "logout", clock.now());
  const forgotten = await forgetLogin(sessionId, db, current);
  return { sessionId, user, revoked: revoked.length > 0, forgotten };
}

/**
 * Ends the login that a refresh token belongs to; a used or ended one serves as well.
 * @param db the absolute path of the store, to know the current login by
 * @throws AppError `refresh_malformed`, `refresh_unknown`
 */
export async function logOutGiven(
  text: string,
  { store, secrets, clock, current, db }: SessionPorts & { current: CurrentLoginStore; db: string },
): Promise<LoggedOut> {
  const login = await loginOfToken(text, { store, secrets, clock });
  const revoked = await store.revokeLogins({ logins: [login.id] }, "logout", clock.now());
  const forgotten = await forgetLogin(login.id, db, current);
  return { sessionId: login.id, user: login.userName, revoked: revoked.length > 0, forgotten };
}

/** The login that a refresh token belongs to. @throws AppError `refresh_malformed`, `refresh_unknown` */
export async function loginOfToken(
  text: string,
  { store, secrets, clock }: Pick<SessionPorts, "store" | "secrets" | "clock">,
): Promise<Login> {
  const token = acceptRefreshToken(text, secrets);
  const login = await store.findLoginByToken(secrets.hash(token), clock.now());
  if (login === null) throw rotationRefusal({ outcome: "unknown" });
  return login;
}
