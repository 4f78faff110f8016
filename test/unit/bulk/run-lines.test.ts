import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type RunPorts, runLines } from "../../../src/app/bulk/run-lines.ts";
import { shareWork } from "../../../src/app/bulk/share-work.ts";
import type { BatchResult, LineBatch, Tally } from "../../../src/core/analysis/bulk/batch.ts";
import { FakeClock } from "../../support/fake-runtime.ts";

const encoder = new TextEncoder();

/** An entry with the number and the text of every line. */
function resultOf({ firstLine, bytes }: LineBatch): BatchResult {
  const lines = Buffer.from(bytes).toString().split("\n").slice(0, -1);
  const entries = lines.map((line, index) => `${firstLine + index}:${line}\n`).join("");
  return {
    entries: encoder.encode(entries),
    tally: { tokens: lines.length, failures: { token_expired: 1 } },
  };
}

/** `count` chunks of one line each; what was taken is counted. */
function source(count: number) {
  const taken = { chunks: 0 };
  async function* chunks() {
    for (let number = 1; number <= count; number++) {
      taken.chunks = number;
      yield encoder.encode(`line ${number}\n`);
    }
  }
  return { taken, chunks: chunks() };
}

function run(ports: Partial<RunPorts> & Pick<RunPorts, "chunks">) {
  const written: string[] = [];
  const told: Tally[] = [];
  const done = runLines({
    work: async (batch) => resultOf(batch),
    write: (entries) => written.push(Buffer.from(entries).toString()),
    progress: (tally) => told.push(tally),
    atOnce: 4,
    ...ports,
  });
  return { done, written, told };
}

const expected = (count: number) =>
  Array.from({ length: count }, (_, index) => `${index + 1}:line ${index + 1}\n`).join("");

describe("working off lines", () => {
  it("writes the entries in the order of the lines, in whatever order they are ready", async () => {
    const waiting: (() => void)[] = [];
    const { done, written } = run({
      chunks: source(40).chunks,
      work: (batch) => new Promise((resolve) => waiting.push(() => resolve(resultOf(batch)))),
    });
    for (let turn = 0; turn < 400; turn++) {
      await setImmediate();
      // The latest first.
      if (turn % 3 === 0) waiting.pop()?.();
    }
    expect(await done).toEqual({ tokens: 40, failures: { token_expired: 40 } });
    expect(written.join("")).toBe(expected(40));
  });

  it("never has more batches in the works than it may, and reads no further meanwhile", async () => {
    const { taken, chunks } = source(1_000);
    let release: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let inWork = 0;
    const { done, written } = run({
      chunks,
      async work(batch) {
        inWork++;
        await held;
        return resultOf(batch);
      },
    });
    for (let turn = 0; turn < 50; turn++) await setImmediate();
    expect(inWork).toBe(4);
    expect(taken.chunks).toBe(5);
    expect(written).toEqual([]);
    release?.();
    await done;
    expect(written.join("")).toBe(expected(1_000));
  });

  it("tells how far it is after every batch", async () => {
    const { done, told } = run({ chunks: source(3).chunks });
    await done;
    expect(told.map(({ tokens }) => tokens)).toEqual([1, 2, 3]);
  });

  it("has nothing to write for an empty input", async () => {
    const { done, written } = run({ chunks: source(0).chunks });
    expect(await done).toEqual({ tokens: 0, failures: {} });
    expect(written).toEqual([]);
  });

  it("ends when the reader of the output has gone, although more input would come", async () => {
    const { taken, chunks } = source(1_000_000);
    const { done } = run({
      chunks,
      write() {
        throw new Error("gone");
      },
    });
    await expect(done).rejects.toThrow("gone");
    expect(taken.chunks).toBeLessThan(20);
  });

  it("ends when a batch fails, with its error and not with one that a later batch met first", async () => {
    const { done, written } = run({
      chunks: source(10).chunks,
      async work(batch) {
        if (batch.firstLine === 4) throw new Error("fourth");
        if (batch.firstLine === 3) for (let turn = 0; turn < 5; turn++) await setImmediate();
        if (batch.firstLine === 2) for (let turn = 0; turn < 9; turn++) await setImmediate();
        return resultOf(batch);
      },
    });
    await expect(done).rejects.toThrow("fourth");
    expect(written.join("")).toBe(expected(3));
  });

  it("ends when the input cannot be read", async () => {
    async function* chunks() {
      yield encoder.encode("line 1\nli");
      throw new Error("unreadable");
    }
    await expect(run({ chunks: chunks() }).done).rejects.toThrow("unreadable");
  });
});

describe("who works", () => {
  const batch = (bytes: number): LineBatch => ({
    firstLine: 1,
    bytes: new Uint8Array(bytes),
    tooLong: false,
  });
  const here = async () => ({ entries: encoder.encode("here"), tally: { tokens: 1, failures: {} } });
  const there = async () => ({ entries: encoder.encode("there"), tally: { tokens: 1, failures: {} } });

  it.each([
    ["verify", 48 * 1024],
    ["decode", 512 * 1024],
  ] as const)("the beginning of what is to %s is worked off without a thread", async (task, beginning) => {
    let started = 0;
    const threads = () => {
      started++;
      return { work: there };
    };
    const work = shareWork(task, here, threads, new FakeClock());
    const who = async (bytes: number) => Buffer.from((await work(batch(bytes))).entries).toString();
    expect(await who(beginning - 1)).toBe("here");
    expect(started).toBe(0);
    // The threads come up while this one still works.
    expect(await who(1)).toBe("here");
    expect(started).toBe(1);
    expect(await who(1)).toBe("there");
    expect(await who(1)).toBe("there");
    expect(started).toBe(1);
  });

  it("works everything off itself where there are to be no threads", async () => {
    const work = shareWork("verify", here, undefined, new FakeClock());
    const who = async (bytes: number) => Buffer.from((await work(batch(bytes))).entries).toString();
    expect([await who(48 * 1024), await who(1024 * 1024), await who(1)]).toEqual(["here", "here", "here"]);
  });
});
