import type { AuditRecord } from "../audit/canonical.ts";
import type { ChainVerdict } from "../audit/chain.ts";
import type { AuditEntry, AuditHead, AuditType } from "../audit/entry.ts";

/**
 * The audit log of a store; part of `Store`, whose rules hold here. What the other steps of a store change or refuse
 * they write into it themselves, in the same transaction.
 */
export interface AuditStore {
  /** Entries in the order of `seq`. */
  listAudit(filter: AuditFilter): Promise<readonly AuditEntry[]>;
  /** Records as they were hashed, in the order of `seq`, with what the first of them follows on. */
  readAuditRecords(input: { afterSeq: number; limit: number }): Promise<{
    readonly previous: AuditHead;
    readonly records: readonly AuditRecord[];
  }>;
  /** The last entry, as the store remembers it apart from the log. */
  readAuditHead(): Promise<AuditHead>;
  /** Computes every hash anew. @param anchor an entry's number and hash, noted elsewhere */
  verifyAudit(anchor?: AuditHead): Promise<ChainVerdict>;
  /** Notes what happened around the store, not in it. */
  noteAudit(event: NotedEvent, now: number): Promise<void>;
}

export interface AuditFilter {
  /** Only entries after this one. */
  readonly afterSeq?: number;
  /** ms; at or after. */
  readonly since?: number;
  /** ms; before. */
  readonly until?: number;
  /** A user's name, in any case; those who have gone too. */
  readonly user?: string;
  /** A session's id. */
  readonly session?: string;
  readonly kid?: string;
  readonly types?: readonly AuditType[];
  /** The newest so many of those that fit. */
  readonly limit?: number;
}

/** What happens around a store and is told to it. */
export interface NotedEvent {
  readonly type: "store_backed_up" | "store_restored" | "store_repaired";
  readonly details: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
}
