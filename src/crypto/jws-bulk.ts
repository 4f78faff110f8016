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

/** Whether the signature over this text, as UTF-8, is this key's. A copy of the text as bytes would only be in the way. */
type Verifier = (signingInput: string, signature: Uint8Array) => boolean;

/**
 * {@link Jws.verify} for very many tokens and few keys: each key is imported once, for each algorithm it is used with,
 * and OpenSSL is called at once where Web Cryptography goes through a thread and a promise for every signature. The
 * verdicts are those of {@link createJws}, to which one test holds both (test/unit/crypto/jws-bulk.test.ts).
 *
 * No verdict is remembered: every signature is verified.
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
    // As long as the hash (RFC 7518 section 3.5); by itself OpenSSL takes any length.
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
      // In two steps OpenSSL does the same, and Node somewhat less around it.
      return hash === null
        ? verify(hash, Buffer.from(signingInput, "utf8"), key, signature)
        : createVerify(hash).update(signingInput, "utf8").verify(key, signature);
    } catch {
      // The key is good: what OpenSSL stumbles over is the signature.
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
  return `sha${alg.slice(2)}`;
}

function importPublicKey(key: Jwk): KeyObject {
  try {
    return createPublicKey({ key: { ...publicMaterial(key) }, format: "jwk" });
  } catch {
    throw brokenKey(key);
  }
}
