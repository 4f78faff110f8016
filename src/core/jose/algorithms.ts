import { decodeBase64Url } from "../base/base64url.ts";
import type { Jwk } from "./jwk.ts";

export const JWS_ALGORITHMS = [
  "ES256",
  "ES384",
  "ES512",
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "EdDSA",
  "Ed25519",
  "HS256",
  "HS384",
  "HS512",
  "ML-DSA-44",
  "ML-DSA-65",
  "ML-DSA-87",
  "ES256K",
  "Ed448",
] as const;

/** A JWS `alg` that jwtctl verifies with (RFC 7518 section 3, RFC 8037, RFC 8812, RFC 9864). */
export type JwsAlgorithm = (typeof JWS_ALGORITHMS)[number];

/** Algorithms of others' tokens: verified, but no key is made for them and nothing signed with them. */
const VERIFY_ONLY: ReadonlySet<JwsAlgorithm> = new Set(["ES256K", "Ed448"]);

/** Whether jwtctl signs with the algorithm, too. */
export function signsWith(alg: JwsAlgorithm): boolean {
  return !VERIFY_ONLY.has(alg);
}

export const SIGNING_ALGORITHMS: readonly JwsAlgorithm[] = JWS_ALGORITHMS.filter(signsWith);

/**
 * The algorithms for a key out of a token, which its holder chose together with the algorithm (a DPoP proof, the proof of
 * an SD-JWT's holder): that of the key when it names one, else every one with a key pair.
 */
export function algorithmsOfProof({ alg }: Jwk): readonly JwsAlgorithm[] {
  return alg === undefined ? JWS_ALGORITHMS.filter((name) => !name.startsWith("HS")) : [];
}

export const DEFAULT_ALGORITHM: JwsAlgorithm = "ES256";

export interface AlgorithmTraits {
  readonly family: "ecdsa" | "rsa-pkcs1" | "rsa-pss" | "eddsa" | "hmac" | "ml-dsa";
  /** The JWK `kty` of its keys. */
  readonly kty: "EC" | "RSA" | "OKP" | "oct" | "AKP";
  /** The JWK `crv` of its keys, where the type has curves. */
  readonly crv?: string;
  /** The minimum key size in bits (RFC 7518 sections 3.2, 3.3 and 3.5). */
  readonly minimumBits?: number;
  /** The size of its signatures in bytes, where it is fixed. */
  readonly signatureBytes?: number;
}

export const ALGORITHM_TRAITS: Readonly<Record<JwsAlgorithm, AlgorithmTraits>> = {
  ES256: { family: "ecdsa", kty: "EC", crv: "P-256", signatureBytes: 64 },
  ES384: { family: "ecdsa", kty: "EC", crv: "P-384", signatureBytes: 96 },
  ES512: { family: "ecdsa", kty: "EC", crv: "P-521", signatureBytes: 132 },
  RS256: { family: "rsa-pkcs1", kty: "RSA", minimumBits: 2048 },
  RS384: { family: "rsa-pkcs1", kty: "RSA", minimumBits: 2048 },
  RS512: { family: "rsa-pkcs1", kty: "RSA", minimumBits: 2048 },
  PS256: { family: "rsa-pss", kty: "RSA", minimumBits: 2048 },
  PS384: { family: "rsa-pss", kty: "RSA", minimumBits: 2048 },
  PS512: { family: "rsa-pss", kty: "RSA", minimumBits: 2048 },
  EdDSA: { family: "eddsa", kty: "OKP", crv: "Ed25519", signatureBytes: 64 },
  Ed25519: { family: "eddsa", kty: "OKP", crv: "Ed25519", signatureBytes: 64 },
  HS256: { family: "hmac", kty: "oct", minimumBits: 256, signatureBytes: 32 },
  HS384: { family: "hmac", kty: "oct", minimumBits: 384, signatureBytes: 48 },
  HS512: { family: "hmac", kty: "oct", minimumBits: 512, signatureBytes: 64 },
  "ML-DSA-44": { family: "ml-dsa", kty: "AKP", signatureBytes: 2420 },
  "ML-DSA-65": { family: "ml-dsa", kty: "AKP", signatureBytes: 3309 },
  "ML-DSA-87": { family: "ml-dsa", kty: "AKP", signatureBytes: 4627 },
  ES256K: { family: "ecdsa", kty: "EC", crv: "secp256k1", signatureBytes: 64 },
  Ed448: { family: "eddsa", kty: "OKP", crv: "Ed448", signatureBytes: 114 },
};

