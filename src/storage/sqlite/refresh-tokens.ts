import type { SessionStart } from "../../core/authority/ports/store-backend.ts";
import type { RotationChange, RotationFacts } from "../../core/authority/sessions/rotation.ts";
import type { RefreshTokenRecord } from "../../core/authority/sessions/session.ts";
import type { SessionRecord } from "../../core/authority/sessions/session-state.ts";
import type { Connection } from "./connection.ts";
import { corrupt } from "./faults.ts";
import { wipeSeal } from "./sealed-successors.ts";
import { findSession, insertSession, updateSession } from "./sessions.ts";
import { findUserById, noteLogin } from "./users.ts";

interface TokenRow {
  readonly session_id: string;
  readonly seq: number;
  readonly consumed_at: number | null;
  readonly sealed_successor: Uint8Array | null;
  readonly sealed_until: number | null;
  readonly successor_consumed_at: number | null;
}

interface RecordRow {
  readonly seq: number;
  readonly created_at: number;
  readonly idle_expires_at: number;
  readonly consumed_at: number | null;
  readonly reused_at: number | null;
}

/** Inside a write transaction. @param at ms */
export function startSession(
  db: Connection,
  { session, tokenHash, lastLoginAt }: SessionStart,
  at: number,
): void {
  insertSession(db, session);
  insertToken(db, { ...session, seq: 1, hash: tokenHash, at });
  noteLogin(db, session.userId, lastLoginAt);
}

/** What is known of a refresh token and its session; null for one that nobody knows. */
export function rotationFacts(db: Connection, tokenHash: Uint8Array): RotationFacts | null {
  const token = db.get<TokenRow>(
    `SELECT token.session_id, token.seq, token.consumed_at, token.sealed_successor, token.sealed_until,
       successor.consumed_at AS successor_consumed_at
     FROM refresh_tokens AS token
       LEFT JOIN refresh_tokens AS successor
         ON successor.session_id = token.session_id AND successor.seq = token.seq + 1
     WHERE token.hash = ?`,
    [tokenHash],
  );
  if (token === undefined) return null;
  const session = findSession(db, token.session_id);
  if (session === null) throw corrupt(db.path, "a refresh token belongs to no session");
  return {
    session,
    user: session.userId === null ? null : (findUserById(db, session.userId)?.user ?? null),
    token: {
      seq: token.seq,
      consumedAt: token.consumed_at,
      sealedSuccessor: token.sealed_successor && new Uint8Array(token.sealed_successor),
      sealedUntil: token.sealed_until,
      successorConsumed: token.successor_consumed_at !== null,
    },
  };
}

/** Inside the write transaction in which the facts were read. @param at ms */
export function applyRotation(
  db: Connection,
  { session: before, token: { seq } }: RotationFacts,
  { session, successor, reused }: RotationChange,
  at: number,
): void {
  updateSession(db, session);
  // Only the parent of the newest token keeps a successor, and the newest is used now or never will be.
  wipeSeal(db, session.id, before.rotations);
  if (successor) {
    const consumed = db.run(
      `UPDATE refresh_tokens SET consumed_at = @at, sealed_successor = @sealed, sealed_until = @until
       WHERE session_id = @id AND seq = @seq AND consumed_at IS NULL`,
      {
        at,
        id: session.id,
        seq,
        sealed: successor.seal?.bytes ?? null,
        until: successor.seal?.until ?? null,
      },
    );
    if (consumed !== 1) throw new Error("the write lock did not keep others from using the refresh token");
    insertToken(db, { ...session, seq: seq + 1, hash: successor.hash, at });
  }
  if (reused) {
    db.run("UPDATE refresh_tokens SET reused_at = ? WHERE session_id = ? AND seq = ?", [at, session.id, seq]);
  }
}

function insertToken(
  db: Connection,
  token: { id: string; seq: number; hash: Uint8Array; idleExpiresAt: number; at: number },
): void {
  db.run(
    `INSERT INTO refresh_tokens (session_id, seq, hash, created_at, idle_expires_at)
     VALUES (?, ?, ?, ?, ?)`,
    [token.id, token.seq, token.hash, token.at, token.idleExpiresAt],
  );
}

/** The session a refresh token belongs to, used tokens included. */
export function findSessionByToken(db: Connection, tokenHash: Uint8Array): SessionRecord | null {
  const sql = "SELECT session_id FROM refresh_tokens WHERE hash = ?";
  const token = db.get<{ session_id: string }>(sql, [tokenHash]);
  return token === undefined ? null : findSession(db, token.session_id);
}

/** The oldest first. */
export function listRefreshTokens(db: Connection, sessionId: string): RefreshTokenRecord[] {
  return db
    .all<RecordRow>(
      `SELECT seq, created_at, idle_expires_at, consumed_at, reused_at FROM refresh_tokens
       WHERE session_id = ? ORDER BY seq`,
      [sessionId],
    )
    .map((row) => ({
      seq: row.seq,
      createdAt: row.created_at,
      idleExpiresAt: row.idle_expires_at,
      consumedAt: row.consumed_at,
      reusedAt: row.reused_at,
    }));
}
