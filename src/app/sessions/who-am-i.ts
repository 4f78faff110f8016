import type { CurrentSession } from "../../core/authority/sessions/current-session.ts";
import type { Session } from "../../core/authority/sessions/session.ts";
import { AppError } from "../../core/base/errors.ts";
import { type CurrentSessionPorts, requireCurrentSession } from "./current-session.ts";

export interface WhoAmI {
  readonly saved: CurrentSession;
  /** The session in the store; null when there is no store, or no such session (any more). */
  readonly session: Session | null;
  readonly storeFound: boolean;
}

/**
 * Reads the current session, from the credentials file and from the store when there is one.
 * @throws AppError `not_logged_in`
 */
export async function whoAmI({ current, open }: CurrentSessionPorts): Promise<WhoAmI> {
  const saved = await requireCurrentSession(current);
  try {
    const { store, clock } = await open(saved);
    return { saved, session: await store.findSession(saved.sessionId, clock.now()), storeFound: true };
  } catch (error) {
    if (error instanceof AppError && error.code === "store_not_found") {
      return { saved, session: null, storeFound: false };
    }
    throw error;
  }
}
