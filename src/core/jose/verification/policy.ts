import type { JsonObject, JsonValue } from "../../base/json/value.ts";
import type { JwsAlgorithm } from "../algorithms.ts";
import type { LeftOutKey, SignatureToVerify } from "../ports/crypto.ts";
import {
  ACCESS_TOKEN_TYPE,
  type Content,
  isSameMediaType,
  objectOf,
  stringMember,
  type TokenPart,
} from "../token/content.ts";
import { type InspectedToken, kidOf } from "../token/inspect.ts";
import { type Check, fail, pass, quoted, skip, verdictOf } from "./check.ts";
import {
  checkCritical,
  checkDuplicates,
  checkFormat,
  checkHeaderKeys,
  checkType,
  hasDuplicates,
} from "./header-checks.ts";
import { type CandidateKey, checkUsedKey, chooseKey, type KeyChoice, type PinnedKey } from "./key-choice.ts";
import { checkKeySize } from "./key-size-check.ts";
import type { VerificationOptions, VerificationReport } from "./report.ts";
import { type Profile, validateClaimsSet } from "./validate-claims.ts";

/** A verification in which every check was made but that of the signature. */
export interface PendingVerification {
  readonly token: InspectedToken;
  /** The keys to verify the signature with, in this order; empty when it must not or cannot be verified. */
  readonly keys: readonly PinnedKey[];
  readonly header: HeaderChecks;
  /** Why the signature is not verified; undefined when it is. */
  readonly skipReason: string | undefined;
  /** All checks in their order; the first, of the signature, is a placeholder. */
  readonly checks: Check[];
}

/** The checks that depend on the header alone, not on the rest of the token. */
interface HeaderChecks extends KeyChoice {
  /** Skipped when there are several keys: then it depends on which one fits. */
  readonly keySize: Check;
  readonly allowWeak: boolean;
  /** The check of the signature, should the only key have made it. */
  readonly signed: Check | undefined;
  readonly critical: Check;
  readonly headerKeys: Check;
  readonly type: Check;
  readonly skipReason: string | undefined;
  readonly profile: Profile | undefined;
}

/**
 * Makes every check of a token but that of its signature.
 *
 * @param cache for many tokens in a row
 */
export function beginVerification(
  token: InspectedToken,
  candidates: readonly CandidateKey[],
  options: VerificationOptions,
  cache?: HeaderCheckCache,
): PendingVerification {
  const header = checkHeader(token, candidates, options, cache);
  const format = checkFormat(token);
  const skipReason = header.skipReason ?? (format.status === "fail" ? SKIPPED_FOR_FORM : undefined);
  const duplicates = checkDuplicates(token.header.content, token.payload?.content);
  const { algorithm, key, keySize, critical, headerKeys, type } = header;
  const checks = [PENDING, algorithm, key, keySize, format, duplicates, critical, headerKeys, type];
  validateClaimsSet(checks, token, header.profile, options);
  return { token, keys: skipReason === undefined ? header.usable : [], header, skipReason, checks };
}

const PENDING = skip("signature", "not verified yet");
const SKIPPED_FOR_FORM = "not verified: the token is not in its exact form";

/** The signature of a token with its signing input (RFC 7515 section 5.2), for one key. */
export function signatureToVerify(
  { alg, candidate }: PinnedKey,
  { text, signature, detached }: InspectedToken,
): SignatureToVerify {
  const { text: written = "", bytes = new Uint8Array() } = signature ?? {};
  const signingInput = text.slice(0, text.length - written.length - 1);
  const toVerify = { signingInput, signature: bytes, alg, key: candidate.jwk };
  return detached === undefined ? toVerify : { ...toVerify, signingBytes: detached.signingInput };
}

