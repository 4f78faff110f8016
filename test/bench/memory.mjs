// The largest memory of bulk runs, by the number of lines.
import { JWTCTL, median, peakOf } from "./measure.mjs";
import { tokenFile } from "./tokens.mjs";

const LINES = [10_000, 100_000, 1_000_000];
const UNIT = 10_000;
const ROUNDS = 3;

export async function memory() {
  const { file, keyFile } = await tokenFile(UNIT);
  const rows = ["decode --lines", `verify --lines --key ${keyFile}`].map((words) => {
    const peaks = LINES.map((lines) => {
      const input = `for i in $(seq ${lines / UNIT}); do cat ${file}; done`;
      const command = `${input} | ${JWTCTL.join(" ")} ${words} --quiet`;
      return median(Array.from({ length: ROUNDS }, () => peakOf(command)));
    });
    const growth = peaks.at(-1) / peaks[0];
    return [words.split(" --key")[0], ...peaks.map((peak) => `${Math.round(peak)} MiB`), growth.toFixed(2)];
  });
  return {
    title: [...LINES.map((lines) => `${lines} lines`), "last / first"],
    rows,
    notes: [
      `Peak of the whole process with all its threads; medians of ${ROUNDS}. The first of these sizes ends before the ` +
        "threads have filled the room that V8 gives to what is new; after that nothing grows. Promised: no growth with " +
        "the number of lines.",
    ],
  };
}
