import { ChainCheck } from "../../core/authority/audit/chain.ts";
import type { AuditHead } from "../../core/authority/audit/entry.ts";
import type { Decision } from "../../core/authority/decision.ts";
import { decideAddition, decidePromotion } from "../../core/authority/keys/entry.ts";
import {
  decideKeyRevocation,
  decideOnKeys,
  decideOnSealedKeys,
  decideReseal,
  decideSignature,
  decideTidying,
} from "../../core/authority/keys/keys-step.ts";
import { decideActivation, decideDeletion, decideRetirement } from "../../core/authority/keys/life-cycle.ts";
import { keyAt } from "../../core/authority/keys/signing-key.ts";
import type * as port from "../../core/authority/ports/store.ts";
import type {
  StoreBackend,
  StoredSettings,
  UserChange,
  UserFacts,
  UserReading,
} from "../../core/authority/ports/store-backend.ts";
import { decidePruning } from "../../core/authority/sessions/pruning.ts";
import { decideRevocation } from "../../core/authority/sessions/revocation.ts";
import { decideRefresh, foreseeRefresh } from "../../core/authority/sessions/rotation.ts";
import type { RevocationReason, Session } from "../../core/authority/sessions/session.ts";
import { type SessionRecord, sessionAt } from "../../core/authority/sessions/session-state.ts";
import { decideSessionStart } from "../../core/authority/sessions/start.ts";
import type { Settings } from "../../core/authority/settings.ts";
import { decideInitialisation, decideSettings } from "../../core/authority/settings-changes.ts";
import { decideClaimsChange } from "../../core/authority/users/claims-change.ts";
import { lockedUntil } from "../../core/authority/users/throttle.ts";
import type { UserStatus } from "../../core/authority/users/user.ts";
import * as users from "../../core/authority/users/user-changes.ts";
import { sha256 } from "../digest.ts";
import { type StepOptions, Stepper } from "./stepper.ts";

export type EngineOptions = StepOptions;

/** The store on a backend: the facts come from the backend, the decisions from core. */
export function createStoreOn(backend: StoreBackend, options: EngineOptions = {}): port.Store {
  return new StoreEngine(backend, options);
}

/** So many sessions are found by the beginning of their ids, unless somebody wants fewer. */
const MOST_FOUND = 1000;

/** How many records of the audit log are read at a time. */
const RECORDS_AT_A_TIME = 10_000;

class StoreEngine implements port.Store {
  readonly #backend: StoreBackend;
  readonly #steps: Stepper;

  constructor(backend: StoreBackend, options: EngineOptions) {
    this.#backend = backend;
    this.#steps = new Stepper(backend, options);
  }

  async close() {
    await this.#backend.close();
  }

  // ── settings ──

