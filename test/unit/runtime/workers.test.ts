import { resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { LineBatch } from "../../../src/core/analysis/bulk/batch.ts";
import { AppError } from "../../../src/core/base/errors.ts";
import { startWorkers } from "../../../src/runtime/workers.ts";

const PROGRAM = resolve(import.meta.dirname, "../../support/thread.cjs");
const TASK = { kind: "decode" } as const;

function batch(text: string): LineBatch {
  return { firstLine: 1, bytes: new TextEncoder().encode(text), tooLong: false };
}

function start(count: number, answer: (question: string) => Promise<unknown> = async () => undefined) {
  const workers = startWorkers<string, unknown>(count, TASK, answer, PROGRAM);
  onTestFinished(() => workers.stop());
  return {
    workers,
    say: async (text: string) => Buffer.from((await workers.work(batch(text), 7)).entries).toString(),
  };
}

describe("threads", () => {
  it("get the task, the batches and the time, and give results", async () => {
    const { say } = start(1);
    expect(JSON.parse(await say("task"))).toEqual({ task: TASK, now: 7 });
    expect(await Promise.all(["a", "b", "c"].map(say))).toEqual(["A", "B", "C"]);
  });

  it("take the bytes with them: nothing is copied", async () => {
    const { workers } = start(1);
    const given = batch("a");
    await workers.work(given, 7);
    expect(given.bytes.length).toBe(0);
  });

  it("share the work: one that hangs does not hold the others up", async () => {
    const { say } = start(3);
    const hanging = say("hang");
    hanging.catch(() => undefined);
    expect(await Promise.all(["a", "b"].map(say))).toEqual(["A", "B"]);
  });

  it("ask what they do not know, and hear refusals as they are", async () => {
    const { say } = start(1, async (question) => {
      if (question === "kid") return { candidates: [{ jwk: { kty: "oct" } }] };
      throw new AppError("network_timeout", "no answer", { hints: ["wait"], data: { seconds: 5 } });
    });
    expect(JSON.parse(await say("ask kid"))).toEqual({
      ok: true,
      value: { candidates: [{ jwk: { kty: "oct" } }] },
    });
    expect(JSON.parse(await say("ask other"))).toEqual({
      ok: false,
      error: {
        ...{ kind: "refusal", code: "network_timeout", message: "no answer" },
        ...{ hints: ["wait"], data: { seconds: 5 } },
      },
    });
  });

  it("a refusal in a thread is a refusal here", async () => {
    const { say } = start(1);
    const error = await say("refuse").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: "usage", message: "no", hints: ["do"], data: { n: 1 } });
  });

  it("a bug in a thread keeps its name and its stack, for the report", async () => {
    const { say } = start(1);
    const error = await say("bug").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "RangeError", stack: "RangeError\n    at there (file.js:1:2)" });
    expect(error).not.toBeInstanceOf(AppError);
  });

  it("a thread that crashes fails what it had, instead of keeping everybody waiting", async () => {
    const { say } = start(1);
    const hanging = say("hang");
    const crashing = say("crash");
    expect(await Promise.allSettled([hanging, crashing])).toMatchObject([
      { status: "rejected", reason: { message: "crashed" } },
      { status: "rejected", reason: { message: "crashed" } },
    ]);
    await expect(say("a")).rejects.toThrow("crashed");
  });

  it("so does one that ends", async () => {
    await expect(start(1).say("leave")).rejects.toThrow("a thread ended with 3");
  });

  it("stop at once, whatever they are doing", async () => {
    const { workers, say } = start(2);
    const hanging = Promise.allSettled([say("hang"), say("hang")]);
    await workers.stop();
    expect((await hanging).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });
});
