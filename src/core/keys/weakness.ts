import { decodeBase64Url } from "../base64url.ts";
import { ALGORITHM_TRAITS, type JwsAlgorithm } from "./algorithms.ts";
import type { Jwk } from "./jwk.ts";

/** A secret of 32 random bytes has about 30 different ones; fewer than this is a pattern, not a secret. */
const FEWEST_DIFFERENT_BYTES = 8;

/**
 * Why a key must not protect anything, or undefined: too small for its algorithm (RFC 7518 sections 3.2, 3.3, 3.5), an
 * RSA exponent that anyone can invert, a secret that is a pattern.
 *
 * @param bits the size of an RSA modulus or an HMAC secret; undefined for keys of a fixed size
 */
export function weaknessOf(jwk: Jwk, alg: JwsAlgorithm, bits: number | undefined): string | undefined {
  const { minimumBits } = ALGORITHM_TRAITS[alg];
  if (minimumBits !== undefined && bits !== undefined && bits < minimumBits) {
    return `it has ${bits} bits, and ${alg} needs ${minimumBits}`;
  }
  if (jwk.kty === "RSA" && jwk.e !== undefined) return exponentWeakness(decodeBase64Url(jwk.e).bytes);
  if (jwk.kty === "oct" && jwk.k !== undefined) return secretWeakness(decodeBase64Url(jwk.k).bytes);
  return undefined;
}

function exponentWeakness(bytes: Uint8Array): string | undefined {
  const digits = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
  const last = digits[digits.length - 1] ?? 0;
  const isOne = digits.length === 1 && last === 1;
  return isOne || last % 2 === 0
    ? "its public exponent is 1 or even: anyone can forge signatures"
    : undefined;
}

function secretWeakness(bytes: Uint8Array): string | undefined {
  const different = new Set(bytes).size;
  return different < FEWEST_DIFFERENT_BYTES ? `it is made of ${different} different bytes` : undefined;
}
