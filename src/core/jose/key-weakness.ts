import { decodeBase64Url } from "../base/base64url.ts";
import { ALGORITHM_TRAITS, type JwsAlgorithm } from "./algorithms.ts";
import type { Jwk } from "./jwk.ts";

/** A secret of 32 random bytes has about 30 different ones; fewer than this is a pattern, not a secret. */
const FEWEST_DIFFERENT_BYTES = 8;

/**
 * Why a sound key must not protect anything, or undefined: too small for its algorithm (RFC 7518 sections 3.2, 3.3,
 * 3.5), or a secret that is a pattern.
 *
 * @param bits the size of an RSA modulus or an HMAC secret; undefined for keys of a fixed size
 */
export function weaknessOf(jwk: Jwk, alg: JwsAlgorithm, bits: number | undefined): string | undefined {
  const { minimumBits } = ALGORITHM_TRAITS[alg];
  if (minimumBits !== undefined && bits !== undefined && bits < minimumBits) {
    return `it has ${bits} bits, and ${alg} needs ${minimumBits}`;
  }
  if (jwk.kty === "oct" && jwk.k !== undefined) return secretWeakness(decodeBase64Url(jwk.k).bytes);
  return undefined;
}

function secretWeakness(bytes: Uint8Array): string | undefined {
  const different = new Set(bytes).size;
  return different < FEWEST_DIFFERENT_BYTES ? `it is made of ${different} different bytes` : undefined;
}
