import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { errorReference } from "../../src/cli/reference.ts";
import { ERROR_CODES } from "../../src/core/base/errors.ts";
import { EXIT_CODE_OF, EXIT_CODES } from "../../src/exit-codes.ts";
import { ROOT } from "./source-files.ts";

describe("error codes", () => {
  it("each has an exit code, and no exit code is without a meaning", () => {
    expect(Object.keys(EXIT_CODE_OF).sort()).toEqual([...ERROR_CODES].sort());
    for (const code of Object.values(EXIT_CODE_OF)) expect(EXIT_CODES).toHaveProperty(String(code));
  });

  it("are documented as they are: docs/errors.md comes from `npm run docs`", () => {
    expect(readFileSync(join(ROOT, "docs/errors.md"), "utf8")).toBe(errorReference(EXIT_CODES, EXIT_CODE_OF));
  });
});
