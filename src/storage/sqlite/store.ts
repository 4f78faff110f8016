import type { Actor, AuditHead } from "../../core/authority/audit/entry.ts";
import type * as port from "../../core/authority/ports/store.ts";
import type { RevocationReason } from "../../core/authority/sessions/session.ts";
import type { Settings } from "../../core/authority/settings.ts";
import type { UserStatus } from "../../core/authority/users/user.ts";
import { attemptBegun, attemptEnded, attemptsCleared } from "../attempts.ts";
import { AuditLog, NOBODY } from "../audit-log.ts";
import * as told from "../told.ts";
import * as audit from "./audit.ts";
import type { Connection } from "./connection.ts";
import { createDatabase, type DatabaseOptions, openDatabase } from "./database.ts";
import { notInitialised } from "./identity.ts";
import * as keyLife from "./key-life.ts";
import * as keys from "./keys.ts";
import { findLastUse } from "./last-use.ts";
import * as tokens from "./refresh-tokens.ts";
import * as sealing from "./sealing.ts";
import * as sessions from "./sessions.ts";
import * as settings from "./settings.ts";
import * as throttle from "./throttle.ts";
import { withoutTrace } from "./traces.ts";
import * as users from "./users.ts";

export interface SqliteStoreOptions extends DatabaseOptions {
  /** Whom the audit log names. */
  readonly actor?: Actor;
}

