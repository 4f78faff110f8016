import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { BatchResult, LineBatch, LineTask } from "../core/analysis/bulk/batch.ts";
import type { LineWorkers } from "./runtime.ts";
import { type FromWorker, outcomeOf, replyOf, type ToWorker } from "./thread-messages.ts";

/** One thread and what it has been asked for. */
interface Hand {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
  /** Why it works no more. */
  failure: { readonly error: unknown } | undefined;
}

interface Pending {
  readonly resolve: (result: BatchResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Mebibytes for what is new in a thread's memory. Nothing lives longer than a batch: more room would only be filled with
 * what is not needed any more, and less would let it be taken for something that stays.
 */
const YOUNG_GENERATION = 8;

/** What a thread runs: built from src/worker.ts, it stands beside the program. */
const PROGRAM = join(__dirname, "worker.js");

/**
 * Starts threads that work on batches of lines.
 *
 * @param answer answers what they cannot know by themselves
 * @param program the file they run
 */
export function startWorkers<Question, Answer>(
  count: number,
  task: LineTask,
  answer: (question: Question) => Promise<Answer>,
  program = PROGRAM,
): LineWorkers {
  const hands = Array.from({ length: count }, () => startHand(program, task, answer));
  let batches = 0;
  return {
    work(batch, now) {
      const id = batches++;
      const hand = leastBusy(hands);
      if (hand.failure !== undefined) return Promise.reject(hand.failure.error);
      return new Promise((resolve, reject) => {
        hand.pending.set(id, { resolve, reject });
        post(hand.worker, { kind: "batch", id, batch, now }, batch);
      });
    },
    async stop() {
      await Promise.all(hands.map(({ worker }) => worker.terminate()));
    },
  };
}

function leastBusy(hands: readonly Hand[]): Hand {
  return hands.reduce((best, hand) => (hand.pending.size < best.pending.size ? hand : best));
}

/** The bytes of the batch are handed over, not copied. */
function post(worker: Worker, message: ToWorker, batch?: LineBatch): void {
  worker.postMessage(message, batch === undefined ? [] : [batch.bytes.buffer as ArrayBuffer]);
}

function startHand<Question, Answer>(
  program: string,
  task: LineTask,
  answer: (question: Question) => Promise<Answer>,
): Hand {
  const worker = new Worker(program, {
    workerData: task,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
  });
  const pending = new Map<number, Pending>();
  const hand: Hand = { worker, pending, failure: undefined };
  worker.on("message", (message: FromWorker) => {
    if (message.kind === "question") {
      const { id, question } = message;
      void replyOf(answer(question as Question)).then((reply) => post(worker, { kind: "answer", id, reply }));
      return;
    }
    const waiting = pending.get(message.id);
    pending.delete(message.id);
    try {
      waiting?.resolve(outcomeOf(message.reply));
    } catch (error) {
      waiting?.reject(error);
    }
  });
  const fail = (error: unknown) => {
    hand.failure ??= { error };
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };
  worker.on("error", fail);
  worker.on("messageerror", fail);
  worker.on("exit", (code) => fail(new Error(`a thread ended with ${code}`)));
  return hand;
}
