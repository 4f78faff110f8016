import { JsonObject, type JsonValue } from "../../base/json/value.ts";
import type { Finding } from "../../jose/token/finding.ts";
import { quoted } from "../../jose/verification/check.ts";
import { jsonPointer, leavesOf, membersOf } from "./json-pointer.ts";
import { identifierForm, isSecretName, personalForm, secretForm } from "./sensitive-values.ts";

/** A claim that should not be shown to everyone who has the token. Its value is not kept here. */
export interface SensitiveClaim {
  readonly kind: /** It is named like a secret. */
    | "named"
    /** The value has the form of a secret. */
    | "secret"
    /** A number that identifies a person elsewhere. */
    | "identifier"
    /** Personal data. */
    | "personal";
  readonly name: string;
  /** What it is, as in "a payment card number". */
  readonly what: string;
  /** A JSON Pointer (RFC 6901) under `/payload`. */
  readonly where: string;
}

/** Finds the sensitive claims of a payload, kind by kind. */
export function sensitiveClaims(claims: JsonObject): readonly SensitiveClaim[] {
  const secrets: SensitiveClaim[] = [];
  const identifiers: SensitiveClaim[] = [];
  const personal: SensitiveClaim[] = [];
  for (const [member, whole] of claims.members) {
    for (const { name, value, where } of leavesOf(whole, jsonPointer("payload", member), member)) {
      const text = typeof value === "object" ? value.text : String(value);
      // A claim with the name of a secret is reported already.
      if (!isSecretName(name)) {
        add(secrets, "secret", secretForm(text), name, where);
        add(identifiers, "identifier", identifierForm(text), name, where);
      }
      if (text !== "") add(personal, "personal", personalForm(name, text), name, where);
    }
  }
  return [...named(claims), ...secrets, ...identifiers, ...personal, ...postalAddress(claims)];
}

function add(
  list: SensitiveClaim[],
  kind: SensitiveClaim["kind"],
  what: string | undefined,
  name: string,
  where: string,
): void {
  if (what !== undefined) list.push({ kind, name, what, where });
}

function named(claims: JsonObject): readonly SensitiveClaim[] {
  return [...membersOf(claims, "/payload")]
    .filter(({ name, value }) => isSecretName(name) && canHoldSecret(value))
    .map(({ name, where }) => ({ kind: "named", name, what: "named like a secret", where }));
}

function canHoldSecret(value: JsonValue): boolean {
  return value !== null && typeof value !== "boolean" && value !== "";
}

/** OpenID Connect Core, section 5.1.1: an object. */
function postalAddress(claims: JsonObject): readonly SensitiveClaim[] {
  if (!(claims.get("address") instanceof JsonObject)) return [];
  return [{ kind: "personal", name: "address", what: "a postal address", where: "/payload/address" }];
}

/** How many claims a warning names; the rest is counted. */
const MOST_NAMED = 6;

/** Warnings about sensitive claims, one for each kind: a token is signed, not encrypted. */
export function sensitiveClaimWarnings(claims: JsonObject | undefined): readonly Finding[] {
  if (claims === undefined) return [];
  const found = sensitiveClaims(claims);
  if (found.length === 0) return [];
  const of = (...kinds: readonly SensitiveClaim["kind"][]) =>
    found.filter(({ kind }) => kinds.includes(kind));
  return [
    ...warning(
      "secret_readable",
      of("named", "secret"),
      "no secret belongs in a token: whoever has it can read",
    ),
    ...warning("identifier_readable", of("identifier"), "whoever has this token can read"),
    ...warning("personal_readable", of("personal"), "whoever has this token can read"),
  ];
}

function warning(code: string, claims: readonly SensitiveClaim[], lead: string): readonly Finding[] {
  if (claims.length === 0) return [];
  const all = [...new Set(claims.map(({ name, what }) => `${quoted(name)} (${what})`))];
  const named = all.slice(0, MOST_NAMED);
  const more = all.length - named.length;
  const list = more > 0 ? `${named.join(", ")} and ${more} more` : sentence(named);
  return [{ code, message: `${lead} ${list}` }];
}

/** `a, b and c`. */
function sentence(words: readonly string[]): string {
  const [last = "", ...before] = words.toReversed();
  return before.length === 0 ? last : `${before.toReversed().join(", ")} and ${last}`;
}
