import { type JsonObject, type JsonValue, numberOf } from "../json/value.ts";
import { formatInstant, formatRelative } from "../time/format.ts";
import type { TimeContext } from "../time/instant.ts";
import { type Check, fail, oneOf, pass, quoted, skip, warn } from "./check.ts";

/** What the claims are held against. */
export interface ExpectedClaims {
  /** `iss` must be one of these; empty: anything goes. */
  readonly issuers: readonly string[];
  /** `aud` must name one of these; empty: anything goes. */
  readonly audiences: readonly string[];
  /** Claims that must be there. */
  readonly require: readonly string[];
}

/** The claims that an access token must have (RFC 9068 section 2.2), apart from `exp`. */
export const ACCESS_TOKEN_CLAIMS: readonly string[] = ["iss", "sub", "aud", "client_id", "iat", "jti"];

interface DateOptions extends TimeContext {
  /** Seconds granted to clocks that differ. */
  readonly leeway: number;
  /** Who demands an `exp`; undefined: nobody. */
  readonly expRequired: string | undefined;
  /** Do not word what is good. */
  readonly brief: boolean;
}

export function checkDates(claims: JsonObject, options: DateOptions): readonly Check[] {
  const date = (name: DateName) => readDate(name, claims.get(name), options);
  return [checkExp(date("exp"), options), checkNbf(date("nbf"), options), checkIat(date("iat"), options)];
}

type DateName = "exp" | "nbf" | "iat";

type DateReading =
  | { readonly kind: "missing" }
  | { readonly kind: "invalid"; readonly check: Check }
  /** `seconds` as in the token; `shown` for people. */
  | {
      readonly kind: "date";
      readonly seconds: number;
      readonly shown: () => string;
      readonly suspicious: boolean;
    };

function readDate(name: DateName, value: JsonValue | undefined, context: TimeContext): DateReading {
  const invalid = (detail: string) =>
    ({ kind: "invalid", check: fail(name, "claim_invalid", detail) }) as const;
  if (value === undefined) return { kind: "missing" };
  const seconds = numberOf(value);
  if (seconds === undefined) {
    const got = typeof value === "string" ? `the text ${quoted(value)}` : "something else";
    return invalid(`${name} must be a number of seconds, not ${got}`);
  }
  if (!Number.isFinite(seconds)) return invalid(`${name} is not a finite number`);
  const shown = () => {
    const instant = formatInstant(seconds * 1000, context.utcOffset);
    const relative = formatRelative(seconds * 1000, context.now);
    return instant === undefined ? `${seconds} (beyond the calendar)` : `${relative} (${instant})`;
  };
  return { kind: "date", seconds, suspicious: Math.abs(seconds) >= MILLISECONDS_FROM, shown };
}

/** Seconds beyond this (year 5138) are nearly always milliseconds. */
const MILLISECONDS_FROM = 1e11;

function checkExp(date: DateReading, { now, leeway, expRequired, brief }: DateOptions): Check {
  if (date.kind === "invalid") return date.check;
  if (date.kind === "missing") {
    return expRequired === undefined
      ? warn("exp", "there is no exp: the token never expires")
      : fail("exp", "claim_missing", `there is no exp, and ${expRequired} demands it`);
  }
  const { seconds, suspicious, shown } = date;
  if (seconds <= now / 1000 - leeway) return fail("exp", "token_expired", `expired ${shown()}`);
  if (suspicious) return warn("exp", `exp looks like milliseconds; it should be seconds: ${shown()}`);
  if (brief) return pass("exp", "");
  return seconds <= now / 1000
    ? pass("exp", `expired ${shown()}, within the leeway of ${leeway} s`)
    : pass("exp", `expires ${shown()}`);
}

function checkNbf(date: DateReading, { now, leeway, brief }: DateOptions): Check {
  if (date.kind === "invalid") return date.check;
  if (date.kind === "missing") return skip("nbf", "there is no nbf");
  const { seconds, shown } = date;
  if (seconds > now / 1000 + leeway) return fail("nbf", "token_not_yet_valid", `valid only ${shown()}`);
  if (brief) return pass("nbf", "");
  return seconds > now / 1000
    ? pass("nbf", `valid ${shown()}, within the leeway of ${leeway} s`)
    : pass("nbf", `valid since ${shown()}`);
}

