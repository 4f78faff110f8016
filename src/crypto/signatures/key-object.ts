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
 * Ed25519 (RFC 8037) and ML-DSA (RFC 9964) by node:crypto: with Web Cryptography, which jose uses, ML-DSA prints an
 * "experimental" warning on the user's terminal.
 */
export const keyObjectPrimitive: SignaturePrimitive = {
  async sign(alg, key, data) {
    requireRuntimeSupport(alg);
    return sign(null, data, keyObject(createPrivateKey, keyMaterial(key)));
  },

  async verify(alg, key, data, signature) {
    requireRuntimeSupport(alg);
    return verify(null, data, keyObject(createPublicKey, publicMaterial(key)), signature);
  },
};

function keyObject(create: (input: JsonWebKeyInput) => KeyObject, material: Jwk): KeyObject {
  try {
    return create({ key: { ...material }, format: "jwk" });
  } catch {
    throw brokenKey(material);
  }
}
