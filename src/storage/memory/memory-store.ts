import { entering } from "../../core/keys/signing-key.ts";
import type * as port from "../../core/ports/store.ts";
import type { RevocationReason } from "../../core/sessions/login.ts";
import type { UserStatus } from "../../core/sessions/user.ts";
import type { Settings } from "../../core/settings.ts";
import * as keyLife from "./key-life.ts";
import * as keys from "./keys.ts";
import * as logins from "./logins.ts";
import { emptyState, type State, settingsOf } from "./state.ts";
import * as users from "./users.ts";

/** A store that lives as long as the process, for tests: empty until `initialise`. */
export function createMemoryStore(): port.Store {
  return new MemoryStore();
}

/** Every method is one step because none of them waits for anything. */
class MemoryStore implements port.Store {
  readonly #state: State = emptyState();

  async close() {}

  async initialise(input: port.NewStore, now: number) {
    if (this.#state.settings !== null) return "already_initialised";
    const active = entering(input.active, "active", now);
    const standby = entering(input.standby, "standby", now);
    this.#state.keys.set(active.kid, { key: active, material: input.active.privateMaterial });
    this.#state.keys.set(standby.kid, { key: standby, material: input.standby.privateMaterial });
    this.#state.settings = { values: input.settings, encryption: input.encryption, sealingEpoch: 0 };
    return "initialised";
  }
  async readSettings() {
    return settingsOf(this.#state).values;
  }
  async writeSettings(changes: Partial<Settings>) {
    const settings = settingsOf(this.#state);
    this.#state.settings = { ...settings, values: { ...settings.values, ...changes } };
  }
  async readEncryption() {
    return settingsOf(this.#state).encryption;
  }
  async readSealingEpoch() {
    return settingsOf(this.#state).sealingEpoch;
  }

  async listKeys(now: number) {
    return keys.listKeys(this.#state, now);
  }
  async readPrivateKey(kid: string) {
    return this.#state.keys.get(kid)?.material ?? null;
  }
  async addKey(input: port.AddKey, now: number) {
    return keys.addKey(this.#state, input, now);
  }
  async promoteStandbyKey(input: port.PromoteStandbyKey, now: number) {
    return keys.promoteStandbyKey(this.#state, input, now);
  }
  async activateKey(input: port.ActivateKey, now: number) {
    return keyLife.activateKey(this.#state, input, now);
  }
  async retireKey(kid: string, now: number) {
    return keyLife.retireKey(this.#state, kid, now);
  }
  async revokeKey(input: port.RevokeKey, now: number) {
    return keyLife.revokeKey(this.#state, input, now);
  }
  async deleteKey(input: { kid: string; force: boolean }, now: number) {
    return keyLife.deleteKey(this.#state, input, now);
  }
  async resealKeys(input: port.ResealKeys) {
    return keyLife.resealKeys(this.#state, input);
  }
  async reserveSignature(kid: string, exp: number | null) {
    return keys.reserveSignature(this.#state, kid, exp);
  }

  async addUser(input: port.NewUser, now: number) {
    return users.addUser(this.#state, input, now);
  }
  async listUsers(now: number) {
    return users.listUsers(this.#state, now);
  }
  async findUser(name: string, now: number) {
    return users.findUser(this.#state, name, now);
  }
  async readPasswordHash(userId: string) {
    return this.#state.users.get(userId)?.passwordHash ?? null;
  }
  async changePassword(input: port.ChangePassword, now: number) {
    return users.changePassword(this.#state, input, now);
  }
  async rehashPassword(input: { userId: string; from: string; to: string }) {
    return users.rehashPassword(this.#state, input);
  }
  async setUserStatus(userId: string, status: UserStatus, now: number) {
    return users.setUserStatus(this.#state, userId, status, now);
  }
  async removeUser(userId: string, now: number) {
    return users.removeUser(this.#state, userId, now);
  }

  async createLogin(input: port.NewLogin, now: number) {
    return logins.createLogin(this.#state, input, now);
  }
  async rotateRefreshToken(input: port.RotateRefreshToken, now: number) {
    return logins.rotateRefreshToken(this.#state, input, now);
  }
  async findLoginByToken(tokenHash: Uint8Array, now: number) {
    return logins.findLoginByToken(this.#state, tokenHash, now);
  }
  async findLogins(prefix: string, now: number) {
    return logins.findLogins(this.#state, prefix, now);
  }
  async listLogins(filter: port.LoginFilter, now: number) {
    return logins.listLogins(this.#state, filter, now);
  }
  async listRefreshTokens(loginId: string) {
    return logins.listRefreshTokens(this.#state, loginId);
  }
  async revokeLogins(target: port.RevocationTarget, reason: RevocationReason, now: number) {
    return logins.endLogins(this.#state, logins.isTarget(target), reason, now);
  }
  async pruneLogins(input: { endedBefore: number; limit: number }) {
    return logins.pruneLogins(this.#state, input);
  }
}
