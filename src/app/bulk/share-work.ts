import type { BatchResult, LineBatch } from "../../core/bulk/batch.ts";
import type { Clock } from "../../core/ports/system.ts";
import type { BatchProcessor } from "./process-batch.ts";

/** As much input, in bytes, is worked off sooner than threads are ready for it. */
const WORTH_THREADS = 256 * 1024;

/** Threads that work batches off. */
export interface Threads {
  work(batch: LineBatch, now: number): Promise<BatchResult>;
}

/**
 * Works the beginning of an input off in this thread, and the rest of a longer one in others.
 *
 * @param threads starts them, at most once; undefined: there are to be none
 */
export function shareWork(
  here: BatchProcessor,
  threads: (() => Threads) | undefined,
  clock: Clock,
): (batch: LineBatch) => Promise<BatchResult> {
  let bytes = 0;
  let started: Threads | undefined;
  return (batch) => {
    const isBeginning = bytes < WORTH_THREADS;
    bytes += batch.bytes.length;
    if (isBeginning || threads === undefined) return here(batch, clock.now());
    started ??= threads();
    return started.work(batch, clock.now());
  };
}
