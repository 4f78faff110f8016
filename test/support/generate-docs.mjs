// Writes docs/commands.md from the commands' own help.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const directory = await mkdtemp(join(tmpdir(), "jwtctl-docs-"));
const bundle = join(directory, "reference.mjs");
await build({
  entryPoints: ["src/cli/reference.ts"],
  outfile: bundle,
  bundle: true,
  platform: "node",
  format: "esm",
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
  external: ["better-sqlite3", "@node-rs/argon2"],
});
const { commandReference } = await import(pathToFileURL(bundle).href);
await writeFile("docs/commands.md", await commandReference());
await rm(directory, { recursive: true });
