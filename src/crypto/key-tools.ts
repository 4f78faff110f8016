import { createHash } from "node:crypto";
import type { KdfCosts } from "../core/authority/ports/crypto.ts";
import type { Random } from "../core/base/ports.ts";
import type { Jwk } from "../core/jose/jwk.ts";
import type { KeyTools } from "../core/jose/ports/crypto.ts";
import { KDF_COSTS } from "./kdf-costs.ts";
import { generateKey, randomKid } from "./keys/generate.ts";
import { publicHalf } from "./keys/jwk-members.ts";
import { readKeys } from "./keys/read-keys.ts";
import { runtimeSupports } from "./keys/runtime-support.ts";
import { thumbprintOf } from "./keys/thumbprint.ts";
import { writePrivateKey, writePublicKey } from "./keys/write-keys.ts";

/**
 * Reads, writes and generates keys. jose's encryption, its larger part, is loaded only for a key under a passphrase; a
 * finer split costs more at start-up than it saves.
 */
export function createKeyTools(random: Random, { rounds }: Pick<KdfCosts, "rounds"> = KDF_COSTS): KeyTools {
  return {
    generate: (alg, options = {}) => generateKey(alg, options.bits, random),
    read: (bytes, passphrase, purpose) => readKeys(bytes, passphrase, purpose),
    thumbprint: async (jwk, hash) => thumbprintOf(jwk, hash),
    fingerprint: async (bytes, hash) => createHash(hash).update(bytes).digest(),
    kidOf: async (jwk) => (jwk.kty === "oct" ? randomKid(random) : thumbprintOf(jwk)),
    publicOf: async (jwk) => publicHalf(jwk),
    sizeOf,
    writePublic: (jwk, encoding) => writePublicKey(jwk, encoding),
    writePrivate: (jwk, encoding, passphrase) =>
      writePrivateKey(jwk, encoding, passphrase, { random, rounds }),
    supports: async (alg) => runtimeSupports(alg),
  };
}

/** Bits of the RSA modulus without leading zeros, or of the HMAC secret. */
function sizeOf(jwk: Jwk): number | undefined {
  if (jwk.kty === "oct") return Buffer.from(jwk.k ?? "", "base64url").length * 8;
  if (jwk.kty !== "RSA") return undefined;
  const modulus = Buffer.from(jwk.n ?? "", "base64url");
  const start = modulus.findIndex((byte) => byte !== 0);
  if (start < 0) return 0;
  return (modulus.length - start) * 8 - (Math.clz32(modulus[start] ?? 0) - 24);
}
