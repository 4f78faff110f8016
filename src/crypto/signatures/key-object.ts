import {
  createPrivateKey,
  createPublicKey,
  type JsonWebKeyInput,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import type { Jwk } from "../../core/jose/jwk.ts";
import { keyMaterial, publicMaterial } from "../keys/jwk-members.ts";
import { requireRuntimeSupport } from "../keys/runtime-support.ts";
import { brokenKey, type SignaturePrimitive } from "./primitive.ts";

/**
 * Ed25519 and Ed448 (RFC 8037), ES256K (RFC 8812) and ML-DSA (RFC 9964) by node:crypto: Web Cryptography, which jose uses,
 * has not all of them, and prints an "experimental" warning for ML-DSA on the user's terminal.
 */
export const keyObjectPrimitive: SignaturePrimitive = {
  async sign(alg, key, data) {
    requireRuntimeSupport(alg);
    return sign(null, data, keyObject(createPrivateKey, keyMaterial(key)));
  },

  async verify(alg, key, data, signature) {
    requireRuntimeSupport(alg);
    const publicKey = keyObject(createPublicKey, publicMaterial(key));
    if (alg !== "ES256K") return verify(null, data, publicKey, signature);
    return verify("sha256", data, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature);
  },
};

function keyObject(create: (input: JsonWebKeyInput) => KeyObject, material: Jwk): KeyObject {
  try {
    return create({ key: { ...material }, format: "jwk" });
  } catch {
    throw brokenKey(material);
  }
}
