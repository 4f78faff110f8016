import type { BatchResult, LineBatch, LineTask } from "../../core/bulk/batch.ts";
import type { Clock } from "../../core/ports/system.ts";
import type { BatchProcessor } from "./process-batch.ts";

/** So much input, in bytes, is worked off before threads are up to speed. What is read at a time is a little more. */
const WORTH_THREADS = { decode: 512 * 1024, verify: 48 * 1024 } as const;

/** Threads that work batches off. */
export interface Threads {
  work(batch: LineBatch, now: number): Promise<BatchResult>;
  /** Each has a batch at hand, and enough that wait. */
  isBusy(): boolean;
}

/**
 * Works an input off in this thread, and a longer one with others beside it. What is read first waits for nobody; later
 * the others come first, and this thread takes what they have no hands for.
 *
 * @param threads starts them; asked at most once
 */
export function shareWork(
  task: LineTask["kind"],
  here: BatchProcessor,
  threads: () => Threads,
  clock: Clock,
): (batch: LineBatch) => Promise<BatchResult> {
  let bytes = 0;
  let started: Threads | undefined;
  return (batch) => {
    const isBeginning = bytes < WORTH_THREADS[task];
    bytes += batch.bytes.length;
    // They come up while this thread works.
    if (bytes >= WORTH_THREADS[task]) started ??= threads();
    if (isBeginning || started === undefined || started.isBusy()) return here(batch, clock.now());
    return started.work(batch, clock.now());
  };
}
