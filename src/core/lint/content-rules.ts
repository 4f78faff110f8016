import { JsonObject, type JsonValue } from "../json/value.ts";
import { quoted } from "../token/check.ts";
import { leavesOf, membersOf, pointer } from "./pointer.ts";
import type { LintRule, LintSubject, Mark } from "./rule.ts";
import { identifierForm, isSecretName, personalForm, secretForm } from "./sensitive.ts";

const SIGNED_NOT_ENCRYPTED = "a token is signed, not encrypted";

/** What a token tells everyone who sees it. Findings name the claim and never quote its value. */
export const CONTENT_RULES: readonly LintRule[] = [
  {
    id: "sensitive-claim",
    severity: "error",
    title: "a claim holds a secret",
    why: `${SIGNED_NOT_ENCRYPTED}: a secret inside is known to everyone who sees it, and to every log it passes`,
    reference: "RFC 7519 section 12",
    check: ({ claims }) =>
      [...membersOf(claims, "/payload")]
        .filter(({ name, value }) => isSecretName(name) && canHoldSecret(value))
        .map(({ name, where }) => ({ message: `the claim ${quoted(name)} is named like a secret`, where })),
  },
  {
    id: "secret-value",
    severity: "error",
    title: "a value is a secret by its form",
    why: `${SIGNED_NOT_ENCRYPTED}: what looks like a key or password to a scanner looks like one to a thief`,
    reference: "RFC 7519 section 12",
    check: (subject) => values(subject, (text) => secretForm(text), isSecretName),
  },
  {
    id: "personal-identifier",
    severity: "warning",
    title: "a value looks like a card, account or social security number",
    why: `${SIGNED_NOT_ENCRYPTED}, and is kept in logs and histories where such numbers must not be`,
    reference: "RFC 7519 section 12, RFC 9068 section 6",
    check: (subject) => values(subject, (text) => identifierForm(text), isSecretName),
  },
  {
    id: "personal-data",
    severity: "info",
    title: "a claim says something about a person",
    why: `${SIGNED_NOT_ENCRYPTED}: put in only what its audience needs, services can ask for the rest`,
    reference: "RFC 7519 section 12, RFC 9068 section 6",
    check: (subject) => [
      ...values(subject, (text, name) => personalForm(name, text)),
      ...postalAddress(subject),
    ],
  },
];

function canHoldSecret(value: JsonValue): boolean {
  return value !== null && typeof value !== "boolean" && value !== "";
}

/** The strings and numbers of the payload that `judge` knows, but not those whose name has told already. */
function values(
  { claims }: LintSubject,
  judge: (text: string, name: string) => string | undefined,
  isTold: (name: string) => boolean = () => false,
): readonly Mark[] {
  const marks: Mark[] = [];
  for (const [name, value] of claims?.members ?? []) {
    for (const leaf of leavesOf(value, pointer("payload", name), name)) {
      const text = typeof leaf.value === "object" ? leaf.value.text : String(leaf.value);
      const what = isTold(leaf.name) ? undefined : judge(text, leaf.name);
      if (what !== undefined)
        marks.push({ message: `${quoted(leaf.name)} holds ${what}`, where: leaf.where });
    }
  }
  return marks;
}

/** OpenID Connect Core, section 5.1.1: an object. */
function postalAddress({ claims }: LintSubject): readonly Mark[] {
  return claims?.get("address") instanceof JsonObject
    ? [{ message: '"address" holds a postal address', where: "/payload/address" }]
    : [];
}
