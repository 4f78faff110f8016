import type { TokenSet } from "../../core/authority/sessions/current-session.ts";
import type { Session } from "../../core/authority/sessions/session.ts";
import type { Settings } from "../../core/authority/settings.ts";
import type { User } from "../../core/authority/users/user.ts";
import type { SignAccessToken } from "./ports.ts";

/** A session with its newest refresh token, as the store has it at `now` (ms). */
export interface GrantedSession {
  readonly user: User;
  readonly session: Session;
  readonly refreshToken: string;
  readonly settings: Settings;
  readonly now: number;
}

/** Signs the access token of a session and returns it with the refresh token. */
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
