// Writes docs/commands.md, docs/errors.md, docs/kinds.md, docs/lint.md and docs/providers.md from the program's own help, tables and rules.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "rolldown";

// Inside the project, so that the packages that are not bundled are found.
const directory = await mkdtemp(join("node_modules", ".jwtctl-docs-"));
try {
  const bundle = join(directory, "reference.mjs");
  await build({
    input: "test/support/reference.ts",
    platform: "node",
    external: ["better-sqlite3", "@node-rs/argon2"],
    output: { file: bundle, codeSplitting: false },
    logLevel: "warn",
  });
  const reference = await import(pathToFileURL(resolve(bundle)).href);
  const { commandReference, errorReference, EXIT_CODES, EXIT_CODE_OF, RULE_FAMILIES, rulesPage } = reference;
  await writeFile("docs/commands.md", await commandReference());
  await writeFile("docs/errors.md", errorReference(EXIT_CODES, EXIT_CODE_OF));
  await writeFile("docs/lint.md", rulesPage(RULE_FAMILIES));
  await writeFile("docs/providers.md", reference.providersPage(reference.PROVIDERS));
  await writeFile("docs/kinds.md", reference.kindsPage(reference.TOKEN_KINDS));
} finally {
  await rm(directory, { recursive: true });
}
