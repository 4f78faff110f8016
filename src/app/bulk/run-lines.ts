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
  /** The input, as it comes. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Works a batch off, here or in another thread. */
  readonly work: (batch: LineBatch) => Promise<BatchResult>;
  /** Takes the entries. Returns when they are written: a slow reader slows the reading down, and nothing piles up. */
  readonly write: (entries: Uint8Array) => void;
  /** Told after every batch what there was so far. */
  readonly progress: (tally: Tally) => void;
  /** How many batches may be in the works, or wait to be written in their order. */
  readonly atOnce: number;
}

/**
 * Reads lines, has them worked off and writes the entries in the order of the lines. What is in memory does not depend
 * on how many lines there are.
 *
 * @throws what reading, working and writing throw; batches may still be in the works then
 */
export async function runLines({ chunks, work, write, progress, atOnce }: RunPorts): Promise<Tally> {
  const batcher = new LineBatcher(MAX_LINE_BYTES);
  const started = new Channel<Promise<BatchResult>>(atOnce);
  let total = EMPTY_TALLY;

  async function start(batches: readonly LineBatch[]): Promise<void> {
    for (const batch of batches) {
      await started.room();
      const result = work(batch);
      // When another batch has failed, nobody asks for this one any more.
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
