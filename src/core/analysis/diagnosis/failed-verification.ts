import type { ErrorCode } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json/value.ts";
import { isJwsAlgorithm, type JwsAlgorithm } from "../../jose/algorithms.ts";
import type { Jwk } from "../../jose/jwk.ts";
import type { HashName, OpenedSignature } from "../../jose/ports/signature-probe.ts";
import { objectOf, stringMember } from "../../jose/token/content.ts";
import type { InspectedToken } from "../../jose/token/inspect.ts";
import type { CheckName } from "../../jose/verification/check.ts";
import type { CandidateKey } from "../../jose/verification/key-choice.ts";
import type { VerificationOptions, VerificationReport } from "../../jose/verification/report.ts";
import type { RecognisedPayload } from "../payload/recognised-payload.ts";
import type { CauseId } from "./causes.ts";

/** A key or secret as the user gave it on the command line. */
export interface GivenMaterial {
  /** The option, as in `--secret`. */
  readonly option: string;
  /** The option's argument: `@secret.txt`, `env:NAME`, a literal secret. Never shown. */
  readonly typed: string;
  /** The bytes of the key or secret. */
  readonly bytes: Uint8Array;
}

/** What needs files or cryptography to find out; gathered before the explanations are searched. */
export interface GatheredFacts {
  /** RFC 7638 thumbprints of the public keys among the candidates. */
  readonly thumbprints: ReadonlyMap<CandidateKey, string>;
  /** The public keys as bytes, in the forms that a careless library could use as an HMAC secret. */
  readonly publicKeyTexts: readonly PublicKeyText[];
  /** Public keys that were given as a secret. */
  readonly keysInSecret: readonly Jwk[];
  /** The contents of the signature by RSA key; a key that can open the signature has made it. */
  readonly opened: ReadonlyMap<CandidateKey, OpenedSignature>;
  /** The hash of the signing input, by the token's algorithm. */
  readonly digest: Uint8Array | undefined;
  /** The hashes of the secrets, for an issuer that signs with one of them. */
  readonly secretDigests: readonly SecretDigest[];
  /** SHA-256 of the header's `nonce`, in base64url, where there is one. */
  readonly nonceHash: string | undefined;
  /** The content of the file whose name was given as the secret. */
  readonly fileNamedBySecret: Uint8Array | undefined;
  /** What the payload is when it is no claims set; undefined when nobody can say. */
  readonly payload: RecognisedPayload | undefined;
}

/** A hash of a secret. */
export interface SecretDigest {
  /** The secret as a JWK's `k`. */
  readonly secret: string;
  /** As in "SHA-256". */
  readonly hash: string;
  readonly bytes: Uint8Array;
}

export interface PublicKeyText {
  /** As in "the PEM text". */
  readonly form: string;
  readonly bytes: Uint8Array;
}

/** A verification that failed, with all that explanations are derived from. */
export interface FailedVerification {
  readonly report: VerificationReport;
  readonly options: VerificationOptions;
  readonly candidates: readonly CandidateKey[];
  readonly given: readonly GivenMaterial[];
  readonly facts: GatheredFacts;
  readonly header: JsonObject | undefined;
  readonly claims: JsonObject | undefined;
  /** The header's `alg`, when jwtctl knows it. For trials only: a verification takes it from the key. */
  readonly alg: JwsAlgorithm | undefined;
  readonly kid: string | undefined;
  /** The JWS signing input as the token has it. */
  readonly signingInput: string;
  readonly signature: Uint8Array;
}

export function failedVerification(
  input: Pick<FailedVerification, "report" | "options" | "candidates" | "given" | "facts">,
): FailedVerification {
  const { token } = input.report;
  const header = token.encrypted ? undefined : objectOf(token.header.content);
  const alg = header?.get("alg");
  return {
    ...input,
    header,
    claims: objectOf(token.payload?.content),
    alg: isJwsAlgorithm(alg) ? alg : undefined,
    kid: stringMember(header, "kid"),
    signingInput: signingInputOf(token),
    signature: token.signature?.bytes ?? new Uint8Array(),
  };
}

/** The JWS signing input (RFC 7515 section 5.1): encoded header and payload as the token has them. */
export function signingInputOf({ text, signature }: InspectedToken): string {
  return signature === undefined ? text : text.slice(0, text.lastIndexOf("."));
}

/** A cause of the failure with its evidence and its fix. */
export interface Explanation {
  readonly cause: CauseId;
  /** Begins in lower case, has no final full stop. May quote the token, never a secret. */
  readonly evidence: string;
  readonly fix: string;
}

/** An attempt to verify the signature in another way. When it succeeds it is the {@link Explanation}. */
export interface Trial extends Explanation {
  readonly alg: JwsAlgorithm;
  readonly key: Jwk;
  readonly signingInput: string;
  readonly signature: Uint8Array;
  /** A message that no verification accepts; only the signature probe may try it. */
  readonly probed?: Uint8Array;
  /** The hash that ECDSA is tried with instead of the algorithm's own; only together with `probed`. */
  readonly hash?: HashName;
}

/** Lists trials, the likeliest first. */
export type TrialPlanner = (failure: FailedVerification) => Iterable<Trial>;

/** Derives explanations from the token and the expectations, without trials. */
export type Explainer = (failure: FailedVerification) => readonly Explanation[];

/** Whether a check failed; with `code`: for that reason. */
export function checkFailed({ report }: FailedVerification, name: CheckName, code?: ErrorCode): boolean {
  return report.checks.some(
    (check) => check.name === name && check.status === "fail" && (code === undefined || check.code === code),
  );
}

/** Whether the check of the signature passed. */
export function signaturePassed({ report }: FailedVerification): boolean {
  return report.checks.some(({ name, status }) => name === "signature" && status === "pass");
}

/** A fix to be made where the token is issued. */
export function fixForIssuer(what: string): string {
  return `On the issuing side: ${what}`;
}

export function fixForVerifier(what: string): string {
  return `On the verifying side: ${what}`;
}
