import type { LoginStore } from "../../core/authority/ports/store.ts";
import type { Login, RefreshTokenRecord } from "../../core/authority/sessions/session.ts";
import type { Clock } from "../../core/base/ports.ts";
import { findLogin } from "./find-login.ts";

/** A login and its refresh tokens, oldest first, without a secret or a hash. */
export interface LoginHistory {
  readonly login: Login;
  readonly tokens: readonly RefreshTokenRecord[];
}

/** @param given the id or the beginning of it @throws those of {@link findLogin} */
export async function showLogin(
  given: string,
  { store, clock }: { store: LoginStore; clock: Clock },
): Promise<LoginHistory> {
  const login = await findLogin(given, store, clock.now());
  return { login, tokens: await store.listRefreshTokens(login.id) };
}
