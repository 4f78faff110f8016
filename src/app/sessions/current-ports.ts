import type { CurrentLoginStore } from "../../core/authority/ports/current-session.ts";
import type { CurrentLogin } from "../../core/authority/sessions/current-session.ts";
import { AppError } from "../../core/base/errors.ts";
import type { SessionPorts } from "./ports.ts";

/** What a use case of the current login works with. */
export interface CurrentPorts {
  readonly current: CurrentLoginStore;
  /** Opens the store the login lives in; only called when it is needed. */
  readonly open: (login: CurrentLogin) => Promise<SessionPorts>;
}

/** @throws AppError `not_logged_in`, and those of {@link CurrentLoginStore.read} */
export async function requireCurrent(current: CurrentLoginStore): Promise<CurrentLogin> {
  const login = await current.read();
  if (login === null) {
    throw new AppError("not_logged_in", "nobody is logged in here", {
      hints: ["Log in with: jwtctl login NAME"],
    });
  }
  return login;
}

/**
 * The refresh token of the current login. After a trade that was cut short it is whichever the store knows: the
 * successor when the trade was committed, else the token that was to be traded.
 */
export async function currentRefreshToken(
  { refreshToken, nextRefreshToken }: CurrentLogin,
  { store, secrets, clock }: Pick<SessionPorts, "store" | "secrets" | "clock">,
): Promise<string> {
  if (nextRefreshToken === null) return refreshToken;
  const known = await store.findLoginByToken(secrets.hash(nextRefreshToken), clock.now());
  return known === null ? refreshToken : nextRefreshToken;
}
