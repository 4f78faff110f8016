import type { Decision } from "../decision.ts";
import type { StepLog } from "../ports/store-backend.ts";
import { linked, type Sha256, unchained } from "./chain.ts";
import type { Actor } from "./entry.ts";
import { countRefusal, QUOTA_WINDOW, quotaSubject, skippedEvent } from "./refusal-quota.ts";

/**
 * What a decision writes into the audit log; undefined when nothing is told.
 *
 * @param now ms
 */
export function stepLog(
  { change, events = [], refusal }: Decision<unknown, unknown>,
  { actor, now, sha256 }: { actor: Actor; now: number; sha256: Sha256 },
): StepLog | undefined {
  if (change === undefined && events.length === 0 && refusal === undefined) return undefined;
  return {
    subject: refusal && quotaSubject(refusal),
    over: { upTo: now - QUOTA_WINDOW, beyond: now },
    entries({ over, kept }) {
      const skipped = over.flatMap((count) => skippedEvent(count.subject, count) ?? []);
      const counted = refusal && countRefusal(kept, refusal, now);
      const told = [...skipped, ...events, ...(refusal && counted?.write ? [refusal] : [])];
      return {
        entries: told.map((event) => unchained(event, actor, now)),
        ...(counted && { count: counted.state }),
      };
    },
    chain(entries, head) {
      let last = head;
      return entries.map((entry) => {
        const record = linked(entry, last, sha256);
        last = record;
        return record;
      });
    },
  };
}
