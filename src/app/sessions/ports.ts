import type { RefreshSecrets } from "../../core/ports/crypto.ts";
import type { LoginStore, SettingsStore, UserStore } from "../../core/ports/store.ts";
import type { Clock, Random } from "../../core/ports/system.ts";
import type { Login } from "../../core/sessions/login.ts";
import type { User } from "../../core/sessions/user.ts";
import type { Settings } from "../../core/settings.ts";

/** Access tokens for logins, signed with the store's active key. */
export interface AccessTokens {
  /**
   * Makes ready to sign: opens the active key, asking for the store's passphrase when there is one, and reserves the
   * signature. What can fail fails here, before a refresh token is used up for nothing.
   */
  prepare(): Promise<SignAccessToken>;
}

/** @param now ms @returns the compact token; its `exp` is never after the end of the login */
export type SignAccessToken = (input: {
  user: User;
  login: Login;
  settings: Settings;
  now: number;
}) => Promise<AccessToken>;

export interface AccessToken {
  readonly token: string;
  /** ms */
  readonly expiresAt: number;
}

export interface SessionPorts {
  readonly store: LoginStore & SettingsStore & UserStore;
  readonly secrets: RefreshSecrets;
  readonly accessTokens: AccessTokens;
  readonly clock: Clock;
  readonly random: Random;
}
