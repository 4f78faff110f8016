import { chance } from "./chance.ts";

/** Whether this is the nightly run, which takes everything, and as long as that lasts. */
export const IS_SOAK = process.env["JWTCTL_TEST_SOAK"] === "1";

/** How much of something a run does: all of it in the soak, a part that is fresh in each run (see `seed`) in the gate. */
export function amount(of: { readonly soak: number; readonly gate: number }): number {
  return IS_SOAK ? of.soak : of.gate;
}

/** All of these in the soak; in the gate `size` of them, drawn by the seed of the run, in their order. */
export function partOf<T>(all: readonly T[], size: number): T[] {
  if (IS_SOAK || size >= all.length) return [...all];
  const random = chance();
  const drawn = all.map((one, index) => ({ one, index, lot: random() }));
  return drawn
    .sort((a, b) => a.lot - b.lot)
    .slice(0, size)
    .sort((a, b) => a.index - b.index)
    .map(({ one }) => one);
}
