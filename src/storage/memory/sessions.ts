import type {
  ForeseeRotation,
  NewSession,
  RevocationTarget,
  RotateRefreshToken,
  RotationResult,
  SessionFilter,
} from "../../core/authority/ports/store.ts";
import {
  decideRotation,
  type RotationFacts,
  rotationResult,
  sealedUntil,
} from "../../core/authority/sessions/rotation.ts";
import type { RefreshTokenRecord, RevocationReason, Session } from "../../core/authority/sessions/session.ts";
import {
  endedByRevocation,
  type SessionRecord,
  sessionAt,
  started,
} from "../../core/authority/sessions/session-state.ts";
import { userNameKey } from "../../core/authority/users/user.ts";
import { encodeBase64Url } from "../../core/base/base64url.ts";
import type { State, TokenEntry } from "./state.ts";

export function createSession(
  state: State,
  input: NewSession,
  now: number,
): "created" | "user_not_found" | "user_disabled" | "password_changed" {
  wipeOldSeals(state, now);
  const entry = state.users.get(input.userId);
  if (entry === undefined) return "user_not_found";
  const { user, passwordHash } = entry;
  if (user.status === "disabled") return "user_disabled";
  if (passwordHash !== input.passwordHash) return "password_changed";
  if (state.sessions.has(input.id)) throw new Error("there is a login with this id already");
  const session = started({ ...input, userName: user.name }, now);
  addToken(state, session, input.tokenHash, now);
  state.sessions.set(session.id, session);
  state.users.set(user.id, {
    user: { ...user, lastLoginAt: Math.max(user.lastLoginAt ?? now, now) },
    passwordHash,
  });
  return "created";
}

export function rotateRefreshToken(state: State, input: RotateRefreshToken, now: number): RotationResult {
  wipeOldSeals(state, now);
  const known = factsOf(state, input.tokenHash);
  if (known === undefined) return { outcome: "unknown" };
  const { facts, seq } = known;
  const { session } = facts;
  const decision = decideRotation(facts, { presentedAt: now, ...input }, now);
  if (decision.outcome === "rotated") addToken(state, decision.session, input.successorHash, now);
  if (decision.session !== session) {
    state.sessions.set(session.id, decision.session);
    changeTokens(state, session.id, (entry) => ({ ...entry, seal: null }));
  }
  if (decision.outcome === "rotated") {
    const until = sealedUntil(now, input.reuseWindow);
    const seal = until === null ? null : { bytes: input.sealedSuccessor, until };
    changeToken(state, session.id, seq, ({ record, ...rest }) => ({
      ...rest,
      record: { ...record, consumedAt: now },
      seal,
    }));
  }
  if (decision.outcome === "reused") {
    changeToken(state, session.id, seq, ({ record, ...rest }) => ({
      ...rest,
      record: { ...record, reusedAt: now },
    }));
  }
  return rotationResult(decision, now);
}

export function foreseeRotation(
  state: State,
  input: ForeseeRotation,
  now: number,
): RotationResult["outcome"] {
  const known = factsOf(state, input.tokenHash);
  if (known === undefined) return "unknown";
  return decideRotation(known.facts, { presentedAt: now, ...input }, now).outcome;
}

function factsOf(state: State, tokenHash: Uint8Array): { facts: RotationFacts; seq: number } | undefined {
  const token = findToken(state, tokenHash);
  const session = token && state.sessions.get(token.sessionId);
  if (token === undefined || session === undefined) return undefined;
  const { record, seal } = token.entry;
  const successor = state.tokens.get(session.id)?.[record.seq]?.record;
  const facts = {
    session,
    user: (session.userId !== null && state.users.get(session.userId)?.user) || null,
    token: {
      consumedAt: record.consumedAt,
      sealedSuccessor: seal?.bytes ?? null,
      successorConsumed: (successor?.consumedAt ?? null) !== null,
    },
  };
  return { facts, seq: record.seq };
}

export function findSessionByToken(state: State, tokenHash: Uint8Array, now: number): Session | null {
  const token = findToken(state, tokenHash);
  const session = token && state.sessions.get(token.sessionId);
  return session === undefined ? null : sessionAt(session, now);
}

export function findSessions(state: State, prefix: string, now: number): Session[] {
  return [...state.sessions.values()]
    .filter(({ id }) => id.startsWith(prefix))
    .map((session) => sessionAt(session, now))
    .sort(byId);
}

