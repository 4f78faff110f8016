import { AppError } from "../../core/base/errors.ts";
import { ALGORITHM_TRAITS, type JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import { describeKey } from "../keys/describe-key.ts";
import { canSign } from "../keys/jwk-members.ts";

/** A signature operation over given bytes. The caller decides the algorithm and the key. */
export interface SignaturePrimitive {
  sign(alg: JwsAlgorithm, key: Jwk, data: Uint8Array): Promise<Uint8Array>;
  verify(alg: JwsAlgorithm, key: Jwk, data: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

const NEEDED_KEY: Readonly<Record<string, string>> = {
  RSA: "an RSA key",
  oct: "an HMAC secret",
};

/** Refuses a key of the wrong type, curve or half for `alg` and `purpose`. @throws AppError `key_unusable` */
export function requireFit(alg: JwsAlgorithm, key: Jwk, purpose: "sign" | "verify"): void {
  const traits = ALGORITHM_TRAITS[alg];
  const fits =
    key.kty === traits.kty &&
    (traits.crv === undefined || key.crv === traits.crv) &&
    (traits.kty !== "AKP" || key.alg === alg);
  if (!fits) {
    const needed = NEEDED_KEY[traits.kty] ?? describeKey({ kty: traits.kty, crv: traits.crv ?? "", alg });
    throw new AppError("key_unusable", `${alg} needs ${needed}, but this is ${describeKey(key)}`, {
      hints: ["Choose an algorithm that fits the key, or a key that fits the algorithm"],
      data: { alg },
    });
  }
  if (purpose === "sign" && !canSign(key)) {
    throw new AppError(
      "key_unusable",
      "this is only the public half of a key, and signing takes the private one",
      {
        hints: ["Give the private key"],
        data: { alg },
      },
    );
  }
}

/** The refusal of a key that the cryptography library rejects, whose own message may quote key material. */
export function brokenKey(key: Jwk): AppError {
  return new AppError("key_unusable", `the numbers in this key do not make ${describeKey(key)}`, {
    hints: ["Check that the key was copied whole"],
  });
}

/**
 * The exact length of a signature of this key, in bytes. OpenSSL also accepts an RSASSA-PSS signature without its
 * leading zeros, which RFC 8017 section 8.1.2 step 1 refuses: a second spelling of the same token.
 *
 * @returns undefined for a key without a modulus
 */
export function signatureLength(alg: JwsAlgorithm, key: Jwk): number | undefined {
  const { kty, signatureBytes } = ALGORITHM_TRAITS[alg];
  if (kty !== "RSA" || typeof key.n !== "string") return signatureBytes;
  const modulus = Buffer.from(key.n, "base64url");
  const first = modulus.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : modulus.length - first;
}
