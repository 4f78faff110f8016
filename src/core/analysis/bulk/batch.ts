import type { ErrorCode } from "../../base/errors.ts";
import { isMatterOfTime } from "../../jose/verification/check.ts";
import type { VerificationOptions } from "../../jose/verification/report.ts";
import type { AskedClaims } from "../expectations/asked.ts";

/** The longest line that is read, in bytes: the limit of `verify`. A longer one is skipped and never held in memory. */
export const MAX_LINE_BYTES = 1024 * 1024;

/** Whole lines of the input that are processed together. */
export interface LineBatch {
  /** The number of its first line, from 1. */
  readonly firstLine: number;
  /** The lines with their line breaks, in a buffer of their own. The last line of the input may have no line break. */
  readonly bytes: Uint8Array;
  /** The batch is one line longer than {@link MAX_LINE_BYTES}; `bytes` is empty then. */
  readonly tooLong: boolean;
}

/** What to do with every line. Plain data: it can be sent to another thread. */
export type LineTask =
  | { readonly kind: "decode" }
  | {
      readonly kind: "verify";
      readonly options: Omit<VerificationOptions, "time">;
      readonly asked?: AskedClaims | undefined;
      /** The time to verify at (`--at`), in ms; undefined: the time at which a line is read. */
      readonly at: number | undefined;
    };

/** The output of a batch. */
export interface BatchResult {
  /** NDJSON (UTF-8): one entry for every line that is not blank, in their order. */
  readonly entries: Uint8Array;
  readonly tally: Tally;
}

/** How many lines were read and how many failed, by error code. */
export interface Tally {
  /** Blank lines are not counted. */
  readonly tokens: number;
  readonly failures: Readonly<Partial<Record<ErrorCode, number>>>;
}

export const EMPTY_TALLY: Tally = { tokens: 0, failures: {} };

export function addTallies(first: Tally, second: Tally): Tally {
  const failures = { ...first.failures };
  for (const [code, count] of failuresOf(second)) failures[code] = (failures[code] ?? 0) + count;
  return { tokens: first.tokens + second.tokens, failures };
}

/** The failures by code: the most frequent first, equally frequent ones by name. */
export function failuresOf({ failures }: Tally): readonly (readonly [code: ErrorCode, count: number])[] {
  return (Object.entries(failures) as [ErrorCode, number][]).sort(
    ([firstCode, first], [secondCode, second]) => second - first || (firstCode < secondCode ? -1 : 1),
  );
}

export function failedCount(tally: Tally): number {
  return failuresOf(tally).reduce((sum, [, count]) => sum + count, 0);
}

/**
 * The error code that decides the exit code of a run; undefined when no line failed. It is a code of time only when
 * every failed line would have been valid at another time, else `lines_failed`.
 */
export function verdictOfTally(tally: Tally): ErrorCode | undefined {
  const codes = failuresOf(tally).map(([code]) => code);
  return codes.every(isMatterOfTime) ? codes[0] : "lines_failed";
}
