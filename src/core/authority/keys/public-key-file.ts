import { JsonObject, type JsonValue } from "../../base/json/value.ts";
import { PRIVATE_JWK_MEMBERS } from "../../jose/jwk.ts";
import { isUsableKid } from "./kids.ts";

/** The findings about a file of public keys. The codes are part of the public interface. */
export const KEY_FINDINGS = {
  private_key: "error",
  symmetric_key: "error",
  weak_key: "error",
  unknown_key: "error",
  duplicate_kid: "error",
  duplicate_member: "error",
  kid_unsafe: "error",
  kid_missing: "warning",
  alg_missing: "warning",
  not_for_signatures: "warning",
  no_keys: "warning",
} as const satisfies Readonly<Record<string, "error" | "warning">>;

export type KeyFindingCode = keyof typeof KEY_FINDINGS;

export interface KeyFinding {
  readonly code: KeyFindingCode;
  /** The key in the file, from 1; null for a finding about the whole file. */
  readonly key: number | null;
  /** The kid in the file. */
  readonly kid: string | null;
  readonly detail: string;
}

export function severityOf(code: KeyFindingCode): "error" | "warning" {
  return KEY_FINDINGS[code];
}

/**
 * Finds private and missing members in the JSON of one key, without cryptography.
 *
 * @param position counted from 1
 * @param count how many keys the file has
 */
export function memberFindings(key: JsonObject, position: number, count: number): KeyFinding[] {
  const kid = kidOf(key);
  const found: KeyFinding[] = [];
  const note = (code: KeyFindingCode, detail: string) => found.push({ code, key: position, kid, detail });
  const secret = PRIVATE_JWK_MEMBERS.filter((member) => key.has(member)).map((member) => `"${member}"`);
  if (key.get("kty") === "oct") {
    note("symmetric_key", "it is a shared secret (kty: oct): whoever reads the file can sign");
  } else if (secret.length > 0) {
    note(
      "private_key",
      `it holds the private ${secret.length === 1 ? "member" : "members"} ${secret.join(", ")}`,
    );
  }
  if (kid === null) {
    if (count > 1) note("kid_missing", "it has no kid, so a token cannot say that it means this one");
  } else if (!isUsableKid(kid)) {
    note("kid_unsafe", "its kid is empty, overlong, or holds control or invisible characters");
  }
  if (key.get("alg") === undefined) {
    note("alg_missing", "it does not say for which algorithm it is (RFC 8725 section 3.1)");
  }
  return found;
}

/** Finds keys with the same kid, among which verifiers choose by chance. */
export function duplicateKids(keys: readonly JsonValue[]): KeyFinding[] {
  const seen = new Map<string, number>();
  const found: KeyFinding[] = [];
  keys.forEach((key, index) => {
    const kid = key instanceof JsonObject ? kidOf(key) : null;
    if (kid === null) return;
    const first = seen.get(kid);
    if (first === undefined) seen.set(kid, index + 1);
    else {
      found.push({ code: "duplicate_kid", key: index + 1, kid, detail: `key ${first} has the same kid` });
    }
  });
  return found;
}

export function kidOf(key: JsonObject): string | null {
  const kid = key.get("kid");
  return typeof kid === "string" ? kid : null;
}
