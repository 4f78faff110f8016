import { MAX_LEEWAY_SECONDS } from "../../authority/keys/signing-key.ts";
import { numberOf } from "../../base/json/value.ts";
import { formatRelative, formatSpan } from "../../base/time/format.ts";
import { inFinerUnit } from "./date-units.ts";
import {
  checkFailed,
  type Explanation,
  type FailedVerification,
  fixForIssuer,
  fixForVerifier,
} from "./failed-verification.ts";

const HALF_HOUR = 1800;
/** Seconds by which an offset may differ from whole half hours to count as a time zone taken for UTC. */
const ZONE_TOLERANCE = 60;
const LARGEST_OFFSET = 14 * 3600;

/** Causes of date failures: clocks that differ, a time zone taken for UTC, a date far off. */
export function explainClock(failure: FailedVerification): readonly Explanation[] {
  return [...explainExpiry(failure), ...explainFuture(failure)];
}

/** Cause: `iat` or `nbf` is in the future, so the issuer's clock is ahead. */
function explainFuture(failure: FailedVerification): readonly Explanation[] {
  const ahead = (["iat", "nbf"] as const)
    .filter((name) =>
      checkFailed(failure, name, name === "iat" ? "token_issued_in_future" : "token_not_yet_valid"),
    )
    .map((name) => ({ name, seconds: Math.ceil(secondsAhead(failure, name)) }))
    .sort((a, b) => b.seconds - a.seconds);
  const [furthest] = ahead;
  if (furthest === undefined || !Number.isFinite(furthest.seconds)) return [];
  // A token may be meant for later use (nbf), but is never issued in the future (iat). So a large difference counts
  // for iat only.
  const issued = ahead.find((date) => date.name === "iat");
  const { name, seconds } = furthest.seconds <= MAX_LEEWAY_SECONDS ? furthest : (issued ?? furthest);
  if (inFinerUnit(failure.claims?.get(name))) return [];
  const isSmall = furthest.seconds <= MAX_LEEWAY_SECONDS;
  const zone = isSmall ? undefined : timeZone(name, seconds);
  if (zone !== undefined) return [zone];
  if (isSmall) {
    return [
      {
        cause: "clock_skew",
        evidence: `${name} is ${seconds} s ahead of the clock here: the clocks differ by at least that`,
        fix: `On both sides: set the clocks by NTP. ${fixForVerifier(
          `a leeway covers small differences: --leeway ${seconds} is enough here`,
        )}`,
      },
    ];
  }
  return [name === "iat" ? farAhead(seconds) : later(failure, seconds)];
}

function timeZone(name: string, seconds: number): Explanation | undefined {
  const halves = Math.round(seconds / HALF_HOUR);
  const rest = Math.abs(seconds - halves * HALF_HOUR);
  if (halves === 0 || rest > ZONE_TOLERANCE || halves * HALF_HOUR > LARGEST_OFFSET) return undefined;
  return {
    cause: "time_zone",
    evidence: `${name} is ${formatSpan(halves * HALF_HOUR * 1000)} ahead${
      rest === 0 ? "" : ` (give or take ${rest} s)`
    }, as when local time is taken for UTC`,
    fix: fixForIssuer("take the seconds since 1970 in UTC, not from a local date and time"),
  };
}

function farAhead(seconds: number): Explanation {
  return {
    cause: "clock_skew",
    evidence: `iat is ${seconds} s (${formatSpan(seconds * 1000)}) ahead of the clock here: the clocks differ by at least that, more than any leeway covers`,
    fix: "On both sides: set the clocks by NTP; compare both with a third (date -u)",
  };
}

/** Cause: only `nbf` is in the future, which is its purpose. */
function later({ claims }: FailedVerification, seconds: number): Explanation {
  const issued = claims?.has("iat") === true ? ", and iat does not" : "";
  return {
    cause: "not_yet_valid",
    evidence: `nbf lies ${seconds} s (${formatSpan(seconds * 1000)}) ahead${issued}: the token is not to be used before`,
    fix: `Use it from then on. ${fixForIssuer(
      "if tokens are to be used at once, make nbf the time of issue, or set the clock by NTP if it is that already",
    )}`,
  };
}

function explainExpiry(failure: FailedVerification): readonly Explanation[] {
  if (!checkFailed(failure, "exp", "token_expired")) return [];
  const { now } = failure.options.time;
  const exp = numberOf(failure.claims?.get("exp")) ?? Number.NaN;
  const iat = numberOf(failure.claims?.get("iat"));
  if (isDuration(exp)) return [durationExplanation(exp)];
  const needed = Math.floor(now / 1000 - exp) + 1;
  const life = iat === undefined ? undefined : Math.max(0, exp - iat);
  if (needed <= MAX_LEEWAY_SECONDS) return [expiredJustNow(needed, life)];
  return [
    {
      cause: "expired",
      evidence: `exp passed ${formatRelative(exp * 1000, now)}: more than clocks that are set by NTP ever differ`,
      fix: "Get a new token from the issuer",
    },
  ];
}

/**
 * A token that expired within what a leeway covers. Most have simply expired; one that is made to be used at once, and
 * lives no longer than clocks may differ, is more often refused because they do.
 */
function expiredJustNow(needed: number, life: number | undefined): Explanation {
  const isShort = life !== undefined && life <= MAX_LEEWAY_SECONDS;
  const lived = life === undefined ? "" : `; it was to live for ${formatSpan(life * 1000)}`;
  const leeway = fixForVerifier(`a leeway covers small differences: --leeway ${needed} is enough here`);
  return {
    cause: isShort ? "clock_skew" : "expired",
    evidence: `exp passed ${needed - 1} s ago${lived}`,
    fix: isShort
      ? `On both sides: set the clocks by NTP. ${leeway}. If the token is no new one, get a new one`
      : `Get a new token from the issuer. If new ones are refused as well, the clocks differ: set them by NTP. ${leeway}`,
  };
}

/** An `exp` below this (1973) is a lifetime in seconds by mistake, not a date. */
const FIRST_PLAUSIBLE_DATE = 1e8;

function isDuration(exp: number): boolean {
  return exp > 0 && exp < FIRST_PLAUSIBLE_DATE;
}

function durationExplanation(exp: number): Explanation {
  return {
    cause: "exp_is_duration",
    evidence: `exp is ${exp}, a moment in ${new Date(exp * 1000).getUTCFullYear()}; as a length of time it would be ${formatSpan(exp * 1000)}`,
    fix: fixForIssuer("write the time of issue plus the lifetime, in seconds since 1970"),
  };
}

function secondsAhead({ claims, options }: FailedVerification, name: "iat" | "nbf"): number {
  return (numberOf(claims?.get(name)) ?? Number.NaN) - options.time.now / 1000;
}
