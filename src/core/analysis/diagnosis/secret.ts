import { decodeBase64Url, encodeBase64Url } from "../../base/base64url.ts";
import { ALGORITHM_TRAITS, type JwsAlgorithm } from "../../jose/algorithms.ts";
import type { Jwk } from "../../jose/jwk.ts";
import { WELL_KNOWN_SECRETS } from "../lint/well-known-secrets.ts";
import { type FailedVerification, fixForIssuer, fixForVerifier, type Trial } from "./failed-verification.ts";
import { bytesOf, secretVariants, textOf } from "./secret-variants.ts";
import { secretsOf } from "./trusted-keys.ts";

/** The token's algorithm when it is an HMAC; only then can secrets be tried. */
export function hmacOf({ alg }: FailedVerification): JwsAlgorithm | undefined {
  return alg !== undefined && ALGORITHM_TRAITS[alg].family === "hmac" ? alg : undefined;
}

/** A secret as a JWK. */
export function secretKey(bytes: Uint8Array): Jwk {
  return { kty: "oct", k: encodeBase64Url(bytes) };
}

/** The secrets among the trusted keys, as bytes. */
export function secretBytes(failure: FailedVerification): readonly Uint8Array[] {
  return secretsOf(failure).map(({ jwk }) => decodeBase64Url(jwk.k ?? "").bytes);
}

/** Cause: the secret is spelled or encoded in another way: line break, white space, quotes, base64, hexadecimal. */
export function* secretVariantTrials(failure: FailedVerification): Iterable<Trial> {
  const alg = hmacOf(failure);
  if (alg === undefined) return;
  const { signingInput, signature } = failure;
  for (const secret of secretBytes(failure)) {
    for (const { cause, bytes, how, fix } of secretVariants(secret)) {
      yield {
        ...{ cause, alg, signingInput, signature },
        key: secretKey(bytes),
        evidence: `the signature fits the secret ${how}`,
        fix,
      };
    }
  }
}

/** Cause: the name of a file or variable was used as the secret, by one of the sides. */
export function* secretSourceTrials(failure: FailedVerification): Iterable<Trial> {
  const alg = hmacOf(failure);
  if (alg === undefined) return;
  const { signingInput, signature, facts, given } = failure;
  const base = { alg, signingInput, signature };
  const content = facts.fileNamedBySecret;
  if (content !== undefined) {
    for (const bytes of [content, ...secretVariants(content).map((variant) => variant.bytes)]) {
      yield {
        ...base,
        key: secretKey(bytes),
        cause: "secret_is_file_name",
        evidence:
          "what was given as the secret is the name of a file, and the signature fits that file's content",
        fix: fixForVerifier("write @ before the name to have the file read: --secret @FILE"),
      };
    }
  }
  for (const { option, typed } of given) {
    for (const words of wordsNaming(typed)) {
      yield {
        ...base,
        key: secretKey(bytesOf(words)),
        cause: "secret_is_argument",
        evidence: `the signature fits the words that name the secret in ${option}, not the secret they stand for`,
        fix: fixForIssuer(
          "read the secret from its file or variable before signing with it; now anyone could guess it",
        ),
      };
    }
  }
}

/** The words of an argument such as `@secret.txt` or `env:NAME` that a program may use as the secret itself. */
function wordsNaming(typed: string): readonly string[] {
  const mark = /^(?:b64:|hex:)?(?:@|env:)|^(?:b64:|hex:)/.exec(typed)?.[0];
  if (mark === undefined || typed.length === mark.length) return [];
  const name = typed.slice(mark.length);
  return mark.endsWith("env:") ? [typed, name, `$${name}`, `\${${name}}`] : [typed, name];
}

/** Cause: the token is signed with a well-known secret. */
export function* wellKnownSecretTrials(failure: FailedVerification): Iterable<Trial> {
  const alg = hmacOf(failure);
  if (alg === undefined) return;
  const { signingInput, signature } = failure;
  for (const secret of WELL_KNOWN_SECRETS) {
    yield {
      ...{ alg, signingInput, signature },
      key: secretKey(bytesOf(secret)),
      cause: "secret_well_known",
      evidence:
        secret === ""
          ? "the token is signed with the empty secret"
          : `the token is signed with "${secret}", a secret from examples that everybody knows`,
      fix: `${fixForVerifier("do not accept the token: anyone can have made it")}. ${fixForIssuer(
        "if it is your issuer's, give it a random secret (jwtctl keys generate --alg HS256) and replace all its tokens",
      )}`,
    };
  }
}

/** Cause: a public key was given with --secret, and its private half signed the token. */
export function* keyGivenAsSecretTrials(failure: FailedVerification): Iterable<Trial> {
  const { alg, signingInput, signature, facts } = failure;
  if (alg === undefined || hmacOf(failure) !== undefined) return;
  for (const key of facts.keysInSecret) {
    yield {
      ...{ alg, key, signingInput, signature },
      cause: "secret_is_key",
      evidence: `what was given as a secret is a public key, and as that it verifies the token (${alg})`,
      fix: fixForVerifier("give it as what it is: --key FILE"),
    };
  }
}

/**
 * Cause: the algorithm confusion attack (RFC 8725 section 2.1). `alg` is an HMAC, and the secret is the text of the
 * public key, which everybody has.
 */
export function* publicKeyAsSecretTrials(failure: FailedVerification): Iterable<Trial> {
  const alg = hmacOf(failure);
  if (alg === undefined) return;
  const { signingInput, signature, facts } = failure;
  for (const { form, bytes } of facts.publicKeyTexts) {
    yield {
      ...{ alg, signingInput, signature },
      key: secretKey(bytes),
      cause: "public_key_as_secret",
      evidence: `the signature is an HMAC (${alg}) whose secret is ${form} of the public key, which everybody can have`,
      fix: `${fixForVerifier("do not accept the token: anyone can have forged it; keep the algorithm pinned to the key")}. ${fixForIssuer(
        "if it is your issuer's, let it sign with the private key and an algorithm of that key",
      )}`,
    };
  }
}

/** Whether a secret looks like a key file (PEM, JWK, DER). */
export function looksLikeKey(bytes: Uint8Array): boolean {
  const text = textOf(bytes)?.trim();
  return text === undefined ? bytes[0] === 0x30 : /^(?:-----BEGIN |\{\s*")/.test(text);
}
