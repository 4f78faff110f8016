import { type JsonObject, type JsonValue, numberOf } from "../../base/json/value.ts";
import { isInCalendar, type TimeWords } from "../../base/time/format.ts";
import { objectOf, type TokenPart } from "./content.ts";

/** A date claim of a token. */
export interface ClaimTime {
  readonly name: string;
  /** The number as it was written. */
  readonly value: JsonValue;
  /** Seconds since 1970, perhaps with a fraction. */
  readonly seconds: number;
  /** Milliseconds since 1970; undefined outside the calendar. */
  readonly instant: number | undefined;
}

/** The dates of a token compared with the clock; nothing is verified. */
export interface TokenTimes {
  /** The time they are compared with, in ms. */
  readonly now: number;
  /** Whether `exp` has passed; undefined when there is no usable `exp`. */
  readonly expired: boolean | undefined;
  /** Whether `nbf` is in the future; undefined when there is no usable `nbf`. */
  readonly notYetValid: boolean | undefined;
  /** From `iat`, or else `nbf`, to `exp`; undefined when either is missing. Seconds, perhaps negative. */
  readonly lifetime: { readonly start: number; readonly end: number } | undefined;
  /** Every date claim with a finite number, in the order of the payload. */
  readonly claims: readonly ClaimTime[];
}

/** @param now ms */
export function tokenTimes(payload: JsonObject, now: number): TokenTimes {
  const claims: ClaimTime[] = [];
  for (const [name, value] of payload.members) {
    if (!isNumericDateClaim(name)) continue;
    const seconds = numberOf(value);
    if (seconds === undefined || !Number.isFinite(seconds)) continue;
    const instant = seconds * 1000;
    claims.push({ name, value, seconds, instant: isInCalendar(instant) ? instant : undefined });
  }
  const secondsOf = (name: string) => claims.findLast((claim) => claim.name === name)?.seconds;
  const [exp, nbf, start] = [secondsOf("exp"), secondsOf("nbf"), secondsOf("iat") ?? secondsOf("nbf")];
  return {
    now,
    expired: exp === undefined ? undefined : exp * 1000 <= now,
    notYetValid: nbf === undefined ? undefined : nbf * 1000 > now,
    lifetime: exp === undefined || start === undefined ? undefined : { start, end: exp },
    claims,
  };
}

/** The dates of a token compared with `now` (ms); undefined when its payload is no claims set. */
export function timesOf(
  { payload }: { readonly payload: TokenPart | undefined },
  now: number,
): TokenTimes | undefined {
  const claims = objectOf(payload?.content);
  return claims && tokenTimes(claims, now);
}

/**
 * The claims whose value is a NumericDate (RFC 7519 section 2), registered and common ones, with words for them. They
 * are not in the registry of claims, because every token needs its dates and few need the rest.
 */
const DATES: ReadonlyMap<string, TimeWords> = new Map([
  ["exp", { past: "expired", future: "expires" }],
  ["nbf", { past: "valid since", future: "valid" }],
  ["iat", { past: "issued", future: "issued" }],
  ["auth_time", { past: "logged in", future: "logged in" }],
  ["updated_at", { past: "updated", future: "updated" }],
  ["toe", { past: "happened", future: "happens" }],
  ["orig_iat", { past: "issued", future: "issued" }],
]);

/** Numbers from here on (year 5138 in seconds) are nearly always milliseconds. */
export const MILLISECONDS_FROM = 1e11;

/** Whether a claim's value is a NumericDate: seconds since 1970, fractions allowed (RFC 7519 section 2). */
export function isNumericDateClaim(name: string): boolean {
  return DATES.has(name);
}

/** The words for a date claim in the past and in the future; undefined for other claims. */
export function dateWords(name: string): TimeWords | undefined {
  return DATES.get(name);
}

export const DATE_CLAIMS: readonly string[] = [...DATES.keys()];
