import { AppError } from "../../base/errors.ts";
import type { Jws, SignatureVerifier } from "../ports/crypto.ts";
import { type InspectedToken, inspectToken } from "../token/inspect.ts";
import type { CandidateKey } from "./key-choice.ts";
import { concludeVerification, judgeToken, questionTo } from "./policy.ts";
import type { VerificationOptions, VerificationReport } from "./report.ts";

/** What `verify` reads at most, in characters. */
export const MAX_VERIFY_LENGTH = 1024 * 1024;

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
