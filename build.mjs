// Builds dist/: the program as CommonJS, which Node loads faster than modules, in pieces that are loaded when they are
// needed. Every file costs a fraction of a millisecond to find and read: what every run needs (and the everyday
// `decode`) is one file, and so is what commands share.
import { readFileSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const root = fileURLToPath(new URL(".", import.meta.url));
const dist = `${root}dist`;
const staging = `${dist}.${process.pid}.tmp`;
const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));

/** What is packed instead of a module that a package asks for. */
const INSTEAD = [
  // chalk looks at the terminal and at argv to guess a colour level, which src/output/style.ts decides.
  {
    by: /[\\/]chalk[\\/]/,
    asked: "#supports-color",
    code: "export default { stdout: false, stderr: false };",
  },
  // commander needs this costly module for executable subcommands only, which jwtctl has none of.
  { by: /[\\/]commander[\\/]/, asked: "node:child_process", code: "export default {};" },
  // Where the native part of better-sqlite3 is, only a file beside it can say.
  {
    by: /[\\/]better-sqlite3[\\/]/,
    asked: "./binding",
    code: `const { dirname, join } = require("node:path");
      const installed = dirname(require.resolve("better-sqlite3/package.json"));
      module.exports = require(join(installed, "lib", "binding.js"));`,
  },
];

const instead = {
  name: "instead",
  resolveId(asked, importer = "") {
    const index = INSTEAD.findIndex((one) => one.asked === asked && one.by.test(importer));
    return index === -1 ? undefined : `\0instead-${index}.js`;
  },
  load: (id) => INSTEAD.find((_, index) => id === `\0instead-${index}.js`)?.code,
};

const common = {
  cwd: root,
  platform: "node",
  external: ["@node-rs/argon2"],
  plugins: [instead],
  transform: { target: "node22", define: { __JWTCTL_VERSION__: JSON.stringify(version) } },
};
const output = { dir: staging, format: "cjs", minify: true };

await build([
  {
    ...common,
    input: "src/start.ts",
    output: {
      ...output,
      chunkFileNames: "[name]-[hash].js",
      codeSplitting: {
        minShareCount: 2,
        groups: [
          { name: "hot", test: /[\\/]src[\\/](start|cli[\\/]token[\\/]decode)\.ts$/, minShareCount: 1 },
          {
            name: "base",
            test: /[\\/](core[\\/](base|jose|remote)[\\/]|kinds[\\/]kind\.|authority[\\/](settings|keys[\\/]signing-key)\.)/,
            maxModuleSize: 16_384,
          },
          // Each of these is needed by few commands, and by none of them in the everyday case.
          { name: "finding", test: /[\\/](recognition|payload|extraction[\\/](?!bare)|(find|pick)-token\.)/ },
          { name: "kinds", test: /[\\/]analysis[\\/](kinds|providers|expectations)[\\/](?!telling)/ },
          {
            name: "issuer",
            test: /[\\/](core[\\/]authority|app[\\/](audit|keys|users|sessions|store))[\\/]/,
          },
          { name: "review", test: /[\\/]analysis[\\/](lint|registry|attacks)[\\/]/ },
          { name: "shared", test: /[\\/]src[\\/](?!crypto|storage)/, maxModuleSize: 16_384 },
          { name: "crypto", test: /[\\/]src[\\/]crypto[\\/]/ },
          { name: "storage", test: /[\\/]src[\\/]storage[\\/]/ },
        ],
      },
    },
  },
  // A thread of --lines shares no loaded code with the program: all it needs is in one file.
  { ...common, input: "src/worker.ts", output: { ...output, codeSplitting: false } },
]);

// The old build stays whole until the new one is: a test run beside a build never sees half a program.
rmSync(dist, { recursive: true, force: true });
renameSync(staging, dist);
