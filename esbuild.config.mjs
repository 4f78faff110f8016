// Builds dist/: one small CommonJS file per lazily loaded part.
//
// A bundled CommonJS file starts faster than Node's ESM loader, but esbuild splits code only in ESM output. So the
// build has two passes: split as ESM in memory, then rewrite each chunk to CommonJS, where import() becomes a lazy
// require().
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const root = fileURLToPath(new URL(".", import.meta.url));
const dist = join(root, "dist");
const staging = `${dist}.${process.pid}.tmp`;

/**
 * Keeps two costly built-in modules out of start-up.
 * commander loads node:child_process only for executable subcommands, which jwtctl has none of; chalk looks at the
 * terminal and at argv to guess a colour level, which src/output/style.ts decides from what the user said.
 */
const startUpDiet = {
  name: "start-up-diet",
  setup(plugin) {
    plugin.onResolve({ filter: /^node:child_process$/ }, (args) =>
      args.importer.includes("commander") ? { path: "child_process", namespace: "empty" } : undefined,
    );
    plugin.onResolve({ filter: /^#supports-color$/ }, () => ({ path: "supports-color", namespace: "empty" }));
    plugin.onLoad({ filter: /.*/, namespace: "empty" }, (args) => ({
      contents:
        args.path === "supports-color" ? "export default { stdout: false, stderr: false }" : "module.exports = {}",
    }));
  },
};

const target = "node20";
const split = await build({
  absWorkingDir: root,
  entryPoints: { start: "src/start.ts" },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target,
  minify: true,
  keepNames: false,
  write: false,
  legalComments: "none",
  chunkNames: "chunk-[name]-[hash]",
  external: ["better-sqlite3", "@node-rs/argon2"],
  plugins: [startUpDiet],
  define: { __JWTCTL_VERSION__: JSON.stringify(process.env.npm_package_version ?? (await version())) },
});

async function version() {
  const { readFile } = await import("node:fs/promises");
  return JSON.parse(await readFile(join(root, "package.json"), "utf8")).version;
}

await rm(staging, { recursive: true, force: true });
await mkdir(staging, { recursive: true });
await Promise.all(
  split.outputFiles.map(async (file) => {
    const { code } = await transform(file.text, {
      format: "cjs",
      platform: "node",
      target,
      minify: true,
      supported: { "dynamic-import": false },
    });
    await writeFile(join(staging, basename(file.path)), code);
  }),
);
// The old build stays whole until the new one is: a test run beside a build never sees half a program.
await rm(dist, { recursive: true, force: true });
await rename(staging, dist);
