import { failedCount, failuresOf, type Tally } from "../../core/analysis/bulk/batch.ts";
import { jsonFrom } from "../../core/base/json/value.ts";
import { writeJson } from "../../core/base/json/write.ts";
import type { Style } from "../style.ts";

/** A run over many lines: its tally so far, and its duration in ms. */
export interface BulkRun {
  readonly task: "decode" | "verify";
  readonly tally: Tally;
  readonly elapsed: number;
}

/** The summary of a run on one line, with its line break. */
export function summaryText({ task, tally, elapsed }: BulkRun, style: Style): string {
  const failed = failedCount(tally);
  const good = style.good(`${grouped(tally.tokens - failed)} ${GOOD[task]}`);
  const codes = failuresOf(tally).map(([code, count]) => `${grouped(count)} ${code}`);
  const bad = failed === 0 ? "" : `, ${style.bad(`${grouped(failed)} failed`)} (${codes.join(", ")})`;
  const time = elapsed >= WORTH_TELLING ? ` in ${seconds(elapsed)} (${rate(tally.tokens, elapsed)})` : "";
  return `${counted(tally.tokens)}${time}: ${good}${bad}\n`;
}

/** The shortest run, in ms, whose speed is shown. */
const WORTH_TELLING = 50;

const GOOD = { decode: "decoded", verify: "valid" } as const;

/** The summary as one line of JSON. */
export function summaryJson({ tally, elapsed }: BulkRun): string {
  const summary = {
    tokens: tally.tokens,
    failed: failedCount(tally),
    failures: Object.fromEntries(failuresOf(tally)),
    seconds: elapsed / 1000,
  };
  return `${writeJson(jsonFrom({ summary }))}\n`;
}

/** The progress, which overwrites the line of the progress before. */
export function progressText({ tally, elapsed }: BulkRun, style: Style): string {
  const failed = failedCount(tally);
  const speed = elapsed > 0 ? `, ${rate(tally.tokens, elapsed)}` : "";
  return `${CLEAR_LINE}${style.dim(`${counted(tally.tokens)}${speed}, ${grouped(failed)} failed`)}`;
}

/** Clears the line of the progress. */
export const CLEAR_LINE = "\r\x1b[K";

function counted(tokens: number): string {
  return `${grouped(tokens)} ${tokens === 1 ? "token" : "tokens"}`;
}

function rate(tokens: number, elapsed: number): string {
  return `${grouped(Math.round((tokens * 1000) / elapsed))}/s`;
}

function seconds(elapsed: number): string {
  return `${(elapsed / 1000).toFixed(1)} s`;
}

/** `1,234,567`. */
function grouped(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
