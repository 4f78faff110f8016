import { AppError, type ErrorCode } from "../errors.ts";
import type { JsonValue } from "../json/value.ts";
import { ALGORITHM_TRAITS, type JwsAlgorithm } from "../keys/algorithms.ts";
import type { SignatureVerifier } from "../ports/crypto.ts";
import type { TimeContext } from "../time/instant.ts";
import { type Check, fail, pass, quoted, skip, verdictOf, warn } from "./check.ts";
import {
  checkAudience,
  checkClaimTypes,
  checkDates,
  checkIssuer,
  checkProfile,
  checkRequired,
  type ExpectedClaims,
} from "./claim-checks.ts";
import { type Content, objectOf, stringMember } from "./content.ts";
import {
  checkCritical,
  checkDuplicates,
  checkFormat,
  checkHeaderKeys,
  checkPayload,
  checkType,
} from "./header-checks.ts";
import { type InspectedToken, inspectToken } from "./inspect.ts";
import { type CandidateKey, chooseKey, type KeyChoice, type PinnedKey } from "./key-choice.ts";
import { ACCESS_TOKEN_TYPE, sameType } from "./media-type.ts";

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
}

/**
 * The verification policy (design section 4; RFC 7515 section 5.2, RFC 7519 section 7.2, RFC 8725). It decides
 * everything but the signature itself, which `jws` answers. Every check is made and reported, whatever failed before.
 * The keys are those the user trusts; nothing in the token adds to them, and nothing is fetched.
 *
 * @param text the exact compact form
 * @throws AppError `input_too_large`; `token_malformed` when neither header nor payload can be read
 */
export async function verifyCompact(
  text: string,
  candidates: readonly CandidateKey[],
  options: VerificationOptions,
  jws: SignatureVerifier,
): Promise<VerificationReport> {
  refuseHuge(text);
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
  jws: SignatureVerifier,
): Promise<VerificationReport> {
  refuseHuge(token.text);
  const header = token.encrypted ? undefined : objectOf(token.header.content);
  const format = checkFormat(token);
  const duplicates = checkDuplicates(token.header.content, token.payload?.content);
  if (header === undefined) {
    const why = token.encrypted ? "the token is encrypted" : "the header cannot be read";
    const unmade = (["signature", "algorithm", "key", "key_size"] as const).map((name) => skip(name, why));
    const rest = (["crit", "header_keys", "typ"] as const).map((name) => skip(name, why));
    return report(token, undefined, [...unmade, format, duplicates, ...rest, ...checkClaims(token, options)]);
  }
  const critical = checkCritical(header);
  const asked = { alg: header.get("alg"), kid: stringMember(header, "kid") };
  const choice = chooseKey(asked, candidates, options.algorithms, options.tryAll);
  const obstacle = obstacleTo(token, format, critical, choice);
  const signature = obstacle
    ? { check: skip("signature", `not verified: ${obstacle}`) }
    : await checkSignature(token, choice.usable, jws);
  const used = signature.by ?? (choice.usable.length === 1 ? choice.usable[0] : undefined);
  return report(token, used, [
    signature.check,
    choice.algorithm,
    choice.usable.length > 1 && signature.by ? pass("key", keyName(signature.by)) : choice.key,
    checkKeySize(used),
    format,
    duplicates,
    critical,
    checkHeaderKeys(header),
    checkType(header.get("typ"), options.types),
    ...checkClaims(token, options),
  ]);
}

function refuseHuge(text: string): void {
  if (text.length <= MAX_VERIFY_LENGTH) return;
  throw new AppError("input_too_large", "the token is longer than 1 MiB", {
    hints: ["Look at it with: jwtctl decode"],
  });
}

/** Why the signature cannot be verified, or must not be: its meaning would not be certain. */
function obstacleTo(
  token: InspectedToken,
  format: Check,
  critical: Check,
  choice: KeyChoice,
): string | undefined {
  if (format.status === "fail") return "the token is not in its exact form";
  if (critical.status === "fail") return "an unknown extension may change what is signed";
  const { content } = token.header;
  if (content.kind === "json" && content.duplicates.length > 0) return "the header says something twice";
  if (choice.usable.length > 0) return undefined;
  return choice.algorithm.status === "fail"
    ? "the algorithm is not allowed"
    : "there is no key to verify it with";
}

