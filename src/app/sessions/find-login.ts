import type { LoginStore } from "../../core/authority/ports/store.ts";
import type { Login } from "../../core/authority/sessions/session.ts";
import { AppError } from "../../core/base/errors.ts";

/** So many candidates are listed for an ambiguous id. */
const MAX_CANDIDATES = 10;

/**
 * The login a user means, by its id or the beginning of it.
 *
 * @throws AppError `login_not_found`; `login_ambiguous` with the candidates; `usage` for what cannot be an id
 */
export async function findLogin(given: string, store: LoginStore, now: number): Promise<Login> {
  const hints = ["List the logins with: jwtctl tokens list"];
  if (given === "") throw new AppError("usage", "the id of the login is empty", { hints });
  if (given.startsWith("jwtctl_rt_") || given.startsWith("eyJ")) {
    // Not quoted: it is a secret, and this message may end up in a log.
    throw new AppError("usage", "this is a token, not the id of a login", {
      hints: [
        "For a refresh token there is: jwtctl tokens revoke --token -, which reads it from stdin",
        ...hints,
      ],
    });
  }
  const logins = await store.findLogins(given.toLowerCase(), now);
  const exact = logins.find(({ id }) => id === given.toLowerCase());
  const [only] = logins;
  if (exact) return exact;
  if (only === undefined) {
    throw new AppError("login_not_found", `there is no login "${given}" in this store`, { hints });
  }
  if (logins.length === 1) return only;
  const shown = logins.slice(0, MAX_CANDIDATES);
  const more = logins.length > shown.length ? ` and ${logins.length - shown.length} more` : "";
  throw new AppError("login_ambiguous", `"${given}" could be any of ${logins.length} logins`, {
    hints: [
      `Give more of the id; it fits: ${shown.map(({ id, userName }) => `${id} (${userName})`).join(", ")}${more}`,
    ],
    data: { logins: shown.map(({ id }) => id) },
  });
}
