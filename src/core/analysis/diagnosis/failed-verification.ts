import type { ErrorCode } from "../../base/errors.ts";
import type { JsonObject } from "../../base/json/value.ts";
import { isJwsAlgorithm, type JwsAlgorithm } from "../../jose/algorithms.ts";
import type { Jwk } from "../../jose/jwk.ts";
import type { OpenedSignature } from "../../jose/ports/signature-probe.ts";
import { objectOf, stringMember } from "../../jose/token/content.ts";
import type { InspectedToken } from "../../jose/token/inspect.ts";
import type { CheckName } from "../../jose/verification/check.ts";
import type { CandidateKey } from "../../jose/verification/key-choice.ts";
import type { VerificationOptions, VerificationReport } from "../../jose/verification/report.ts";
import type { CauseId } from "./causes.ts";

/** How a key or secret was given, as far as it shows what was meant. */
export interface GivenMaterial {
  /** The option, as in `--secret`. */
  readonly option: string;
  /** What stood after it: `@secret.txt`, `env:NAME`, a literal secret. Never shown. */
  readonly typed: string;
  /** The bytes that came of it, as they are used. */
  readonly bytes: Uint8Array;
}

/** What only the ports can find out, made ready for the finders. */
export interface GatheredFacts {
  /** RFC 7638 thumbprints of the public keys among the candidates. */
  readonly thumbprints: ReadonlyMap<CandidateKey, string>;
  /** The public keys as bytes that a careless library could take for an HMAC secret. */
  readonly publicKeyTexts: readonly PublicKeyText[];
  /** Public keys that were given as a secret. */
  readonly keysInSecret: readonly Jwk[];
  /** What RSA keys among the candidates can read in the signature, and so must have made. */
  readonly opened: ReadonlyMap<CandidateKey, OpenedSignature>;
  /** What was signed, hashed as the token's algorithm hashes it. */
  readonly digest: Uint8Array | undefined;
  /** The content of the file whose name was given as a secret. */
  readonly fileNamedBySecret: Uint8Array | undefined;
}

export interface PublicKeyText {
  /** As in "the PEM text". */
  readonly form: string;
  readonly bytes: Uint8Array;
}

/** A verification that failed, and all that is known about it. */
export interface FailedVerification {
  readonly report: VerificationReport;
  readonly options: VerificationOptions;
  readonly candidates: readonly CandidateKey[];
  readonly given: readonly GivenMaterial[];
  readonly facts: GatheredFacts;
  readonly header: JsonObject | undefined;
  readonly claims: JsonObject | undefined;
  /** The header's `alg`, when jwtctl knows it. Only tried here: it decides nothing. */
  readonly alg: JwsAlgorithm | undefined;
  readonly kid: string | undefined;
  /** What was signed, as the token has it. */
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

/** What the signature of a token is to be over (RFC 7515 section 5.1): header and payload as the token has them. */
export function signingInputOf({ text, signature }: InspectedToken): string {
  return signature === undefined ? text : text.slice(0, text.lastIndexOf("."));
}

/** What may be wrong, told with its evidence and what to do. */
export interface Explanation {
  readonly cause: CauseId;
  /** What was found: lower case start, no final full stop. May quote the token, never a secret. */
  readonly evidence: string;
  readonly fix: string;
}

/** A reading of the token under which its signature might fit; an {@link Explanation} once it does. */
export interface Trial extends Explanation {
  readonly alg: JwsAlgorithm;
  readonly key: Jwk;
  readonly signingInput: string;
  readonly signature: Uint8Array;
  /** What was signed, or how, is nothing that a verification takes; only the probe may be asked whether it fits. */
  readonly probed?: Uint8Array;
}

/** Lists readings to be tried, the likeliest first. */
export type TrialPlanner = (failure: FailedVerification) => Iterable<Trial>;

/** Looks at the token and at what was expected. */
export type Explainer = (failure: FailedVerification) => readonly Explanation[];

/** Whether a check failed, with this code if one is given. */
export function checkFailed({ report }: FailedVerification, name: CheckName, code?: ErrorCode): boolean {
  return report.checks.some(
    (check) => check.name === name && check.status === "fail" && (code === undefined || check.code === code),
  );
}

/** Whether the signature was verified by the policy itself. */
export function signaturePassed({ report }: FailedVerification): boolean {
  return report.checks.some(({ name, status }) => name === "signature" && status === "pass");
}

/** The issuing and the verifying side, as every fix names them. */
export function fixForIssuer(what: string): string {
  return `On the issuing side: ${what}`;
}

export function fixForVerifier(what: string): string {
  return `On the verifying side: ${what}`;
}
