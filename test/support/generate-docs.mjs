// Writes docs/commands.md and docs/errors.md from the program's own help and tables.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const directory = await mkdtemp(join(tmpdir(), "jwtctl-docs-"));
try {
  const bundle = join(directory, "reference.mjs");
  await build({
    stdin: {
      contents: 'export * from "./src/cli/reference.ts"; export * from "./src/exit-codes.ts";',
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
  const { commandReference, errorReference, EXIT_CODES, EXIT_CODE_OF } = await import(
    pathToFileURL(bundle).href
  );
  await writeFile("docs/commands.md", await commandReference());
  await writeFile("docs/errors.md", errorReference(EXIT_CODES, EXIT_CODE_OF));
} finally {
  await rm(directory, { recursive: true });
}
