import type { AuditEntry } from "../../core/authority/audit/entry.ts";
import type { Store } from "../../core/authority/ports/store.ts";
import { type AuditQuery, filterOf } from "./list-audit.ts";

export interface FollowPorts {
  readonly store: Store;
  readonly now: number;
  /** Waits, in ms. */
  readonly pause: (ms: number) => Promise<void>;
}

/** How often the log is read for new entries, in ms. Each reading takes one row. */
const POLL_MS = 500;

/**
 * Yields the newest entries and then, without end, each new one, at most half a second after it was written.
 *
 * @throws AppError `usage` for an unknown type; `store_*`
 */
export async function* followAudit(
  query: AuditQuery,
  { store, now, pause }: FollowPorts,
): AsyncGenerator<AuditEntry> {
  const { limit, ...filter } = await filterOf(query, store, now);
  // The head is read first: entries after it are new.
  let { seq } = await store.readAuditHead();
  const newest = await store.listAudit({ ...filter, ...(limit === undefined ? {} : { limit }) });
  yield* newest.filter((entry) => entry.seq <= seq);
  for (;;) {
    const head = await store.readAuditHead();
    if (head.seq > seq) {
      for (const entry of await store.listAudit({ ...filter, afterSeq: seq })) {
        if (entry.seq <= head.seq) yield entry;
      }
      seq = head.seq;
    } else if (head.seq < seq) seq = await lastBeforeRestoration(store, head.seq);
    else await pause(POLL_MS);
  }
}

/** A restoration has put an older log in the place of this one: what it wrote itself is new. */
async function lastBeforeRestoration(store: Store, newest: number): Promise<number> {
  const [restored] = await store.listAudit({ types: ["store_restored"], limit: 1 });
  const before = restored?.details.get("backup_seq");
  return typeof before === "number" ? before : newest;
}
