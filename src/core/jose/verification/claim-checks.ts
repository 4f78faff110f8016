import { JsonObject, type JsonValue, numberOf } from "../../base/json/value.ts";
import { looksLike, withVisibleCharacters } from "../../base/text/lookalikes.ts";
import { formatInstant, formatRelative } from "../../base/time/format.ts";
import type { TimeContext } from "../../base/time/instant.ts";
import { MILLISECONDS_FROM } from "../token/times.ts";
import { type Check, fail, oneOf, pass, quoted, skip, warn } from "./check.ts";
import { described } from "./described.ts";

/** The values that claims are compared with. */
export interface ExpectedClaims {
  /** `iss` must be one of these; empty: not checked. */
  readonly issuers: readonly string[];
  /** `aud` must contain one of these; empty: not checked. */
  readonly audiences: readonly string[];
  /** Claims that must be present. */
  readonly require: readonly string[];
}

/** The claims that an access token must have (RFC 9068 section 2.2), apart from `exp`. */
export const ACCESS_TOKEN_CLAIMS: readonly string[] = ["iss", "sub", "aud", "client_id", "iat", "jti"];

interface DateOptions extends TimeContext {
  /** Seconds by which clocks may differ. */
  readonly leeway: number;
  /** Who demands an `exp`, for the message; undefined: nobody. */
  readonly expRequired: string | undefined;
  /** Leave the details of passed checks empty. */
  readonly brief: boolean;
}

/** The checks of `exp`, `nbf` and `iat`, in this order. */
export function checkDates(claims: JsonObject, options: DateOptions): readonly [Check, Check, Check] {
  return [
    checkExp(dateOf("exp", claims), options),
    checkNbf(dateOf("nbf", claims), options),
    checkIat(dateOf("iat", claims), options),
  ];
}

/** A date claim in seconds; undefined when it is missing; a failed check when it is no NumericDate. */
function dateOf(name: "exp" | "nbf" | "iat", claims: JsonObject): number | Check | undefined {
  const value = claims.get(name);
  if (value === undefined) return undefined;
  const seconds = numberOf(value);
  if (seconds === undefined) {
    return fail(name, "claim_invalid", `${name} must be a number of seconds, not ${described(value)}`);
  }
  return Number.isFinite(seconds) ? seconds : fail(name, "claim_invalid", `${name} is not a finite number`);
}

/** A time in words, with its distance from now. */
function shown(seconds: number, { now, utcOffset }: TimeContext): string {
  const instant = formatInstant(seconds * 1000, utcOffset);
  const relative = formatRelative(seconds * 1000, now);
  return instant === undefined ? `${seconds} (beyond the calendar)` : `${relative} (${instant})`;
}

function checkExp(exp: number | Check | undefined, options: DateOptions): Check {
  const { now, leeway, expRequired, brief } = options;
  if (exp === undefined) {
    return expRequired === undefined
      ? warn("exp", "there is no exp: the token never expires")
      : fail("exp", "claim_missing", `there is no exp, and ${expRequired} demands it`);
  }
  if (typeof exp !== "number") return exp;
  if (exp <= now / 1000 - leeway) return fail("exp", "token_expired", `expired ${shown(exp, options)}`);
  if (Math.abs(exp) >= MILLISECONDS_FROM)
    return warn("exp", `exp looks like milliseconds; it should be seconds: ${shown(exp, options)}`);
  if (brief) return IN_BRIEF.exp;
  return exp <= now / 1000
    ? pass("exp", `expired ${shown(exp, options)}, within the leeway of ${leeway} s`)
    : pass("exp", `expires ${shown(exp, options)}`);
}

function checkNbf(nbf: number | Check | undefined, options: DateOptions): Check {
  const { now, leeway, brief } = options;
  if (nbf === undefined) return MISSING.nbf;
  if (typeof nbf !== "number") return nbf;
  if (nbf > now / 1000 + leeway)
    return fail("nbf", "token_not_yet_valid", `valid only ${shown(nbf, options)}`);
  if (brief) return IN_BRIEF.nbf;
  return nbf > now / 1000
    ? pass("nbf", `valid ${shown(nbf, options)}, within the leeway of ${leeway} s`)
    : pass("nbf", `valid since ${shown(nbf, options)}`);
}

function checkIat(iat: number | Check | undefined, options: DateOptions): Check {
  const { now, leeway, brief } = options;
  if (iat === undefined) return MISSING.iat;
  if (typeof iat !== "number") return iat;
  if (iat > now / 1000 + leeway) {
    return fail("iat", "token_issued_in_future", `issued in the future: ${shown(iat, options)}`);
  }
  if (brief) return IN_BRIEF.iat;
  return iat > now / 1000
    ? pass("iat", `issued ${shown(iat, options)}, within the leeway of ${leeway} s`)
    : pass("iat", `issued ${shown(iat, options)}`);
}

// Checks that are the same for every token are created once, for bulk verification.
const IN_BRIEF = { exp: pass("exp", ""), nbf: pass("nbf", ""), iat: pass("iat", "") };
const MISSING = { nbf: skip("nbf", "there is no nbf"), iat: skip("iat", "there is no iat") };
const TYPES_FIT = pass("claim_types", "registered claims have the types they are defined with");
const NOT_ASKED = {
  iss: skip("iss", "no issuer was asked for (--iss)"),
  aud: skip("aud", "no audience was asked for (--aud)"),
};
const NO_CHECKS: readonly Check[] = [];

