import type { RefreshSecrets } from "../../core/authority/ports/crypto.ts";
import type { SessionStore, SettingsStore, UserStore } from "../../core/authority/ports/store.ts";
import type { Session } from "../../core/authority/sessions/session.ts";
import type { Settings } from "../../core/authority/settings.ts";
import type { User } from "../../core/authority/users/user.ts";
import type { Clock, Random } from "../../core/base/ports.ts";

/** Issues access tokens, signed with the store's active key. */
export interface AccessTokens {
  /**
   * Opens the active key, with the store's passphrase when it has one, and reserves the signature. Whatever can fail
   * fails here, before a refresh token is consumed.
   */
  prepare(): Promise<SignAccessToken>;
}

/** Signs an access token. @param now ms @returns the compact token; its `exp` is never after the end of the session */
export type SignAccessToken = (input: {
  user: User;
  session: Session;
  settings: Settings;
  now: number;
}) => Promise<AccessToken>;

export interface AccessToken {
  readonly token: string;
  /** ms */
  readonly expiresAt: number;
}

export interface SessionPorts {
  readonly store: SessionStore & SettingsStore & UserStore;
  readonly secrets: RefreshSecrets;
  readonly accessTokens: AccessTokens;
  readonly clock: Clock;
  readonly random: Random;
}