  async initialise(input: port.NewStore, asked: number) {
    return this.#steps.run("keys", {}, asked, (facts, now) => decideInitialisation(facts, input, now));
  }
  async readSettings() {
    return (await this.#backend.readSettings()).values;
  }
  async writeSettings(changes: Partial<Settings>, asked: number) {
    return this.#steps.run("keys", {}, asked, ({ settings }) =>
      decideSettings(this.#initialised(settings), changes),
    );
  }
  async readEncryption() {
    return (await this.#backend.readSettings()).encryption;
  }
  async readSealingEpoch() {
    return (await this.#backend.readSettings()).sealingEpoch;
  }
  async findLastUse(before: number) {
    return this.#backend.findLastUse(before);
  }
  async tidy(asked: number) {
    return this.#steps.run("keys", { seals: true }, asked, decideTidying);
  }

  // ── keys ──

  async listKeys(now: number) {
    return (await this.#backend.listKeys()).map((key) => keyAt(key, now));
  }
  async readPrivateKey(kid: string) {
    return this.#backend.readPrivateKey(kid);
  }
  async addKey(input: port.AddKey, asked: number) {
    return this.#steps.run("keys", {}, asked, (facts, now) =>
      decideOnSealedKeys(facts, input, now, (keys) => decideAddition(keys, input, now)),
    );
  }
  async promoteStandbyKey(input: port.PromoteStandbyKey, asked: number) {
    return this.#steps.run("keys", {}, asked, (facts, now) =>
      decideOnSealedKeys(facts, input, now, (keys) => decidePromotion(keys, input, now)),
    );
  }
  async activateKey(input: port.ActivateKey, asked: number) {
    return this.#steps.run("keys", {}, asked, (facts, now) =>
      decideOnSealedKeys(facts, input, now, (keys) => decideActivation(keys, input, now)),
    );
  }
  async retireKey(kid: string, asked: number) {
    return this.#steps.run("keys", {}, asked, (facts, now) =>
      decideOnKeys(facts, now, (keys) => decideRetirement(keys, kid, now)),
    );
  }
  async revokeKey(input: port.RevokeKey, asked: number) {
    return this.#steps.run("keys", { openSessions: input.withSessions }, asked, (facts, now) =>
      decideKeyRevocation(facts, input, now),
    );
  }
  async deleteKey(input: { kid: string; force: boolean }, asked: number) {
    return this.#steps.run("keys", {}, asked, (facts, now) =>
      decideOnKeys(facts, now, (keys) => decideDeletion(keys, input, now)),
    );
  }
  async resealKeys(input: port.ResealKeys, asked: number) {
    return this.#steps.run("keys", {}, asked, (facts) => decideReseal(facts, input));
  }
  async reserveSignature(kid: string, exp: number | null, asked: number, minted?: port.MintNote) {
    const order = { kid, exp, minted };
    const { result, change, events } = decideSignature(await this.#backend.facts("signature", null), order);
    // Most tokens need no write: the key is kept as long for another one already.
    if (result === "reserved" && change === undefined && events === undefined) return result;
    return this.#steps.run("signature", null, asked, (active) => decideSignature(active, order));
  }

  // ── users ──

  async addUser(input: port.NewUser, asked: number) {
    return this.#steps.run("newUser", input, asked, (taken) => users.decideNewUser(taken, input));
  }
  async listUsers(now: number) {
    return (await this.#backend.listUsers(now)).map((reading) => summaryOf(reading, now));
  }
  async findUser(name: string, now: number) {
    const reading = await this.#backend.findUser(name, now);
    return reading && summaryOf(reading, now);
  }
  async readPasswordHash(userId: string) {
    return this.#backend.readPasswordHash(userId);
  }
  async changePassword(input: port.ChangePassword, asked: number) {
    return this.#onUser(input.userId, asked, (facts, now) => users.decidePasswordChange(facts, input, now));
  }
  async beginPasswordAttempt(name: string, asked: number) {
    return this.#steps.run("attempt", { name }, asked, users.decideAttemptBegin);
  }
  async endPasswordAttempt({ userId, result }: port.EndPasswordAttempt, asked: number) {
    return this.#steps.run("user", { userId: userId ?? "" }, asked, (facts) =>
      users.decideAttemptEnd(facts, result),
    );
  }
  async unlockUser(userId: string, asked: number) {
    return this.#steps.run("user", { userId }, asked, users.decideUnlock);
  }
  async rehashPassword(input: { userId: string; from: string; to: string }, asked: number) {
    return this.#steps.run("user", input, asked, (facts) => users.decideRehash(facts, input));
  }
  async setUserStatus(userId: string, status: UserStatus, asked: number) {
    return this.#onUser(userId, asked, (facts, now) => users.decideStatus(facts, status, now));
  }
  async changeClaims(input: port.ChangeClaims, asked: number) {
    return this.#steps.run("user", { userId: input.userId }, asked, (facts) =>
      decideClaimsChange(facts, input),
    );
  }
  async removeUser(userId: string, asked: number) {
    return this.#onUser(userId, asked, users.decideRemoval);
  }

  // ── sessions and refresh tokens ──

  async createSession(input: port.NewSession, asked: number) {
    return this.#steps.run("newSession", input, asked, (facts, now) => decideSessionStart(facts, input, now));
  }
  async rotateRefreshToken(input: port.RotateRefreshToken, asked: number) {
    return this.#steps.run("rotation", input, asked, (facts, now) =>
      decideRefresh(facts, input, { now, presentedAt: asked }),
    );
  }
  async foreseeRotation(input: port.ForeseeRotation, now: number) {
    return foreseeRefresh(await this.#backend.facts("rotation", input), input, now);
  }
  async findSessionByToken(tokenHash: Uint8Array, now: number) {
    const session = await this.#backend.findSessionByToken(tokenHash);
    return session && sessionAt(session, now);
  }
  async findSession(id: string, now: number) {
    const session = await this.#backend.findSession(id);
    return session && sessionAt(session, now);
  }
  async findSessions(prefix: string, now: number, limit = MOST_FOUND) {
    return asOf(await this.#backend.findSessions(prefix, limit), now);
  }
  async listSessions(filter: port.SessionFilter, now: number) {
    return asOf(await this.#backend.listSessions(filter, now), now);
  }
  async listRefreshTokens(sessionId: string) {
    return this.#backend.listRefreshTokens(sessionId);
  }
  async countActiveSessions(now: number) {
    return this.#backend.countActiveSessions(now);
  }
  async revokeSessions(target: port.RevocationTarget, reason: RevocationReason, asked: number) {
    return this.#steps.run("revocation", target, asked, (open, now) =>
      decideRevocation(open, { target, reason }, now),
    );
  }
  async pruneSessions(input: port.PruneSessions, asked: number) {
    return this.#steps.run("pruning", input, asked, decidePruning);
  }
  async countPrunable(endedBefore: number) {
    return this.#backend.countPrunable(endedBefore);
  }

  // ── the audit log ──

  async listAudit(filter: port.AuditFilter) {
    return this.#backend.listAudit(filter);
  }
  async readAuditRecords(input: { afterSeq: number; limit: number }) {
    return this.#backend.readAuditRecords(input);
  }
  async readAuditHead() {
    return this.#backend.readAuditHead();
  }
  async verifyAudit(anchor?: AuditHead) {
    const check = new ChainCheck(sha256, anchor);
    let last = 0;
    let before: AuditHead;
    let head = await this.#backend.readAuditHead();
    do {
      before = head;
      last = await this.#checkRecords(check, last);
      // Others append meanwhile: the head is read after the records, and then what came between the two.
      head = await this.#backend.readAuditHead();
    } while (head.seq > last && head.seq > before.seq);
    return check.verdict(head);
  }
  async noteAudit(event: port.NotedEvent, asked: number) {
    return this.#steps.run("log", null, asked, () => ({ result: undefined, events: [event] }));
  }

  /** Checks the records behind `last`, some at a time. @returns the number of the last one */
  async #checkRecords(check: ChainCheck, last: number): Promise<number> {
    const limit = RECORDS_AT_A_TIME;
    const { records } = await this.#backend.readAuditRecords({ afterSeq: last, limit });
    for (const record of records) check.record(record);
    const seq = records.at(-1)?.seq ?? last;
    return records.length < limit ? seq : this.#checkRecords(check, seq);
  }

  /** A step on a user that may end their sessions. */
  async #onUser<Result>(
    userId: string,
    asked: number,
    decide: (facts: UserFacts | null, now: number) => Decision<Result, UserChange>,
  ): Promise<Result> {
    return this.#steps.run("user", { userId, openSessions: true }, asked, decide);
  }

  #initialised(settings: StoredSettings | null): StoredSettings {
    if (settings === null) throw this.#backend.notInitialised();
    return settings;
  }
}

function summaryOf({ user, activeSessions, attempts }: UserReading, now: number): port.UserSummary {
  return {
    ...user,
    activeSessions,
    failedAttempts: attempts.attempts,
    lockedUntil: lockedUntil(attempts, now),
  };
}

function asOf(sessions: readonly SessionRecord[], now: number): Session[] {
  return sessions.map((session) => sessionAt(session, now));
}
