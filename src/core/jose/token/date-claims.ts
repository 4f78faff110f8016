import type { TimeWords } from "../../base/time/format.ts";

/**
 * The claims whose value is a NumericDate (RFC 7519 section 2), and the words for their passing. All of the IANA
 * registry that are one, and those that are not registered but common. Apart from what else is known about claims:
 * every token is asked for its dates, and few for the rest.
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

/** Seconds beyond this (year 5138) are nearly always milliseconds. */
export const MILLISECONDS_FROM = 1e11;

/** Whether a claim's value is a NumericDate: seconds since 1970, fractions allowed (RFC 7519 section 2). */
export function isNumericDateClaim(name: string): boolean {
  return DATES.has(name);
}

/** What to say of a date claim that has passed or is to come; undefined for other claims. */
export function dateWords(name: string): TimeWords | undefined {
  return DATES.get(name);
}

export const DATE_CLAIMS: readonly string[] = [...DATES.keys()];
