import type { SecretEvidence } from "../../core/analysis/lint/rule.ts";
import { WELL_KNOWN_SECRETS } from "../../core/analysis/lint/well-known-secrets.ts";
import { decodeBase64Url, encodeBase64Url } from "../../core/base/base64url.ts";
import {
  ALGORITHM_TRAITS,
  isJwsAlgorithm,
  type JwsAlgorithm,
  weaknessOf,
} from "../../core/jose/algorithms.ts";
import type { Jws } from "../../core/jose/ports/crypto.ts";
import type { InspectedToken } from "../../core/jose/token/inspect.ts";
import { algOf } from "../../core/jose/token/inspect.ts";

/**
 * Verifies a token's HMAC signature with the given secret and with well-known ones, and judges the strength of the
 * given one.
 *
 * @param given the secret, when the user gave one
 * @param jws called only for a token with an HMAC signature
 */
export async function checkSecret(
  token: InspectedToken,
  given: Uint8Array | undefined,
  jws: () => Promise<Pick<Jws, "verify">>,
): Promise<SecretEvidence> {
  const alg = hmacOf(token);
  const signs = alg === undefined ? async () => false : await signedBy(token, alg, await jws());
  const wellKnown = await wellKnownAmong(given, signs);
  return {
    ...(given === undefined ? {} : { given: await judged(given, alg ?? "HS256", signs) }),
    ...(wellKnown === undefined ? {} : { wellKnown }),
  };
}

/** Whether a secret verifies the token's signature. */
type Signs = (secret: Uint8Array) => Promise<boolean>;

async function signedBy(token: InspectedToken, alg: JwsAlgorithm, jws: Pick<Jws, "verify">): Promise<Signs> {
  const signature = token.signature?.bytes ?? new Uint8Array();
  const signingInput = token.segments.slice(0, 2).join(".");
  return (secret) =>
    jws.verify({ signingInput, signature, alg, key: { kty: "oct", k: encodeBase64Url(secret) } });
}

async function judged(secret: Uint8Array, alg: JwsAlgorithm, signs: Signs) {
  const bits = secret.length * 8;
  const weakness = weaknessOf({ kty: "oct", k: encodeBase64Url(secret) }, alg, bits);
  return { bits, weakness, verifies: await signs(secret) };
}

async function wellKnownAmong(given: Uint8Array | undefined, signs: Signs): Promise<string | undefined> {
  for (const text of WELL_KNOWN_SECRETS) {
    for (const secret of meanings(text)) {
      if (given !== undefined && sameBytes(secret, given)) return text;
      if (await signs(secret)) return text;
    }
  }
  return undefined;
}

/** The bytes a text can stand for: some libraries use it as it is, others decode it as base64. */
function meanings(text: string): readonly Uint8Array[] {
  const plain = new TextEncoder().encode(text);
  const decoding = decodeBase64Url(text.replaceAll("+", "-").replaceAll("/", "_"));
  return decoding.ok && decoding.bytes.length > 0 ? [plain, decoding.bytes] : [plain];
}

function hmacOf(token: InspectedToken): JwsAlgorithm | undefined {
  const alg = algOf(token);
  return !token.encrypted && isJwsAlgorithm(alg) && ALGORITHM_TRAITS[alg].family === "hmac" ? alg : undefined;
}

function sameBytes(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.every((byte, index) => byte === second[index]);
}
