import { exportLine } from "../../core/authority/audit/canonical.ts";
import type { AuditHead } from "../../core/authority/audit/entry.ts";
import type { AuditStore } from "../../core/authority/ports/store.ts";
import { AppError } from "../../core/base/errors.ts";

export interface Exported {
  readonly entries: number;
  /** The entry before the first exported one. */
  readonly previous: AuditHead;
  /** The last entry. */
  readonly head: AuditHead;
}

const PAGE = 1000;

/**
 * Exports the log as lines that can be verified elsewhere: from the entry after `afterSeq` to the last one at the start
 * of the export. Yields many lines at a time, each with its line break.
 *
 * @throws AppError `usage` when the log does not reach so far
 */
export async function* exportAudit(afterSeq: number, store: AuditStore): AsyncGenerator<string, Exported> {
  const end = await store.readAuditHead();
  if (afterSeq > end.seq) {
    throw new AppError("usage", `the log has no entry ${afterSeq}: it ends with ${end.seq}`, {
      hints: ["See how far it goes with: jwtctl audit --limit 1"],
    });
  }
  let first: AuditHead | undefined;
  let entries = 0;
  for (let seq = afterSeq; ; ) {
    const { previous, records } = await store.readAuditRecords({ afterSeq: seq, limit: PAGE });
    first ??= previous;
    const wanted = records.filter((record) => record.seq <= end.seq);
    let head = previous;
    let lines = "";
    for (const record of wanted) {
      lines += `${exportLine(record, head.hash)}\n`;
      head = { seq: record.seq, hash: record.hash };
    }
    entries += wanted.length;
    if (lines !== "") yield lines;
    if (wanted.length < PAGE) return { entries, previous: first, head };
    seq = head.seq;
  }
}
