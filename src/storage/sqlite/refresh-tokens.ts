import type {
  ForeseeRotation,
  NewSession,
  RotateRefreshToken,
  RotationResult,
} from "../../core/authority/ports/store.ts";
import {
  decideRotation,
  type RotationFacts,
  rotationResult,
  sealedUntil,
} from "../../core/authority/sessions/rotation.ts";
import type { RefreshTokenRecord, Session } from "../../core/authority/sessions/session.ts";
import { sessionAt, started } from "../../core/authority/sessions/session-state.ts";
import type { Connection } from "./connection.ts";
import { corrupt } from "./faults.ts";
import { wipeOldSeals, wipeSeal } from "./seals.ts";
import { insertSession, readSession, updateSession } from "./sessions.ts";
import { noteSession, readPasswordHash, readUser } from "./users.ts";

interface TokenRow {
  readonly session_id: string;
  readonly seq: number;
  readonly consumed_at: number | null;
  readonly sealed_successor: Uint8Array | null;
  readonly successor_consumed_at: number | null;
}

interface RecordRow {
  readonly seq: number;
  readonly created_at: number;
  readonly idle_expires_at: number;
  readonly consumed_at: number | null;
  readonly reused_at: number | null;
}

/** Inside a write transaction. */
export function createSession(
  db: Connection,
  input: NewSession,
  now: number,
): "created" | "user_not_found" | "user_disabled" | "password_changed" {
  wipeOldSeals(db, now);
  const user = readUser(db, input.userId);
  if (user === null) return "user_not_found";
  if (user.status === "disabled") return "user_disabled";
  if (readPasswordHash(db, user.id) !== input.passwordHash) return "password_changed";
  const session = started({ ...input, userName: user.name }, now);
  insertSession(db, session);
  insertToken(db, { ...session, seq: 1, hash: input.tokenHash, now });
  noteSession(db, user.id, now);
  return "created";
}

/** Inside a write transaction. */
export function rotateRefreshToken(db: Connection, input: RotateRefreshToken, now: number): RotationResult {
  wipeOldSeals(db, now);
  const token = readToken(db, input.tokenHash);
  if (token === undefined) return { outcome: "unknown" };
  const facts = factsOf(db, token);
  const { session } = facts;
  const decision = decideRotation(facts, { presentedAt: now, ...input }, now);
  if (decision.session !== session) {
    updateSession(db, decision.session);
    // Only the parent of the newest token has a seal, and the newest is used now or never will be.
    wipeSeal(db, session.id, session.rotations);
  }
  if (decision.outcome === "rotated") succeed(db, input, token, decision.session.idleExpiresAt, now);
  if (decision.outcome === "reused") noteReuse(db, token, now);
  return rotationResult(decision, now);
}

/** Reads of one moment. */
export function foreseeRotation(
  db: Connection,
  input: ForeseeRotation,
  now: number,
): RotationResult["outcome"] {
  const token = readToken(db, input.tokenHash);
  if (token === undefined) return "unknown";
  return decideRotation(factsOf(db, token), { presentedAt: now, ...input }, now).outcome;
}

function readToken(db: Connection, hash: Uint8Array): TokenRow | undefined {
  return db.get<TokenRow>(
    `SELECT token.session_id, token.seq, token.consumed_at, token.sealed_successor,
       successor.consumed_at AS successor_consumed_at
     FROM refresh_tokens AS token
       LEFT JOIN refresh_tokens AS successor
         ON successor.session_id = token.session_id AND successor.seq = token.seq + 1
     WHERE token.hash = ?`,
    [hash],
  );
}

function factsOf(db: Connection, token: TokenRow): RotationFacts {
  const session = readSession(db, token.session_id);
  if (session === undefined) throw corrupt(db.path, "a refresh token belongs to no login");
  return {
    session,
    user: session.userId === null ? null : readUser(db, session.userId),
    token: {
      consumedAt: token.consumed_at,
      sealedSuccessor: token.sealed_successor && new Uint8Array(token.sealed_successor),
      successorConsumed: token.successor_consumed_at !== null,
    },
  };
}

function succeed(
  db: Connection,
  { tokenHash, successorHash, sealedSuccessor, reuseWindow }: RotateRefreshToken,
  { session_id, seq }: TokenRow,
  idleExpiresAt: number,
  now: number,
): void {
  const until = sealedUntil(now, reuseWindow);
  const consumed = db.run(
    `UPDATE refresh_tokens SET consumed_at = @now, sealed_successor = @sealed, sealed_until = @until
     WHERE hash = @hash AND consumed_at IS NULL`,
    {
      now,
      hash: tokenHash,
      sealed: until === null ? null : sealedSuccessor,
      until,
    },
  );
  if (consumed !== 1) throw new Error("the write lock did not keep others from using the refresh token");
  insertToken(db, { id: session_id, seq: seq + 1, hash: successorHash, idleExpiresAt, now });
}

function noteReuse(db: Connection, { session_id, seq }: TokenRow, now: number): void {
  db.run("UPDATE refresh_tokens SET reused_at = ? WHERE session_id = ? AND seq = ?", [now, session_id, seq]);
}

function insertToken(
  db: Connection,
  token: { id: string; seq: number; hash: Uint8Array; idleExpiresAt: number; now: number },
): void {
  db.run(
    `INSERT INTO refresh_tokens (session_id, seq, hash, created_at, idle_expires_at)
     VALUES (?, ?, ?, ?, ?)`,
    [token.id, token.seq, token.hash, token.now, token.idleExpiresAt],
  );
}

export function findSessionByToken(db: Connection, tokenHash: Uint8Array, now: number): Session | null {
  const token = db.get<{ session_id: string }>("SELECT session_id FROM refresh_tokens WHERE hash = ?", [
    tokenHash,
  ]);
  const session = token && readSession(db, token.session_id);
  return session === undefined ? null : sessionAt(session, now);
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
