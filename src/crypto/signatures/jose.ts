import type { CryptoKey, JWK } from "jose";
import { importJWK } from "jose/key/import";
import { AppError } from "../../core/base/errors.ts";
import { ALGORITHM_TRAITS, type JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import { keyMaterial, publicMaterial } from "../keys/jwk-members.ts";
import { brokenKey, type SignaturePrimitive } from "./primitive.ts";

/**
 * ECDSA and RSA (RFC 7518 sections 3.3 to 3.5). jose imports the key for one algorithm, and Web Cryptography signs the
 * bytes.
 *
 * jose's CompactSign and compactVerify are not used: the first writes the header anew from an object and loses its
 * exact text, the second takes the algorithm from the token's header, where jwtctl takes it from the key.
 */
export const josePrimitive: SignaturePrimitive = {
  async sign(alg, key, data) {
    const cryptoKey = await importKey(alg, keyMaterial(key), key);
    try {
      return new Uint8Array(await crypto.subtle.sign(parametersOf(alg), cryptoKey, data));
    } catch (cause) {
      if (key.kty !== "RSA") throw cause;
      // For example, the padding of PS512 does not fit into 1024 bits.
      throw new AppError("key_unusable", `this key is too small for ${alg}`, {
        hints: ["Generate a key of at least 2048 bits with: jwtctl keys generate"],
        data: { alg },
        cause,
      });
    }
  },

  async verify(alg, key, data, signature) {
    const cryptoKey = await importKey(alg, publicMaterial(key), key);
    try {
      return await crypto.subtle.verify(parametersOf(alg), cryptoKey, signature, data);
    } catch {
      // A signature that this key cannot make is invalid.
      return false;
    }
  },
};

async function importKey(alg: JwsAlgorithm, material: Jwk, key: Jwk): Promise<CryptoKey> {
  const imported = await importJWK({ ...material } as JWK, alg).catch(() => undefined);
  if (imported === undefined || imported instanceof Uint8Array) throw brokenKey(key);
  return imported;
}

/** The Web Cryptography parameters of an algorithm. */
function parametersOf(alg: JwsAlgorithm): { name: string; hash?: string; saltLength?: number } {
  const { family } = ALGORITHM_TRAITS[alg];
  const hashBits = Number(alg.slice(2));
  const hash = `SHA-${hashBits}`;
  if (family === "ecdsa") return { name: "ECDSA", hash };
  if (family === "rsa-pss") return { name: "RSA-PSS", hash, saltLength: hashBits / 8 };
  return { name: "RSASSA-PKCS1-v1_5", hash };
}
