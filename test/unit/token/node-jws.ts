import { Buffer } from "node:buffer";
import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  sign as nodeSign,
  verify as nodeVerify,
  timingSafeEqual,
} from "node:crypto";
import type { JwsAlgorithm } from "../../../src/core/jose/algorithms.ts";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import type { Jws } from "../../../src/core/jose/ports/crypto.ts";
import type { CandidateKey } from "../../../src/core/jose/verification/key-choice.ts";
import { segment } from "./make.ts";

/** The signature primitive straight from node:crypto, so that core's tests do not depend on the adapter. */
export const nodeJws: Jws = {
  async sign({ header, payload, alg, key }) {
    const input = `${segment(header)}.${segment(payload)}`;
    return `${input}.${signature(input, alg, key)}`;
  },
  async verify({ signingInput, signature, alg, key }) {
    if (key.kty === "oct") {
      const expected = hmac(signingInput, alg, key);
      return expected.length === signature.length && timingSafeEqual(expected, signature);
    }
    const publicKey = createPublicKey({ key: key as JsonWebKey, format: "jwk" });
    return nodeVerify(hashOf(alg), Buffer.from(signingInput), { key: publicKey, ...scheme(alg) }, signature);
  },
};

function signature(input: string, alg: JwsAlgorithm, key: Jwk): string {
  if (key.kty === "oct") return hmac(input, alg, key).toString("base64url");
  const privateKey = createPrivateKey({ key: key as JsonWebKey, format: "jwk" });
  return nodeSign(hashOf(alg), Buffer.from(input), { key: privateKey, ...scheme(alg) }).toString("base64url");
}

function hmac(input: string, alg: JwsAlgorithm, key: Jwk): Buffer {
  return createHmac(`sha${alg.slice(2)}`, Buffer.from(key.k ?? "", "base64url"))
    .update(input)
    .digest();
}

function hashOf(alg: JwsAlgorithm): string | null {
  return alg === "EdDSA" || alg === "Ed25519" ? null : `sha${alg.slice(2)}`;
}

function scheme(alg: JwsAlgorithm): object {
  if (alg.startsWith("ES")) return { dsaEncoding: "ieee-p1363" };
  if (alg.startsWith("PS"))
    return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return {};
}

/** A signed token; header and claims as values or as the exact text. */
export async function signed(
  header: object | string,
  claims: object | string,
  key: Jwk,
  alg: JwsAlgorithm,
): Promise<string> {
  return nodeJws.sign({
    header: typeof header === "string" ? header : JSON.stringify(header),
    payload: Buffer.from(typeof claims === "string" ? claims : JSON.stringify(claims)),
    alg,
    key,
  });
}

export function ecKey(members: Partial<Jwk> = {}): Jwk {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { ...privateKey.export({ format: "jwk" }), ...members } as Jwk;
}

export function rsaKey(members: Partial<Jwk> = {}, bits = 2048): Jwk {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  return { ...privateKey.export({ format: "jwk" }), ...members } as Jwk;
}

export function secretKey(secret: string, members: Partial<Jwk> = {}): Jwk {
  return { kty: "oct", k: segment(secret), ...members };
}

/** A key as verification gets it, with the size that KeyTools would find. */
export function candidate(jwk: Jwk, extra: Partial<CandidateKey> = {}): CandidateKey {
  const member = jwk.kty === "RSA" ? jwk.n : jwk.kty === "oct" ? jwk.k : undefined;
  const bits = member === undefined ? undefined : Buffer.from(member, "base64url").length * 8;
  return { jwk, bits, source: "a test key", ...extra };
}
