import type { SessionStore } from "../../core/authority/ports/store.ts";
import type { Session } from "../../core/authority/sessions/session.ts";
import { AppError } from "../../core/base/errors.ts";

/** How many candidates are listed for an ambiguous id. */
const MAX_CANDIDATES = 10;

/**
 * Finds a session by its id or the beginning of it.
 *
 * @throws AppError `session_not_found`; `session_ambiguous` with the candidates; `usage` for what cannot be an id
 */
export async function findSession(given: string, store: SessionStore, now: number): Promise<Session> {
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
  const sessions = await store.findSessions(given.toLowerCase(), now);
  const exact = sessions.find(({ id }) => id === given.toLowerCase());
  const [only] = sessions;
  if (exact) return exact;
  if (only === undefined) {
    throw new AppError("session_not_found", `there is no login "${given}" in this store`, { hints });
  }
  if (sessions.length === 1) return only;
  const shown = sessions.slice(0, MAX_CANDIDATES);
  const more = sessions.length > shown.length ? ` and ${sessions.length - shown.length} more` : "";
  throw new AppError("session_ambiguous", `"${given}" could be any of ${sessions.length} logins`, {
    hints: [
      `Give more of the id; it fits: ${shown.map(({ id, userName }) => `${id} (${userName})`).join(", ")}${more}`,
    ],
    data: { sessions: shown.map(({ id }) => id) },
  });
}
