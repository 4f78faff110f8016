import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CHECK_NAMES } from "../../../src/core/jose/verification/check.ts";

const ROOT = join(import.meta.dirname, "../../..");
const documentation = readFileSync(join(ROOT, "docs/tokens.md"), "utf8");

/** The codes that the sources give to findings: what stands where a code stands. */
function findingCodes(): string[] {
  return [
    "src/core/jose/token",
    "src/core/jose/verification",
    "src/core/analysis/extraction",
    "src/app/token",
  ].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).flatMap((file) => {
      const text = readFileSync(join(ROOT, folder, file), "utf8");
      const codes = /(?:\b(?:warn|warning|repair|finding)\(\s*|\bcode: )"([a-z0-9_]+)"/g;
      return [...text.matchAll(codes)].map((match) => match[1] ?? "");
    }),
  );
}

describe("docs/tokens.md", () => {
  it("has every check of verify", () => {
    expect(CHECK_NAMES.filter((name) => !documentation.includes(`\`${name}\``))).toEqual([]);
  });

  it("has every repair and every warning of decode", () => {
    const checks: readonly string[] = CHECK_NAMES;
    const codes = findingCodes().filter((code) => !checks.includes(code));
    expect(codes.length).toBeGreaterThan(30);
    expect(codes.filter((code) => !documentation.includes(`\`${code}\``))).toEqual([]);
  });
});
