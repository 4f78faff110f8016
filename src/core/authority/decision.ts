import type { AuditEvent } from "./audit/entry.ts";

/** What a step of a store comes to. It is pure: a dry run asks the same and writes nothing. */
export interface Decision<Result, Change> {
  readonly result: Result;
  /** What is to be written; undefined when nothing changes. */
  readonly change?: Change;
  /** What the audit log is told, in this order. */
  readonly events?: readonly AuditEvent[];
  /** A refusal: told too, unless there have been too many like it; then it is only counted. */
  readonly refusal?: AuditEvent;
}

/** No decision can be made yet: more has to be asked, which takes longer and is mostly not needed. */
export interface FactsNeeded<Question> {
  readonly needs: Partial<Question>;
}
