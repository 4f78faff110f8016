import { JsonObject, type JsonValue } from "../../base/json/value.ts";
import { quoted } from "../../jose/verification/check.ts";
import type { LintRule, LintSubject, Occurrence } from "./rule.ts";
import { type SensitiveClaim, sensitiveClaims } from "./sensitive-claims.ts";

const SIGNED_NOT_ENCRYPTED = "a token is signed, not encrypted";

/** Rules about what a token discloses to everyone who sees it. Findings never quote a claim's value. */
export const CONTENT_RULES: readonly LintRule[] = [
  {
    id: "sensitive-claim",
    severity: "error",
    title: "a claim holds a secret",
    why: `${SIGNED_NOT_ENCRYPTED}: a secret inside is known to everyone who sees it, and to every log it passes`,
    reference: "RFC 7519 section 12",
    check: (subject) =>
      occurrences(subject, "named", ({ name }) => `the claim ${quoted(name)} is named like a secret`),
  },
  {
    id: "secret-value",
    severity: "error",
    title: "a value is a secret by its form",
    why: `${SIGNED_NOT_ENCRYPTED}: what looks like a key or password to a scanner looks like one to a thief`,
    reference: "RFC 7519 section 12",
    check: (subject) => occurrences(subject, "secret"),
  },
  {
    id: "personal-identifier",
    severity: "warning",
    title: "a value looks like a card, account or social security number",
    why: `${SIGNED_NOT_ENCRYPTED}, and is kept in logs and histories where such numbers must not be`,
    reference: "RFC 7519 section 12, RFC 9068 section 6",
    check: (subject) => occurrences(subject, "identifier"),
  },
  {
    id: "personal-data",
    severity: "info",
    title: "a claim says something about a person",
    why: `${SIGNED_NOT_ENCRYPTED}: put in only what its audience needs, services can ask for the rest`,
    reference: "RFC 7519 section 12, RFC 9068 section 6",
    check: (subject) => occurrences(subject, "personal"),
  },
];

function sensitive(payload: JsonValue): readonly SensitiveClaim[] {
  return payload instanceof JsonObject ? sensitiveClaims(payload) : [];
}

function occurrences(
  { payload }: LintSubject,
  kind: SensitiveClaim["kind"],
  message = ({ name, what }: SensitiveClaim) => `${quoted(name)} holds ${what}`,
): readonly Occurrence[] {
  return payload
    .of(sensitive)
    .filter((claim) => claim.kind === kind)
    .map((claim) => ({ message: message(claim), where: claim.where }));
}
