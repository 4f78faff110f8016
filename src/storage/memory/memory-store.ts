import type { Actor, AuditHead } from "../../core/authority/audit/entry.ts";
import { entering } from "../../core/authority/keys/signing-key.ts";
import type * as port from "../../core/authority/ports/store.ts";
import type { RevocationReason } from "../../core/authority/sessions/session.ts";
import type { Settings } from "../../core/authority/settings.ts";
import { UNTRIED } from "../../core/authority/users/throttle.ts";
import type { UserStatus } from "../../core/authority/users/user.ts";
import { type AttemptsPlace, attemptBegun, attemptEnded, attemptsCleared } from "../attempts.ts";
import { AuditLog, NOBODY } from "../audit-log.ts";
import * as told from "../told.ts";
import * as audit from "./audit.ts";
import * as keyLife from "./key-life.ts";
import * as keys from "./keys.ts";
import * as sessions from "./sessions.ts";
import { emptyState, type State, settingsOf } from "./state.ts";
import * as users from "./users.ts";

/** A store that lives as long as the process, for tests: empty until `initialise`. */
export function createMemoryStore(actor: Actor = NOBODY): port.Store {
  return new MemoryStore(actor);
}

/** Every method is one step because none of them waits for anything. */
class MemoryStore implements port.Store {
  readonly #state: State = emptyState();
  readonly #actor: Actor;

  constructor(actor: Actor) {
    this.#actor = actor;
  }

  async close() {}

