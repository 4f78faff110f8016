import {
  constants,
  createHmac,
  createPublicKey,
  createSecretKey,
  createVerify,
  type KeyObject,
  timingSafeEqual,
  type VerifyKeyObjectInput,
  verify,
} from "node:crypto";
import { ALGORITHM_TRAITS, type JwsAlgorithm } from "../core/jose/algorithms.ts";
import type { Jwk } from "../core/jose/jwk.ts";
import type { SignatureVerifier } from "../core/jose/ports/crypto.ts";
import { publicMaterial } from "./keys/jwk-members.ts";
import { requireRuntimeSupport } from "./keys/runtime-support.ts";
import { brokenKey, requireFit, signatureLength } from "./signatures/primitive.ts";

/** Verifies a signature over a text (as UTF-8) with one key. */
type Verifier = (signingInput: string, signature: Uint8Array) => boolean;

/**
 * {@link Jws.verify} for many tokens and few keys. Each key is imported once per algorithm, and OpenSSL is called
 * synchronously, where Web Cryptography needs a thread and a promise for every signature. One test compares the
 * verdicts with those of {@link createJws} (test/unit/crypto/jws-bulk.test.ts). No verdict is cached.
 */
export function createBulkJws(): SignatureVerifier {
  const verifiers = new WeakMap<Jwk, Map<JwsAlgorithm, Verifier>>();

  function verifierOf(alg: JwsAlgorithm, key: Jwk): Verifier {
    let ofKey = verifiers.get(key);
    if (ofKey === undefined) {
      ofKey = new Map();
      verifiers.set(key, ofKey);
    }
    let verifier = ofKey.get(alg);
    if (verifier === undefined) {
      requireFit(alg, key, "verify");
      verifier = createVerifier(alg, key);
      ofKey.set(alg, verifier);
    }
    return verifier;
  }

  return {
    verify({ signingInput, signature, alg, key }) {
      return verifierOf(alg, key)(signingInput, signature);
    },
  };
}

/** @throws AppError `key_unusable`, `algorithm_unsupported` */
function createVerifier(alg: JwsAlgorithm, key: Jwk): Verifier {
  const { family } = ALGORITHM_TRAITS[alg];
  if (family === "hmac") return hmacVerifier(alg, key);
  requireRuntimeSupport(alg);
  const publicKey = importPublicKey(key);
  const length = signatureLength(alg, key);
  // The signature is r and s side by side, each of the curve's full length (RFC 7518 section 3.4); OpenSSL by itself
  // takes DER, in which one signature has many spellings.
  if (family === "ecdsa") {
    return verifierWith(hashOf(alg), { key: publicKey, dsaEncoding: "ieee-p1363" }, length);
  }
  if (family === "rsa-pss") {
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    // The salt is as long as the hash (RFC 7518 section 3.5); OpenSSL by default accepts any length.
    return verifierWith(
      hashOf(alg),
      { key: publicKey, padding, saltLength: Number(alg.slice(2)) / 8 },
      length,
    );
  }
  if (family === "rsa-pkcs1") {
    return verifierWith(hashOf(alg), { key: publicKey, padding: constants.RSA_PKCS1_PADDING }, length);
  }
  return verifierWith(null, { key: publicKey }, length);
}

/** @param hash null: the algorithm has its own (EdDSA) */
function verifierWith(hash: string | null, key: VerifyKeyObjectInput, length: number | undefined): Verifier {
  return (signingInput, signature) => {
    if (length !== undefined && signature.length !== length) return false;
    try {
      // `createVerify` has less overhead in Node than `verify`.
      return hash === null
        ? verify(hash, Buffer.from(signingInput, "utf8"), key, signature)
        : createVerify(hash).update(signingInput, "utf8").verify(key, signature);
    } catch {
      // The key was imported: the error is about the signature.
      return false;
    }
  };
}

function hmacVerifier(alg: JwsAlgorithm, key: Jwk): Verifier {
  if (typeof key.k !== "string") throw brokenKey(key);
  const hash = hashOf(alg);
  const secret = createSecretKey(key.k, "base64url");
  return (signingInput, signature) => {
    const expected = createHmac(hash, secret).update(signingInput, "utf8").digest();
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  };
}

function hashOf(alg: JwsAlgorithm): string {
  return `sha${alg.slice(2, 5)}`;
}

function importPublicKey(key: Jwk): KeyObject {
  try {
    return createPublicKey({ key: { ...publicMaterial(key) }, format: "jwk" });
  } catch {
    throw brokenKey(key);
  }
}
