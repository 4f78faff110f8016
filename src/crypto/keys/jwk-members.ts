import { AppError } from "../../core/base/errors.ts";
import { type Jwk, PUBLIC_JWK_MEMBERS } from "../../core/jose/jwk.ts";

/** The members that make up the private half, per key type. Multi-prime RSA (`oth`) is not offered. */
export const PRIVATE_MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["EC", ["d"]],
  ["RSA", ["d", "p", "q", "dp", "dq", "qi"]],
  ["OKP", ["d"]],
  ["AKP", ["priv"]],
  ["oct", ["k"]],
]);

/** The members that say how a key is to be used (RFC 7517 section 4). */
export const METADATA_MEMBERS = ["kid", "alg", "use", "key_ops"] as const;

/** Exactly the named members, in that order; `kty` first. A member that is not named cannot get through. */
export function pickMembers(jwk: Jwk, names: readonly string[]): Jwk {
  const picked: Record<string, unknown> = {};
  for (const name of names) if (jwk[name] !== undefined) picked[name] = jwk[name];
  return { kty: jwk.kty, ...picked };
}

/**
 * The key's public material and nothing else: no private member, no metadata but the `alg` of an AKP key, which is
 * part of the key.
 * @throws AppError `key_unusable` for `oct` and unknown types, which have no public half
 */
export function publicMaterial(jwk: Jwk): Jwk {
  const names = PUBLIC_JWK_MEMBERS.get(jwk.kty);
  if (names === undefined || names.length === 0) {
    throw new AppError("key_unusable", `a key of the type "${jwk.kty}" has no public half`, {
      hints: ["Give a key of the type EC, RSA, OKP or AKP"],
    });
  }
  return pickMembers(jwk, jwk.kty === "AKP" ? ["alg", ...names] : names);
}

/** Public and private material without metadata (but the `alg` of an AKP key). */
export function keyMaterial(jwk: Jwk): Jwk {
  const names = [...(PUBLIC_JWK_MEMBERS.get(jwk.kty) ?? []), ...(PRIVATE_MEMBERS.get(jwk.kty) ?? [])];
  return pickMembers(jwk, jwk.kty === "AKP" ? ["alg", ...names] : names);
}

/** Whether the key can sign: its private half, or its secret, is there. */
export function canSign(jwk: Jwk): boolean {
  const first = PRIVATE_MEMBERS.get(jwk.kty)?.[0];
  return first !== undefined && jwk[first] !== undefined;
}

/**
 * The public half by allow-list, with `kid`, `alg` and `use`; null for `oct`. Members jwtctl does not know are left
 * out: one of them may be secret.
 * @throws AppError `key_unusable` for an unknown key type
 */
export function publicHalf(jwk: Jwk): Jwk | null {
  if (jwk.kty === "oct") return null;
  const material = publicMaterial(jwk);
  const metadata: Record<string, unknown> = {};
  for (const name of METADATA_MEMBERS) if (jwk[name] !== undefined) metadata[name] = jwk[name];
  // What the private half may do (sign), the public half undoes (verify): RFC 7517 section 4.3.
  if (jwk.key_ops !== undefined) metadata["key_ops"] = ["verify"];
  return { ...material, ...metadata };
}