export function isJwsAlgorithm(name: unknown): name is JwsAlgorithm {
  return typeof name === "string" && (JWS_ALGORITHMS as readonly string[]).includes(name);
}

/**
 * The algorithms for a key's type and curve, the conventional one first. Empty for a key that is not for JWS (X25519,
 * for example).
 */
export function algorithmsOfKeyType(jwk: Jwk): readonly JwsAlgorithm[] {
  return JWS_ALGORITHMS.filter((name) => {
    const traits = ALGORITHM_TRAITS[name];
    if (traits.kty !== jwk.kty) return false;
    if (traits.kty === "AKP") return jwk.alg === name;
    return traits.crv === undefined || traits.crv === jwk.crv;
  });
}

/**
 * The one algorithm a key is pinned to (RFC 8725 section 3.1): the named one, else the key's `alg`, else the
 * conventional one of its type; never that of a token's header. Undefined when the key cannot be used with the named
 * one.
 */
export function pinnedAlgorithm(jwk: Jwk, named?: JwsAlgorithm): JwsAlgorithm | undefined {
  const possible = algorithmsOfKeyType(jwk);
  const wanted = algorithmForKey(named ?? jwk.alg, jwk);
  if (wanted === undefined) return possible[0];
  return possible.find((name) => name === wanted);
}

/** What a name means with a key: `EdDSA` is the algorithm of the key's own curve (RFC 8037 section 3.1). */
export function algorithmForKey<Name>(name: Name, jwk: Jwk): Name | "Ed448" {
  return name === "EdDSA" && jwk.crv === "Ed448" ? "Ed448" : name;
}

/** `EdDSA` with an Ed25519 key and `Ed25519` are two names of one algorithm (RFC 9864 section 2.2). */
export function sameAlgorithm(first: string, second: string): boolean {
  const canonical = (name: string) => (name === "EdDSA" ? "Ed25519" : name);
  return canonical(first) === canonical(second);
}

/** Algorithm names of XML Signature (RFC 9231), which .NET's SecurityAlgorithms has, too. */
const XML_NAME = /^http:\/\/www\.w3\.org\/(?:2001\/04|2007\/05)\/xmldsig-more#(hmac|rsa|ecdsa)-sha(\d{3})$/i;
const XML_FAMILIES: Readonly<Record<string, string>> = { hmac: "HS", rsa: "RS", ecdsa: "ES" };

/**
 * The algorithm that a misspelt name stands for: in another case, with a hyphen, or its XML name. For messages only:
 * names are case-sensitive (RFC 7515 section 4.1.1).
 *
 * @returns undefined for a correct name, and for an unknown one
 */
export function intendedAlgorithm(name: string): JwsAlgorithm | undefined {
  if (isJwsAlgorithm(name)) return undefined;
  const [, family = "", bits = ""] = XML_NAME.exec(name) ?? [];
  const wanted = family === "" ? plain(name) : plain(`${XML_FAMILIES[family.toLowerCase()]}${bits}`);
  return JWS_ALGORITHMS.find((algorithm) => plain(algorithm) === wanted);
}

function plain(name: string): string {
  return name.replace(/[-_ ]/g, "").toLowerCase();
}

/** Fewer different bytes than this are a pattern: 32 random bytes have about 30 different ones. */
const FEWEST_DIFFERENT_BYTES = 8;

/**
 * Why a key is too weak: it is too small for its algorithm (RFC 7518 sections 3.2, 3.3, 3.5), or a secret with a
 * pattern. Undefined when it is strong enough.
 *
 * @param bits the size of an RSA modulus or an HMAC secret; undefined for keys of a fixed size
 */
export function weaknessOf(jwk: Jwk, alg: JwsAlgorithm, bits: number | undefined): string | undefined {
  const { minimumBits } = ALGORITHM_TRAITS[alg];
  if (minimumBits !== undefined && bits !== undefined && bits < minimumBits) {
    return `it has ${bits} bits, and ${alg} needs ${minimumBits}`;
  }
  if (jwk.kty === "oct" && jwk.k !== undefined) return secretWeakness(decodeBase64Url(jwk.k).bytes);
  return undefined;
}

function secretWeakness(bytes: Uint8Array): string | undefined {
  const different = new Set(bytes).size;
  return different < FEWEST_DIFFERENT_BYTES ? `it is made of ${different} different bytes` : undefined;
}
