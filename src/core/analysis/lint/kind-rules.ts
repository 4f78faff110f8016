import { isSameMediaType, stringMember } from "../../jose/token/content.ts";
import { quoted } from "../../jose/verification/check.ts";
import type { Demand, TokenKind } from "../kinds/kind.ts";
import { fitsForm, isThere } from "../kinds/token-kinds.ts";
import { jsonPointer } from "./json-pointer.ts";
import type { LintRule, LintSubject, Occurrence } from "./rule.ts";

const REFERENCE = "RFC 8725 section 3.12, docs/kinds.md";

/** What the specification of the token's kind demands. Access tokens have rules under names of their own. */
export const KIND_RULES: readonly LintRule[] = [
  {
    id: "kind-typ",
    severity: "error",
    title: "typ does not name the kind of token",
    why: "a verifier of this kind refuses the token, or cannot tell it from other tokens of the same issuer",
    reference: "RFC 8725 section 3.11",
    check: (subject) => wrongType(subject, "must"),
  },
  {
    id: "kind-missing",
    severity: "error",
    title: "a member that this kind of token must have is missing",
    why: "a verifier of this kind refuses the token without it",
    reference: REFERENCE,
    check: (subject) => missing(subject, "must", "needs"),
  },
  {
    id: "kind-forbidden",
    severity: "error",
    title: "a member that this kind of token must not have",
    why: "it is forbidden so that the token is not taken for one of another kind, or answered in another way",
    reference: REFERENCE,
    check: (subject) => unwanted(subject, "must not"),
  },
  {
    id: "kind-value",
    severity: "error",
    title: "a member has a value that this kind of token must not have",
    why: "a verifier of this kind refuses the token, or reads it as something else",
    reference: REFERENCE,
    check: otherForms,
  },
  {
    id: "kind-advice",
    severity: "info",
    title: "the specification of this kind of token advises otherwise",
    why: "what is recommended there makes the token harder to misuse",
    reference: REFERENCE,
    check: (subject) => [
      ...wrongType(subject, "should"),
      ...missing(subject, "should", "should have"),
      ...unwanted(subject, "should not"),
    ],
  },
];

/** The kind whose demands these rules check; undefined when there is none, or nothing to check. */
function checkedKind({ kind, claims }: LintSubject): TokenKind | undefined {
  return claims === undefined || kind?.id === "access-token" ? undefined : kind;
}

function wrongType(subject: LintSubject, typed: "must" | "should"): readonly Occurrence[] {
  const kind = checkedKind(subject);
  if (kind === undefined || kind.typed !== typed) return [];
  const [usual = ""] = kind.types;
  const typ = stringMember(subject.header, "typ");
  if (typ !== undefined && kind.types.some((type) => isSameMediaType(type, typ))) return [];
  const found = typ === undefined ? "it has none" : `it is ${quoted(typ)}`;
  return [
    {
      message: `typ of ${kind.name} ${typed} be ${usual}; ${found}`,
      where: subject.header.has("typ") ? "/header/typ" : "/header",
      reference: kind.specification,
    },
  ];
}

function missing(subject: LintSubject, level: Demand["level"], verb: string): readonly Occurrence[] {
  return demandsOf(subject, level, (demand, { header, claims }) =>
    claims !== undefined && !isThere(demand, header, claims)
      ? {
          words: `${verb} ${demand.or === undefined ? demand.name : `${demand.name} or ${demand.or}`}`,
          where: jsonPointer(demand.part),
        }
      : undefined,
  );
}

function unwanted(subject: LintSubject, level: Demand["level"]): readonly Occurrence[] {
  return demandsOf(subject, level, (demand, { header, claims }) =>
    claims !== undefined && isThere(demand, header, claims)
      ? { words: `${level} have ${demand.name}`, where: jsonPointer(demand.part, demand.name) }
      : undefined,
  );
}

function otherForms(subject: LintSubject): readonly Occurrence[] {
  return demandsOf(subject, "must", (demand, { header, claims }) =>
    claims !== undefined && !fitsForm(demand, header, claims)
      ? {
          words: `needs ${demand.form?.says ?? "another value"} as ${demand.name}`,
          where: jsonPointer(demand.part, demand.name),
        }
      : undefined,
  );
}

function demandsOf(
  subject: LintSubject,
  level: Demand["level"],
  judge: (
    demand: Demand,
    subject: LintSubject,
  ) => { readonly words: string; readonly where: string } | undefined,
): readonly Occurrence[] {
  const kind = checkedKind(subject);
  if (kind === undefined) return [];
  return kind.demands
    .filter((demand) => demand.level === level)
    .flatMap((demand) => {
      const found = judge(demand, subject);
      if (found === undefined) return [];
      const section = /^\d/.test(demand.section) ? ` section ${demand.section}` : `, ${demand.section}`;
      const reference = kind.specification + section;
      return [{ message: `${kind.name} ${found.words}`, where: found.where, reference }];
    });
}
