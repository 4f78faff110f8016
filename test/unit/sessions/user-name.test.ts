import { describe, expect, it } from "vitest";
import { userNameKey } from "../../../src/core/sessions/user.ts";
import { acceptUserName } from "../../../src/core/sessions/user-name.ts";

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
});
