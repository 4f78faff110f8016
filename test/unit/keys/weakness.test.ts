import { describe, expect, test } from "vitest";
import { weaknessOf } from "../../../src/core/jose/algorithms.ts";

const secret = (bytes: readonly number[]) => ({
  kty: "oct",
  k: Buffer.from(bytes).toString("base64url"),
});
const varied = Array.from({ length: 64 }, (_, index) => index * 3);

describe("a key is weak", () => {
  test.each([
    ["RS256", 2047, true],
    ["RS256", 2048, false],
    ["PS512", 1024, true],
  ] as const)("%s with %i bits: %s", (alg, bits, weak) => {
    expect(weaknessOf({ kty: "RSA" }, alg, bits) !== undefined).toBe(weak);
  });

  test.each([
    ["HS256", 31, true],
    ["HS256", 32, false],
    ["HS384", 47, true],
    ["HS384", 48, false],
    ["HS512", 63, true],
    ["HS512", 64, false],
  ] as const)("%s with a secret of %i bytes: %s (RFC 7518 section 3.2)", (alg, bytes, weak) => {
    expect(weaknessOf(secret(varied.slice(0, bytes)), alg, bytes * 8) !== undefined).toBe(weak);
  });

  test("when its secret is a pattern, however long", () => {
    expect(weaknessOf(secret(Array(64).fill(7)), "HS256", 512)).toContain("different bytes");
  });

  test("never for keys of a fixed size", () => {
    expect(weaknessOf({ kty: "EC", crv: "P-256" }, "ES256", undefined)).toBeUndefined();
    expect(weaknessOf({ kty: "OKP", crv: "Ed25519" }, "EdDSA", undefined)).toBeUndefined();
  });
});
