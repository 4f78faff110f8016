import type { ErrorCode } from "../../base/errors.ts";

/**
 * What a verification looks at, in the order it is reported: the signature first, then what stood in its way, then the
 * claims. Part of the public interface (docs/json.md).
 */
export const CHECK_NAMES = [
  "signature",
  "algorithm",
  "key",
  "key_size",
  "format",
  "duplicates",
  "crit",
  "header_keys",
  "typ",
  "payload",
  "claim_types",
  "exp",
  "nbf",
  "iat",
  "iss",
  "aud",
  "require",
  "profile",
  "disclosures",
  "key_binding",
  "session",
] as const;

export type CheckName = (typeof CHECK_NAMES)[number];

/** One thing that was looked at. `skip`: it could not be, or nobody asked for it. */
export interface Check {
  readonly name: CheckName;
  readonly status: "pass" | "fail" | "skip" | "warn";
  /** With `fail` always, with `warn` where there is one. */
  readonly code?: ErrorCode;
  /** For people, without a final full stop. May quote foreign text, which views escape. */
  readonly detail: string;
}

export function pass(name: CheckName, detail: string): Check {
  return { name, status: "pass", detail };
}

export function fail(name: CheckName, code: ErrorCode, detail: string): Check {
  return { name, status: "fail", code, detail };
}

export function skip(name: CheckName, detail: string): Check {
  return { name, status: "skip", detail };
}

export function warn(name: CheckName, detail: string, code?: ErrorCode): Check {
  return code === undefined ? { name, status: "warn", detail } : { name, status: "warn", code, detail };
}

const TIME = 1;

/**
 * How grave a failure is: what is refused outweighs what was not found, that what is malformed, and that what is only a
 * matter of time (docs/exit-codes.md). A forged token that is also expired is forged.
 */
const GRAVITY: Readonly<Partial<Record<ErrorCode, number>>> = {
  token_expired: TIME,
  token_not_yet_valid: TIME,
  token_issued_in_future: TIME,
  token_malformed: 2,
  no_matching_key: 3,
  session_not_found: 3,
};
const REFUSED = 4;

/** Whether a token that fails with this code would be good at another time. */
export function isMatterOfTime(code: ErrorCode): boolean {
  return GRAVITY[code] === TIME;
}

/** The gravest failure, of equally grave ones the first; undefined when nothing failed. */
export function verdictOf(checks: readonly Check[]): ErrorCode | undefined {
  let verdict: ErrorCode | undefined;
  let gravest = 0;
  for (const { status, code } of checks) {
    if (status !== "fail" || code === undefined) continue;
    const gravity = GRAVITY[code] ?? REFUSED;
    if (gravity > gravest) {
      verdict = code;
      gravest = gravity;
    }
  }
  return verdict;
}

const QUOTED = 120;

/** A foreign value in a detail: in quotes, and not longer than a reader can take in. */
export function quoted(text: string): string {
  return `"${text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text}"`;
}

/** `"a" or "b"`. */
export function oneOf(values: readonly string[]): string {
  return values.map(quoted).join(" or ");
}
