import { generateKeyPair as generateWithCallback, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { encodeBase64Url } from "../../core/base/base64url.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Random } from "../../core/base/ports.ts";
import {
  ALGORITHM_TRAITS,
  type JwsAlgorithm,
  SIGNING_ALGORITHMS,
  signsWith,
} from "../../core/jose/algorithms.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { GeneratedKey } from "../../core/jose/ports/crypto.ts";
import { keyMaterial, publicHalf } from "./jwk-members.ts";
import { requireRuntimeSupport } from "./runtime-support.ts";
import { thumbprintOf } from "./thumbprint.ts";

const DEFAULT_RSA_BITS = 2048;
/** Larger keys take minutes to make and no verifier wants them. */
const MAX_RSA_BITS = 8192;
const MAX_SECRET_BITS = 4096;
/** An `oct` key's id is random: a thumbprint would let anyone test guesses of a weak secret (RFC 7638 section 7). */
const RANDOM_KID_BYTES = 16;

/**
 * Makes a key pair or a secret.
 * @param bits the RSA modulus or the HMAC secret; the algorithm's minimum when left out
 * @throws AppError `key_too_weak` below that minimum (RFC 7518 sections 3.2, 3.3), `usage` for a size that makes no
 *   sense, `algorithm_unsupported`
 */
export async function generateKey(
  alg: JwsAlgorithm,
  bits: number | undefined,
  random: Random,
): Promise<GeneratedKey> {
  if (!signsWith(alg)) {
    throw new AppError("algorithm_unsupported", `jwtctl verifies ${alg}, but makes no keys for it`, {
      hints: [`Choose from: ${SIGNING_ALGORITHMS.join(", ")}`],
      data: { alg },
    });
  }
  const size = sizeFor(alg, bits);
  requireRuntimeSupport(alg);
  const material = await newMaterial(alg, size, random);
  const kid = material.kty === "oct" ? randomKid(random) : thumbprintOf(material);
  const privateJwk: Jwk = { ...material, kid, alg, use: "sig" };
  return { kid, alg, publicJwk: publicHalf(privateJwk), privateJwk };
}

export function randomKid(random: Random): string {
  return encodeBase64Url(random.bytes(RANDOM_KID_BYTES));
}

function sizeFor(alg: JwsAlgorithm, bits: number | undefined): number {
  const { kty, minimumBits } = ALGORITHM_TRAITS[alg];
  if (minimumBits === undefined) {
    if (bits === undefined) return 0;
    throw new AppError("usage", `${alg} keys have one size, so no number of bits can be chosen`, {
      hints: ["Leave the number of bits out"],
    });
  }
  const size = bits ?? (kty === "RSA" ? DEFAULT_RSA_BITS : minimumBits);
  const largest = kty === "RSA" ? MAX_RSA_BITS : MAX_SECRET_BITS;
  if (!Number.isInteger(size) || size % 8 !== 0 || size > largest) {
    throw new AppError("usage", `${alg} keys take a multiple of 8 bits, at most ${largest}`, {
      hints: [`Choose a number of bits from ${minimumBits} to ${largest}`],
    });
  }
  if (size < minimumBits) {
    throw new AppError("key_too_weak", `${alg} needs at least ${minimumBits} bits (RFC 7518), not ${size}`, {
      hints: [`Choose a number of bits from ${minimumBits} to ${largest}`],
      data: { alg, bits: size, minimum_bits: minimumBits },
    });
  }
  return size;
}

async function newMaterial(alg: JwsAlgorithm, bits: number, random: Random): Promise<Jwk> {
  const { kty, crv } = ALGORITHM_TRAITS[alg];
  if (kty === "oct") return { kty, k: encodeBase64Url(random.bytes(bits / 8)) };
  const privateKey = await privateKeyOf(kty, alg, crv, bits);
  return keyMaterial(privateKey.export({ format: "jwk" }) as Jwk);
}

async function privateKeyOf(
  kty: "EC" | "RSA" | "OKP" | "AKP",
  alg: JwsAlgorithm,
  crv: string | undefined,
  bits: number,
): Promise<KeyObject> {
  // The types know only what the oldest supported runtime has.
  const make = promisify(generateWithCallback) as unknown as (
    type: string,
    options: object,
  ) => Promise<{ privateKey: KeyObject }>;
  if (kty === "EC") return (await make("ec", { namedCurve: crv })).privateKey;
  if (kty === "RSA") return (await make("rsa", { modulusLength: bits })).privateKey;
  return (await make(kty === "OKP" ? "ed25519" : alg.toLowerCase(), {})).privateKey;
}
