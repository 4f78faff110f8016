import { describe, expect, it } from "vitest";
import { readSource, sourceFiles } from "./source-files.ts";

/** Refusals that may leave the next step to others: main.ts points a typing error to the command's help. */
const WITHOUT = new Set(["usage", "internal", "cancelled"]);

/** Places whose refusal nobody is shown: the caller catches it. */
const CAUGHT = new Set(['src/app/keys/lint-key-file.ts: "input_required"']);

/** The argument lists of every `new AppError(…)` in a source. */
function refusals(source: string): string[] {
  const found: string[] = [];
  for (const match of source.matchAll(/new AppError\(/g)) {
    const start = (match.index ?? 0) + match[0].length;
    let depth = 1;
    let end = start;
    while (depth > 0 && end < source.length) {
      const character = source[end++] ?? "";
      if ("([{".includes(character)) depth++;
      else if (")]}".includes(character)) depth--;
    }
    found.push(source.slice(start, end - 1).trim());
  }
  return found;
}

const all = sourceFiles().flatMap((file) =>
  refusals(readSource(file)).map((text) => ({ place: `src/${file}: ${text.split(",")[0]}`, text })),
);

describe("refusals", () => {
  it("are found", () => expect(all.length).toBeGreaterThan(150));

  it("each say what to do next", () => {
    const silent = all.filter(({ place, text }) => {
      const code = text.match(/^"(\w+)"/)?.[1];
      return !text.includes("hints") && !(code && WITHOUT.has(code)) && !CAUGHT.has(place);
    });
    expect(silent.map(({ place, text }) => `${place} ${text.slice(0, 120)}`)).toEqual([]);
  });
});
