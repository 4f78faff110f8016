import type { TokenSet } from "../../core/authority/sessions/current-session.ts";
import type { Login } from "../../core/authority/sessions/session.ts";
import type { Settings } from "../../core/authority/settings.ts";
import type { User } from "../../core/authority/users/user.ts";
import type { SignAccessToken } from "./ports.ts";

/** What the store has granted: this user, this login, this refresh token as of `now` (ms). */
export interface Entitlement {
  readonly user: User;
  readonly login: Login;
  readonly refreshToken: string;
  readonly settings: Settings;
  readonly now: number;
}

/** Adds the access token to what the store has granted. */
export async function grant(
  { user, login, refreshToken, settings, now }: Entitlement,
  sign: SignAccessToken,
): Promise<TokenSet> {
  const { token, expiresAt } = await sign({ user, login, settings, now });
  return {
    user: login.userName,
    sessionId: login.id,
    clientId: login.clientId,
    accessToken: token,
    issuedAt: now,
    accessExpiresAt: expiresAt,
    refreshToken,
    idleExpiresAt: login.idleExpiresAt,
    expiresAt: login.expiresAt,
  };
}
