import type { CurrentSessionStore } from "../../core/authority/ports/current-session.ts";
import type { CurrentSession } from "../../core/authority/sessions/current-session.ts";
import { AppError } from "../../core/base/errors.ts";
import type { SessionPorts } from "./ports.ts";

/** What a use case of the current session works with. */
export interface CurrentSessionPorts {
  readonly current: CurrentSessionStore;
  /** Opens the store the session lives in; only called when it is needed. */
  readonly open: (session: CurrentSession) => Promise<SessionPorts>;
}

/** @throws AppError `not_logged_in`, and those of {@link CurrentSessionStore.read} */
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
 * The refresh token of the current session. After a trade that was cut short it is whichever the store knows: the
 * successor when the trade was committed, else the token that was to be traded.
 */
export async function currentRefreshToken(
  { refreshToken, nextRefreshToken }: CurrentSession,
  { store, secrets, clock }: Pick<SessionPorts, "store" | "secrets" | "clock">,
): Promise<string> {
  if (nextRefreshToken === null) return refreshToken;
  const known = await store.findSessionByToken(secrets.hash(nextRefreshToken), clock.now());
  return known === null ? refreshToken : nextRefreshToken;
}
