import type {
  ForeseeRotation,
  LoginFilter,
  NewLogin,
  RevocationTarget,
  RotateRefreshToken,
  RotationResult,
} from "../../core/authority/ports/store.ts";
import {
  decideRotation,
  type RotationFacts,
  rotationResult,
  sealedUntil,
} from "../../core/authority/sessions/rotation.ts";
import type { Login, RefreshTokenRecord, RevocationReason } from "../../core/authority/sessions/session.ts";
import {
  endedByRevocation,
  type LoginRecord,
  loginAt,
  started,
} from "../../core/authority/sessions/session-state.ts";
import { userNameKey } from "../../core/authority/users/user.ts";
import { encodeBase64Url } from "../../core/base/base64url.ts";
import type { State, TokenEntry } from "./state.ts";

export function createLogin(
  state: State,
  input: NewLogin,
  now: number,
): "created" | "user_not_found" | "user_disabled" | "password_changed" {
  wipeOldSeals(state, now);
  const entry = state.users.get(input.userId);
  if (entry === undefined) return "user_not_found";
  const { user, passwordHash } = entry;
  if (user.status === "disabled") return "user_disabled";
  if (passwordHash !== input.passwordHash) return "password_changed";
  if (state.logins.has(input.id)) throw new Error("there is a login with this id already");
  const login = started({ ...input, userName: user.name }, now);
  addToken(state, login, input.tokenHash, now);
  state.logins.set(login.id, login);
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
  const { login } = facts;
  const decision = decideRotation(facts, { presentedAt: now, ...input }, now);
  if (decision.outcome === "rotated") addToken(state, decision.login, input.successorHash, now);
  if (decision.login !== login) {
    state.logins.set(login.id, decision.login);
    changeTokens(state, login.id, (entry) => ({ ...entry, seal: null }));
  }
  if (decision.outcome === "rotated") {
    const until = sealedUntil(now, input.reuseWindow);
    const seal = until === null ? null : { bytes: input.sealedSuccessor, until };
    changeToken(state, login.id, seq, ({ record, ...rest }) => ({
      ...rest,
      record: { ...record, consumedAt: now },
      seal,
    }));
  }
  if (decision.outcome === "reused") {
    changeToken(state, login.id, seq, ({ record, ...rest }) => ({
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
  const login = token && state.logins.get(token.loginId);
  if (token === undefined || login === undefined) return undefined;
  const { record, seal } = token.entry;
  const successor = state.tokens.get(login.id)?.[record.seq]?.record;
  const facts = {
    login,
    user: (login.userId !== null && state.users.get(login.userId)?.user) || null,
    token: {
      consumedAt: record.consumedAt,
      sealedSuccessor: seal?.bytes ?? null,
      successorConsumed: (successor?.consumedAt ?? null) !== null,
    },
  };
  return { facts, seq: record.seq };
}

export function findLoginByToken(state: State, tokenHash: Uint8Array, now: number): Login | null {
  const token = findToken(state, tokenHash);
  const login = token && state.logins.get(token.loginId);
  return login === undefined ? null : loginAt(login, now);
}

export function findLogins(state: State, prefix: string, now: number): Login[] {
  return [...state.logins.values()]
    .filter(({ id }) => id.startsWith(prefix))
    .map((login) => loginAt(login, now))
    .sort(byId);
}

const ORDER: Readonly<Record<NonNullable<LoginFilter["sort"]>, (a: Login, b: Login) => number>> = {
  created: (a, b) => b.createdAt - a.createdAt || byId(b, a),
  last_used: (a, b) => b.lastUsedAt - a.lastUsedAt || byId(b, a),
  expires: (a, b) => a.expiresAt - b.expiresAt || byId(a, b),
};

export function listLogins(state: State, filter: LoginFilter, now: number): Login[] {
  const { userId, removedUserName, status, since, sort = "created", limit } = filter;
  const removed = removedUserName === undefined ? undefined : userNameKey(removedUserName);
  return [...state.logins.values()]
    .map((login) => loginAt(login, now))
    .filter((login) => userId === undefined || login.userId === userId)
    .filter(
      (login) => removed === undefined || (login.userId === null && userNameKey(login.userName) === removed),
    )
    .filter((login) => status === undefined || login.status === status)
    .filter((login) => since === undefined || login.createdAt >= since)
    .sort(ORDER[sort])
    .slice(0, limit);
}

export function listRefreshTokens(state: State, loginId: string): RefreshTokenRecord[] {
  return (state.tokens.get(loginId) ?? []).map(({ record }) => record);
}

/** Which logins a revocation is about. */
export function isTarget(target: RevocationTarget): (login: LoginRecord) => boolean {
  if ("logins" in target) return ({ id }) => target.logins.includes(id);
  if ("all" in target) return () => true;
  return ({ userId }) => userId === target.userId;
}

export function endLogins(
  state: State,
  isMeant: (login: LoginRecord) => boolean,
  reason: RevocationReason,
  now: number,
): string[] {
  const ended = [...state.logins.values()]
    .filter((login) => login.endedAt === null && isMeant(login))
    .map((login) => endedByRevocation(login, reason, now));
  for (const login of ended) {
    state.logins.set(login.id, login);
    changeTokens(state, login.id, (entry) => ({ ...entry, seal: null }));
  }
  return ended
    .filter((login) => login.reason === reason)
    .sort((a, b) => a.createdAt - b.createdAt || byId(a, b))
    .map(({ id }) => id);
}

export function pruneLogins(
  state: State,
  { endedBefore, limit }: { endedBefore: number; limit: number },
): number {
  const old = [...state.logins.values()]
    .filter(({ expiresAt }) => expiresAt < endedBefore)
    .sort((a, b) => a.expiresAt - b.expiresAt || byId(a, b))
    .slice(0, limit);
  for (const { id } of old) {
    for (const { hash } of state.tokens.get(id) ?? []) state.hashes.delete(hash);
    state.tokens.delete(id);
    state.logins.delete(id);
  }
  return old.length;
}

export function countPrunable(state: State, endedBefore: number): number {
  return [...state.logins.values()].filter(({ expiresAt }) => expiresAt < endedBefore).length;
}

function findToken(state: State, tokenHash: Uint8Array): { loginId: string; entry: TokenEntry } | undefined {
  const place = state.hashes.get(encodeBase64Url(tokenHash));
  const entry = place && state.tokens.get(place.loginId)?.[place.seq - 1];
  return place && entry && { loginId: place.loginId, entry };
}

function addToken(state: State, login: LoginRecord, tokenHash: Uint8Array, now: number): void {
  const hash = encodeBase64Url(tokenHash);
  if (state.hashes.has(hash)) throw new Error("there is a refresh token with this hash already");
  const family = state.tokens.get(login.id) ?? [];
  const seq = family.length + 1;
  const record = {
    seq,
    createdAt: now,
    idleExpiresAt: login.idleExpiresAt,
    consumedAt: null,
    reusedAt: null,
  };
  state.tokens.set(login.id, [...family, { record, hash, seal: null }]);
  state.hashes.set(hash, { loginId: login.id, seq });
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

function changeTokens(state: State, loginId: string, change: (entry: TokenEntry) => TokenEntry): void {
  state.tokens.set(loginId, (state.tokens.get(loginId) ?? []).map(change));
}

function changeToken(
  state: State,
  loginId: string,
  seq: number,
  change: (entry: TokenEntry) => TokenEntry,
): void {
  changeTokens(state, loginId, (entry) => (entry.record.seq === seq ? change(entry) : entry));
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
