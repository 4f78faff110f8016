import { type JsonObject, type JsonValue, numberOf } from "../../base/json/value.ts";
import { isInCalendar } from "../../base/time/format.ts";
import { objectOf, type TokenPart } from "./content.ts";
import { isNumericDateClaim } from "./date-claims.ts";

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

/** What the clock says about a token, whoever signed it. */
export interface TokenTimes {
  /** The instant that counts as now, in ms. */
  readonly now: number;
  /** Whether `exp` has passed; undefined when there is no usable `exp`. */
  readonly expired: boolean | undefined;
  /** Whether `nbf` is still to come; undefined when there is no usable `nbf`. */
  readonly notYetValid: boolean | undefined;
  /** From `iat`, or else `nbf`, to `exp`; undefined when either is missing. Seconds, perhaps negative. */
  readonly lifetime: { readonly start: number; readonly end: number } | undefined;
  /** Every registered date claim with a number in it, in the order of the payload. */
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

/** What the clock says about a token; undefined when its payload is no claims set. @param now ms */
export function timesOf(
  { payload }: { readonly payload: TokenPart | undefined },
  now: number,
): TokenTimes | undefined {
  const claims = objectOf(payload?.content);
  return claims && tokenTimes(claims, now);
}
