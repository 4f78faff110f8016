import {
  addTallies,
  type BatchResult,
  EMPTY_TALLY,
  type LineBatch,
  MAX_LINE_BYTES,
  type Tally,
} from "../../core/analysis/bulk/batch.ts";
import { LineBatcher } from "../../core/analysis/bulk/line-batcher.ts";
import { Channel } from "./channel.ts";

export interface RunPorts {
  /** The input. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Processes a batch, in this thread or another. */
  readonly work: (batch: LineBatch) => Promise<BatchResult>;
  /** Writes entries synchronously, so that a slow consumer slows the reading down. */
  readonly write: (entries: Uint8Array) => void;
  /** Called after every batch with the tally so far. */
  readonly progress: (tally: Tally) => void;
  /** How many batches may be in progress or wait for their turn to be written. */
  readonly atOnce: number;
}

/**
 * Reads lines, has them processed and writes the entries in the order of the lines. The memory it takes does not depend
 * on the number of lines.
 *
 * @throws what reading, processing and writing throw; batches may still be in progress then
 */
export async function runLines({ chunks, work, write, progress, atOnce }: RunPorts): Promise<Tally> {
  const batcher = new LineBatcher(MAX_LINE_BYTES);
  const started = new Channel<Promise<BatchResult>>(atOnce);
  let total = EMPTY_TALLY;

  async function start(batches: readonly LineBatch[]): Promise<void> {
    for (const batch of batches) {
      await started.room();
      const result = work(batch);
      // After a failed batch nobody awaits this one: its rejection must not count as unhandled.
      result.catch(() => undefined);
      started.put(result);
    }
  }

  async function read(): Promise<void> {
    for await (const chunk of chunks) await start(batcher.push(chunk));
    await start(batcher.end());
    started.close();
  }

  async function deliver(): Promise<void> {
    for (;;) {
      const next = await started.first();
      if (next === undefined) return;
      const { entries, tally } = await next;
      if (entries.length > 0) write(entries);
      total = addTallies(total, tally);
      progress(total);
      started.shift();
    }
  }

  await Promise.all([read(), deliver()]);
  return total;
}
