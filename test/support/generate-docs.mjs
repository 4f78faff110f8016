// Writes docs/commands.md, docs/errors.md and docs/lint.md from the program's own help, tables and rules.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

// Inside the project, so that the packages that are not bundled are found.
const directory = await mkdtemp(join("node_modules", ".jwtctl-docs-"));
try {
  const bundle = join(directory, "reference.mjs");
  await build({
    stdin: {
      contents: `
        export * from "./src/cli/reference.ts";
        export * from "./src/exit-codes.ts";
        export { RULE_FAMILIES } from "./src/core/analysis/lint/rules.ts";
        export { rulesPage } from "./src/output/lint/rules-view.ts";
      `,
      resolveDir: process.cwd(),
    },
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "esm",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    external: ["better-sqlite3", "@node-rs/argon2"],
  });
  const { commandReference, errorReference, EXIT_CODES, EXIT_CODE_OF, RULE_FAMILIES, rulesPage } =
    await import(pathToFileURL(resolve(bundle)).href);
  await writeFile("docs/commands.md", await commandReference());
  await writeFile("docs/errors.md", errorReference(EXIT_CODES, EXIT_CODE_OF));
  await writeFile("docs/lint.md", rulesPage(RULE_FAMILIES));
} finally {
  await rm(directory, { recursive: true });
}
