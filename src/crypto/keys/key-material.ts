import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  type JsonWebKeyInput,
  type KeyObject,
} from "node:crypto";
import type { JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import { describeKey } from "./describe-key.ts";
import { canSign, keyMaterial, publicMaterial } from "./jwk-members.ts";
import { ECDH_CURVES } from "./member-fault.ts";
import { malformed, unusable } from "./refusals.ts";
import { requireRuntimeSupport } from "./runtime-support.ts";
import { hasSmallOrder } from "./small-order.ts";

/** OpenSSL verifies nothing larger, and smaller has no room for any signature, in bits. */
const RSA_BITS = { min: 512, max: 16_384 } as const;

/**
 * Makes sure that the numbers of a well-formed JWK are a key: the point lies on the curve, the private half belongs to
 * the public one. A private half under another public half would sign what nobody can verify, or under a foreign kid.
 * @throws AppError `key_malformed`; `key_unusable` for RSA sizes out of reach; `algorithm_unsupported`
 */
export function requireSound(jwk: Jwk): void {
  if (jwk.kty === "oct") return;
  if (jwk.kty === "AKP") requireRuntimeSupport(jwk.alg as JwsAlgorithm);
  if (jwk.kty === "RSA") requireRsaNumbers(jwk);
  if (jwk.kty === "OKP" && hasSmallOrder(decoded(jwk.x))) {
    throw malformed(
      `this is no ${jwk.crv} key that anyone has made: signatures under it can be forged by everybody`,
      "Do not trust where it comes from",
    );
  }
  keyObject(createPublicKey, publicMaterial(jwk));
  if (canSign(jwk) && jwk.kty !== "RSA" && !privateHalfFits(jwk)) throw mismatch();
}

/** The public half as node:crypto holds it. @throws AppError `key_malformed` */
export function publicKeyObject(jwk: Jwk): KeyObject {
  return keyObject(createPublicKey, publicMaterial(jwk));
}

/** The private half as node:crypto holds it. @throws AppError `key_malformed` */
export function privateKeyObject(jwk: Jwk): KeyObject {
  return keyObject(createPrivateKey, keyMaterial(jwk));
}

function keyObject(create: (input: JsonWebKeyInput) => KeyObject, material: Jwk): KeyObject {
  try {
    return create({ key: { ...material }, format: "jwk" });
  } catch {
    throw malformed(
      `the numbers in this key do not make ${describeKey(material)}`,
      "Check that the key was copied whole",
    );
  }
}

function mismatch(): Error {
  return malformed(
    "the private half of this key does not belong to its public half",
    "Export the key again from where it was made",
  );
}

function privateHalfFits(jwk: Jwk): boolean {
  const curve = jwk.kty === "EC" ? ECDH_CURVES[jwk.crv ?? ""] : undefined;
  if (curve !== undefined) {
    // node:crypto keeps the public point a JWK names, whatever `d` is; only ECDH computes it.
    const ecdh = createECDH(curve);
    try {
      ecdh.setPrivateKey(jwk.d ?? "", "base64url");
    } catch {
      return false;
    }
    const point = Buffer.concat([Buffer.of(4), decoded(jwk.x), decoded(jwk.y)]);
    return ecdh.getPublicKey().equals(point);
  }
  try {
    const derived = createPublicKey(privateKeyObject(jwk)).export({ format: "jwk" }) as Jwk;
    return derived.x === jwk.x && derived.pub === jwk.pub;
  } catch {
    // From Node 26 on the import itself refuses halves that do not match.
    return false;
  }
}

/** The relations of RFC 8017 section 3.2 between the members of an RSA key. */
function requireRsaNumbers(jwk: Jwk): void {
  const n = integer(jwk.n);
  const e = integer(jwk.e);
  const bits = n.toString(2).length;
  if (bits < RSA_BITS.min || bits > RSA_BITS.max) {
    throw unusable(`an RSA key of ${bits} bits: jwtctl takes ${RSA_BITS.min} to ${RSA_BITS.max}`);
  }
  if (n % 2n === 0n || e % 2n === 0n || e < 3n || e >= n) {
    throw malformed("the numbers in this key do not make an RSA key", "Check that the key was copied whole");
  }
  if (!canSign(jwk)) return;
  const d = integer(jwk.d);
  const p = integer(jwk.p);
  const q = integer(jwk.q);
  const fits =
    p > 1n &&
    q > 1n &&
    p * q === n &&
    (e * d) % (p - 1n) === 1n &&
    (e * d) % (q - 1n) === 1n &&
    integer(jwk.dp) === d % (p - 1n) &&
    integer(jwk.dq) === d % (q - 1n) &&
    (integer(jwk.qi) * q) % p === 1n;
  if (!fits) throw mismatch();
}

function decoded(member: unknown): Buffer {
  return Buffer.from(String(member), "base64url");
}

function integer(member: unknown): bigint {
  return BigInt(`0x${decoded(member).toString("hex") || "0"}`);
}