  async initialise(input: port.NewStore, now: number) {
    return told.initialised(this.#log(now), input, () => this.#initialise(input, now));
  }
  #initialise(input: port.NewStore, now: number) {
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
  async writeSettings(changes: Partial<Settings>, now: number) {
    const read = () => settingsOf(this.#state).values;
    told.settingsWritten(this.#log(now), read, () => {
      const settings = settingsOf(this.#state);
      this.#state.settings = { ...settings, values: { ...settings.values, ...changes } };
    });
  }
  async readEncryption() {
    return settingsOf(this.#state).encryption;
  }
  async readSealingEpoch() {
    return settingsOf(this.#state).sealingEpoch;
  }

  async findLastUse(before: number) {
    return keys.findLastUse(this.#state, before);
  }
  async tidy(now: number) {
    return told.tidied(this.#log(now), () => {
      keys.destroyOverdue(this.#state, now);
      return sessions.wipeOldSeals(this.#state, now);
    });
  }

  async listKeys(now: number) {
    return keys.listKeys(this.#state, now);
  }
  async readPrivateKey(kid: string) {
    return this.#state.keys.get(kid)?.material ?? null;
  }
  async addKey(input: port.AddKey, now: number) {
    return told.keysChanged(this.#log(now), () => keys.addKey(this.#state, input, now));
  }
  async promoteStandbyKey(input: port.PromoteStandbyKey, now: number) {
    return told.keysChanged(this.#log(now), () => keys.promoteStandbyKey(this.#state, input, now));
  }
  async activateKey(input: port.ActivateKey, now: number) {
    return told.keysChanged(this.#log(now), () => keyLife.activateKey(this.#state, input, now));
  }
  async retireKey(kid: string, now: number) {
    return told.keysChanged(this.#log(now), () => keyLife.retireKey(this.#state, kid, now));
  }
  async revokeKey(input: port.RevokeKey, now: number) {
    return told.keyRevoked(this.#log(now), () => keyLife.revokeKey(this.#state, input, now));
  }
  async deleteKey(input: { kid: string; force: boolean }, now: number) {
    return told.keysChanged(this.#log(now), () => keyLife.deleteKey(this.#state, input, now));
  }
  async resealKeys(input: port.ResealKeys, now: number) {
    return told.keysResealed(this.#log(now), input, () => keyLife.resealKeys(this.#state, input));
  }
  async reserveSignature(kid: string, exp: number | null, now: number, minted?: port.MintNote) {
    return told.signatureReserved(this.#log(now), { kid, exp, minted }, () =>
      keys.reserveSignature(this.#state, kid, exp),
    );
  }

  async addUser(input: port.NewUser, now: number) {
    return told.userAdded(this.#log(now), input, () => users.addUser(this.#state, input, now));
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
    return told.passwordChanged(this.#log(now), input, () => users.changePassword(this.#state, input, now));
  }
  async beginPasswordAttempt(name: string, now: number) {
    const user = users.findUser(this.#state, name, now);
    const passwordHash = user && this.#state.users.get(user.id)?.passwordHash;
    const found = user && passwordHash ? { user, passwordHash } : null;
    const place = this.#attempts(user?.id ?? users.bucketOf(name));
    return attemptBegun(this.#log(now), found, place, now);
  }
  async endPasswordAttempt({ userId, result }: port.EndPasswordAttempt, now: number) {
    const log = this.#log(now);
    const user = userId === null ? null : log.tables.userName(userId);
    attemptEnded(log, user, this.#attempts(userId ?? ""), result);
  }
  async unlockUser(userId: string, now: number) {
    return told.userUnlocked(this.#log(now), userId, () => attemptsCleared(this.#attempts(userId)));
  }
  async rehashPassword(input: { userId: string; from: string; to: string }, now: number) {
    const work = () => users.rehashPassword(this.#state, input);
    return told.passwordRehashed(this.#log(now), input.userId, work);
  }
  async setUserStatus(userId: string, status: UserStatus, now: number) {
    return told.statusSet(this.#log(now), userId, status, () =>
      users.setUserStatus(this.#state, userId, status, now),
    );
  }
  async removeUser(userId: string, now: number) {
    return told.userRemoved(this.#log(now), userId, () => users.removeUser(this.#state, userId, now));
  }

  async createSession(input: port.NewSession, now: number) {
    return told.sessionCreated(this.#log(now), input, () => sessions.createSession(this.#state, input, now));
  }
  async rotateRefreshToken(input: port.RotateRefreshToken, now: number) {
    return told.refreshTokenRotated(this.#log(now), () =>
      sessions.rotateRefreshToken(this.#state, input, now),
    );
  }
  async foreseeRotation(input: port.ForeseeRotation, now: number) {
    return sessions.foreseeRotation(this.#state, input, now);
  }
  async findSessionByToken(tokenHash: Uint8Array, now: number) {
    return sessions.findSessionByToken(this.#state, tokenHash, now);
  }
  async findSessions(prefix: string, now: number) {
    return sessions.findSessions(this.#state, prefix, now);
  }
  async listSessions(filter: port.SessionFilter, now: number) {
    return sessions.listSessions(this.#state, filter, now);
  }
  async listRefreshTokens(sessionId: string) {
    return sessions.listRefreshTokens(this.#state, sessionId);
  }
  async revokeSessions(target: port.RevocationTarget, reason: RevocationReason, now: number) {
    const ended = sessions.endSessions(this.#state, sessions.isTarget(target), reason, now);
    this.#log(now).noteRevoked(ended, reason);
    return ended;
  }
  async pruneSessions(input: { endedBefore: number; limit: number }, now: number) {
    return told.sessionsPruned(this.#log(now), () => sessions.pruneSessions(this.#state, input));
  }
  async countPrunable(endedBefore: number) {
    return sessions.countPrunable(this.#state, endedBefore);
  }

  async listAudit(filter: port.AuditFilter) {
    return audit.listAudit(this.#state, filter);
  }
  async readAuditRecords(input: { afterSeq: number; limit: number }) {
    return audit.readAuditRecords(this.#state, input);
  }
  async readAuditHead() {
    return audit.readAuditHead(this.#state);
  }
  async verifyAudit(anchor?: AuditHead) {
    return audit.verifyAudit(this.#state, anchor);
  }
  async noteAudit(event: port.NotedEvent, now: number) {
    this.#log(now).note(event);
  }

  #log(now: number): AuditLog {
    return new AuditLog(audit.auditTables(this.#state), this.#actor, now);
  }

  #attempts(place: string | number): AttemptsPlace {
    return {
      state: this.#state.attempts.get(place) ?? UNTRIED,
      write: (state) => void this.#state.attempts.set(place, state),
    };
  }
}