/** @throws AppError as {@link openDatabase}; `store_not_found` also when the store has not been initialised */
export async function openSqliteStore(path: string, options: SqliteStoreOptions = {}): Promise<port.Store> {
  const db = openDatabase(path, options);
  try {
    if (!db.read(() => settings.isInitialised(db))) throw notInitialised(path);
    return storeOn(db, options.actor);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** @throws AppError as {@link createDatabase} */
export async function createSqliteStore(path: string, options: SqliteStoreOptions = {}): Promise<port.Store> {
  return storeOn(await createDatabase(path, options), options.actor);
}

/** The store on an open database. */
export function storeOn(db: Connection, actor: Actor = NOBODY): port.Store {
  return new SqliteStore(db, actor);
}

/**
 * A store in one SQLite file. Every method is one read or one IMMEDIATE transaction, which also writes the audit log;
 * the rest is in its aggregate.
 */
class SqliteStore implements port.Store {
  readonly #db: Connection;
  readonly #actor: Actor;

  constructor(db: Connection, actor: Actor) {
    this.#db = db;
    this.#actor = actor;
  }

  async close() {
    this.#db.close();
  }

  // ── settings ──

  async initialise(input: port.NewStore, asked: number) {
    return this.#change(asked, (db, log, now) =>
      told.initialised(log, input, () => settings.initialise(db, input, now)),
    );
  }
  async readSettings() {
    return this.#read(settings.readSettings);
  }
  async writeSettings(changes: Partial<Settings>, asked: number) {
    return this.#change(asked, (db, log, now) =>
      told.settingsWritten(
        log,
        () => settings.readSettings(db),
        () => settings.writeSettings(db, changes, now),
      ),
    );
  }
  async readEncryption() {
    return this.#read(settings.readEncryption);
  }
  async readSealingEpoch() {
    return this.#read(sealing.readSealingEpoch);
  }

  async findLastUse(before: number) {
    return this.#read((db) => findLastUse(db, before));
  }
  async tidy(asked: number) {
    return this.#destroy(asked, (db, log, now) => told.tidied(log, () => keyLife.tidy(db, now)));
  }

  // ── keys ──

  async listKeys(now: number) {
    return this.#read((db) => keys.listKeys(db, now));
  }
  async readPrivateKey(kid: string) {
    return this.#read((db) => keys.readPrivateKey(db, kid));
  }
  async addKey(input: port.AddKey, asked: number) {
    return this.#changeKeys(asked, (db, now) => keys.addKey(db, input, now));
  }
  async promoteStandbyKey(input: port.PromoteStandbyKey, asked: number) {
    return this.#changeKeys(asked, (db, now) => keys.promoteStandbyKey(db, input, now));
  }
  async activateKey(input: port.ActivateKey, asked: number) {
    return this.#changeKeys(asked, (db, now) => keyLife.activateKey(db, input, now));
  }
  async retireKey(kid: string, asked: number) {
    return this.#changeKeys(asked, (db, now) => keyLife.retireKey(db, kid, now));
  }
  async revokeKey(input: port.RevokeKey, asked: number) {
    return this.#destroy(asked, (db, log, now) =>
      told.keyRevoked(log, () => keyLife.revokeKey(db, input, now)),
    );
  }
  async deleteKey(input: { kid: string; force: boolean }, asked: number) {
    return this.#changeKeys(asked, (db, now) => keyLife.deleteKey(db, input, now));
  }
  async resealKeys(input: port.ResealKeys, asked: number) {
    return this.#destroy(asked, (db, log, now) =>
      told.keysResealed(log, input, () => sealing.resealKeys(db, input, now)),
    );
  }
  async reserveSignature(kid: string, exp: number | null, asked: number, minted?: port.MintNote) {
    // A key that has signed a token that lives as long or longer is kept for this one too: nothing to write.
    if (minted === undefined && this.#read((db) => keys.isReserved(db, kid, exp))) return "reserved";
    return this.#change(asked, (db, log) =>
      told.signatureReserved(log, { kid, exp, minted }, () => keys.reserveSignature(db, kid, exp)),
    );
  }

  // ── users ──

  async addUser(input: port.NewUser, asked: number) {
    return this.#change(asked, (db, log, now) =>
      told.userAdded(log, input, () => users.addUser(db, input, now)),
    );
  }
  async listUsers(now: number) {
    return this.#read((db) => users.listUsers(db, now));
  }
  async findUser(name: string, now: number) {
    return this.#read((db) => users.findUser(db, name, now));
  }
  async readPasswordHash(userId: string) {
    return this.#read((db) => users.readPasswordHash(db, userId));
  }
  async changePassword(input: port.ChangePassword, asked: number) {
    return this.#destroy(asked, (db, log, now) =>
      told.passwordChanged(log, input, () => users.changePassword(db, input, now)),
    );
  }
  async beginPasswordAttempt(name: string, asked: number) {
    return this.#change(asked, (db, log, now) => {
      const user = users.findUser(db, name, now);
      const passwordHash = user && users.readPasswordHash(db, user.id);
      if (user === null || passwordHash === null) {
        return attemptBegun(log, null, throttle.unknownNameAttempts(db, name), now);
      }
      return attemptBegun(log, { user, passwordHash }, throttle.userAttempts(db, user.id), now);
    });
  }
  async endPasswordAttempt({ userId, result }: port.EndPasswordAttempt, asked: number) {
    return this.#change(asked, (db, log) => {
      const user = userId === null ? null : log.tables.userName(userId);
      attemptEnded(log, user, throttle.userAttempts(db, userId ?? ""), result);
    });
  }
  async unlockUser(userId: string, asked: number) {
    return this.#change(asked, (db, log) =>
      told.userUnlocked(log, userId, () => attemptsCleared(throttle.userAttempts(db, userId))),
    );
  }
  async rehashPassword(input: { userId: string; from: string; to: string }, asked: number) {
    return this.#destroy(asked, (db, log) =>
      told.passwordRehashed(log, input.userId, () => users.rehashPassword(db, input)),
    );
  }
  async setUserStatus(userId: string, status: UserStatus, asked: number) {
    return this.#change(asked, (db, log, now) =>
      told.statusSet(log, userId, status, () => users.setUserStatus(db, userId, status, now)),
    );
  }
  async removeUser(userId: string, asked: number) {
    return this.#destroy(asked, (db, log, now) =>
      told.userRemoved(log, userId, () => users.removeUser(db, userId, now)),
    );
  }

  // ── logins and refresh tokens ──

  async createSession(input: port.NewSession, asked: number) {
    return this.#change(asked, (db, log, now) =>
      told.sessionCreated(log, input, () => tokens.createSession(db, input, now)),
    );
  }
  async rotateRefreshToken(input: port.RotateRefreshToken, asked: number) {
    return this.#change(asked, (db, log, now) =>
      told.refreshTokenRotated(log, () =>
        tokens.rotateRefreshToken(db, { presentedAt: asked, ...input }, now),
      ),
    );
  }
  async foreseeRotation(input: port.ForeseeRotation, now: number) {
    return this.#db.readTogether(() => tokens.foreseeRotation(this.#db, input, now));
  }
  async findSessionByToken(tokenHash: Uint8Array, now: number) {
    return this.#read((db) => tokens.findSessionByToken(db, tokenHash, now));
  }
  async findSessions(prefix: string, now: number) {
    return this.#read((db) => sessions.findSessions(db, prefix, now));
  }
  async listSessions(filter: port.SessionFilter, now: number) {
    return this.#read((db) => sessions.listSessions(db, filter, now));
  }
  async listRefreshTokens(sessionId: string) {
    return this.#read((db) => tokens.listRefreshTokens(db, sessionId));
  }
  async revokeSessions(target: port.RevocationTarget, reason: RevocationReason, asked: number) {
    return this.#change(asked, (db, log, now) => {
      const ended = sessions.endSessions(db, target, reason, now);
      log.noteRevoked(ended, reason);
      return ended;
    });
  }
  async pruneSessions(input: { endedBefore: number; limit: number }, asked: number) {
    return this.#change(asked, (db, log) =>
      told.sessionsPruned(log, () => sessions.pruneSessions(db, input)),
    );
  }
  async countPrunable(endedBefore: number) {
    return this.#read((db) => sessions.countPrunable(db, endedBefore));
  }

  // ── the audit log ──

  async listAudit(filter: port.AuditFilter) {
    return this.#read((db) => audit.listAudit(db, filter));
  }
  async readAuditRecords(input: { afterSeq: number; limit: number }) {
    return this.#read((db) => audit.readAuditRecords(db, input));
  }
  async readAuditHead() {
    return this.#read(audit.readAuditHead);
  }
  async verifyAudit(anchor?: AuditHead) {
    return audit.verifyAudit(this.#db, anchor);
  }
  async noteAudit(event: port.NotedEvent, asked: number) {
    return this.#change(asked, (_, log) => log.note(event));
  }

  #read<T>(work: (db: Connection) => T): T {
    return this.#db.read(() => work(this.#db));
  }

  /**
   * @param asked what time it was when the store was asked
   * @param work gets the time at which the lock was had, which is what it writes
   */
  #change<T>(asked: number, work: (db: Connection, log: AuditLog, now: number) => T): T {
    return this.#db.write((waited) => {
      const now = asked + waited;
      return work(this.#db, new AuditLog(audit.auditTables(this.#db), this.#actor, now), now);
    });
  }

  /** {@link #change} for what may destroy a private key or the hash of a password. */
  #destroy<T>(asked: number, work: (db: Connection, log: AuditLog, now: number) => T): T {
    return withoutTrace(this.#db, () => this.#change(asked, work));
  }

  #changeKeys<T>(asked: number, work: (db: Connection, now: number) => T): T {
    return this.#destroy(asked, (db, log, now) => told.keysChanged(log, () => work(db, now)));
  }
}
