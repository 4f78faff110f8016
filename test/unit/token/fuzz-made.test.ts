import fc from "fast-check";
import { describe, it } from "vitest";
import { amount } from "../../support/amount.ts";
import { readEveryWay } from "./every-way.ts";
import { madeTexts } from "./hostile-texts.ts";

// Half of the texts; the other half is in fuzz.test.ts, which runs side by side with this.
const RUNS = amount({ soak: 50_000, gate: 2_500 });

describe("texts put together from the parts of tokens", () => {
  // A hang is what the time limit of the test is for.
  it(`never crash or hang decode, verify and lint (${RUNS} texts)`, async () => {
    await fc.assert(fc.asyncProperty(madeTexts, readEveryWay), { numRuns: RUNS });
  });
});
