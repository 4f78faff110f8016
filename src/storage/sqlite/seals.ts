import type { Connection } from "./connection.ts";

/**
 * A consumed refresh token keeps its successor, sealed, for the moment in which the same token may be presented again.
 * Afterwards the seal is wiped: at once when the successor is used or the login ends, and by the next write when the
 * reuse window, and the wait of those who presented the token within it, have ended (core: `sealedUntil`). All functions
 * run inside a write transaction.
 */

const WIPE = "UPDATE refresh_tokens SET sealed_successor = NULL, sealed_until = NULL";

/** Wipes the seal of one refresh token. */
export function wipeSeal(db: Connection, sessionId: string, seq: number): void {
  db.run(`${WIPE} WHERE session_id = ? AND seq = ? AND sealed_until IS NOT NULL`, [sessionId, seq]);
}

/** Wipes the seals whose time has ended. @returns how many */
export function wipeOldSeals(db: Connection, now: number): number {
  return db.run(`${WIPE} WHERE sealed_until <= ?`, [now]);
}

/** Wipes the seals of logins that have ended; the index holds only the few tokens that have one. @returns how many */
export function wipeSealsOfEndedSessions(db: Connection): number {
  return db.run(
    `UPDATE refresh_tokens INDEXED BY refresh_tokens_sealed SET sealed_successor = NULL, sealed_until = NULL
     WHERE sealed_until IS NOT NULL
       AND (SELECT ended_at FROM sessions WHERE id = refresh_tokens.session_id) IS NOT NULL`,
  );
}