function checkIat(date: DateReading, { now, leeway, brief }: DateOptions): Check {
  if (date.kind === "invalid") return date.check;
  if (date.kind === "missing") return skip("iat", "there is no iat");
  const { seconds, shown } = date;
  if (seconds > now / 1000 + leeway) {
    return fail("iat", "token_issued_in_future", `issued in the future: ${shown()}`);
  }
  if (brief) return pass("iat", "");
  return seconds > now / 1000
    ? pass("iat", `issued ${shown()}, within the leeway of ${leeway} s`)
    : pass("iat", `issued ${shown()}`);
}

/** `iss`, `sub` and `jti` are strings, `aud` a string or a list of strings (RFC 7519 section 4.1). */
export function checkClaimTypes(claims: JsonObject): Check {
  const wrong: string[] = [];
  for (const name of ["iss", "sub", "jti"]) {
    const value = claims.get(name);
    if (value !== undefined && typeof value !== "string") wrong.push(`${name} is not a string`);
  }
  if (claims.has("aud") && audiencesOf(claims) === undefined)
    wrong.push("aud is neither a string nor a list of strings");
  return wrong.length === 0
    ? pass("claim_types", "registered claims have the types they are defined with")
    : fail("claim_types", "claim_invalid", wrong.join("; "));
}

function audiencesOf(claims: JsonObject): readonly string[] | undefined {
  const aud = claims.get("aud");
  if (typeof aud === "string") return [aud];
  if (!Array.isArray(aud) || aud.some((entry) => typeof entry !== "string")) return undefined;
  return aud as readonly string[];
}

/** Compared character by character (RFC 7519 section 2, StringOrURI). */
export function checkIssuer(claims: JsonObject, expected: readonly string[]): Check {
  if (expected.length === 0) return skip("iss", "no issuer was asked for (--iss)");
  const iss = claims.get("iss");
  if (typeof iss === "string" && expected.includes(iss)) return pass("iss", iss);
  const got =
    iss === undefined
      ? "there is no iss"
      : typeof iss === "string"
        ? `iss is ${quoted(iss)}`
        : "iss is no text";
  return fail("iss", "issuer_mismatch", `${got}; expected ${oneOf(expected)}`);
}

export function checkAudience(claims: JsonObject, expected: readonly string[]): Check {
  if (expected.length === 0) return skip("aud", "no audience was asked for (--aud)");
  const audiences = audiencesOf(claims);
  const match = audiences?.find((audience) => expected.includes(audience));
  if (match !== undefined) return pass("aud", match);
  const got = !claims.has("aud")
    ? "there is no aud"
    : audiences === undefined
      ? "aud is no text"
      : `aud is ${audiences.length === 0 ? "empty" : audiences.map(quoted).join(", ")}`;
  return fail("aud", "audience_mismatch", `${got}; expected ${oneOf(expected)}`);
}

/** One line per claim the user demands; `exp` has its own check. A claim that is null says nothing. */
export function checkRequired(claims: JsonObject, names: readonly string[]): readonly Check[] {
  return [...new Set(names)]
    .filter((name) => name !== "exp")
    .map((name) =>
      isPresent(claims, name)
        ? pass("require", `${name} is there`)
        : fail("require", "claim_missing", `there is no ${quoted(name)}`),
    );
}

/**
 * The claims of an access token (RFC 9068 section 2.2).
 * @param demanded the user asked for the profile; otherwise the token's `typ` only claims it
 */
export function checkProfile(claims: JsonObject, demanded: boolean): Check {
  const missing = ACCESS_TOKEN_CLAIMS.filter((name) => !isPresent(claims, name));
  if (missing.length === 0) return pass("profile", "has the claims of an access token (RFC 9068)");
  const detail = `an access token (RFC 9068) also has: ${missing.join(", ")}`;
  return demanded ? fail("profile", "claim_missing", detail) : warn("profile", detail, "claim_missing");
}

function isPresent(claims: JsonObject, name: string): boolean {
  const value = claims.get(name);
  return value !== undefined && value !== null;
}
