import type { JsonObject } from "../../base/json/value.ts";
import type { AuditRecord, UnchainedRecord } from "../audit/canonical.ts";
import type { AuditEntry, AuditHead } from "../audit/entry.ts";
import type { QuotaState } from "../audit/refusal-quota.ts";
import type { KeyChange } from "../keys/life-cycle.ts";
import type { KeyEncryption, PrivateMaterial, SigningKey } from "../keys/signing-key.ts";
import type { RotationChange, RotationFacts } from "../sessions/rotation.ts";
import type { RefreshTokenRecord } from "../sessions/session.ts";
import type { OpenSession, SessionEnd, SessionRecord } from "../sessions/session-state.ts";
import type { Settings } from "../settings.ts";
import type { ThrottleState } from "../users/throttle.ts";
import type { User, UserStatus } from "../users/user.ts";
import type { AuditFilter } from "./audit-store.ts";
import type { NewUser, PruneSessions, RevocationTarget, SessionFilter } from "./store.ts";

/**
 * What a database does for a store: it gives facts and writes what was decided. It decides nothing itself: that is
 * core's, asked by storage/engine, which makes a `Store` of any backend. Times are ms.
 */
export interface StoreBackend extends StoreReads {
  /** The facts of a step, of one moment, for whoever only wants to know. */
  facts<Name extends StepName>(name: Name, question: Question<Name>): Promise<Facts<Name>>;
  /**
   * One step: reads the facts, of one moment, asks `decide`, and makes the change together with its entries in the
   * audit log; all of it durably, or nothing when anything throws. Either nobody else can change the facts before that
   * (the lock is taken first), or the change is guarded by them.
   *
   * @param decide pure and quick
   * @returns undefined when somebody else was quicker: nothing was written, and the caller asks again
   */
  step<Name extends StepName, Result>(
    name: Name,
    question: Question<Name>,
    decide: (facts: Facts<Name>) => Decided<Result, Change<Name>>,
  ): Promise<{ readonly result: Result } | undefined>;
  /** The error for a store that `init` has not filled. */
  notInitialised(): Error;
  close(): Promise<void>;
}

/** Each step of a store: what is asked, what is known, and what may change. */
export interface Steps {
  /** Keys and settings: whatever one of them says decides about the others. */
  keys: { question: KeysQuestion; facts: KeysFacts; change: KeysChange };
  /** The active key is about to sign; the change is the key afterwards. */
  signature: { question: null; facts: SigningKey | null; change: SigningKey };
  /** A user comes; the fact is whether somebody has the name. */
  newUser: { question: { readonly name: string }; facts: boolean; change: NewUser };
  /** Everything that becomes of a user. */
  user: { question: UserQuestion; facts: UserFacts | null; change: UserChange };
  /** An attempt at a password; the change is the count afterwards. */
  attempt: { question: { readonly name: string }; facts: AttemptFacts; change: ThrottleState };
  /** A session begins. Sealed successors whose time is over are wiped on the way. */
  newSession: { question: { readonly userId: string }; facts: Credentials | null; change: SessionStart };
  /** A refresh token is presented; null for one that nobody knows. Wipes as `newSession` does. */
  rotation: {
    question: { readonly tokenHash: Uint8Array };
    facts: RotationFacts | null;
    change: RotationChange;
  };
  /** Sessions are revoked; the facts are those of the target that have no end recorded. */
  revocation: { question: RevocationTarget; facts: readonly OpenSession[]; change: readonly SessionEnd[] };
  /** Sessions go, with their refresh tokens; facts and change are ids, the earliest absolute end first. */
  pruning: { question: PruneSessions; facts: readonly string[]; change: readonly string[] };
  /** Only the audit log is written. */
  log: { question: null; facts: null; change: never };
}

export type StepName = keyof Steps;
export type Question<Name extends StepName> = Steps[Name]["question"];
export type Facts<Name extends StepName> = Steps[Name]["facts"];
export type Change<Name extends StepName> = Steps[Name]["change"];

/** What `decide` answers a backend. */
export interface Decided<Result, Changed> {
  readonly result: Result;
  /** The time of everything that is written. */
  readonly at: number;
  readonly change?: Changed;
  /** Undefined when the audit log is told nothing. */
  readonly log?: StepLog;
}

/** What a step writes into the audit log: core counts and chains, the backend reads and writes. */
export interface StepLog {
  /** Under which name the refusal of this step is counted; undefined when there is none. */
  readonly subject: string | undefined;
  /** Counts that began at or before `upTo`, or after `beyond`, are over: they are taken out, the oldest first. */
  readonly over: { readonly upTo: number; readonly beyond: number };
  /** @param counts what was taken out, and what is kept of `subject` */
  entries(counts: { readonly over: readonly RefusalCount[]; readonly kept: QuotaState | undefined }): {
    readonly entries: readonly UnchainedRecord[];
    /** What is kept of `subject` from now on. */
    readonly count?: QuotaState;
  };
  /** Gives entries their places behind the last one. */
  chain(entries: readonly UnchainedRecord[], head: AuditHead): readonly AuditRecord[];
}

