import type { SessionStore } from "../../core/authority/ports/store.ts";
import type { RefreshTokenRecord, Session } from "../../core/authority/sessions/session.ts";
import type { Clock } from "../../core/base/ports.ts";
import { findSession } from "./find-session.ts";

/** A session and its refresh tokens, oldest first, without secrets and hashes. */
export interface SessionHistory {
  readonly session: Session;
  readonly tokens: readonly RefreshTokenRecord[];
}

/**
 * Reads a session with its refresh tokens.
 * @param given the id or the beginning of it
 * @throws those of {@link findSession}
 */
export async function showSession(
  given: string,
  { store, clock }: { store: SessionStore; clock: Clock },
): Promise<SessionHistory> {
  const session = await findSession(given, store, clock.now());
  return { session, tokens: await store.listRefreshTokens(session.id) };
}
