import type { ErrorCode } from "../../base/errors.ts";
import { isMatterOfTime } from "../../jose/verification/check.ts";
import type { VerificationOptions } from "../../jose/verification/report.ts";

/** A longer line is no token, and is passed over without being held in memory. In bytes: what `verify` takes at most. */
export const MAX_LINE_BYTES = 1024 * 1024;

/** Some whole lines of the input: what is worked on at a time. */
export interface LineBatch {
  /** The number of its first line; the first of the input is 1. */
  readonly firstLine: number;
  /** The lines with their line breaks (the last of the input may lack one), in a buffer of their own. */
  readonly bytes: Uint8Array;
  /** This is one line, longer than {@link MAX_LINE_BYTES}; its bytes have been let go. */
  readonly tooLong: boolean;
}

/** What is done with every line. Can be sent to another thread. */
export type LineTask =
  | { readonly kind: "decode" }
  | {
      readonly kind: "verify";
      readonly options: Omit<VerificationOptions, "time">;
      /** What counts as now (`--at`), in ms; undefined: the time at which a line is read. */
      readonly at: number | undefined;
    };

/** What became of a batch. */
export interface BatchResult {
  /** NDJSON (UTF-8), an entry for every line that is not empty, in their order. */
  readonly entries: Uint8Array;
  readonly tally: Tally;
}

/** How many lines were read and how many failed, by error code. */
export interface Tally {
  /** Empty lines are not counted. */
  readonly tokens: number;
  readonly failures: Readonly<Partial<Record<ErrorCode, number>>>;
}

export const EMPTY_TALLY: Tally = { tokens: 0, failures: {} };

export function addTallies(first: Tally, second: Tally): Tally {
  const failures = { ...first.failures };
  for (const [code, count] of failuresOf(second)) failures[code] = (failures[code] ?? 0) + count;
  return { tokens: first.tokens + second.tokens, failures };
}

/** The failures by code, the most frequent first, of equally frequent ones by name. */
export function failuresOf({ failures }: Tally): readonly (readonly [code: ErrorCode, count: number])[] {
  return (Object.entries(failures) as [ErrorCode, number][]).sort(
    ([firstCode, first], [secondCode, second]) => second - first || (firstCode < secondCode ? -1 : 1),
  );
}

export function failedCount(tally: Tally): number {
  return failuresOf(tally).reduce((sum, [, count]) => sum + count, 0);
}

/**
 * What a run that tells the exit code came to: undefined when no line failed. As for a single token, lines that would
 * have been good at another time are less grave than all others; beyond that no kind of failure speaks for all.
 */
export function verdictOfTally(tally: Tally): ErrorCode | undefined {
  const codes = failuresOf(tally).map(([code]) => code);
  return codes.every(isMatterOfTime) ? codes[0] : "lines_failed";
}
