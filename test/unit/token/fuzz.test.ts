import fc from "fast-check";
import { describe, it } from "vitest";
import { readEveryWay } from "./every-way.ts";
import { damagedTexts } from "./hostile-texts.ts";

// Half of the 100,000 cases; the other half is in fuzz-made.test.ts, which runs side by side with this.
const RUNS = 50_000;

describe("random bytes, truncated and mutated tokens", () => {
  // A hang is what the time limit of the test is for.
  it(`never crash or hang decode, verify and lint (${RUNS} texts)`, async () => {
    await fc.assert(fc.asyncProperty(damagedTexts, readEveryWay), { numRuns: RUNS });
  }, 900_000);
});
