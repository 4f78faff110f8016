import { AppError, type ErrorCode } from "../../base/errors.ts";
import type { JsonObject, JsonValue } from "../../base/json/value.ts";
import type { TimeContext } from "../../base/time/instant.ts";
import type { JwsAlgorithm } from "../algorithms.ts";
import type { Jws, SignatureVerifier } from "../ports/crypto.ts";
import { type InspectedToken, inspectToken } from "../token/inspect.ts";
import type { Check } from "./check.ts";
import type { ExpectedClaims } from "./claim-checks.ts";
import type { JudgedDisclosures } from "./disclosure-check.ts";
import type { CandidateKey } from "./key-choice.ts";
import { concludeVerification, judgeToken, questionTo } from "./policy.ts";

/** What `verify` reads at most, in characters. */
export const MAX_VERIFY_LENGTH = 1024 * 1024;

export interface VerificationOptions extends ExpectedClaims {
  /** What counts as now, and the offset that times are reported in. */
  readonly time: TimeContext;
  /** Seconds granted to clocks that differ, 0 to 300. */
  readonly leeway: number;
  /** The algorithms allowed; empty: the one each key is pinned to. */
  readonly algorithms: readonly JwsAlgorithm[];
  /** `typ` must be one of these; empty: anything goes. */
  readonly types: readonly string[];
  /** Try every key whose algorithm fits, whatever the token's `kid`. */
  readonly tryAll: boolean;
  /** Leave the details of dates that are good empty: wording them for a million tokens nobody looks at takes long. */
  readonly brief?: boolean;
  /** What the claims are, when it is more than the signed payload says by itself: that of an SD-JWT as disclosed. */
  readonly claims?: JsonObject | undefined;
}

/** A probable cause of a failure, found by trying, and what to do about it. */
export interface Diagnosis {
  readonly cause: string;
  readonly evidence: string;
  readonly fix: string;
}

export interface VerificationReport {
  /** True only when the signature was verified and no check failed. */
  readonly valid: boolean;
  /** The gravest failure; it decides the exit code. */
  readonly verdict: ErrorCode | undefined;
  readonly token: InspectedToken;
  readonly header: JsonValue | undefined;
  readonly payload: JsonValue | undefined;
  /** The key that verified the token, or the one that should have; undefined when none could be chosen. */
  readonly key: { readonly kid: string | null; readonly source: string } | undefined;
  /** All that was looked at, failed or not. */
  readonly checks: readonly Check[];
  readonly diagnosis: readonly Diagnosis[];
  /** Only of an SD-JWT: what it discloses. */
  readonly sdJwt?: JudgedDisclosures;
}

/**
 * Verifies a token (design section 4; RFC 7515 section 5.2, RFC 7519 section 7.2, RFC 8725). The policy decides everything
 * but the signature itself, which `jws` answers. Every check is made and reported, whatever failed before. The keys are
 * those the user trusts; nothing in the token adds to them, and nothing is fetched.
 *
 * @param text the exact compact form
 * @throws AppError `input_too_large`; `token_malformed` when neither header nor payload can be read
 */
export async function verifyCompact(
  text: string,
  candidates: readonly CandidateKey[],
  options: VerificationOptions,
  jws: Pick<Jws, "verify">,
): Promise<VerificationReport> {
  refuseLength(text.length);
  return verifyInspected(inspectToken(text), candidates, options, jws);
}

/**
 * {@link verifyCompact} for a token that has been taken apart already.
 *
 * @throws AppError `input_too_large`
 */
export async function verifyInspected(
  token: InspectedToken,
  candidates: readonly CandidateKey[],
  options: VerificationOptions,
  jws: Pick<Jws, "verify">,
): Promise<VerificationReport> {
  refuseHuge(token);
  const judged = judgeToken(token, candidates, options);
  for (const key of judged.keys) {
    if (await jws.verify(questionTo(key, token))) return concludeVerification(judged, key);
  }
  return concludeVerification(judged, undefined);
}

/**
 * {@link verifyInspected} with an answer at once: a promise for each of a million tokens takes its time.
 *
 * @throws AppError `input_too_large`
 */
export function verifyAtOnce(
  token: InspectedToken,
  candidates: readonly CandidateKey[],
  options: VerificationOptions,
  jws: SignatureVerifier,
): VerificationReport {
  refuseHuge(token);
  const judged = judgeToken(token, candidates, options);
  for (const key of judged.keys) {
    if (jws.verify(questionTo(key, token))) return concludeVerification(judged, key);
  }
  return concludeVerification(judged, undefined);
}

function refuseHuge({ text, disclosed }: InspectedToken): void {
  if (text.length <= MAX_VERIFY_LENGTH && disclosed === undefined) return;
  const { disclosures = [], keyBinding = "" } = disclosed ?? {};
  const length = disclosures.reduce((sum, { length }) => sum + 1 + length, text.length + keyBinding.length);
  refuseLength(length);
}

function refuseLength(length: number): void {
  if (length <= MAX_VERIFY_LENGTH) return;
  throw new AppError("input_too_large", "the token is longer than 1 MiB", {
    hints: ["Look at it with: jwtctl decode"],
  });
}
