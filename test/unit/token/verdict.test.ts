import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../src/core/base/errors.ts";
import { fail, pass, skip, verdictOf, warn } from "../../../src/core/jose/verification/check.ts";

const verdict = (...codes: ErrorCode[]) => verdictOf(codes.map((code) => fail("exp", code, "")));

describe("verdictOf", () => {
  it("lets the graver failure win: refused, not found, malformed, time", () => {
    const ranked: ErrorCode[] = ["signature_invalid", "no_matching_key", "token_malformed", "token_expired"];
    ranked.forEach((graver, index) => {
      for (const lesser of ranked.slice(index + 1)) {
        expect(verdict(lesser, graver)).toBe(graver);
        expect(verdict(graver, lesser)).toBe(graver);
      }
    });
  });

  it("takes the first of equally grave ones", () => {
    expect(verdict("token_not_yet_valid", "token_expired")).toBe("token_not_yet_valid");
    expect(verdict("token_expired", "audience_mismatch", "issuer_mismatch")).toBe("audience_mismatch");
  });

  it("counts only failures", () => {
    expect(
      verdictOf([pass("exp", ""), skip("iss", ""), warn("key_size", "", "key_too_weak")]),
    ).toBeUndefined();
  });
});
