import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CHECK_NAMES } from "../../../src/core/token/check.ts";

const ROOT = join(import.meta.dirname, "../../..");
const documentation = readFileSync(join(ROOT, "docs/tokens.md"), "utf8");

/** The codes that a source file gives to findings: what stands where a code stands. */
function codesIn(file: string, pattern: RegExp): string[] {
  const text = readFileSync(join(ROOT, "src/core/token", file), "utf8");
  return [...text.matchAll(pattern)].map((match) => match[1] ?? "");
}

describe("docs/tokens.md", () => {
  it("has every check of verify", () => {
    expect(CHECK_NAMES.filter((name) => !documentation.includes(`\`${name}\``))).toEqual([]);
  });

  it("has every repair and every warning of decode", () => {
    const codes = [
      ...codesIn("inspect-warnings.ts", /warn\(\s*"([a-z0-9_]+)"/g),
      ...codesIn("unwrap.ts", /repair\(\s*"([a-z0-9_]+)"/g),
      ...codesIn("pick.ts", /code: "([a-z0-9_]+)"/g),
      ...["padding_removed", "base64_alphabet"],
    ];
    expect(codes.length).toBeGreaterThan(30);
    expect(codes.filter((code) => !documentation.includes(`\`${code}\``))).toEqual([]);
  });
});
