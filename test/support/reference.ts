// What generate-docs.mjs writes the references from.
export { commandReference, errorReference } from "../../src/cli/reference.ts";
export { RULE_FAMILIES } from "../../src/core/analysis/lint/rules.ts";
export { EXIT_CODE_OF, EXIT_CODES } from "../../src/exit-codes.ts";
export { rulesPage } from "../../src/output/lint/rules-view.ts";
