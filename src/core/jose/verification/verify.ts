import { AppError } from "../../base/errors.ts";
import type { Jws, SignatureToVerify, SignatureVerifier } from "../ports/crypto.ts";
import { type InspectedToken, inspectToken } from "../token/inspect.ts";
import type { CandidateKey } from "./key-choice.ts";
import { beginVerification, finishVerification, type HeaderCheckCache, signatureToVerify } from "./policy.ts";
import type { VerificationOptions, VerificationReport } from "./report.ts";

/** The longest token of `verify`, in UTF-16 units. */
export const MAX_VERIFY_LENGTH = 1024 * 1024;

/**
 * Verifies a token (RFC 7515 section 5.2, RFC 7519 section 7.2, RFC 8725). Every check is made and reported, whatever
 * failed before. Nothing is fetched.
 *
 * @param text the exact compact form
 * @param candidates the keys the user trusts; nothing in the token adds to them
 * @param jws verifies the signature itself
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
 * {@link verifyCompact} for a decoded token.
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
  const pending = beginVerification(token, candidates, options);
  for (const key of pending.keys) {
    if (await jws.verify(signatureToVerify(key, token))) return finishVerification(pending, key);
  }
  return finishVerification(pending, undefined);
}

/**
 * {@link verifyInspected} without promises, which cost too much for each of a million tokens.
 *
 * @param cache the same for all of them
 * @throws AppError `input_too_large`
 */
export function verifySync(
  token: InspectedToken,
  candidates: readonly CandidateKey[],
  options: VerificationOptions,
  jws: SignatureVerifier,
  cache: HeaderCheckCache,
): VerificationReport {
  refuseHuge(token);
  const pending = beginVerification(token, candidates, options, cache);
  for (const key of pending.keys) {
    if (jws.verify(signatureToVerify(key, token))) return finishVerification(pending, key);
  }
  return finishVerification(pending, undefined);
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

/** Whether a key out of a token made a signature. Such a key may be anything: one that cannot be used made none. */
export async function isSignedBy(
  pending: SignatureToVerify | undefined,
  jws: Pick<Jws, "verify">,
): Promise<boolean | undefined> {
  try {
    return pending && (await jws.verify(pending));
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** {@link isSignedBy} without a promise. */
export function isSignedBySync(
  pending: SignatureToVerify | undefined,
  jws: SignatureVerifier,
): boolean | undefined {
  try {
    return pending && jws.verify(pending);
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}
