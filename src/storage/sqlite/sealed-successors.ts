import type { SealFacts } from "../../core/authority/ports/store-backend.ts";
import type { Connection } from "./connection.ts";

/**
 * A used refresh token keeps its successor, sealed, for the moment in which the same token may be presented again.
 * Afterwards it is wiped: at once when the successor is used or the session ends, and by the next write when nobody may
 * wait for it any more (core: `sealedUntil`). What writes runs inside a write transaction.
 */

const WIPE = "UPDATE refresh_tokens SET sealed_successor = NULL, sealed_until = NULL";

/** The index holds only the few tokens that have one. */
export function listSeals(db: Connection): SealFacts[] {
  return db
    .all<{ session_id: string; seq: number; sealed_until: number; ended: 0 | 1 }>(
      `SELECT session_id, seq, sealed_until,
         (SELECT ended_at FROM sessions WHERE id = refresh_tokens.session_id) IS NOT NULL AS ended
       FROM refresh_tokens INDEXED BY refresh_tokens_sealed WHERE sealed_until IS NOT NULL`,
    )
    .map(({ session_id, seq, sealed_until, ended }) => ({
      sessionId: session_id,
      seq,
      until: sealed_until,
      sessionEnded: ended === 1,
    }));
}

/** Wipes what one refresh token keeps. */
export function wipeSeal(db: Connection, sessionId: string, seq: number): void {
  db.run(`${WIPE} WHERE session_id = ? AND seq = ? AND sealed_until IS NOT NULL`, [sessionId, seq]);
}

/** Wipes what is kept for nobody any more. @param at ms */
export function wipeOldSeals(db: Connection, at: number): void {
  db.run(`${WIPE} WHERE sealed_until <= ?`, [at]);
}

/** Wipes what the tokens of ended sessions keep. */
export function wipeSealsOfEndedSessions(db: Connection): void {
  db.run(
    `UPDATE refresh_tokens INDEXED BY refresh_tokens_sealed SET sealed_successor = NULL, sealed_until = NULL
     WHERE sealed_until IS NOT NULL
       AND (SELECT ended_at FROM sessions WHERE id = refresh_tokens.session_id) IS NOT NULL`,
  );
}
