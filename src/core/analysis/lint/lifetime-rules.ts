import { type JsonObject, numberOf } from "../../base/json/value.ts";
import { formatRelative, formatSpan } from "../../base/time/format.ts";
import { isNumericDateClaim, MILLISECONDS_FROM } from "../../jose/token/times.ts";
import { jsonPointer } from "./json-pointer.ts";
import type { LintRule, LintSubject, Occurrence } from "./rule.ts";

/** Rules about dates and lifetime. */
export const LIFETIME_RULES: readonly LintRule[] = [
  {
    id: "no-exp",
    severity: "error",
    title: "the token never expires",
    why: "a token without exp works for whoever finds it for as long as its key does",
    reference: "RFC 9068 section 2.2, RFC 7519 section 4.1.4",
    check: ({ claims }) =>
      claims === undefined || claims.has("exp") ? [] : [{ message: "there is no exp", where: "/payload" }],
  },
  {
    id: "long-lifetime",
    severity: "warning",
    title: "the token lives long",
    why: "a signed token cannot be taken back: the longer it lives, the longer a stolen one works",
    reference: "RFC 9700 section 2.2.1, RFC 6750 section 5.3",
    check: longLifetime,
  },
  {
    id: "no-iat",
    severity: "info",
    title: "iat is missing",
    why: "without the time of issue nobody can tell how old the token is, or refuse all from before an incident",
    reference: "RFC 7519 section 4.1.6",
    check: ({ claims }) =>
      claims === undefined || claims.has("iat") ? [] : [{ message: "there is no iat", where: "/payload" }],
  },
  {
    id: "milliseconds",
    severity: "error",
    title: "a date is in milliseconds",
    why: "dates are seconds: read so, this one lies thousands of years ahead and the token never expires",
    reference: "RFC 7519 section 2",
    check: ({ claims }) =>
      datesOf(claims)
        .filter(({ seconds }) => Number.isFinite(seconds) && seconds >= MILLISECONDS_FROM)
        .map(({ name }) => ({
          message: `${name} looks like milliseconds`,
          where: jsonPointer("payload", name),
        })),
  },
  {
    id: "invalid-date",
    severity: "error",
    title: "a date is no number of seconds",
    why: "some libraries take a date they cannot read for no date at all, and the token then never expires",
    reference: "RFC 7519 section 2",
    check: ({ claims }) =>
      datesOf(claims)
        .filter(({ seconds }) => !Number.isFinite(seconds) || seconds < 0)
        .map(({ name }) => ({
          message: `${name} is not a number of seconds since 1970`,
          where: jsonPointer("payload", name),
        })),
  },
  {
    id: "exp-before-iat",
    severity: "error",
    title: "expired before it was issued",
    why: "the token was never valid: two clocks differ, or a unit of time was mixed up",
    reference: "RFC 7519 section 4.1.4",
    check: (subject) => order(subject, "iat", "exp", "exp lies before iat: the token was never valid"),
  },
  {
    id: "nbf-after-exp",
    severity: "error",
    title: "expired before it becomes valid",
    why: "there is no moment at which a verifier may accept the token",
    reference: "RFC 7519 section 4.1.5",
    check: (subject) => order(subject, "nbf", "exp", "nbf lies after exp: the token is never valid"),
  },
  {
    id: "future-iat",
    severity: "warning",
    title: "issued in the future",
    why: "the issuer's clock is ahead, or the token was made to look younger than it is",
    reference: "RFC 7519 section 4.1.6",
    check: ({ claims, now }) => {
      const iat = secondsOf(claims, "iat");
      if (iat === undefined || iat >= MILLISECONDS_FROM || iat * 1000 <= now) return [];
      return [
        { message: `iat lies ahead: issued ${formatRelative(iat * 1000, now)}`, where: "/payload/iat" },
      ];
    },
  },
];

function longLifetime({ claims, maxLifetime, now }: LintSubject): readonly Occurrence[] {
  const exp = secondsOf(claims, "exp");
  const start = secondsOf(claims, "iat") ?? secondsOf(claims, "nbf") ?? now / 1000;
  if (exp === undefined || exp >= MILLISECONDS_FROM || start >= MILLISECONDS_FROM) return [];
  const lifetime = exp - start;
  if (lifetime <= maxLifetime) return [];
  const limit = formatSpan(maxLifetime * 1000);
  return [
    { message: `it lives ${formatSpan(lifetime * 1000)}; more than ${limit} is long`, where: "/payload/exp" },
  ];
}

function order({ claims }: LintSubject, first: string, then: string, message: string): readonly Occurrence[] {
  const [early, late] = [secondsOf(claims, first), secondsOf(claims, then)];
  if (early === undefined || late === undefined || early < late) return [];
  // When only one is in milliseconds, the unit is the fault, not the order.
  if (early >= MILLISECONDS_FROM !== late >= MILLISECONDS_FROM) return [];
  return [{ message, where: jsonPointer("payload", then) }];
}

function secondsOf(claims: JsonObject | undefined, name: string): number | undefined {
  const seconds = numberOf(claims?.get(name));
  return seconds !== undefined && Number.isFinite(seconds) ? seconds : undefined;
}

/** The registered dates of the token in seconds; NaN for a date that is not a number. */
function datesOf(claims: JsonObject | undefined): readonly { name: string; seconds: number }[] {
  const names = new Set(claims?.members.map(([name]) => name).filter(isNumericDateClaim));
  return [...names].map((name) => ({ name, seconds: numberOf(claims?.get(name)) ?? Number.NaN }));
}
