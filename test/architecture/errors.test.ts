import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "../../src/core/errors.ts";
import { EXIT_CODE_OF, EXIT_CODES } from "../../src/exit-codes.ts";
import { ROOT } from "./source-files.ts";

describe("error codes", () => {
  it("each has an exit code, and no exit code is without a meaning", () => {
    expect(Object.keys(EXIT_CODE_OF).sort()).toEqual([...ERROR_CODES].sort());
    for (const code of Object.values(EXIT_CODE_OF)) expect(EXIT_CODES).toHaveProperty(String(code));
  });

  it("each is documented with its exit code", () => {
    const page = readFileSync(join(ROOT, "docs/errors.md"), "utf8");
    const missing = ERROR_CODES.filter((code) => !page.includes(`| \`${code}\` | ${EXIT_CODE_OF[code]} |`));
    expect(missing).toEqual([]);
  });
});
