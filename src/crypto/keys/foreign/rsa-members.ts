import type { Jwk } from "../../../core/jose/jwk.ts";
import { malformed } from "../refusals.ts";

/**
 * A private RSA JWK from the numbers that SSH's formats keep: they leave out the two exponents that follow from the
 * others (RFC 8017 section 3.2).
 */
export function privateRsa(publicHalf: Jwk, numbers: { d: string; p: string; q: string; qi: string }): Jwk {
  const d = integer(numbers.d);
  const [p, q] = [integer(numbers.p), integer(numbers.q)];
  if (p < 3n || q < 3n) throw malformed("the numbers in this key do not make an RSA key");
  return { ...publicHalf, ...numbers, dp: encoded(d % (p - 1n)), dq: encoded(d % (q - 1n)) };
}

function integer(member: string): bigint {
  return BigInt(`0x${Buffer.from(member, "base64url").toString("hex") || "0"}`);
}

function encoded(number: bigint): string {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex").toString("base64url");
}
