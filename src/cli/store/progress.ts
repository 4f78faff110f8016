import type { Clock } from "../../core/base/ports.ts";
import { CLEAR_LINE } from "../../output/bulk/summary-view.ts";
import type { Terminal } from "../terminal.ts";

/** Work that is done sooner shows no progress; ms. */
const PATIENCE = 500;
/** Ms between two states: often enough to see it move. */
const INTERVAL = 200;

export interface WorkProgress {
  readonly show: (done: number, total: number) => void;
  /** Takes the line of the progress away, if there is one. */
  readonly clear: () => void;
}

/** How far some long work is, on stderr, when a person sees it there. @param what as in "copying" */
export function workProgress(terminal: Terminal, clock: Clock, what: string): WorkProgress {
  const { stderr, quiet, json } = terminal;
  const isShown = stderr.isTerminal && !quiet && !json;
  const style = terminal.style(stderr);
  const started = clock.now();
  let last = 0;
  return {
    show(done, total) {
      const elapsed = clock.now() - started;
      if (!isShown || elapsed < PATIENCE || elapsed - last < INTERVAL) return;
      last = elapsed;
      const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
      stderr.write(`${CLEAR_LINE}${style.dim(`${what}: ${percent} %`)}`);
    },
    clear() {
      if (last > 0) stderr.write(CLEAR_LINE);
      last = 0;
    },
  };
}
