import type { ErrorCode } from "../../base/errors.ts";
import type { JsonObject, JsonValue } from "../../base/json/value.ts";
import type { TimeContext } from "../../base/time/instant.ts";
import type { JwsAlgorithm } from "../algorithms.ts";
import type { LeftOutKey } from "../ports/crypto.ts";
import type { Disclosed } from "../token/disclosures.ts";
import type { InspectedToken } from "../token/inspect.ts";
import { type Check, verdictOf } from "./check.ts";
import type { ExpectedClaims } from "./claim-checks.ts";

export interface VerificationOptions extends ExpectedClaims {
  /** The time to verify at, and the offset of reported times. */
  readonly time: TimeContext;
  /** Seconds by which clocks may differ, 0 to 300. */
  readonly leeway: number;
  /** The allowed algorithms; empty: the one each key is pinned to. */
  readonly algorithms: readonly JwsAlgorithm[];
  /** `typ` must be one of these; empty: not checked. */
  readonly types: readonly string[];
  /** Take keys that can be broken (RSA below 1024 bits, secrets below 14 bytes), for teaching. */
  readonly allowWeak?: boolean;
  /** Keys that were given and cannot be used. */
  readonly leftOut?: readonly LeftOutKey[];
  /** Try every key with the token's algorithm, whatever its `kid`. */
  readonly tryAll: boolean;
  /** Leave the details of passed dates empty, which is faster for bulk verification. */
  readonly brief?: boolean;
  /** What the proof of an SD-JWT's holder must be for; undefined: a proof is verified, and not demanded. */
  readonly holder?: AskedProof | undefined;
  /** What the issuer's metadata name as the issuer of its access tokens (AD FS), where that is another. For diagnosis. */
  readonly accessTokenIssuer?: string | undefined;
  /** Take a JWS in JSON serialization, too. */
  readonly jsonForm?: boolean;
  /** The claims set to validate instead of the payload: of an SD-JWT, with its disclosures. */
  readonly claims?: JsonObject | undefined;
}

/** What a verifier asks of the holder's proof (RFC 9901 section 7.3). */
export interface AskedProof {
  readonly audience?: string | undefined;
  readonly nonce?: string | undefined;
}

/** A probable cause of a failure, with its evidence and its fix. */
export interface Diagnosis {
  readonly cause: string;
  readonly evidence: string;
  readonly fix: string;
}

export interface VerificationReport {
  /** True only when the signature was verified and no check failed. */
  readonly valid: boolean;
  /** The code of the gravest failure, which decides the exit code. */
  readonly verdict: ErrorCode | undefined;
  readonly token: InspectedToken;
  readonly header: JsonValue | undefined;
  readonly payload: JsonValue | undefined;
  /** The key that verified the token, or the chosen one that did not; undefined when none was chosen. */
  readonly key: { readonly kid: string | null; readonly source: string } | undefined;
  /** The results of all checks. */
  readonly checks: readonly Check[];
  readonly diagnosis: readonly Diagnosis[];
  /** Only of an SD-JWT. */
  readonly sdJwt?: DisclosureReport;
}

/** Adds checks to a report: they can refuse a token, never make an invalid one valid. */
export function addChecks(report: VerificationReport, further: readonly Check[]): VerificationReport {
  const checks = [...report.checks, ...further];
  const verdict = report.verdict === undefined ? verdictOf(further) : (verdictOf(checks) ?? report.verdict);
  const valid = report.valid && further.every(({ status }) => status !== "fail");
  return { ...report, checks, verdict, valid };
}

/** What an SD-JWT discloses, and whether it fits what its issuer signed (RFC 9901 section 7.1). */
export interface DisclosureReport {
  readonly disclosed: Disclosed | undefined;
  /** The claims set to validate, with everything disclosed in its place; undefined when something does not fit. */
  readonly claims: JsonObject | undefined;
  readonly keyBinding: "fits" | "unknown" | "other" | "unreadable" | undefined;
  /** Whether the holder's proof was made with the key of the credential (`cnf.jwk`). */
  readonly holderProven: boolean;
  readonly checks: readonly Check[];
}
