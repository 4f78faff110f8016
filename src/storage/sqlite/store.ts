import type * as port from "../../core/ports/store.ts";
import type { RevocationReason } from "../../core/sessions/login.ts";
import type { UserStatus } from "../../core/sessions/user.ts";
import type { Settings } from "../../core/settings.ts";
import type { Connection } from "./connection.ts";
import { createDatabase, type DatabaseOptions, openDatabase } from "./database.ts";
import { notInitialised } from "./identity.ts";
import * as keyLife from "./key-life.ts";
import * as keys from "./keys.ts";
import * as logins from "./logins.ts";
import * as tokens from "./refresh-tokens.ts";
import * as sealing from "./sealing.ts";
import * as settings from "./settings.ts";
import * as users from "./users.ts";

/** @throws AppError as {@link openDatabase}; `store_not_found` also when the store has not been initialised */
export async function openSqliteStore(path: string, options?: DatabaseOptions): Promise<port.Store> {
  const db = openDatabase(path, options);
  try {
    if (!db.read(() => settings.isInitialised(db))) throw notInitialised(path);
    return storeOn(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** @throws AppError as {@link createDatabase} */
export async function createSqliteStore(path: string, options?: DatabaseOptions): Promise<port.Store> {
  return storeOn(await createDatabase(path, options));
}

/** The store on an open database. */
export function storeOn(db: Connection): port.Store {
  return new SqliteStore(db);
}

/** A store in one SQLite file. Every method is one statement or one IMMEDIATE transaction; the rest is in its aggregate. */
class SqliteStore implements port.Store {
  readonly #db: Connection;

  constructor(db: Connection) {
    this.#db = db;
  }

  async close() {
    this.#db.close();
  }

  // ── settings ──

  async initialise(input: port.NewStore, now: number) {
    return this.#write((db) => settings.initialise(db, input, now));
  }
  async readSettings() {
    return this.#read(settings.readSettings);
  }
  async writeSettings(changes: Partial<Settings>, now: number) {
    return this.#write((db) => settings.writeSettings(db, changes, now));
  }
  async readEncryption() {
    return this.#read(settings.readEncryption);
  }
  async readSealingEpoch() {
    return this.#read(sealing.readSealingEpoch);
  }

  // ── keys ──

  async listKeys(now: number) {
    return this.#read((db) => keys.listKeys(db, now));
  }
  async readPrivateKey(kid: string) {
    return this.#read((db) => keys.readPrivateKey(db, kid));
  }
  async addKey(input: port.AddKey, now: number) {
    return this.#write((db) => keys.addKey(db, input, now));
  }
  async promoteStandbyKey(input: port.PromoteStandbyKey, now: number) {
    return this.#write((db) => keys.promoteStandbyKey(db, input, now));
  }
  async activateKey(input: port.ActivateKey, now: number) {
    return this.#write((db) => keyLife.activateKey(db, input, now));
  }
  async retireKey(kid: string, now: number) {
    return this.#write((db) => keyLife.retireKey(db, kid, now));
  }
  async revokeKey(input: port.RevokeKey, now: number) {
    return this.#write((db) => keyLife.revokeKey(db, input, now));
  }
  async deleteKey(input: { kid: string; force: boolean }, now: number) {
    return this.#write((db) => keyLife.deleteKey(db, input, now));
  }
  async resealKeys(input: port.ResealKeys, now: number) {
    return this.#write((db) => sealing.resealKeys(db, input, now));
  }
  async reserveSignature(kid: string, exp: number | null) {
    // A key that has signed a token that lives as long or longer is kept for this one too: nothing to write.
    if (this.#read((db) => keys.isReserved(db, kid, exp))) return "reserved";
    return this.#write((db) => keys.reserveSignature(db, kid, exp));
  }

  // ── users ──

  async addUser(input: port.NewUser, now: number) {
    return this.#write((db) => users.addUser(db, input, now));
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
  async changePassword(input: port.ChangePassword, now: number) {
    return this.#write((db) => users.changePassword(db, input, now));
  }
  async rehashPassword(input: { userId: string; from: string; to: string }) {
    return this.#write((db) => users.rehashPassword(db, input));
  }
  async setUserStatus(userId: string, status: UserStatus, now: number) {
    return this.#write((db) => users.setUserStatus(db, userId, status, now));
  }
  async removeUser(userId: string, now: number) {
    return this.#write((db) => users.removeUser(db, userId, now));
  }

  // ── logins and refresh tokens ──

  async createLogin(input: port.NewLogin, now: number) {
    return this.#write((db) => tokens.createLogin(db, input, now));
  }
  async rotateRefreshToken(input: port.RotateRefreshToken, now: number) {
    return this.#write((db) => tokens.rotateRefreshToken(db, input, now));
  }
  async findLoginByToken(tokenHash: Uint8Array, now: number) {
    return this.#read((db) => tokens.findLoginByToken(db, tokenHash, now));
  }
  async findLogins(prefix: string, now: number) {
    return this.#read((db) => logins.findLogins(db, prefix, now));
  }
  async listLogins(filter: port.LoginFilter, now: number) {
    return this.#read((db) => logins.listLogins(db, filter, now));
  }
  async listRefreshTokens(loginId: string) {
    return this.#read((db) => tokens.listRefreshTokens(db, loginId));
  }
  async revokeLogins(target: port.RevocationTarget, reason: RevocationReason, now: number) {
    return this.#write((db) => logins.endLogins(db, target, reason, now));
  }
  async pruneLogins(input: { endedBefore: number; limit: number }) {
    return this.#write((db) => logins.pruneLogins(db, input));
  }

  #read<T>(work: (db: Connection) => T): T {
    return this.#db.read(() => work(this.#db));
  }

  #write<T>(work: (db: Connection) => T): T {
    return this.#db.write(() => work(this.#db));
  }
}
