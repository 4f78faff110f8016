import { SETTING_NAMES } from "../../app/config/parse-setting.ts";
import { ATTACKS } from "../../core/analysis/attacks/attacks.ts";
import { RULES } from "../../core/analysis/lint/rules.ts";
import { claimDescription, KNOWN_CLAIMS } from "../../core/analysis/registry/claims.ts";
import { AUDIT_TYPES } from "../../core/authority/audit/entry.ts";
import { SIGNING_ALGORITHMS } from "../../core/jose/algorithms.ts";
import type { Candidate } from "./offer.ts";

/** The names that jwtctl knows without a store. */
export function knownNames(
  names: "algorithm" | "attack" | "audit-type" | "claim" | "rule" | "setting",
): readonly Candidate[] {
  switch (names) {
    case "algorithm":
      return SIGNING_ALGORITHMS.map((value) => ({ value, description: "" }));
    case "attack":
      return ATTACKS.map(({ id, title }) => ({ value: id, description: title }));
    case "audit-type":
      return Object.entries(AUDIT_TYPES).map(([value, description]) => ({ value, description }));
    case "claim":
      return KNOWN_CLAIMS.map((value) => ({ value, description: claimDescription(value)?.label ?? "" }));
    case "rule":
      return RULES.map(({ id, title }) => ({ value: id, description: title }));
    case "setting":
      return SETTING_NAMES.map((value) => ({ value, description: "" }));
  }
}
