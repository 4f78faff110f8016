import type { ErrorCode } from "../../base/errors.ts";
import type { JsonObject, JsonValue } from "../../base/json/value.ts";
import type { TimeContext } from "../../base/time/instant.ts";
import type { JwsAlgorithm } from "../algorithms.ts";
import type { Disclosed } from "../token/disclosures.ts";
import type { InspectedToken } from "../token/inspect.ts";
import { type Check, verdictOf } from "./check.ts";
import type { ExpectedClaims } from "./claim-checks.ts";

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
  readonly checks: readonly Check[];
}