const ORDER: Readonly<Record<NonNullable<SessionFilter["sort"]>, (a: Session, b: Session) => number>> = {
  created: (a, b) => b.createdAt - a.createdAt || byId(b, a),
  last_used: (a, b) => b.lastUsedAt - a.lastUsedAt || byId(b, a),
  expires: (a, b) => a.expiresAt - b.expiresAt || byId(a, b),
};

export function listSessions(state: State, filter: SessionFilter, now: number): Session[] {
  const { userId, removedUserName, status, since, sort = "created", limit } = filter;
  const removed = removedUserName === undefined ? undefined : userNameKey(removedUserName);
  return [...state.sessions.values()]
    .map((session) => sessionAt(session, now))
    .filter((session) => userId === undefined || session.userId === userId)
    .filter(
      (session) =>
        removed === undefined || (session.userId === null && userNameKey(session.userName) === removed),
    )
    .filter((session) => status === undefined || session.status === status)
    .filter((session) => since === undefined || session.createdAt >= since)
    .sort(ORDER[sort])
    .slice(0, limit);
}

export function listRefreshTokens(state: State, sessionId: string): RefreshTokenRecord[] {
  return (state.tokens.get(sessionId) ?? []).map(({ record }) => record);
}

/** Which logins a revocation is about. */
export function isTarget(target: RevocationTarget): (session: SessionRecord) => boolean {
  if ("sessions" in target) return ({ id }) => target.sessions.includes(id);
  if ("all" in target) return () => true;
  return ({ userId }) => userId === target.userId;
}

export function endSessions(
  state: State,
  isMeant: (session: SessionRecord) => boolean,
  reason: RevocationReason,
  now: number,
): string[] {
  const ended = [...state.sessions.values()]
    .filter((session) => session.endedAt === null && isMeant(session))
    .map((session) => endedByRevocation(session, reason, now));
  for (const session of ended) {
    state.sessions.set(session.id, session);
    changeTokens(state, session.id, (entry) => ({ ...entry, seal: null }));
  }
  return ended
    .filter((session) => session.reason === reason)
    .sort((a, b) => a.createdAt - b.createdAt || byId(a, b))
    .map(({ id }) => id);
}

export function pruneSessions(
  state: State,
  { endedBefore, limit }: { endedBefore: number; limit: number },
): number {
  const old = [...state.sessions.values()]
    .filter(({ expiresAt }) => expiresAt < endedBefore)
    .sort((a, b) => a.expiresAt - b.expiresAt || byId(a, b))
    .slice(0, limit);
  for (const { id } of old) {
    for (const { hash } of state.tokens.get(id) ?? []) state.hashes.delete(hash);
    state.tokens.delete(id);
    state.sessions.delete(id);
  }
  return old.length;
}

export function countPrunable(state: State, endedBefore: number): number {
  return [...state.sessions.values()].filter(({ expiresAt }) => expiresAt < endedBefore).length;
}

function findToken(
  state: State,
  tokenHash: Uint8Array,
): { sessionId: string; entry: TokenEntry } | undefined {
  const place = state.hashes.get(encodeBase64Url(tokenHash));
  const entry = place && state.tokens.get(place.sessionId)?.[place.seq - 1];
  return place && entry && { sessionId: place.sessionId, entry };
}

function addToken(state: State, session: SessionRecord, tokenHash: Uint8Array, now: number): void {
  const hash = encodeBase64Url(tokenHash);
  if (state.hashes.has(hash)) throw new Error("there is a refresh token with this hash already");
  const family = state.tokens.get(session.id) ?? [];
  const seq = family.length + 1;
  const record = {
    seq,
    createdAt: now,
    idleExpiresAt: session.idleExpiresAt,
    consumedAt: null,
    reusedAt: null,
  };
  state.tokens.set(session.id, [...family, { record, hash, seal: null }]);
  state.hashes.set(hash, { sessionId: session.id, seq });
}

/** @returns how many were wiped */
export function wipeOldSeals(state: State, now: number): number {
  let wiped = 0;
  for (const id of state.tokens.keys()) {
    changeTokens(state, id, (entry) => {
      if (!entry.seal || entry.seal.until > now) return entry;
      wiped++;
      return { ...entry, seal: null };
    });
  }
  return wiped;
}

function changeTokens(state: State, sessionId: string, change: (entry: TokenEntry) => TokenEntry): void {
  state.tokens.set(sessionId, (state.tokens.get(sessionId) ?? []).map(change));
}

function changeToken(
  state: State,
  sessionId: string,
  seq: number,
  change: (entry: TokenEntry) => TokenEntry,
): void {
  changeTokens(state, sessionId, (entry) => (entry.record.seq === seq ? change(entry) : entry));
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
