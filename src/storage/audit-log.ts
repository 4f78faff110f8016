import type { AuditRecord } from "../core/authority/audit/canonical.ts";
import { chained } from "../core/authority/audit/chain.ts";
import type { Actor, AuditEvent, AuditHead } from "../core/authority/audit/entry.ts";
import { sessionsRevoked } from "../core/authority/audit/events.ts";
import type { KeyFacts } from "../core/authority/audit/key-events.ts";
import {
  countRefusal,
  type QuotaState,
  quotaSubject,
  skippedEvent,
} from "../core/authority/audit/refusal-quota.ts";
import type { RevocationReason } from "../core/authority/sessions/session.ts";
import { sha256 } from "./digest.ts";

/** What a backend keeps for the audit log, and what the log asks it about. */
export interface AuditTables {
  head(): AuditHead;
  /** Adds the record and moves the head on to it. */
  append(record: AuditRecord): void;
  quota(subject: string): QuotaState | undefined;
  setQuota(subject: string, state: QuotaState): void;
  /** Takes out the quotas whose hour is over. */
  takeOverdueQuotas(now: number): readonly (QuotaState & { readonly subject: string })[];
  userName(id: string): string | null;
  /** In the order of `ids`. */
  sessionOwners(ids: readonly string[]): readonly { readonly id: string; readonly user: string }[];
  /** All keys, as they are recorded. */
  keys(): readonly KeyFacts[];
}

/** The pen of one step of a store: it writes inside the transaction that changes what is told. */
export class AuditLog {
  readonly tables: AuditTables;
  readonly #actor: Actor;
  readonly #now: number;

  constructor(tables: AuditTables, actor: Actor, now: number) {
    this.tables = tables;
    this.#actor = actor;
    this.#now = now;
  }

  /** Notes changes. */
  note(...events: readonly AuditEvent[]): void {
    this.#settleQuotas();
    for (const event of events) this.#append(event);
  }

  /** Notes that logins were revoked. */
  noteRevoked(ids: readonly string[], reason: RevocationReason): void {
    if (ids.length > 0) this.note(...sessionsRevoked(this.tables.sessionOwners(ids), reason));
  }

  /** Notes a refusal that changes nothing; when there are too many of them it is only counted. */
  refuse(event: AuditEvent): void {
    this.#settleQuotas();
    const subject = quotaSubject(event);
    const { write, state } = countRefusal(this.tables.quota(subject), event, this.#now);
    this.tables.setQuota(subject, state);
    if (write) this.#append(event);
  }

  /** Tells of what was only counted, once its hour is over. */
  #settleQuotas(): void {
    for (const { subject, ...state } of this.tables.takeOverdueQuotas(this.#now)) {
      const event = skippedEvent(subject, state);
      if (event !== undefined) this.#append(event);
    }
  }

  #append(event: AuditEvent): void {
    const head = this.tables.head();
    this.tables.append(chained(event, { actor: this.#actor, now: this.#now, head, sha256 }));
  }
}

/** Whom the log names when nobody said who it is. */
export const NOBODY: Actor = { osUser: "unknown", command: "unknown" };
