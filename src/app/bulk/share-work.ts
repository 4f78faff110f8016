import type { BatchResult, LineBatch, LineTask } from "../../core/analysis/bulk/batch.ts";
import type { Clock } from "../../core/base/ports.ts";
import type { BatchProcessor } from "./process-batch.ts";

/** So much input, in bytes, is worked off before threads are up to speed. What is read at a time is a little more. */
const WORTH_THREADS = { decode: 512 * 1024, verify: 48 * 1024 } as const;

/** Threads that work batches off. */
export interface Threads {
  work(batch: LineBatch, now: number): Promise<BatchResult>;
}

/**
 * Works the beginning of an input off in this thread, and the rest of a longer one in others.
 *
 * @param threads starts them; asked at most once; undefined: there are to be none, this thread works everything off
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
    // They come up while this thread works.
    if (bytes >= WORTH_THREADS[task]) started ??= threads?.();
    return isBeginning || started === undefined ? here(batch, clock.now()) : started.work(batch, clock.now());
  };
}