export interface RefusalCount extends QuotaState {
  readonly subject: string;
}

export interface KeysQuestion {
  /** Asks for `lastUse`, which takes long. */
  readonly lastUseBefore?: number;
  /** Asks for `open`. */
  readonly openSessions?: boolean;
  /** Asks for `seals`. */
  readonly seals?: boolean;
}

export interface KeysFacts {
  /** Null before `init`. */
  readonly settings: StoredSettings | null;
  /** As they are recorded, the newest first. */
  readonly keys: readonly SigningKey[];
  readonly lastUse?: number | null;
  /** All sessions without a recorded end. */
  readonly open?: readonly OpenSession[];
  /** All sealed successors. */
  readonly seals?: readonly SealFacts[];
}

/** The successor that a used refresh token keeps, sealed. */
export interface SealFacts {
  readonly sessionId: string;
  readonly seq: number;
  readonly until: number;
  /** Whether an end of its session is recorded. */
  readonly sessionEnded: boolean;
}

export interface StoredSettings {
  readonly values: Settings;
  readonly encryption: KeyEncryption;
  /** Counts the changes of the passphrase. */
  readonly sealingEpoch: number;
}

export interface KeysChange extends Partial<KeyChange> {
  readonly settings?: StoredSettings;
  /** Private halves that are kept in another way from now on. */
  readonly resealed?: readonly { readonly kid: string; readonly material: PrivateMaterial }[];
  readonly ended?: readonly SessionEnd[];
  /** Sealed successors that go. */
  readonly wiped?: readonly Pick<SealFacts, "sessionId" | "seq">[];
}

export interface UserQuestion {
  readonly userId: string;
  /** Asks for `open`. */
  readonly openSessions?: boolean;
}

export interface Credentials {
  readonly user: User;
  readonly passwordHash: string;
}

export interface UserFacts extends Credentials {
  readonly attempts: ThrottleState;
  /** Their sessions without a recorded end. */
  readonly open?: readonly OpenSession[];
}

export interface UserChange {
  readonly status?: UserStatus;
  /** Another hash of the same password. */
  readonly passwordHash?: string;
  readonly password?: { readonly hash: string; readonly weak: boolean };
  readonly attempts?: ThrottleState;
  readonly claims?: JsonObject;
  /** The user goes; the sessions stay on record, under the name. */
  readonly removed?: true;
  readonly ended?: readonly SessionEnd[];
}

export interface AttemptFacts {
  /** Null for a name that nobody has. */
  readonly found: Credentials | null;
  readonly attempts: ThrottleState;
}

export interface SessionStart {
  readonly session: SessionRecord;
  /** SHA-256 of the first refresh token. */
  readonly tokenHash: Uint8Array;
  readonly lastLoginAt: number;
}

/** What is read as it is recorded; a `now` only says which rows are meant. */
export interface StoreReads {
  /** @throws AppError `store_not_found` before `init` */
  readSettings(): Promise<StoredSettings>;
  /** The newest first. */
  listKeys(): Promise<readonly SigningKey[]>;
  readPrivateKey(kid: string): Promise<PrivateMaterial | null>;
  /** See `SettingsStore.findLastUse`. */
  findLastUse(before: number): Promise<number | null>;
  listUsers(now: number): Promise<readonly UserReading[]>;
  findUser(name: string, now: number): Promise<UserReading | null>;
  readPasswordHash(userId: string): Promise<string | null>;
  findSession(id: string): Promise<SessionRecord | null>;
  findSessionByToken(tokenHash: Uint8Array): Promise<SessionRecord | null>;
  findSessions(prefix: string, limit: number): Promise<readonly SessionRecord[]>;
  listSessions(filter: SessionFilter, now: number): Promise<readonly SessionRecord[]>;
  listRefreshTokens(sessionId: string): Promise<readonly RefreshTokenRecord[]>;
  countActiveSessions(now: number): Promise<number>;
  countPrunable(endedBefore: number): Promise<number>;
  listAudit(filter: AuditFilter): Promise<readonly AuditEntry[]>;
  readAuditRecords(input: { afterSeq: number; limit: number }): Promise<{
    readonly previous: AuditHead;
    readonly records: readonly AuditRecord[];
  }>;
  readAuditHead(): Promise<AuditHead>;
}

export interface UserReading {
  readonly user: User;
  /** Sessions that have not ended as of `now`. */
  readonly activeSessions: number;
  readonly attempts: ThrottleState;
}
