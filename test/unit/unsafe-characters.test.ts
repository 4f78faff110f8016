import { describe, expect, it } from "vitest";
import { acceptUserName } from "../../src/core/authority/users/user.ts";
import { escapeCodeUnits, UNSAFE_CHARACTERS } from "../../src/core/base/text/unsafe-characters.ts";
import { safe } from "../../src/output/sanitize.ts";

const UNSAFE = new RegExp(UNSAFE_CHARACTERS);

/** Format characters that are seen: signs of Arabic, Syriac, Kaithi and Egyptian writing around a number or a word. */
const SEEN = /[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}\u{13430}-\u{1343f}]/u;
const ACTS_OR_HIDES = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}|\u2800/u;

describe("characters that act instead of being seen, or are not seen at all", () => {
  it("are all that Unicode has of them", () => {
    const missed: string[] = [];
    for (let point = 0; point <= 0x10ffff; point++) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      const character = String.fromCodePoint(point);
      if (ACTS_OR_HIDES.test(character) && !SEEN.test(character) && !UNSAFE.test(character)) {
        missed.push(`U+${point.toString(16).toUpperCase()}`);
      }
    }
    expect(missed).toEqual([]);
  });

  it("leave the writing of the world alone", () => {
    for (const text of [
      "Zoë Straße",
      "山田太郎",
      "Ελλάδα",
      "ไทย",
      "नमस्ते",
      "العربية",
      "עברית",
      "👍🏽",
      "𝄞",
      "ⅷ½€",
    ]) {
      expect(safe(text)).toBe(text);
    }
  });

  it.each([
    ["a mark of music that nobody sees", "\u{1d173}"],
    ["a mark of shorthand that nobody sees", "\u{1bca0}"],
    ["what is reserved for tags", "\u{e0200}"],
    ["a blank Braille pattern", "\u2800"],
  ])("attack: a second alice, told from the first by %s alone", (_, hidden) => {
    expect(() => acceptUserName(`alice${hidden}`)).toThrow("one that cannot be seen");
    expect(safe(`alice${hidden}`)).toBe(`alice${escapeCodeUnits(hidden)}`);
  });

  it.each(["\u00a0", "\u2002", "\u202f", "\u3000"])(
    "attack: a second alice smith, told from the first by her blank alone (%j)",
    (blank) => {
      expect(acceptUserName("alice smith")).toBe("alice smith");
      expect(() => acceptUserName(`alice${blank}smith`)).toThrow("a blank");
    },
  );
});
