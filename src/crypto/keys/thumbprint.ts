import { createHash } from "node:crypto";
import { type Jwk, PUBLIC_JWK_MEMBERS } from "../../core/jose/jwk.ts";
import { describeKey } from "./describe-key.ts";
import { unusable } from "./refusals.ts";

/**
 * RFC 7638 thumbprint in base64url: the hash of the required members in lexicographic order, as JSON without spaces
 * (of an AKP key `alg`, `kty` and `pub`: RFC 9964 section 6).
 * @throws AppError `key_unusable` for a key that lacks one of the members
 */
export function thumbprintOf(jwk: Jwk, hash: "sha256" | "sha384" | "sha512" = "sha256"): string {
  const required: Record<string, string> = {};
  for (const name of requiredMembers(jwk.kty)) {
    const value = jwk[name];
    if (typeof value !== "string") throw unusable(`${describeKey(jwk)} without "${name}" has no thumbprint`);
    required[name] = value;
  }
  return createHash(hash).update(JSON.stringify(required)).digest("base64url");
}

function requiredMembers(kty: string): readonly string[] {
  const own = kty === "oct" ? ["k"] : PUBLIC_JWK_MEMBERS.get(kty);
  if (own === undefined) throw unusable(`${describeKey({ kty })} has no thumbprint that jwtctl knows`);
  return [...own, "kty", ...(kty === "AKP" ? ["alg"] : [])].sort();
}
