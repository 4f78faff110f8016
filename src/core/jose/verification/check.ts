import type { ErrorCode } from "../../base/errors.ts";

/**
 * The checks of a verification in the order they are reported: the signature, what it depends on, the claims. The names
 * are part of the public interface (docs/json.md).
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
  "cnf",
  "disclosures",
  "key_binding",
  "holder_aud",
  "holder_nonce",
  "session",
  "kind",
  "client",
  "azp",
  "nonce",
  "at_hash",
  "c_hash",
  "auth_time",
  "proof_key",
  "htm",
  "htu",
  "proof_age",
  "ath",
  "jkt",
  "expect",
  "scope",
] as const;

export type CheckName = (typeof CHECK_NAMES)[number];

/** The result of one check. `skip`: it could not be made, or was not asked for. */
export interface Check {
  readonly name: CheckName;
  readonly status: "pass" | "fail" | "skip" | "warn";
  /** Always there with `fail`, sometimes with `warn`. */
  readonly code?: ErrorCode;
  /** Has no final full stop. May quote foreign text, which views escape. */
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
 * How grave a failure is: refused outweighs not found, that malformed, and that a matter of time (docs/exit-codes.md).
 * A forged token that is also expired counts as forged.
 */
const GRAVITY: Readonly<Partial<Record<ErrorCode, number>>> = {
  token_expired: TIME,
  token_not_yet_valid: TIME,
  token_issued_in_future: TIME,
  login_too_old: TIME,
  proof_too_old: TIME,
  token_malformed: 2,
  no_matching_key: 3,
  session_not_found: 3,
};
const REFUSED = 4;

/** Whether a token that fails with this code would be valid at another time. */
export function isMatterOfTime(code: ErrorCode): boolean {
  return GRAVITY[code] === TIME;
}

/** The code of the gravest failure, the first of equally grave ones; undefined when no check failed. */
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

/** A foreign value in quotes, shortened. */
export function quoted(text: string): string {
  return `"${text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text}"`;
}

/** `"a" or "b"`. */
export function oneOf(values: readonly string[]): string {
  return values.map(quoted).join(" or ");
}