/** Tries the keys in order. @returns the key that fits, when one does */
async function checkSignature(
  token: InspectedToken,
  keys: readonly PinnedKey[],
  jws: SignatureVerifier,
): Promise<{ readonly check: Check; readonly by?: PinnedKey }> {
  const signature = token.signature?.bytes ?? new Uint8Array();
  const signingInput = token.text.slice(0, token.text.lastIndexOf("."));
  for (const key of keys) {
    const { alg, candidate } = key;
    const answer = jws.verify({ signingInput, signature, alg, key: candidate.jwk });
    if (typeof answer === "boolean" ? answer : await answer) {
      return { check: pass("signature", `${alg}, made with ${keyName(key)}`), by: key };
    }
  }
  const detail =
    keys.length === 1
      ? "the signature does not fit: the token was changed, or signed with another key"
      : `none of ${keys.length} keys fits: the token was changed, or signed with another key`;
  return { check: fail("signature", "signature_invalid", detail) };
}

function keyName({ candidate }: PinnedKey): string {
  const { kid } = candidate.jwk;
  return kid === undefined ? candidate.source : `${quoted(kid)} from ${candidate.source}`;
}

/** Keys too small to mint with (RFC 7518 sections 3.2 and 3.3) still verify what others have signed. */
function checkKeySize(key: PinnedKey | undefined): Check {
  if (key === undefined) return skip("key_size", "no key was chosen");
  const { alg, candidate } = key;
  const { minimumBits } = ALGORITHM_TRAITS[alg];
  if (minimumBits === undefined || candidate.bits === undefined) return pass("key_size", `fixed by ${alg}`);
  return candidate.bits < minimumBits
    ? warn(
        "key_size",
        `${candidate.bits} bits; ${alg} needs ${minimumBits}: it can be guessed`,
        "key_too_weak",
      )
    : pass("key_size", `${candidate.bits} bits`);
}

/** Everything about the payload. A token that is no claims set has no claims to check. */
function checkClaims(token: InspectedToken, options: VerificationOptions): readonly Check[] {
  const names = ["claim_types", "exp", "nbf", "iat", "iss", "aud"] as const;
  const payload = token.encrypted
    ? skip("payload", "the token is encrypted")
    : checkPayload(token.payload?.content);
  const claims = objectOf(token.payload?.content);
  if (claims === undefined) return [payload, ...names.map((name) => skip(name, "there is no claims set"))];
  const profile = accessTokenProfile(token, options);
  const { leeway, brief = false } = options;
  const { now, utcOffset } = options.time;
  const expRequired = options.require.includes("exp") ? "--require" : profile && "an access token (at+jwt)";
  return [
    payload,
    checkClaimTypes(claims),
    ...checkDates(claims, { now, utcOffset, leeway, expRequired, brief }),
    checkIssuer(claims, options.issuers),
    checkAudience(claims, options.audiences),
    ...checkRequired(claims, options.require),
    ...(profile ? [checkProfile(claims, profile === "demanded")] : []),
  ];
}

/** Whether the token must be an RFC 9068 access token: because the user says so, or because its `typ` does. */
function accessTokenProfile(
  token: InspectedToken,
  options: VerificationOptions,
): "demanded" | "claimed" | undefined {
  if (options.types.some((type) => sameType(type, ACCESS_TOKEN_TYPE))) return "demanded";
  const typ = stringMember(objectOf(token.header.content), "typ");
  return typ !== undefined && sameType(typ, ACCESS_TOKEN_TYPE) ? "claimed" : undefined;
}

function report(
  token: InspectedToken,
  key: PinnedKey | undefined,
  checks: readonly Check[],
): VerificationReport {
  const verdict = verdictOf(checks);
  const verified = checks.some(({ name, status }) => name === "signature" && status === "pass");
  // A signature that was skipped always has a failed check as its reason; should that ever fail, nothing is valid.
  const valid = verified && verdict === undefined;
  return {
    valid,
    verdict: valid ? undefined : (verdict ?? "signature_invalid"),
    token,
    header: jsonOf(token.header.content),
    payload: jsonOf(token.payload?.content),
    key: key && { kid: key.candidate.jwk.kid ?? null, source: key.candidate.source },
    checks,
    diagnosis: [],
  };
}

function jsonOf(content: Content | undefined): JsonValue | undefined {
  return content?.kind === "json" ? content.value : undefined;
}
