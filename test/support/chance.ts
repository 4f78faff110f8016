import { onTestFailed } from "vitest";

/**
 * Chance that can be had again: numbers from 0 up to 1. A test that fails says which seed it ran with;
 * JWTCTL_TEST_SEED runs it with that one.
 */
export function chance(): () => number {
  const seed = Number(process.env["JWTCTL_TEST_SEED"] ?? Date.now() % 1_000_000);
  onTestFailed(() => {
    process.stderr.write(`the chance of this run: JWTCTL_TEST_SEED=${seed}\n`);
  });
  let state = seed;
  // mulberry32
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
