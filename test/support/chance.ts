/** What all chance of this run comes from: {@link TimeReport} prints it, and JWTCTL_TEST_SEED runs it again. */
export function seed(): number {
  const text = process.env["JWTCTL_TEST_SEED"];
  if (text === undefined) throw new Error("the run has no JWTCTL_TEST_SEED; vitest.config.mts sets it");
  return Number(text);
}

/** Chance that can be had again: numbers from 0 up to 1, the same for the same {@link seed}. */
export function chance(): () => number {
  let state = seed();
  // mulberry32
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
