import type { JsonObject, JsonValue } from "../../base/json/value.ts";
import { ALGORITHM_TRAITS, type JwsAlgorithm } from "../algorithms.ts";
import type { SignatureQuestion } from "../ports/crypto.ts";
import { type Content, objectOf, stringMember, type TokenPart } from "../token/content.ts";
import { type InspectedToken, kidOf } from "../token/inspect.ts";
import { ACCESS_TOKEN_TYPE, sameType } from "../token/media-type.ts";
import { type Check, fail, pass, quoted, skip, verdictOf, warn } from "./check.ts";
import {
  checkAudience,
  checkClaimTypes,
  checkDates,
  checkIssuer,
  checkProfile,
  checkRequired,
} from "./claim-checks.ts";
import {
  checkCritical,
  checkDuplicates,
  checkFormat,
  checkHeaderKeys,
  checkPayload,
  checkType,
  hasDuplicates,
} from "./header-checks.ts";
import { type CandidateKey, checkFitting, chooseKey, type KeyChoice, type PinnedKey } from "./key-choice.ts";
import type { VerificationOptions, VerificationReport } from "./report.ts";

/** A token of which everything has been judged but its signature. */
export interface JudgedToken {
  readonly token: InspectedToken;
  /** What its signature is to be tried with, in this order; none when it must not be tried, or cannot be. */
  readonly keys: readonly PinnedKey[];
  readonly header: JudgedHeader;
  /** Why the signature is not tried; undefined when it is. */
  readonly untried: string | undefined;
  /** All checks in their order; that of the signature, the first, is still to be put in. */
  readonly checks: Check[];
}

/** What follows from a header, whatever token it is on. */
interface JudgedHeader extends KeyChoice {
  /** Of the only key; of several it depends on which one fits. */
  readonly keySize: Check;
  /** That the signature is the only key's, should it be. */
  readonly signed: Check | undefined;
  readonly critical: Check;
  readonly headerKeys: Check;
  readonly type: Check;
  readonly untried: string | undefined;
  readonly profile: Profile | undefined;
}

/** An access token (RFC 9068): because the user says so, or because the token does. */
type Profile = "demanded" | "claimed";

/** Judges all of a token but its signature. */
export function judgeToken(
  token: InspectedToken,
  candidates: readonly CandidateKey[],
  options: VerificationOptions,
): JudgedToken {
  const header = headerOf(token, candidates, options);
  const format = checkFormat(token);
  const untried = header.untried ?? (format.status === "fail" ? UNTRIED_FORM : undefined);
  const duplicates = checkDuplicates(token.header.content, token.payload?.content);
  const { algorithm, key, keySize, critical, headerKeys, type } = header;
  const checks = [PENDING, algorithm, key, keySize, format, duplicates, critical, headerKeys, type];
  checkClaims(checks, token, header.profile, options);
  return { token, keys: untried === undefined ? header.usable : [], header, untried, checks };
}

const PENDING = skip("signature", "not verified yet");
const UNTRIED_FORM = "not verified: the token is not in its exact form";

/** What is to be asked about a token's signature. */
export function questionTo(
  { alg, candidate }: PinnedKey,
  { text, signature }: InspectedToken,
): SignatureQuestion {
  const { text: written = "", bytes = new Uint8Array() } = signature ?? {};
  const signingInput = text.slice(0, text.length - written.length - 1);
  return { signingInput, signature: bytes, alg, key: candidate.jwk };
}

/** The report, when it is known which of the keys made the signature. @param by undefined: none of them */
export function concludeVerification(judged: JudgedToken, by: PinnedKey | undefined): VerificationReport {
  const { token, header } = judged;
  const several = header.usable.length > 1;
  const used = by ?? (several ? undefined : header.usable[0]);
  const checks = judged.checks.with(SIGNATURE, checkSignature(judged, by));
  if (several && by) {
    checks[KEY] = checkFitting(by, kidOf(token));
    checks[KEY_SIZE] = checkKeySize(by);
  }
  const verdict = verdictOf(checks);
  // A signature that was not tried always has a failed check as its reason; should that ever fail, nothing is valid.
  const valid = by !== undefined && verdict === undefined;
  return {
    valid,
    verdict: valid ? undefined : (verdict ?? "signature_invalid"),
    token,
    header: jsonOf(token.header.content),
    payload: jsonOf(token.payload?.content),
    key: used && { kid: used.candidate.jwk.kid ?? null, source: used.candidate.source },
    checks,
    diagnosis: [],
  };
}

/** Where these checks stand. */
const SIGNATURE = 0;
const KEY = 2;
const KEY_SIZE = 3;

function passSignature(by: PinnedKey): Check {
  return pass("signature", `${by.alg}, made with ${keyName(by)}`);
}

function checkSignature({ keys, header, untried }: JudgedToken, by: PinnedKey | undefined): Check {
  if (untried !== undefined) return skip("signature", untried);
  if (by !== undefined) return header.signed ?? passSignature(by);
  const detail =
    keys.length === 1
      ? "the signature does not fit: the token was changed, or signed with another key"
      : `none of ${keys.length} keys fits: the token was changed, or signed with another key`;
  return fail("signature", "signature_invalid", detail);
}

interface HeaderQuestion {
  readonly part: TokenPart;
  readonly candidates: readonly CandidateKey[];
  readonly algorithms: readonly JwsAlgorithm[];
  readonly types: readonly string[];
  readonly tryAll: boolean;
}

