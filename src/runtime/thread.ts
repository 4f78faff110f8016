import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { BatchResult, LineBatch, LineTask } from "../core/analysis/bulk/batch.ts";
import { type FromWorker, outcomeOf, type Reply, replyOf, type ToWorker } from "./thread-messages.ts";

/**
 * The other end of {@link startWorkers}: works off the batches that come, in a thread of its own.
 *
 * @param create makes what works them off; `ask` puts a question to the main thread
 */
export function serveBatches<Question, Answer>(
  create: (
    task: LineTask,
    ask: (question: Question) => Promise<Answer>,
  ) => (batch: LineBatch, now: number) => Promise<BatchResult>,
): void {
  const port = parentPort;
  if (port === null) throw new Error("this is no thread of its own");
  const asked = new Map<number, (reply: Reply<unknown>) => void>();
  let questions = 0;
  const ask = async (question: Question) => {
    const id = questions++;
    const reply = new Promise<Reply<unknown>>((resolve) => asked.set(id, resolve));
    post(port, { kind: "question", id, question });
    return outcomeOf(await reply) as Answer;
  };
  const work = create(workerData as LineTask, ask);
  port.on("message", (message: ToWorker) => {
    if (message.kind === "answer") {
      asked.get(message.id)?.(message.reply);
      asked.delete(message.id);
      return;
    }
    const { id, batch, now } = message;
    void replyOf(work(batch, now)).then((reply) => post(port, { kind: "result", id, reply }));
  });
}

/** The bytes of a result are handed over, not copied. */
function post(port: MessagePort, message: FromWorker): void {
  const bytes = message.kind === "result" && message.reply.ok ? message.reply.value.entries : undefined;
  port.postMessage(message, bytes === undefined ? [] : [bytes.buffer as ArrayBuffer]);
}
