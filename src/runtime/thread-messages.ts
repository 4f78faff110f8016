import type { BatchResult, LineBatch } from "../core/analysis/bulk/batch.ts";
import { AppError, type ErrorCode, type ErrorData } from "../core/base/errors.ts";

// What the main thread and the threads that work for it say to each other. Errors do not survive the way between
// threads as what they are; so they are taken apart and put together again.

export type ToWorker =
  | { readonly kind: "batch"; readonly id: number; readonly batch: LineBatch; readonly now: number }
  | { readonly kind: "answer"; readonly id: number; readonly reply: Reply<unknown> };

export type FromWorker =
  | { readonly kind: "result"; readonly id: number; readonly reply: Reply<BatchResult> }
  | { readonly kind: "question"; readonly id: number; readonly question: unknown };

export type Reply<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: PackedError };

type PackedError =
  | {
      readonly kind: "refusal";
      readonly code: ErrorCode;
      readonly message: string;
      readonly hints: readonly string[];
      readonly data: ErrorData;
    }
  | { readonly kind: "bug"; readonly name: string; readonly stack: string | undefined };

/** What became of some work, so that it can be sent. */
export async function replyOf<Value>(work: Promise<Value>): Promise<Reply<Value>> {
  try {
    return { ok: true, value: await work };
  } catch (error) {
    return { ok: false, error: packed(error) };
  }
}

/** @throws what the work threw */
export function outcomeOf<Value>(reply: Reply<Value>): Value {
  if (reply.ok) return reply.value;
  throw unpacked(reply.error);
}

function packed(error: unknown): PackedError {
  if (error instanceof AppError) {
    const { code, message, hints, data } = error;
    return { kind: "refusal", code, message, hints, data };
  }
  return error instanceof Error
    ? { kind: "bug", name: error.name, stack: error.stack }
    : { kind: "bug", name: typeof error, stack: undefined };
}

function unpacked(error: PackedError): Error {
  if (error.kind === "refusal") {
    return new AppError(error.code, error.message, { hints: error.hints, data: error.data });
  }
  const bug = new Error("in another thread");
  bug.name = error.name;
  if (error.stack !== undefined) bug.stack = error.stack;
  return bug;
}