let last: { readonly question: HeaderQuestion; readonly judged: JudgedHeader } | undefined;

/** Of many tokens that follow each other most have the same header: it is judged once. */
function headerOf(
  token: InspectedToken,
  candidates: readonly CandidateKey[],
  { algorithms, types, tryAll }: VerificationOptions,
): JudgedHeader {
  const part = token.header;
  if (last !== undefined) {
    const { question, judged } = last;
    const asksTheSame =
      question.part === part &&
      question.candidates === candidates &&
      question.algorithms === algorithms &&
      question.types === types &&
      question.tryAll === tryAll;
    if (asksTheSame) return judged;
  }
  const question = { part, candidates, algorithms, types, tryAll };
  const header = token.encrypted ? undefined : objectOf(part.content);
  const judged = header === undefined ? unreadable(token, types) : judgeHeader(header, question);
  // A part is the same object again only when it was read well.
  last = { question, judged };
  return judged;
}

function judgeHeader(header: JsonObject, question: HeaderQuestion): JudgedHeader {
  const { part, candidates, algorithms, types, tryAll } = question;
  const asked = { alg: header.get("alg"), kid: stringMember(header, "kid") };
  const choice = chooseKey(asked, candidates, algorithms, tryAll);
  const critical = checkCritical(header);
  const obstacle = obstacleTo(part, critical, choice);
  const only = choice.usable.length === 1 ? choice.usable[0] : undefined;
  return {
    ...choice,
    keySize: checkKeySize(only),
    signed: only && passSignature(only),
    critical,
    headerKeys: checkHeaderKeys(header),
    type: checkType(header.get("typ"), types),
    untried: obstacle && `not verified: ${obstacle}`,
    profile: profileOf(header, types),
  };
}

/** Nothing that depends on the header can be checked. */
function unreadable(token: InspectedToken, types: readonly string[]): JudgedHeader {
  const why = token.encrypted ? "the token is encrypted" : "the header cannot be read";
  return {
    algorithm: skip("algorithm", why),
    key: skip("key", why),
    usable: [],
    keySize: skip("key_size", why),
    signed: undefined,
    critical: skip("crit", why),
    headerKeys: skip("header_keys", why),
    type: skip("typ", why),
    untried: why,
    profile: profileOf(objectOf(token.header.content), types),
  };
}

/** Why the signature cannot be verified, or must not be: its meaning would not be certain. */
function obstacleTo({ content }: TokenPart, critical: Check, choice: KeyChoice): string | undefined {
  if (critical.status === "fail") return "an unknown extension may change what is signed";
  if (hasDuplicates(content)) return "the header says something twice";
  if (choice.usable.length > 0) return undefined;
  return choice.algorithm.status === "fail"
    ? "the algorithm is not allowed"
    : "there is no key to verify it with";
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

/** What was cut off says nothing about what was issued: the format check tells of it, and it is the verdict. */
function cutText({ fault, payload, signature }: InspectedToken): string | undefined {
  if (fault?.code === "payload_cut" || fault?.code === "cut_after_header") return fault.message;
  return signature === undefined && payload?.text === "" ? "the token ends after its header" : undefined;
}

const CLAIM_CHECKS = ["claim_types", "exp", "nbf", "iat", "iss", "aud"] as const;

/** Everything about the payload. A token that is no claims set has no claims to check. @param checks is added to */
function checkClaims(
  checks: Check[],
  token: InspectedToken,
  profile: Profile | undefined,
  options: VerificationOptions,
): void {
  const obstacle = token.encrypted ? "the token is encrypted" : cutText(token);
  checks.push(obstacle ? skip("payload", obstacle) : checkPayload(token.payload?.content, options.brief));
  const claims = options.claims ?? objectOf(token.payload?.content);
  if (claims === undefined) {
    for (const name of CLAIM_CHECKS) checks.push(skip(name, "there is no claims set"));
    return;
  }
  const { leeway, brief = false } = options;
  const { now, utcOffset } = options.time;
  const expRequired = options.require.includes("exp") ? "--require" : profile && "an access token (at+jwt)";
  const [exp, nbf, iat] = checkDates(claims, { now, utcOffset, leeway, expRequired, brief });
  checks.push(checkClaimTypes(claims), exp, nbf, iat);
  checks.push(checkIssuer(claims, options.issuers), checkAudience(claims, options.audiences));
  for (const check of checkRequired(claims, options.require)) checks.push(check);
  if (profile !== undefined) checks.push(checkProfile(claims, profile === "demanded"));
}

/** Whether the token must be an RFC 9068 access token: because the user says so, or because its `typ` does. */
function profileOf(header: JsonObject | undefined, types: readonly string[]): Profile | undefined {
  const typ = stringMember(header, "typ");
  const isOne = typ !== undefined && sameType(typ, ACCESS_TOKEN_TYPE);
  // Of several types the token may be another one: only its own says whether the profile is its own.
  const mayBeAsked = isOne || types.length === 1;
  if (mayBeAsked && types.some((type) => sameType(type, ACCESS_TOKEN_TYPE))) return "demanded";
  return isOne ? "claimed" : undefined;
}

function jsonOf(content: Content | undefined): JsonValue | undefined {
  return content?.kind === "json" ? content.value : undefined;
}
