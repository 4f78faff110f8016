import type { AuditFilter } from "../../core/authority/ports/audit-store.ts";
import type { SessionFilter } from "../../core/authority/ports/store.ts";
import type {
  Change,
  Decided,
  Facts,
  Question,
  StepName,
  StoreBackend,
} from "../../core/authority/ports/store-backend.ts";
import { applyAttempt, attemptFacts } from "./attempts.ts";
import * as audit from "./audit.ts";
import type { Connection } from "./connection.ts";
import { emptyLog } from "./empty-log.ts";
import { notInitialised } from "./identity.ts";
import * as keys from "./keys.ts";
import { findLastUse } from "./last-use.ts";
import * as tokens from "./refresh-tokens.ts";
import { wipeOldSeals } from "./sealed-successors.ts";
import * as sessions from "./sessions.ts";
import { readSettings } from "./settings.ts";
import * as users from "./users.ts";

/** How one step reads its facts and writes its change. */
interface Step<Name extends StepName> {
  facts(db: Connection, question: Question<Name>): Facts<Name>;
  /** Inside the write transaction in which the facts were read. */
  apply(
    db: Connection,
    change: Change<Name>,
    known: { readonly question: Question<Name>; readonly facts: Facts<Name>; readonly at: number },
  ): void;
  /** The facts take one statement, and so are of one moment without a transaction. */
  readonly isOneRead?: true;
  /** Wipes sealed successors whose time is over, whatever is decided. */
  readonly wipes?: true;
  /** Whether the change overwrites a secret, of which nothing may stay on the disk. */
  destroys?(change: Change<Name>): boolean;
}

const STEPS: { readonly [Name in StepName]: Step<Name> } = {
  keys: {
    facts: keys.keysFacts,
    apply: (db, change, { at }) => keys.applyToKeys(db, change, at),
    destroys: ({ updated, removed, resealed, wiped }) =>
      [updated, removed, resealed, wiped].some((some) => some?.length),
  },
  signature: {
    facts: keys.findActiveKey,
    isOneRead: true,
    apply: (db, key, { at }) => keys.updateKey(db, key, at),
  },
  newUser: {
    facts: (db, { name }) => users.isNameTaken(db, name),
    apply: (db, user, { at }) => users.insertUser(db, user, at),
  },
  user: {
    facts: users.userFacts,
    apply: (db, change, { question, at }) => users.applyToUser(db, question.userId, change, at),
    destroys: ({ password, passwordHash, removed }) =>
      password !== undefined || passwordHash !== undefined || removed === true,
  },
  attempt: {
    facts: (db, { name }) => attemptFacts(db, name),
    apply: (db, after, { question, facts }) => applyAttempt(db, question.name, facts, after),
  },
  newSession: {
    facts: (db, { userId }) => users.findUserById(db, userId),
    apply: (db, start, { at }) => tokens.startSession(db, start, at),
    wipes: true,
  },
  rotation: {
    facts: (db, { tokenHash }) => tokens.rotationFacts(db, tokenHash),
    apply: (db, change, { facts, at }) => {
      if (facts !== null) tokens.applyRotation(db, facts, change, at);
    },
    wipes: true,
  },
  revocation: { facts: sessions.listOpenSessions, apply: sessions.endSessions },
  pruning: { facts: sessions.listPrunable, apply: sessions.removeSessions },
  log: { facts: () => null, apply: () => undefined },
};

/** What a store needs of a SQLite file. Each step is one IMMEDIATE transaction: nobody is ever quicker. */
export class SqliteBackend implements StoreBackend {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  async facts<Name extends StepName>(name: Name, question: Question<Name>): Promise<Facts<Name>> {
    const step: Step<Name> = STEPS[name];
    const read = () => step.facts(this.#db, question);
    return step.isOneRead ? this.#db.read(read) : this.#db.readTogether(read);
  }

  async step<Name extends StepName, Result>(
    name: Name,
    question: Question<Name>,
    decide: (facts: Facts<Name>) => Decided<Result, Change<Name>>,
  ): Promise<{ readonly result: Result }> {
    const db = this.#db;
    const step: Step<Name> = STEPS[name];
    const { result, change } = db.write(() => {
      const facts = step.facts(db, question);
      const decided = decide(facts);
      const { at, log } = decided;
      if (step.wipes) wipeOldSeals(db, at);
      if (decided.change !== undefined) step.apply(db, decided.change, { question, facts, at });
      if (log !== undefined) audit.writeLog(db, log);
      return decided;
    });
    if (change !== undefined && step.destroys?.(change)) emptyLog(db);
    return { result };
  }

  notInitialised() {
    return notInitialised(this.#db.path);
  }
  async close() {
    this.#db.close();
  }

  async readSettings() {
    return this.#read(readSettings);
  }
  async listKeys() {
    return this.#read(keys.listKeys);
  }
  async readPrivateKey(kid: string) {
    return this.#read((db) => keys.readPrivateKey(db, kid));
  }
  async findLastUse(before: number) {
    return this.#read((db) => findLastUse(db, before));
  }
  async listUsers(now: number) {
    return this.#read((db) => users.listUsers(db, now));
  }
  async findUser(name: string, now: number) {
    return this.#read((db) => users.readUserByName(db, name, now));
  }
  async readPasswordHash(userId: string) {
    return this.#read((db) => users.findUserById(db, userId)?.passwordHash ?? null);
  }
  async findSession(id: string) {
    return this.#read((db) => sessions.findSession(db, id));
  }
  async findSessionByToken(tokenHash: Uint8Array) {
    return this.#read((db) => tokens.findSessionByToken(db, tokenHash));
  }
  async findSessions(prefix: string, limit: number) {
    return this.#read((db) => sessions.findSessions(db, prefix, limit));
  }
  async listSessions(filter: SessionFilter, now: number) {
    return this.#read((db) => sessions.listSessions(db, filter, now));
  }
  async listRefreshTokens(sessionId: string) {
    return this.#read((db) => tokens.listRefreshTokens(db, sessionId));
  }
  async countActiveSessions(now: number) {
    return this.#read((db) => sessions.countActiveSessions(db, now));
  }
  async countPrunable(endedBefore: number) {
    return this.#read((db) => sessions.countPrunable(db, endedBefore));
  }
  async listAudit(filter: AuditFilter) {
    return this.#read((db) => audit.listAudit(db, filter));
  }
  async readAuditRecords(input: { afterSeq: number; limit: number }) {
    return this.#read((db) => audit.readAuditRecords(db, input));
  }
  async readAuditHead() {
    return this.#read(audit.readAuditHead);
  }

  #read<T>(work: (db: Connection) => T): T {
    return this.#db.read(() => work(this.#db));
  }
}
