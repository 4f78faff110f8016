import { describe, expect, it } from "vitest";
import {
  addTallies,
  EMPTY_TALLY,
  failedCount,
  failuresOf,
  type Tally,
  verdictOfTally,
} from "../../../src/core/analysis/bulk/batch.ts";
import { EXIT_CODE_OF } from "../../../src/exit-codes.ts";
import { progressText, summaryJson, summaryText } from "../../../src/output/bulk/summary-view.ts";
import { createStyle } from "../../../src/output/style.ts";

const tally = (failures: Tally["failures"], tokens = 10): Tally => ({ tokens, failures });
const plain = createStyle({ color: false, isTerminal: false, columns: undefined });

describe("what a run came to", () => {
  it("adds up", () => {
    const sum = addTallies(tally({ token_expired: 2, claim_invalid: 1 }), tally({ token_expired: 3 }, 5));
    expect(sum).toEqual({ tokens: 15, failures: { token_expired: 5, claim_invalid: 1 } });
    expect(failedCount(sum)).toBe(6);
    expect(addTallies(EMPTY_TALLY, sum)).toEqual(sum);
  });

  it("lists failures by how often they occur", () => {
    const failures = { claim_invalid: 1, token_expired: 3, algorithm_not_allowed: 1 } as const;
    expect(failuresOf(tally(failures)).map(([code]) => code)).toEqual([
      "token_expired",
      "algorithm_not_allowed",
      "claim_invalid",
    ]);
  });

  it.each<[string, Tally["failures"], number]>([
    ["nothing failed", {}, 0],
    ["only the time was wrong", { token_expired: 5 }, 4],
    [
      "only the time was wrong, in several ways",
      { token_expired: 1, token_not_yet_valid: 2, token_issued_in_future: 1 },
      4,
    ],
    ["one forgery among expired tokens", { token_expired: 9, signature_invalid: 1 }, 1],
    ["no key for them", { no_matching_key: 1 }, 1],
    ["only garbage", { token_malformed: 10 }, 1],
    ["a line too long", { input_too_large: 1 }, 1],
  ])("%s", (_, failures, exit) => {
    const verdict = verdictOfTally(tally(failures));
    expect(verdict === undefined ? 0 : EXIT_CODE_OF[verdict]).toBe(exit);
  });
});

describe("what is said of a run", () => {
  const failures = { token_expired: 1_200, signature_invalid: 34 } as const;
  const run = { task: "verify", tally: tally(failures, 1_234_567), elapsed: 12_345 } as const;

  it("in a sentence", () => {
    expect(summaryText(run, plain)).toBe(
      "1,234,567 tokens in 12.3 s (100,005/s): 1,233,333 valid, 1,234 failed (1,200 token_expired, 34 signature_invalid)\n",
    );
    expect(summaryText({ task: "decode", tally: tally({}, 1), elapsed: 0 }, plain)).toBe(
      "1 token: 1 decoded\n",
    );
  });

  it("as one line of JSON", () => {
    expect(summaryJson(run)).toBe(
      '{"summary":{"tokens":1234567,"failed":1234,"failures":{"token_expired":1200,"signature_invalid":34},"seconds":12.345}}\n',
    );
  });

  it("while it goes on", () => {
    expect(progressText(run, plain)).toBe("\r\u001b[K1,234,567 tokens, 100,005/s, 1,234 failed");
  });
});
