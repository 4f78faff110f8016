import type { TokenSet } from "../../core/authority/sessions/current-session.ts";
import type { Session } from "../../core/authority/sessions/session.ts";
import type { Settings } from "../../core/authority/settings.ts";
import type { User } from "../../core/authority/users/user.ts";
import type { SignAccessToken } from "./ports.ts";

/** What the store has granted: this user, this session, this refresh token as of `now` (ms). */
export interface GrantedSession {
  readonly user: User;
  readonly session: Session;
  readonly refreshToken: string;
  readonly settings: Settings;
  readonly now: number;
}

/** Adds the access token to what the store has granted. */
export async function issueTokenSet(
  { user, session, refreshToken, settings, now }: GrantedSession,
  sign: SignAccessToken,
): Promise<TokenSet> {
  const { token, expiresAt } = await sign({ user, session, settings, now });
  return {
    user: session.userName,
    sessionId: session.id,
    clientId: session.clientId,
    accessToken: token,
    issuedAt: now,
    accessExpiresAt: expiresAt,
    refreshToken,
    idleExpiresAt: session.idleExpiresAt,
    expiresAt: session.expiresAt,
  };
}
