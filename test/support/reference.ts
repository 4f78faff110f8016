// What generate-docs.mjs writes the references from.
export { commandReference, errorReference } from "../../src/cli/reference.ts";
export { TOKEN_KINDS } from "../../src/core/analysis/kinds/token-kinds.ts";
export { RULE_FAMILIES } from "../../src/core/analysis/lint/rules.ts";
export { PROVIDERS } from "../../src/core/analysis/providers/recognise.ts";
export { EXIT_CODE_OF, EXIT_CODES } from "../../src/exit-codes.ts";
export { kindsPage } from "../../src/output/lint/kinds-page.ts";
export { providersPage } from "../../src/output/lint/providers-page.ts";
export { rulesPage } from "../../src/output/lint/rules-view.ts";
