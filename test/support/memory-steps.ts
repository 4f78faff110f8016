import type { Change, Facts, Question, StepName } from "../../src/core/authority/ports/store-backend.ts";
import type { SessionEnd, SessionRecord } from "../../src/core/authority/sessions/session-state.ts";
import { userNameKey } from "../../src/core/authority/users/user.ts";
import { insert, type Tables, type TokenRow, update } from "./memory-tables.ts";

/** How one step reads its facts and writes its change. */
interface Step<Name extends StepName> {
  facts(tables: Tables, question: Question<Name>): Facts<Name>;
  apply(
    tables: Tables,
    change: Change<Name>,
    known: { readonly question: Question<Name>; readonly facts: Facts<Name>; readonly at: number },
  ): void;
}

const UNTRIED = { attempts: 0, lockedUntil: null, lastAttemptAt: null };

export const STEPS: { readonly [Name in StepName]: Step<Name> } = {
  keys: {
    facts: (tables, { lastUseBefore, openSessions, seals }) => ({
      settings: tables.settings,
      keys: [...tables.keys.values()].map(({ key }) => key).reverse(),
      ...(lastUseBefore !== undefined && { lastUse: lastUse(tables, lastUseBefore) }),
      ...(openSessions && { open: openOf(tables, () => true) }),
      ...(seals && { seals: sealsOf(tables) }),
    }),
    apply(
      tables,
      { settings, updated = [], added = [], removed = [], resealed = [], ended = [], wiped = [] },
    ) {
      if (settings) tables.settings = settings;
      for (const key of updated) {
        update(tables.keys, key.kid, (row) => ({ key, material: key.hasPrivate ? row.material : null }));
      }
      for (const row of added) insert(tables.keys, row.key.kid, row);
      for (const kid of removed) tables.keys.delete(kid);
      for (const { kid, material } of resealed) update(tables.keys, kid, (row) => ({ ...row, material }));
      endSessions(tables, ended);
      wipe(tables, ({ sessionId, record }) =>
        wiped.some((seal) => seal.sessionId === sessionId && seal.seq === record.seq),
      );
    },
  },
  signature: {
    facts: ({ keys }) => [...keys.values()].find(({ key }) => key.state === "active")?.key ?? null,
    apply: ({ keys }, key) => update(keys, key.kid, (row) => ({ ...row, key })),
  },
  newUser: {
    facts: (tables, { name }) => userNamed(tables, name) !== undefined,
    apply({ users }, { id, name, passwordHash, weakPassword, claims }, { at }) {
      const user = {
        id,
        name,
        status: "active",
        weakPassword,
        claims,
        createdAt: at,
        lastLoginAt: null,
      } as const;
      insert(users, id, { user, passwordHash, attempts: UNTRIED });
    },
  },
  user: {
    facts(tables, { userId, openSessions }) {
      const facts = tables.users.get(userId) ?? null;
      const open = openSessions ? openOf(tables, (session) => session.userId === userId) : [];
      return facts && { ...facts, open };
    },
    apply(
      tables,
      { status, passwordHash, password, attempts, claims, removed, ended = [] },
      { question: { userId } },
    ) {
      endSessions(tables, ended);
      update(tables.users, userId, (row) => ({
        user: {
          ...row.user,
          status: status ?? row.user.status,
          weakPassword: password?.weak ?? row.user.weakPassword,
          claims: claims ?? row.user.claims,
        },
        passwordHash: passwordHash ?? password?.hash ?? row.passwordHash,
        attempts: attempts ?? row.attempts,
      }));
      if (!removed) return;
      tables.users.delete(userId);
      for (const session of tables.sessions.values()) {
        if (session.userId === userId) tables.sessions.set(session.id, { ...session, userId: null });
      }
    },
  },
  attempt: {
    facts(tables, { name }) {
      const found = userNamed(tables, name) ?? null;
      return { found, attempts: found?.attempts ?? tables.unknownNames.get(userNameKey(name)) ?? UNTRIED };
    },
    apply({ users, unknownNames }, attempts, { question, facts: { found } }) {
      if (found === null) unknownNames.set(userNameKey(question.name), attempts);
      else update(users, found.user.id, (row) => ({ ...row, attempts }));
    },
  },
  newSession: {
    facts: ({ users }, { userId }) => users.get(userId) ?? null,
    apply(tables, { session, tokenHash, lastLoginAt }, { at }) {
      insert(tables.sessions, session.id, session);
      insertToken(tables, { ...session, seq: 1, hash: tokenHash, at });
      update(tables.users, session.userId ?? "", (row) => ({ ...row, user: { ...row.user, lastLoginAt } }));
    },
  },
  rotation: {
    facts(tables, { tokenHash }) {
      const token = tables.tokens.get(hex(tokenHash));
      const session = token && tables.sessions.get(token.sessionId);
      if (token === undefined || session === undefined) return null;
      const { record, seal } = token;
      const successor = tokensOf(tables, session.id).find(({ record: { seq } }) => seq === record.seq + 1);
      return {
        session,
        user: tables.users.get(session.userId ?? "")?.user ?? null,
        token: {
          seq: record.seq,
          consumedAt: record.consumedAt,
          sealedSuccessor: seal?.bytes ?? null,
          sealedUntil: seal?.until ?? null,
          successorConsumed: (successor?.record.consumedAt ?? null) !== null,
        },
      };
    },
    apply(tables, { session, successor, reused }, { question, facts, at }) {
      tables.sessions.set(session.id, session);
      wipe(tables, ({ sessionId }) => sessionId === session.id);
      if (successor) {
        update(tables.tokens, hex(question.tokenHash), ({ record, ...row }) => ({
          ...row,
          record: { ...record, consumedAt: at },
          seal: successor.seal,
        }));
        insertToken(tables, { ...session, seq: (facts?.token.seq ?? 0) + 1, hash: successor.hash, at });
      }
      if (reused) {
        update(tables.tokens, hex(question.tokenHash), ({ record, ...row }) => ({
          ...row,
          record: { ...record, reusedAt: at },
        }));
      }
    },
  },
  revocation: {
    facts(tables, target) {
      if ("all" in target) return openOf(tables, () => true);
      if ("sessions" in target) return openOf(tables, ({ id }) => target.sessions.includes(id));
      return openOf(
        tables,
        ({ userId, clientId }) =>
          (!("userId" in target) || userId === target.userId) &&
          (target.clientId === undefined || clientId === target.clientId),
      );
    },
    apply: endSessions,
  },
  pruning: {
    facts({ sessions, tokens }, { endedBefore, limit, tokens: most = Number.POSITIVE_INFINITY }) {
      const tokensOf = (id: string) =>
        [...tokens.values()].filter(({ sessionId }) => sessionId === id).length;
      let left = most;
      const old = [...sessions.values()]
        .filter(({ expiresAt }) => expiresAt < endedBefore)
        .sort((a, b) => a.expiresAt - b.expiresAt || (a.id < b.id ? -1 : 1))
        .slice(0, limit)
        .map(({ id }) => id);
      const end = old.findIndex((id, index) => {
        left -= tokensOf(id);
        return left < 0 && index > 0;
      });
      return end === -1 ? old : old.slice(0, end);
    },
    apply({ sessions, tokens }, ids) {
      for (const id of ids) sessions.delete(id);
      for (const [hash, { sessionId }] of tokens) if (ids.includes(sessionId)) tokens.delete(hash);
    },
  },
  log: { facts: () => null, apply: () => undefined },
};

