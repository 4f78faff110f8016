import { createHmac, timingSafeEqual } from "node:crypto";
import type { JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import { brokenKey, type SignaturePrimitive } from "./primitive.ts";

/**
 * HMAC (RFC 7518 section 3.2) by node:crypto: Web Cryptography, and so jose, refuses the empty secret, which a
 * diagnosis has to try. The policy decides whether a secret is long enough.
 */
export const hmacPrimitive: SignaturePrimitive = {
  async sign(alg, key, data) {
    return mac(alg, key, data);
  },

  async verify(alg, key, data, signature) {
    const expected = mac(alg, key, data);
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  },
};

function mac(alg: JwsAlgorithm, key: Jwk, data: Uint8Array): Uint8Array {
  if (typeof key.k !== "string") throw brokenKey(key);
  return createHmac(`sha${alg.slice(2)}`, Buffer.from(key.k, "base64url"))
    .update(data)
    .digest();
}
