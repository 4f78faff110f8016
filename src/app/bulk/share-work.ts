import type { BatchResult, LineBatch, LineTask } from "../../core/analysis/bulk/batch.ts";
import type { Clock } from "../../core/base/ports.ts";
import type { BatchProcessor } from "./process-batch.ts";

/** The input, in bytes, from which threads pay off: they take this long to start. */
const WORTH_THREADS = { decode: 512 * 1024, verify: 48 * 1024 } as const;

/** Threads that process batches. */
export interface Threads {
  work(batch: LineBatch, now: number): Promise<BatchResult>;
}

/**
 * Processes the beginning of an input in this thread, and the rest of a long one in other threads.
 *
 * @param threads starts the threads; called at most once; undefined: this thread processes everything
 */
export function shareWork(
  task: LineTask["kind"],
  here: BatchProcessor,
  threads: (() => Threads) | undefined,
  clock: Clock,
): (batch: LineBatch) => Promise<BatchResult> {
  let bytes = 0;
  let started: Threads | undefined;
  return (batch) => {
    const isBeginning = bytes < WORTH_THREADS[task];
    bytes += batch.bytes.length;
    // The threads start while this one works.
    if (bytes >= WORTH_THREADS[task]) started ??= threads?.();
    return isBeginning || started === undefined ? here(batch, clock.now()) : started.work(batch, clock.now());
  };
}