function openOf({ sessions }: Tables, isMeant: (session: SessionRecord) => boolean) {
  return [...sessions.values()].filter((session) => session.endedAt === null && isMeant(session));
}

function endSessions(tables: Tables, ends: readonly SessionEnd[]): void {
  for (const { id, ...end } of ends) update(tables.sessions, id, (session) => ({ ...session, ...end }));
  wipe(tables, ({ sessionId }) => ends.some(({ id }) => id === sessionId));
}

function sealsOf({ tokens, sessions }: Tables) {
  return [...tokens.values()].flatMap(({ sessionId, record, seal }) => {
    const sessionEnded = sessions.get(sessionId)?.endedAt !== null;
    return seal ? [{ sessionId, seq: record.seq, until: seal.until, sessionEnded }] : [];
  });
}

/** Wipes the sealed successors of some tokens. */
export function wipe({ tokens }: Tables, isMeant: (token: TokenRow) => boolean): void {
  for (const [hash, row] of tokens) if (row.seal && isMeant(row)) tokens.set(hash, { ...row, seal: null });
}

/** See `SettingsStore.findLastUse`. */
export function lastUse({ keys, users, sessions }: Tables, before: number): number | null {
  const times = [
    ...[...keys.values()].flatMap(({ key }) => [key.createdAt, key.activatedAt]),
    ...[...users.values()].flatMap(({ user }) => [user.createdAt, user.lastLoginAt]),
    ...[...sessions.values()].flatMap(({ createdAt, lastUsedAt }) =>
      createdAt <= before ? [createdAt, Math.min(lastUsedAt, before)] : [],
    ),
  ].filter((time) => time !== null && time <= before);
  return times.reduce<number | null>((last, time) => Math.max(last ?? time ?? 0, time ?? 0), null);
}

export function userNamed({ users }: Tables, name: string) {
  return [...users.values()].find(({ user }) => userNameKey(user.name) === userNameKey(name));
}

export function tokensOf({ tokens }: Tables, sessionId: string): TokenRow[] {
  return [...tokens.values()].filter((row) => row.sessionId === sessionId);
}

function insertToken(
  { tokens }: Tables,
  token: { id: string; seq: number; hash: Uint8Array; idleExpiresAt: number; at: number },
): void {
  const { id, seq, idleExpiresAt, at } = token;
  const record = { seq, createdAt: at, idleExpiresAt, consumedAt: null, reusedAt: null };
  insert(tokens, hex(token.hash), { sessionId: id, record, seal: null });
}

export function hex(hash: Uint8Array): string {
  return Buffer.from(hash).toString("hex");
}
