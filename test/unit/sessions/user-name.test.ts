import { describe, expect, it } from "vitest";
import { acceptUserName, userNameKey } from "../../../src/core/authority/users/user.ts";

describe("acceptUserName", () => {
  it.each([
    "a",
    "alice",
    "alice@example.com",
    "Zoé van der Meer",
    "日本太郎",
    "o'brien",
    "-x",
    "x".repeat(64),
  ])("takes %s", (name) => {
    expect(acceptUserName(name)).toBe(name);
  });

  it("keeps a name in NFC", () => {
    expect(acceptUserName("zoe\u0301")).toBe("zo\u00e9");
  });

  it("counts 64 characters, not code units", () => {
    expect(acceptUserName("🦉".repeat(64))).toHaveLength(128);
    expect(() => acceptUserName("🦉".repeat(65))).toThrow("longer than 64 characters");
  });

  it.each([
    ["nothing", ""],
    ["a blank before", " alice"],
    ["a blank after", "alice "],
    ["a no-break space after", "alice\u00a0"],
    ["only blanks", "   "],
    ["a line break", "ali\nce"],
    ["a terminal escape", "alice\u001b]0;owned\u0007"],
    ["a C1 control sequence introducer", "alice\u009b2J"],
    ["a bidirectional override", "alice\u202egnp"],
    ["a zero-width space, which makes it look like another name", "alice\u200b"],
    ["a zero-width joiner", "al\u200dice"],
    ["a tag character", "alice\u{e0041}"],
    ["half a surrogate pair", "alice\ud83e"],
    ["too many characters", "x".repeat(65)],
  ])("refuses a name with %s", (_, name) => {
    expect(() => acceptUserName(name)).toThrow(/^the user name /);
  });
});

describe("userNameKey", () => {
  it("is the same for names that differ in case or normalisation only", () => {
    expect(userNameKey("ZOE\u0301")).toBe(userNameKey("zo\u00e9"));
    expect(userNameKey("alice")).not.toBe(userNameKey("alicé"));
  });

  it.each([
    ["Straße", "STRASSE", "straẞe"],
    ["ſam", "sam", "SAM"],
    ["ﬁn", "fin", "FIN"],
    ["ΟΔΟΣ", "οδος", "οδοσ"],
    ["\u212aelvin", "kelvin"],
    ["ŉ", "ʼN"],
  ])("is the same for %s, %s and what else is written alike in capitals", (...names) => {
    expect(new Set(names.map(userNameKey)).size).toBe(1);
  });

  it("is the same for every character, its capital and its small letter, and for the key itself", () => {
    for (let point = 0x20; point < 0x1_f000; point++) {
      // Ideographs and half surrogate pairs.
      if (point >= 0x3400 && point < 0xf900) point = point < 0xa000 ? 0xa000 : 0xf900;
      const name = `a${String.fromCodePoint(point)}b`;
      const spellings = [
        name,
        name.toUpperCase(),
        name.toLowerCase(),
        name.normalize("NFD"),
        userNameKey(name),
      ];
      const keys = new Set(spellings.map(userNameKey));
      if (keys.size !== 1) throw new Error(`U+${point.toString(16)} has the keys ${[...keys].join(", ")}`);
    }
  });
});
