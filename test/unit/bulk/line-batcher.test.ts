import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LineBatch } from "../../../src/core/analysis/bulk/batch.ts";
import { LineBatcher } from "../../../src/core/analysis/bulk/line-batcher.ts";

const LIMIT = 8;

type NumberedLine = readonly [line: number, text: string | null];

function batchesOf(chunks: readonly string[]): readonly LineBatch[] {
  const batcher = new LineBatcher(LIMIT);
  return [...chunks.flatMap((chunk) => batcher.push(Buffer.from(chunk))), ...batcher.end()];
}

function linesOf(chunks: readonly string[]): readonly NumberedLine[] {
  return numbered(batchesOf(chunks));
}

/** Each line with its number; a line that was too long as null. */
function numbered(batches: readonly LineBatch[]): readonly NumberedLine[] {
  return batches.flatMap(({ firstLine, bytes, tooLong }): readonly NumberedLine[] => {
    if (tooLong) return [[firstLine, null]];
    const lines = Buffer.from(bytes).toString().split("\n");
    if (lines.at(-1) === "") lines.pop();
    return lines.map((line, index) => [firstLine + index, line]);
  });
}

/** What it must be, found in the plainest way. */
function expected(text: string): readonly NumberedLine[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line, index) => [index + 1, Buffer.byteLength(line) > LIMIT ? null : line] as const);
}

describe("cutting a stream into lines", () => {
  it("hands over whole lines as soon as they are there, and keeps the beginning of the next", () => {
    const batcher = new LineBatcher(LIMIT);
    expect(
      batcher.push(Buffer.from("one\ntwo\nthr")).map(({ bytes }) => Buffer.from(bytes).toString()),
    ).toEqual(["one\ntwo\n"]);
    expect(batcher.push(Buffer.from("e"))).toEqual([]);
    expect(linesOfBatches(batcher.push(Buffer.from("e\n")))).toEqual([[3, "three\n"]]);
    expect(batcher.end()).toEqual([]);
  });

  it("takes a last line without a line break", () => {
    expect(linesOf(["one\ntwo"])).toEqual([
      [1, "one"],
      [2, "two"],
    ]);
  });

  it("counts empty lines", () => {
    expect(linesOf(["\n\none\n\n"])).toEqual([
      [1, ""],
      [2, ""],
      [3, "one"],
      [4, ""],
    ]);
  });

  it("knows no line in an empty input", () => {
    expect(batchesOf([])).toEqual([]);
    expect(batchesOf([""])).toEqual([]);
  });

  it("tells a line that is too long from its neighbours", () => {
    expect(linesOf(["one\n123456789\n12345678\n", "123456789"])).toEqual([
      [1, "one"],
      [2, null],
      [3, "12345678"],
      [4, null],
    ]);
  });

  it("a line without end is not held in memory", () => {
    const batcher = new LineBatcher(1024);
    const chunk = new Uint8Array(512).fill(0x61);
    for (let count = 0; count < 1000; count++) expect(batcher.push(chunk)).toEqual([]);
    expect(heldBy(batcher)).toBe(0);
    expect(linesOfBatches(batcher.push(Buffer.from("\nnext\n")))).toEqual([
      [1, null],
      [2, "next\n"],
    ]);
  });

  it("never holds more than a line may have", () => {
    const batcher = new LineBatcher(1024);
    for (let count = 0; count < 1000; count++) {
      batcher.push(new Uint8Array(100).fill(count % 37 === 0 ? 0x0a : 0x61));
      expect(heldBy(batcher)).toBeLessThanOrEqual(1024);
    }
  });

  it("gives every batch a buffer of its own, so that it can be handed to another thread", () => {
    const chunk = Buffer.from("one\ntw");
    const batcher = new LineBatcher(LIMIT);
    const [first] = batcher.push(chunk);
    chunk.fill(0x78);
    const [second] = batcher.push(Buffer.from("o\n"));
    expect(Buffer.from(first?.bytes ?? []).toString()).toBe("one\n");
    expect(Buffer.from(second?.bytes ?? []).toString()).toBe("two\n");
    for (const batch of [first, second]) {
      expect(batch?.bytes.buffer.byteLength).toBe(batch?.bytes.byteLength);
    }
  });

  it("finds the same lines however the bytes arrive", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "\n", "\r", "é", "12345678"), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.array(fc.nat(20), { maxLength: 30 }), (whole, cuts) => {
        const bytes = Buffer.from(whole);
        const chunks: Buffer[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        chunks.push(bytes.subarray(at));
        const batcher = new LineBatcher(LIMIT);
        const batches = [...chunks.flatMap((chunk) => batcher.push(chunk)), ...batcher.end()];
        expect(numbered(batches)).toEqual(expected(whole));
      }),
    );
  });
});

function linesOfBatches(batches: readonly LineBatch[]) {
  return batches.map(({ firstLine, bytes, tooLong }) => [
    firstLine,
    tooLong ? null : Buffer.from(bytes).toString(),
  ]);
}

function heldBy(batcher: LineBatcher): number {
  return (batcher as unknown as { held: Uint8Array }).held.length;
}