/** Puts in the check of the signature and makes the report. @param by the key that made it; undefined: none of them */
export function finishVerification(
  pending: PendingVerification,
  by: PinnedKey | undefined,
): VerificationReport {
  const { token, header } = pending;
  const several = header.usable.length > 1;
  const used = by ?? (several ? undefined : header.usable[0]);
  const checks = pending.checks.with(SIGNATURE, checkSignature(pending, by));
  if (several && by) {
    checks[KEY] = checkUsedKey(by, kidOf(token));
    checks[KEY_SIZE] = checkKeySize(by, header.allowWeak);
  }
  const verdict = verdictOf(checks);
  // A signature is skipped only after a failed check. Should that ever not hold, the token is still not valid.
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

/** The index of these checks. */
const SIGNATURE = 0;
const KEY = 2;
const KEY_SIZE = 3;

function passSignature(by: PinnedKey): Check {
  return pass("signature", `${by.alg}, made with ${keyName(by)}`);
}

function checkSignature({ keys, header, skipReason }: PendingVerification, by: PinnedKey | undefined): Check {
  if (skipReason !== undefined) return skip("signature", skipReason);
  if (by !== undefined) return header.signed ?? passSignature(by);
  const detail =
    keys.length === 1
      ? "the signature doesn't match: the token was changed, or a different key signed it"
      : `none of ${keys.length} keys matches: the token was changed, or a different key signed it`;
  return fail("signature", "signature_invalid", detail);
}

/** All that the checks of a header depend on. */
interface HeaderCheckInput {
  readonly part: TokenPart;
  readonly detached: boolean;
  readonly candidates: readonly CandidateKey[];
  readonly algorithms: readonly JwsAlgorithm[];
  readonly types: readonly string[];
  readonly tryAll: boolean;
  readonly allowWeak: boolean;
  readonly leftOut: readonly LeftOutKey[] | undefined;
}

/** Makes verifying many tokens in a row faster: a header that is the same object as the one before is checked once. */
export interface HeaderCheckCache {
  last?: { readonly input: HeaderCheckInput; readonly result: HeaderChecks };
}

function checkHeader(
  token: InspectedToken,
  candidates: readonly CandidateKey[],
  { algorithms, types, tryAll, leftOut, allowWeak = false }: VerificationOptions,
  cache: HeaderCheckCache | undefined,
): HeaderChecks {
  const part = token.header;
  if (cache?.last !== undefined) {
    const { input, result } = cache.last;
    const isSame =
      input.part === part &&
      input.candidates === candidates &&
      input.algorithms === algorithms &&
      input.types === types &&
      input.tryAll === tryAll &&
      input.allowWeak === allowWeak &&
      input.leftOut === leftOut;
    if (isSame) return result;
  }
  const detached = token.detached !== undefined;
  const input = { part, detached, candidates, algorithms, types, tryAll, allowWeak, leftOut };
  const header = token.encrypted ? undefined : objectOf(part.content);
  const result = header === undefined ? skippedChecks(token, types) : checksOfHeader(header, input);
  if (cache) cache.last = { input, result };
  return result;
}

function checksOfHeader(header: JsonObject, input: HeaderCheckInput): HeaderChecks {
  const { part, candidates, algorithms, types, tryAll, allowWeak, leftOut } = input;
  const parameters = { alg: header.get("alg"), kid: stringMember(header, "kid") };
  const choice = chooseKey(parameters, candidates, algorithms, tryAll, leftOut);
  const critical = checkCritical(header, input.detached);
  const reason = reasonNotToVerify(part, critical, choice);
  const only = choice.usable.length === 1 ? choice.usable[0] : undefined;
  const meant = only?.candidate ?? (candidates.length === 1 ? candidates[0] : undefined);
  return {
    ...choice,
    keySize: checkKeySize(only, allowWeak),
    allowWeak,
    signed: only && passSignature(only),
    critical,
    headerKeys: checkHeaderKeys(header, meant?.certificate),
    type: checkType(header.get("typ"), types),
    skipReason: reason && `not verified: ${reason}`,
    profile: profileOf(header, types),
  };
}

/** For a header that cannot be read. */
function skippedChecks(token: InspectedToken, types: readonly string[]): HeaderChecks {
  const why = token.encrypted ? "the token is encrypted" : "the header cannot be read";
  return {
    algorithm: skip("algorithm", why),
    key: skip("key", why),
    usable: [],
    keySize: skip("key_size", why),
    allowWeak: false,
    signed: undefined,
    critical: skip("crit", why),
    headerKeys: skip("header_keys", why),
    type: skip("typ", why),
    skipReason: why,
    profile: profileOf(objectOf(token.header.content), types),
  };
}

/** Why the signature cannot be verified, or must not be because what it covers is uncertain. */
function reasonNotToVerify({ content }: TokenPart, critical: Check, choice: KeyChoice): string | undefined {
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

/** Whether the token must be an access token (RFC 9068): the user demands it, or its `typ` claims it. */
function profileOf(header: JsonObject | undefined, types: readonly string[]): Profile | undefined {
  const typ = stringMember(header, "typ");
  const isOne = typ !== undefined && isSameMediaType(typ, ACCESS_TOKEN_TYPE);
  // With several expected types the profile is demanded only when the token's own `typ` is that of an access token.
  const mayBeAsked = isOne || types.length === 1;
  if (mayBeAsked && types.some((type) => isSameMediaType(type, ACCESS_TOKEN_TYPE))) return "demanded";
  return isOne ? "claimed" : undefined;
}

function jsonOf(content: Content | undefined): JsonValue | undefined {
  return content?.kind === "json" ? content.value : undefined;
}