const TEXTS = ["iss", "sub", "jti"] as const;

/** `iss`, `sub` and `jti` are strings, `aud` a string or a list of strings (RFC 7519 section 4.1). */
export function checkClaimTypes(claims: JsonObject): Check {
  const wrong: string[] = [];
  for (const name of TEXTS) {
    const value = claims.get(name);
    if (value !== undefined && typeof value !== "string")
      wrong.push(`${name} is ${described(value)}, not a string`);
  }
  const aud = claims.get("aud");
  if (aud !== undefined && !isAudience(aud)) wrong.push(audienceFault(aud));
  return wrong.length === 0 ? TYPES_FIT : fail("claim_types", "claim_invalid", wrong.join("; "));
}

function audienceFault(aud: JsonValue): string {
  const entry = Array.isArray(aud) ? aud.find((item) => typeof item !== "string") : undefined;
  return entry === undefined
    ? `aud is ${described(aud)}, neither a string nor a list of strings`
    : `aud is a list in which ${described(entry)} stands, not a list of strings`;
}

function isAudience(aud: JsonValue): aud is string | readonly string[] {
  if (!Array.isArray(aud)) return typeof aud === "string";
  for (const entry of aud) if (typeof entry !== "string") return false;
  return true;
}

function audiencesOf(claims: JsonObject): readonly string[] | undefined {
  const aud = claims.get("aud");
  if (aud === undefined || !isAudience(aud)) return undefined;
  return typeof aud === "string" ? [aud] : aud;
}

/** Compared character by character (RFC 7519 section 2, StringOrURI). */
export function checkIssuer(claims: JsonObject, expected: readonly string[]): Check {
  if (expected.length === 0) return NOT_ASKED.iss;
  const iss = claims.get("iss");
  if (typeof iss === "string" && expected.includes(iss)) return pass("iss", iss);
  const got =
    iss === undefined
      ? "there is no iss"
      : typeof iss === "string"
        ? `iss is ${quoted(iss)}`
        : "iss is no text";
  return fail("iss", "issuer_mismatch", beside(got, typeof iss === "string" ? [iss] : [], expected));
}

/** The actual and the expected value; with `\u` escapes when they look alike and differ. */
function beside(got: string, named: readonly string[], expected: readonly string[]): string {
  const detail = `${got}; expected ${oneOf(expected)}`;
  return named.some((name) => expected.some((wanted) => looksLike(name, wanted)))
    ? withVisibleCharacters(detail)
    : detail;
}

export function checkAudience(claims: JsonObject, expected: readonly string[]): Check {
  if (expected.length === 0) return NOT_ASKED.aud;
  const audiences = audiencesOf(claims);
  const match = audiences?.find((audience) => expected.includes(audience));
  if (match !== undefined) return pass("aud", match);
  const got = !claims.has("aud")
    ? "there is no aud"
    : audiences === undefined
      ? "aud is no text"
      : `aud is ${audiences.length === 0 ? "empty" : audiences.map(quoted).join(", ")}`;
  return fail("aud", "audience_mismatch", beside(got, audiences ?? [], expected));
}

/** One check for each required claim but `exp`, which has its own. A claim that is null counts as missing. */
export function checkRequired(claims: JsonObject, names: readonly string[]): readonly Check[] {
  if (names.length === 0) return NO_CHECKS;
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
 * @param demanded whether the user demands the profile; otherwise the token's `typ` claims it
 */
export function checkProfile(claims: JsonObject, demanded: boolean): Check {
  const missing = ACCESS_TOKEN_CLAIMS.filter((name) => !isPresent(claims, name));
  if (missing.length === 0) return pass("profile", "has the claims of an access token (RFC 9068)");
  const detail = `an access token (RFC 9068) also has: ${missing.join(", ")}`;
  return demanded ? fail("profile", "claim_missing", detail) : warn("profile", detail, "claim_missing");
}

/**
 * Warns of a token that is bound to a key (`cnf`, RFC 7800, RFC 8705, RFC 9449): whoever sends it must prove to hold
 * that key, too. Undefined for any other token.
 */
export function checkConfirmation(claims: JsonObject): Check | undefined {
  const cnf = claims.get("cnf");
  if (!(cnf instanceof JsonObject)) return undefined;
  const [name = "", proof] = BINDINGS.find(([member]) => cnf.has(member)) ?? [cnf.members[0]?.[0] ?? ""];
  const how = proof ?? "its sender must prove to hold that key";
  return warn(
    "cnf",
    `the token is bound to a key (cnf${name && `.${name}`}): holding it is not enough, ${how}`,
  );
}

const BINDINGS: readonly (readonly [member: string, proof: string])[] = [
  ["jkt", "its sender must send a DPoP proof with it (jwtctl verify --as dpop)"],
  ["x5t#S256", "its sender must connect with the client certificate of that thumbprint (mutual TLS)"],
];

function isPresent(claims: JsonObject, name: string): boolean {
  const value = claims.get(name);
  return value !== undefined && value !== null;
}
