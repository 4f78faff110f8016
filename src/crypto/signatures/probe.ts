import {
  constants,
  createHash,
  createHmac,
  getHashes,
  publicDecrypt,
  timingSafeEqual,
  verify,
} from "node:crypto";
import { ALGORITHM_TRAITS, type JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { HashName, OpenedSignature, SignatureProbe } from "../../core/jose/ports/signature-probe.ts";
import { publicKeyObject } from "../keys/key-material.ts";
import { brokenKey, requireFit, signatureLength } from "./primitive.ts";

/** Examines refused signatures. Separate from `jws.ts`, so that none of it can be part of a verdict. */
export function createSignatureProbe(): SignatureProbe {
  return {
    fits: async ({ alg, key, message, signature, hash }) => {
      requireFit(alg, key, "verify");
      if (signature.length !== (signatureLength(alg, key) ?? signature.length)) return false;
      return ALGORITHM_TRAITS[alg].family === "hmac"
        ? fitsSecret(alg, key, message, signature)
        : fitsKey({ alg, key, message, signature, hash });
    },
    open: async (key, signature, content) => open(key, signature, content),
    hashOf: (alg, bytes) => {
      const hash = hashName(alg);
      return hash === null ? undefined : createHash(hash).update(bytes).digest();
    },
    md5Of: (bytes) => (getHashes().includes("md5") ? createHash("md5").update(bytes).digest() : undefined),
    pkcs1Of: (key) =>
      key.kty === "RSA" ? publicKeyObject(key).export({ type: "pkcs1", format: "der" }) : undefined,
  };
}

/** The hash algorithm; null for EdDSA and ML-DSA, which have their own (RFC 8032, FIPS 204). */
function hashName(alg: JwsAlgorithm): string | null {
  const bits = /^(?:HS|RS|PS|ES)(\d{3})K?$/.exec(alg)?.[1];
  return bits === undefined ? null : `sha${bits}`;
}

function nodeName(hash: HashName): string {
  return hash.replace("-", "").toLowerCase();
}

function fitsSecret(alg: JwsAlgorithm, key: Jwk, message: Uint8Array, signature: Uint8Array): boolean {
  if (typeof key.k !== "string") throw brokenKey(key);
  const expected = createHmac(hashName(alg) ?? "", Buffer.from(key.k, "base64url"))
    .update(message)
    .digest();
  return timingSafeEqual(expected, signature);
}

function fitsKey({ alg, key, message, signature, hash }: Parameters<SignatureProbe["fits"]>[0]): boolean {
  const isPss = ALGORITHM_TRAITS[alg].family === "rsa-pss";
  const options = isPss
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }
    : { dsaEncoding: "ieee-p1363" as const };
  try {
    const name = hash === undefined ? hashName(alg) : nodeName(hash);
    return verify(name, message, { key: publicKeyObject(key), ...options }, signature);
  } catch {
    // A signature that this key cannot make is invalid.
    return false;
  }
}

/** The beginning of DigestInfo before the hash value (RFC 8017 section 9.2 note 1), and the hash size in bytes. */
const DIGEST_INFO = [
  { hash: "SHA-256", name: "sha256", size: 32, prefix: "3031300d060960864801650304020105000420" },
  { hash: "SHA-384", name: "sha384", size: 48, prefix: "3041300d060960864801650304020205000430" },
  { hash: "SHA-512", name: "sha512", size: 64, prefix: "3051300d060960864801650304020305000440" },
  { hash: "SHA-1", name: "sha1", size: 20, prefix: "3021300906052b0e03021a05000414" },
] as const;

function open(key: Jwk, signature: Uint8Array, content: Uint8Array): OpenedSignature | undefined {
  if (key.kty !== "RSA" || signature.length !== signatureLength("RS256", key)) return undefined;
  const info = digestInfo(key, signature);
  const found = DIGEST_INFO.find(
    ({ prefix, size }) =>
      info?.length === prefix.length / 2 + size && info.toString("hex", 0, prefix.length / 2) === prefix,
  );
  if (info === undefined) return undefined;
  const digestOf = (name: string) => createHash(name).update(content).digest();
  if (found === undefined) {
    const bare = DIGEST_INFO.find(({ size }) => info.length === size);
    return bare && { hash: bare.hash, overContent: info.equals(digestOf(bare.name)), bare: true };
  }
  return {
    hash: found.hash,
    overContent: digestOf(found.name).equals(info.subarray(-found.size)),
    bare: false,
  };
}

/** The content of the padding. node:crypto refuses a signature without padding, as another key makes it. */
function digestInfo(key: Jwk, signature: Uint8Array): Buffer | undefined {
  const object = publicKeyObject(key);
  try {
    return publicDecrypt({ key: object, padding: constants.RSA_PKCS1_PADDING }, signature);
  } catch {
    return undefined;
  }
}
