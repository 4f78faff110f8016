import type { CurrentSessionStore } from "../../core/authority/ports/current-session.ts";
import type { CurrentSession } from "../../core/authority/sessions/current-session.ts";
import { AppError } from "../../core/base/errors.ts";
import type { SessionPorts } from "./ports.ts";

/** The ports of the use cases of the current session. */
export interface CurrentSessionPorts {
  readonly current: CurrentSessionStore;
  /** Opens the session's store; called only when it is needed. */
  readonly open: (session: CurrentSession) => Promise<SessionPorts>;
}

/** Reads the current session. @throws AppError `not_logged_in`, and those of {@link CurrentSessionStore.read} */
export async function requireCurrentSession(current: CurrentSessionStore): Promise<CurrentSession> {
  const session = await current.read();
  if (session === null) {
    throw new AppError("not_logged_in", "nobody is logged in here", {
      hints: ["Log in with: jwtctl login NAME"],
    });
  }
  return session;
}

/**
 * The refresh token of the current session. After a rotation that was interrupted it is the one the store knows: the
 * successor when the rotation was committed, else the presented token.
 */
export async function currentRefreshToken(
  { refreshToken, nextRefreshToken }: CurrentSession,
  { store, secrets, clock }: Pick<SessionPorts, "store" | "secrets" | "clock">,
): Promise<string> {
  if (nextRefreshToken === null) return refreshToken;
  const known = await store.findSessionByToken(secrets.hash(nextRefreshToken), clock.now());
  return known === null ? refreshToken : nextRefreshToken;
}
