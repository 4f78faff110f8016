import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shellWord } from "../../../src/core/base/text/wording.ts";

describe("a word shown to be copied into a shell", () => {
  it.each([
    ["alice", "alice"],
    ["alice@example.com", "alice@example.com"],
    ["alice smith", "'alice smith'"],
    ["o'brien", "'o'\\''brien'"],
    ["-rf", "'-rf'"],
    ["", "''"],
    ["zoé", "'zoé'"],
  ])("%s is written %s", (word, written) => {
    expect(shellWord(word)).toBe(written);
  });

  it.each([
    "=ls",
    "$(reboot)",
    "`reboot`",
    "a;reboot",
    "a&b",
    "a|b",
    ">x",
    "*",
    "~",
    "!!",
    "a\\b",
    '"',
    "#x",
  ])("%s does nothing when it is pasted", (word) => {
    expect(shellWord(word).startsWith("'")).toBe(true);
    expect(execFileSync("sh", ["-c", `printf %s ${shellWord(word)}`], { encoding: "utf8" })).toBe(word);
  });

  it("comes back from a shell as it was", () => {
    const words = fc
      .sample(fc.string({ unit: "grapheme", minLength: 1 }), 200)
      .filter((word) => !word.includes("\0"));
    const script = words.map((word) => `printf '%s\\0' ${shellWord(word)}`).join("\n");
    expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(
      words.map((word) => `${word}\0`).join(""),
    );
  });
});
