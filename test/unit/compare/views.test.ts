import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareTokens } from "../../../src/core/analysis/compare/compare.ts";
import { UNSAFE_CHARACTERS } from "../../../src/core/base/text/unsafe-characters.ts";
import { inspectToken } from "../../../src/core/jose/token/inspect.ts";
import { diffText } from "../../../src/output/compare/diff-view.ts";
import { createStyle, type Style } from "../../../src/output/style.ts";
import { withoutColour } from "../../support/without-colour.ts";
import { made, NOW, SECONDS, written } from "../lint/examples.ts";

const NAMES = { left: "working.txt", right: "failing.txt" };
const TIME = { now: NOW, utcOffset: () => 60 };

const WORKING = made({
  claims: {
    roles: ["reader", "writer"],
    realm: { a: 1, b: 2 },
    x: 1,
    nbf: SECONDS - 60,
    text: "long ".repeat(30),
  },
});
const FAILING = made({
  header: { kid: "an-other-key", typ: "JWT" },
  claims: {
    ...{ iss: "https://auth.example.com/", aud: ["https://api.example.com"], roles: ["admin", "reader"] },
    ...{ exp: SECONDS - 10, realm: { a: 1, b: "2" }, a_claim_with_a_very_long_name_indeed: "a@example.com" },
    ...{ text: `${"long ".repeat(30)}!`, url: `https://example.com/${"x".repeat(100)}` },
  },
});

function shown(left: string, right: string, style: Style, names = NAMES): string {
  const diff = compareTokens(inspectToken(left), inspectToken(right), { ignore: new Set(), now: NOW });
  return diffText(diff, names, TIME, style);
}

function everyView(style: Style): string {
  return [
    shown(WORKING, FAILING, style),
    shown(made(), made(), style),
    shown(made(), made({ signature: new Uint8Array(64) }), style),
    shown(written("{}", "Hello"), written('{"alg":"none"}', "Hello, world", ""), style),
  ].join(`${"=".repeat(20)}\n`);
}

describe("what diff says", () => {
  it.each([60, 80, 120])("fits %i columns", async (columns) => {
    const text = everyView(createStyle({ color: false, isTerminal: true, columns }));
    await expect(text).toMatchFileSnapshot(`golden/diff-${columns}.txt`);
    for (const line of text.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(columns);
  });

  it("has its colours", async () => {
    const text = everyView(createStyle({ color: true, isTerminal: true, columns: 80 }));
    await expect(text).toMatchFileSnapshot("golden/diff-80-colour.txt");
  });

  it.each([60, 80, 120])("differs by nothing but the colours at %i columns", async (columns) => {
    const [plain, coloured] = [false, true].map((color) =>
      everyView(createStyle({ color, isTerminal: true, columns })),
    );
    expect(withoutColour(coloured ?? "")).toBe(withoutColour(plain ?? ""));
  });

  it("keeps each value on a line of its own in a pipe, and cuts nothing", async () => {
    const text = everyView(createStyle({ color: false, isTerminal: false, columns: undefined }));
    await expect(text).toMatchFileSnapshot("golden/diff-pipe.txt");
    expect(text).toContain(`"https://example.com/${"x".repeat(100)}"`);
  });

  it("never tells a difference by colour alone", () => {
    const text = shown(WORKING, FAILING, createStyle({ color: false, isTerminal: true, columns: 120 }));
    for (const mark of ["~ kid", "≈ aud", "- x", "+ url"]) expect(text).toContain(mark);
  });

  it.each([60, 120, undefined])("lets no OSC, CSI or bidi attack through at %s columns", (columns) => {
    const unsafe = new RegExp(UNSAFE_CHARACTERS);
    const style = createStyle({ color: false, isTerminal: columns !== undefined, columns });
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", minLength: 1 }),
        fc.string({ unit: "binary" }),
        (first, second) => {
          const left = made({
            header: { kid: first },
            claims: { [first]: second, aud: [first], roles: [first] },
          });
          const right = made({
            header: { kid: second },
            claims: { [second]: first, aud: second, roles: [second] },
          });
          const names = { left: first, right: second };
          for (const line of shown(left, right, style, names).split("\n")) expect(line).not.toMatch(unsafe);
        },
      ),
      { numRuns: 300 },
    );
  });
});
