import type { LineTask, Tally } from "../../core/analysis/bulk/batch.ts";
import { CLEAR_LINE, progressText } from "../../output/bulk/summary-view.ts";
import type { Needs } from "../command.ts";

/** Ms between two states: often enough to see it move. */
const INTERVAL = 200;

export interface Progress {
  readonly show: (tally: Tally) => void;
  /** Takes the line of the progress away, if there is one. */
  readonly clear: () => void;
  /** Ms since the beginning. */
  readonly elapsed: () => number;
}

/**
 * Shows on stderr how far a run has come, when a person sees it there and nothing else: with the entries on the same
 * terminal, they are the progress.
 */
export function createProgress(
  task: LineTask["kind"],
  { terminal, clock }: Needs<"terminal" | "clock">,
): Progress {
  const { stdout, stderr, quiet, json } = terminal;
  const isShown = stderr.isTerminal && !stdout.isTerminal && !quiet && !json;
  const style = terminal.style(stderr);
  const started = clock.now();
  const elapsed = () => Math.max(0, clock.now() - started);
  let last = 0;
  return {
    elapsed,
    show(tally) {
      if (!isShown || elapsed() - last < INTERVAL) return;
      last = elapsed();
      stderr.write(progressText({ task, tally, elapsed: last }, style));
    },
    clear() {
      if (last > 0) stderr.write(CLEAR_LINE);
      last = 0;
    },
  };
}
