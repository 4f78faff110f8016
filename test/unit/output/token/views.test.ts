import { describe, expect, it } from "vitest";
import { JsonObject } from "../../../../src/core/base/json/value.ts";
import { tokenTimes } from "../../../../src/core/jose/token/times.ts";
import { createStyle } from "../../../../src/output/style.ts";
import { lifetimeBar } from "../../../../src/output/token/times-view.ts";
import { tokenText } from "../../../../src/output/token/token-text.ts";

const plain = (columns: number | undefined) =>
  createStyle({ color: false, isTerminal: columns !== undefined, columns });
const painted = createStyle({ color: true, isTerminal: true, columns: 20 });

describe("tokenText", () => {
  it("breaks at the width of the terminal and loses no character", () => {
    const segments = ["a".repeat(25), "b".repeat(30), "c".repeat(7)];
    const text = tokenText(segments, plain(20));
    expect(text.split("\n").every((line) => line.length <= 20)).toBe(true);
    expect(text.replaceAll("\n", "")).toBe(segments.join("."));
  });

  it("gives each segment a line of its own in a pipe", () => {
    expect(tokenText(["aa", "bb", "cc"], plain(undefined))).toBe("aa\n.bb\n.cc\n");
  });

  it("colours the three segments differently, and never across a line break", () => {
    const text = tokenText(["aaa", "bbb", "c".repeat(30)], painted);
    const opened = text.match(/\u001b\[3[0-8]m/g) ?? [];
    expect(new Set(opened).size).toBe(3);
    for (const line of text.trimEnd().split("\n")) {
      expect((line.match(/\u001b\[3[0-8]m/g) ?? []).length).toBe((line.match(/\u001b\[39m/g) ?? []).length);
    }
  });

  it("leaves out the middle of very long segments and says how much", () => {
    const text = tokenText(["a", "b".repeat(1_000_000), "c"], plain(undefined));
    expect(text.length).toBeLessThan(2000);
    expect(text).toContain("…(998760 characters)…");
  });

  it("shows the five segments of a JWE", () => {
    expect(tokenText(["a", "b", "c", "d", "e"], plain(undefined))).toBe("a\n.b\n.c\n.d\n.e\n");
  });
});

describe("lifetimeBar", () => {
  const bar = (claims: Record<string, number>, now: number, columns = 80) =>
    lifetimeBar(tokenTimes(JsonObject.of(claims), now * 1000), plain(columns === 0 ? undefined : columns));

  it("shows where now is between issued and expires", () => {
    const text = bar({ iat: 0, exp: 900 }, 450);
    expect(text).toBe(`issued ${"━".repeat(17)}●${"─".repeat(17)} expires (now 8 minutes of 15 minutes)\n`);
    expect(text.trimEnd().length).toBeLessThanOrEqual(80);
  });

  it("is full when the token has expired and empty when it is not issued yet", () => {
    expect(bar({ iat: 0, exp: 900 }, 900)).toMatch(/^issued ━+ expired · now \(lived 15 minutes\)\n$/);
    expect(bar({ iat: 100, exp: 1000 }, 50)).toMatch(/^now · issued ─+ expires \(lives 15 minutes\)\n$/);
  });

  it("marks the first and the last second inside the bar", () => {
    expect(bar({ iat: 0, exp: 900 }, 0)).toMatch(/^issued ●─+ expires/);
    expect(bar({ iat: 0, exp: 900 }, 899.999)).toMatch(/^issued ━+● expires/);
  });

  it.each([
    ["a date is missing", { exp: 900 }, 80],
    ["the token ends before it begins", { iat: 900, exp: 0 }, 80],
    ["it has no length", { iat: 900, exp: 900 }, 80],
    ["the terminal is too narrow", { iat: 0, exp: 900 }, 40],
    ["there is no terminal", { iat: 0, exp: 900 }, 0],
  ])("is left out when %s", (_, claims, columns) => {
    expect(bar(claims, 450, columns)).toBe("");
  });
});
