import { type AuditRecord, readDetails } from "../../src/core/authority/audit/canonical.ts";
import { AUDIT_ORIGIN } from "../../src/core/authority/audit/entry.ts";
import type { AuditFilter, SessionFilter } from "../../src/core/authority/ports/store.ts";
import type {
  Change,
  Decided,
  Facts,
  Question,
  StepLog,
  StepName,
  StoreBackend,
  UserFacts,
} from "../../src/core/authority/ports/store-backend.ts";
import { type SessionRecord, sessionAt } from "../../src/core/authority/sessions/session-state.ts";
import { userNameKey } from "../../src/core/authority/users/user.ts";
import { AppError } from "../../src/core/base/errors.ts";
import { hex, lastUse, STEPS, tokensOf, userNamed, wipe } from "./memory-steps.ts";
import { copyOf, emptyTables, type Tables } from "./memory-tables.ts";

/** What a store needs, in maps. A step is done before anybody else has a turn. */
export class MemoryBackend implements StoreBackend {
  /** Replaced by every step: one that throws has changed nothing. */
  #tables: Tables = emptyTables();

  async facts<Name extends StepName>(name: Name, question: Question<Name>): Promise<Facts<Name>> {
    return STEPS[name].facts(this.#tables, question);
  }

  async step<Name extends StepName, Result>(
    name: Name,
    question: Question<Name>,
    decide: (facts: Facts<Name>) => Decided<Result, Change<Name>>,
  ): Promise<{ readonly result: Result }> {
    const facts = STEPS[name].facts(this.#tables, question);
    const { result, at, change, log } = decide(facts);
    const tables = copyOf(this.#tables);
    if (name === "rotation" || name === "newSession") {
      wipe(tables, ({ seal }) => seal !== null && seal.until <= at);
    }
    if (change !== undefined) STEPS[name].apply(tables, change, { question, facts, at });
    if (log !== undefined) writeLog(tables, log);
    this.#tables = tables;
    return { result };
  }

  notInitialised() {
    return new AppError("store_not_found", "the store has not been initialised", {
      hints: ["Make one with: jwtctl init"],
    });
  }
  async close() {}

  async readSettings() {
    if (this.#tables.settings === null) throw this.notInitialised();
    return this.#tables.settings;
  }
  async listKeys() {
    return [...this.#tables.keys.values()].map(({ key }) => key).reverse();
  }
  async readPrivateKey(kid: string) {
    return this.#tables.keys.get(kid)?.material ?? null;
  }
  async findLastUse(before: number) {
    return lastUse(this.#tables, before);
  }
  async listUsers(now: number) {
    return [...this.#tables.users.values()]
      .sort((a, b) => bytewise(userNameKey(a.user.name), userNameKey(b.user.name)))
      .map((row) => this.#reading(row, now));
  }
  async findUser(name: string, now: number) {
    const row = userNamed(this.#tables, name);
    return row === undefined ? null : this.#reading(row, now);
  }
  async readPasswordHash(userId: string) {
    return this.#tables.users.get(userId)?.passwordHash ?? null;
  }
  async findSession(id: string) {
    return this.#tables.sessions.get(id) ?? null;
  }
  async findSessionByToken(tokenHash: Uint8Array) {
    const token = this.#tables.tokens.get(hex(tokenHash));
    return (token && this.#tables.sessions.get(token.sessionId)) ?? null;
  }
  async findSessions(prefix: string, limit: number) {
    return this.#sessions(({ id }) => id.startsWith(prefix))
      .sort(byId)
      .slice(0, limit);
  }
  async listSessions(filter: SessionFilter, now: number) {
    const { userId, removedUserName, clientId, status, since, sort = "created", limit } = filter;
    const removed = removedUserName === undefined ? undefined : userNameKey(removedUserName);
    const isRemoved = ({ userId: id, userName }: SessionRecord) =>
      id === null && userNameKey(userName) === removed;
    return this.#sessions((session) => userId === undefined || session.userId === userId)
      .filter((session) => removed === undefined || isRemoved(session))
      .filter((session) => clientId === undefined || session.clientId === clientId)
      .filter((session) => status === undefined || sessionAt(session, now).status === status)
      .filter((session) => since === undefined || session.createdAt >= since)
      .sort(ORDER[sort])
      .slice(0, limit);
  }
  async listRefreshTokens(sessionId: string) {
    return tokensOf(this.#tables, sessionId).map(({ record }) => record);
  }
  async countActiveSessions(now: number) {
    return this.#sessions((session) => sessionAt(session, now).status === "active").length;
  }
  async countPrunable(endedBefore: number) {
    return this.#sessions(({ expiresAt }) => expiresAt < endedBefore).length;
  }
  async listAudit(filter: AuditFilter) {
    const found = this.#tables.audit.filter((record) => fits(record, filter));
    return found
      .slice(filter.limit === undefined ? 0 : Math.max(0, found.length - filter.limit))
      .map((record) => ({ ...record, details: readDetails(record.details) }));
  }
  async readAuditRecords({ afterSeq, limit }: { afterSeq: number; limit: number }) {
    const { audit } = this.#tables;
    const { seq, hash } = audit.findLast((record) => record.seq <= afterSeq) ?? AUDIT_ORIGIN;
    return {
      previous: { seq, hash },
      records: audit.filter((record) => record.seq > afterSeq).slice(0, limit),
    };
  }
  async readAuditHead() {
    const { seq, hash } = this.#tables.audit.at(-1) ?? AUDIT_ORIGIN;
    return { seq, hash };
  }

  #sessions(isMeant: (session: SessionRecord) => boolean): SessionRecord[] {
    return [...this.#tables.sessions.values()].filter(isMeant);
  }

  #reading({ user, attempts }: UserFacts, now: number) {
    const isActive = (session: SessionRecord) =>
      session.userId === user.id && sessionAt(session, now).status === "active";
    return { user, attempts, activeSessions: this.#sessions(isActive).length };
  }
}

const ORDER: Readonly<
  Record<NonNullable<SessionFilter["sort"]>, (a: SessionRecord, b: SessionRecord) => number>
> = {
  created: (a, b) => b.createdAt - a.createdAt || byId(b, a),
  last_used: (a, b) => b.lastUsedAt - a.lastUsedAt || byId(b, a),
  expires: (a, b) => a.expiresAt - b.expiresAt || byId(a, b),
};

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

/** The order of the UTF-8 bytes, which is that of the code points. */
function bytewise(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function writeLog(tables: Tables, log: StepLog): void {
  const { upTo, beyond } = log.over;
  const over = [...tables.refusals]
    .map(([subject, count]) => ({ subject, ...count }))
    .filter(({ since }) => since <= upTo || since > beyond)
    .sort((a, b) => a.since - b.since || (a.subject < b.subject ? -1 : 1));
  for (const { subject } of over) tables.refusals.delete(subject);
  const kept = log.subject === undefined ? undefined : tables.refusals.get(log.subject);
  const { entries, count } = log.entries({ over, kept });
  if (log.subject !== undefined && count !== undefined) tables.refusals.set(log.subject, count);
  tables.audit.push(...log.chain(entries, tables.audit.at(-1) ?? AUDIT_ORIGIN));
}

function fits(record: AuditRecord, filter: AuditFilter): boolean {
  const { afterSeq = 0, since, until, user, session, kid, types } = filter;
  return (
    record.seq > afterSeq &&
    (since === undefined || record.at >= since) &&
    (until === undefined || record.at < until) &&
    (user === undefined || (record.user !== null && userNameKey(record.user) === userNameKey(user))) &&
    (session === undefined || isAbout(record, session)) &&
    (kid === undefined || record.kid === kid) &&
    (types === undefined || (types as readonly string[]).includes(record.type))
  );
}

function isAbout(record: AuditRecord, session: string): boolean {
  const sessions = readDetails(record.details).get("logins");
  return record.session === session || (Array.isArray(sessions) && sessions.includes(session));
}
