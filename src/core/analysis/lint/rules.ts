import { AppError } from "../../base/errors.ts";
import { ACCESS_TOKEN_RULES } from "./access-token-rules.ts";
import { ALGORITHM_RULES } from "./algorithm-rules.ts";
import { CONTENT_RULES } from "./content-rules.ts";
import { FORM_RULES } from "./form-rules.ts";
import { HEADER_RULES } from "./header-rules.ts";
import { IDENTITY_RULES } from "./identity-rules.ts";
import { KIND_RULES } from "./kind-rules.ts";
import { LIFETIME_RULES } from "./lifetime-rules.ts";
import type { LintRule } from "./rule.ts";
import { SECRET_RULES } from "./secret-rules.ts";

/** The rules by subject, in the order they are listed and reported. */
export const RULE_FAMILIES: readonly (readonly [title: string, rules: readonly LintRule[]])[] = [
  ["Signature and encryption", ALGORITHM_RULES],
  ["HMAC secret", SECRET_RULES],
  ["Header", HEADER_RULES],
  ["Lifetime", LIFETIME_RULES],
  ["Issuer, subject, audience", IDENTITY_RULES],
  ["Access tokens", ACCESS_TOKEN_RULES],
  ["Kinds of tokens", KIND_RULES],
  ["Content", CONTENT_RULES],
  ["Form", FORM_RULES],
];

/** Every rule there is. */
export const RULES: readonly LintRule[] = RULE_FAMILIES.flatMap(([, rules]) => rules);

/** @throws AppError `usage` for an id that is no rule's: a misspelt --ignore must not go unnoticed */
export function ruleNamed(id: string): LintRule {
  const rule = RULES.find((candidate) => candidate.id === id);
  if (rule !== undefined) return rule;
  throw new AppError("usage", `there is no lint rule "${id}"`, {
    hints: ["List them with: jwtctl lint --rules"],
  });
}
