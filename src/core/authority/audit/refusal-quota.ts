import type { AuditEvent } from "./entry.ts";

/**
 * Refusals that change nothing can be brought about without end by anybody who can run the command, and the log only
 * grows. So of one kind about one subject only the first few in an hour are written one by one; the others are counted,
 * and the count is written when the hour is over. What changes the store is always written.
 */

/** In ms. */
export const QUOTA_WINDOW = 60 * 60 * 1000;
/** For each kind of refusal and each user or login. */
export const QUOTA_PER_SUBJECT = 10;
/** For each kind of refusal that is about nobody the store knows. */
export const QUOTA_FOR_NOBODY = 100;

/** What a store keeps about one kind of refusal and one subject. */
export interface QuotaState {
  /** When the hour began, ms. */
  readonly since: number;
  readonly written: number;
  readonly skipped: number;
}

/** Under which name the refusals of one kind about one subject are counted. */
export function quotaSubject({ type, reason = null, user = null, session = null }: AuditEvent): string {
  return JSON.stringify([type, reason, user, session]);
}

/** Whether a refusal is written, and what is kept from now on. */
export function countRefusal(
  kept: QuotaState | undefined,
  event: AuditEvent,
  now: number,
): { readonly write: boolean; readonly state: QuotaState } {
  const state = kept !== undefined && !isOver(kept, now) ? kept : { since: now, written: 0, skipped: 0 };
  const about = event.user ?? event.session ?? null;
  const limit = about === null ? QUOTA_FOR_NOBODY : QUOTA_PER_SUBJECT;
  return state.written < limit
    ? { write: true, state: { ...state, written: state.written + 1 } }
    : { write: false, state: { ...state, skipped: state.skipped + 1 } };
}

/** Whether the hour is over; one that begins in the future was begun by a clock that was wrong. */
export function isOver({ since }: Pick<QuotaState, "since">, now: number): boolean {
  return now - since >= QUOTA_WINDOW || since > now;
}

/** What is written about the refusals that were only counted; undefined when there were none. */
export function skippedEvent(subject: string, { since, skipped }: QuotaState): AuditEvent | undefined {
  if (skipped === 0) return undefined;
  const [type, reason, user, session] = JSON.parse(subject) as [string, ...(string | null)[]];
  return {
    type: "refusals_skipped",
    user: user ?? null,
    session: session ?? null,
    reason: reason ?? null,
    details: { refusal: type, count: skipped, since: new Date(since).toISOString() },
  };
}
