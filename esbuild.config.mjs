// Builds dist/: the program in pieces that are loaded when they are needed.
//
// Bundled CommonJS starts faster than Node's ESM loader, but esbuild splits code in ESM output only. So the build
// splits first, in memory, and rewrites each piece to CommonJS, where import() becomes a lazy require(). Then it packs:
// every file costs a fraction of a millisecond to find and read, so what every run needs (and the everyday `decode`)
// is one file with a small loader, the little things that other commands share are a second, and each verb and each
// costly adapter is a file of its own. For runtimes without a compile cache of their own, what V8 compiled for a few
// everyday commands is kept beside the pieces.
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const root = fileURLToPath(new URL(".", import.meta.url));
const dist = join(root, "dist");
const staging = `${dist}.${process.pid}.tmp`;

/**
 * A program for `node --eval`: runs a command from the directory given and keeps what was compiled. What the commands
 * before it compiled is kept, too, but not in the file that every run loads: the everyday `decode` comes first, and is
 * not to read what it does not need.
 */
const KEEP_COMPILED = `
const { existsSync, writeFileSync } = require("node:fs");
const vm = require("node:vm");
const [, staging] = process.argv;
const scripts = new Map();
const { Script } = vm;
vm.Script = class extends Script {
  constructor(source, options) {
    super(source, options);
    scripts.set(options.filename, this);
  }
};
process.on("exit", () => {
  for (const [filename, script] of scripts) {
    const path = filename + ".cache";
    const isKept = existsSync(path) && filename.endsWith("/start.js");
    if (!isKept) writeFileSync(path, script.createCachedData());
  }
});
process.argv.splice(1, 1, "jwtctl", "jwtctl");
process.argv.splice(1, 1);
require(staging + "/compiled.js").run("start.js").start();
`;

/** The sources that are packed, with all they need, into the file that every run loads. */
const HOT = ["src/start.ts", "src/cli/token/decode.ts"];
/** Shared pieces below this many bytes are packed into one file. */
const SMALL = 16 * 1024;

/**
 * Keeps what is costly and rarely needed out of start-up: two built-in modules, and chalk where nothing is coloured.
 * commander loads node:child_process only for executable subcommands, which jwtctl has none of; chalk looks at the
 * terminal and at argv to guess a colour level, which src/output/style.ts decides from what the user said.
 */
const startUpDiet = {
  name: "start-up-diet",
  setup(plugin) {
    plugin.onResolve({ filter: /^node:child_process$/ }, (args) =>
      args.importer.includes("commander") ? { path: "child_process", namespace: "empty" } : undefined,
    );
    plugin.onResolve({ filter: /^chalk$/ }, ({ namespace }) =>
      namespace === "later" ? undefined : { path: "chalk", namespace: "later" },
    );
    plugin.onLoad({ filter: /.*/, namespace: "later" }, () => ({
      resolveDir: root,
      // A require inside a function runs the module when it is called.
      contents: `export class Chalk { constructor(options) { return new (require("chalk").Chalk)(options); } }`,
    }));
    plugin.onResolve({ filter: /^#supports-color$/ }, () => ({ path: "supports-color", namespace: "empty" }));
    plugin.onLoad({ filter: /.*/, namespace: "empty" }, (args) => ({
      contents:
        args.path === "supports-color"
          ? "export default { stdout: false, stderr: false }"
          : "module.exports = {}",
    }));
  },
};

/**
 * Expressions with Unicode properties (`\\p{Emoji}`) are put together from the tables of Unicode as soon as they are
 * evaluated, and the package that measures the width of text has three of them: more than a millisecond at every start.
 * Text beyond Latin is rare: they are made when the first such text comes.
 */
const rareExpressions = {
  name: "rare-expressions",
  setup(plugin) {
    plugin.onLoad({ filter: /fast-string-truncated-width\/dist\/index\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const expression = /^const (\w+) = (\/.*\\p\{.*\/[a-z]+);$/gm;
      const contents = source.replace(expression, "const $1 = lazily(() => $2);");
      // Another version of the package is packed as it is: only slower to start.
      if (contents.split("lazily(").length !== 4) {
        return {
          contents: source,
          warnings: [{ text: `${path} has changed: its expressions are not made later` }],
        };
      }
      return { contents: `${contents}\n${lazily}` };
    });
  },
};

/** As much of a regular expression as the package uses. */
function lazily(make) {
  let made;
  const expression = () => (made ??= make());
  return {
    get lastIndex() {
      return expression().lastIndex;
    },
    set lastIndex(index) {
      expression().lastIndex = index;
    },
    test: (text) => expression().test(text),
    [Symbol.replace]: (text, by) => text.replace(expression(), by),
  };
}

/**
 * better-sqlite3 is packed, and only its native part stays where it was installed. The package that it is found with
 * tries a dozen places; it is asked only when the file is not where every installation puts it.
 */
const nativePart = {
  name: "native-part",
  setup(plugin) {
    plugin.onResolve({ filter: /^bindings$/ }, (args) =>
      args.importer.includes("better-sqlite3") ? { path: "native-part", namespace: "native" } : undefined,
    );
    plugin.onLoad({ filter: /.*/, namespace: "native" }, () => ({
      resolveDir: root,
      contents: `
        const { existsSync } = require("node:fs");
        const { createRequire } = require("node:module");
        const { dirname, join } = require("node:path");
        module.exports = (name) => {
          const installed = createRequire(__dirname + "/native-part.js");
          const directory = dirname(installed.resolve("better-sqlite3/package.json"));
          const path = join(directory, "build", "Release", name);
          return existsSync(path)
            ? installed(path)
            : installed("bindings")({ bindings: name, module_root: directory });
        };`,
    }));
  },
};

const target = "node20";
const common = {
  absWorkingDir: root,
  outdir: dist,
  bundle: true,
  platform: "node",
  target,
  minify: true,
  write: false,
  legalComments: "none",
};
const split = await build({
  ...common,
  entryPoints: { start: "src/start.ts" },
  splitting: true,
  format: "esm",
  metafile: true,
  chunkNames: "[name]-[hash]",
  external: ["@node-rs/argon2"],
  plugins: [startUpDiet, rareExpressions, nativePart],
  define: { __JWTCTL_VERSION__: JSON.stringify(await version()) },
});

async function version() {
  return JSON.parse(await readFile(join(root, "package.json"), "utf8")).version;
}

const pieces = new Map(
  Object.entries(split.metafile.outputs).map(([path, output]) => [
    `./${basename(path)}`,
    {
      /** The source file that is imported dynamically, undefined for what several such files share. */
      source: output.entryPoint,
      statics: output.imports.filter((edge) => edge.kind === "import-statement" && !edge.external),
      bytes: output.bytes,
    },
  ]),
);
for (const file of split.outputFiles) {
  const { code } = await transform(file.text, {
    format: "cjs",
    platform: "node",
    target,
    minify: true,
    supported: { "dynamic-import": false },
  });
  pieces.get(`./${basename(file.path)}`).code = code;
}

/** A piece and all it needs before it can run. */
function closure(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const edge of pieces.get(name).statics) closure(`./${basename(edge.path)}`, found);
  return found;
}

const nameOf = (source) => [...pieces].find(([, piece]) => piece.source === source)?.[0];
const hot = new Set(HOT.flatMap((source) => [...closure(nameOf(source))]));
const shared = [...pieces].filter(([name, piece]) => !hot.has(name) && !piece.source && piece.bytes < SMALL);

const definition = (code) => `function(module,exports,require){${code}\n}`;
const table = (names) =>
  `{${names.map((name) => `${JSON.stringify(name)}:${definition(pieces.get(name).code)}`).join(",\n")}}`;

const files = new Map();
files.set(
  "start.js",
  `"use strict";
const definitions = ${table([...hot])};
const inShared = new Set(${JSON.stringify(shared.map(([name]) => name))});
const loaded = Object.create(null);
function load(name) {
  if (!name.startsWith("./")) return require(name);
  const present = loaded[name];
  if (present) return present.exports;
  if (inShared.delete(name)) Object.assign(definitions, require("./shared.js"));
  const define = definitions[name] ?? require(name);
  const module = (loaded[name] = { exports: {} });
  define(module, module.exports, load);
  return module.exports;
}
module.exports = load("./start.js");
`,
);
files.set("shared.js", `"use strict";module.exports=${table(shared.map(([name]) => name))};\n`);
for (const [name, piece] of pieces) {
  if (hot.has(name) || shared.some(([other]) => other === name)) continue;
  files.set(name.slice(2), `"use strict";module.exports=${definition(piece.code)};\n`);
}

// What the threads of --lines run. A thread shares no loaded code with the program: all it needs is in one file.
const thread = await build({ ...common, entryPoints: { worker: "src/worker.ts" }, format: "cjs" });
for (const { text } of thread.outputFiles) files.set("worker.js", text);

// For Node 20, which keeps no compiled code between runs: the pieces are compiled with what V8 made of them when they
// were built. V8 takes its old work back only from the same version with the same flags, and compiles anew otherwise.
files.set(
  "compiled.js",
  `"use strict";
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { Script } = require("node:vm");
const loaded = Object.create(null);
function run(name) {
  const present = loaded[name];
  if (present) return present.exports;
  const filename = __dirname + "/" + name;
  let cachedData;
  try {
    cachedData = readFileSync(filename + ".cache");
  } catch {}
  const wrapped = "(function(exports,require,module,__dirname){" + readFileSync(filename, "utf8") + "\\n})";
  const script = new Script(wrapped, { filename, cachedData });
  const module = (loaded[name] = { exports: {} });
  const outside = createRequire(filename);
  const inside = (wanted) => (wanted.startsWith("./") ? run(wanted.slice(2)) : outside(wanted));
  script.runInThisContext()(module.exports, inside, module, __dirname);
  return module.exports;
}
exports.run = run;
`,
);

await rm(staging, { recursive: true, force: true });
await mkdir(staging, { recursive: true });
await Promise.all([...files].map(([name, code]) => writeFile(join(staging, name), code)));
await compileAhead();
// The old build stays whole until the new one is: a test run beside a build never sees half a program.
await rm(dist, { recursive: true, force: true });
await rename(staging, dist);

/** Runs everyday commands on a store of their own and keeps what V8 compiled for them. */
async function compileAhead() {
  const home = await mkdtemp(join(tmpdir(), "jwtctl-build-"));
  const secret = "hex:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
  const run = (...command) =>
    spawnSync(process.execPath, ["--eval", KEEP_COMPILED, staging, ...command], {
      encoding: "utf8",
      env: {
        ...process.env,
        NODE_OPTIONS: "",
        JWTCTL_DB: join(home, "jwtctl.db"),
        JWTCTL_CREDENTIALS: join(home, "credentials.json"),
        TZ: "UTC",
      },
    }).stdout.trim();
  try {
    run("decode", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwiZXhwIjo0MTAyNDQ0ODAwfQ.c2lnbmF0dXJl");
    const key = join(home, "key");
    const password = join(home, "password");
    await writeFile(password, "a password of the build's own");
    run("keys", "generate", "--no-store", "--out", key, "--no-passphrase");
    run("verify", run("mint", "--key", key, "--sub", "a"), "--key", `${key}.pub`);
    run("verify", run("mint", "--secret", secret, "--sub", "a"), "--secret", secret);
    run("init", "--no-passphrase");
    run("users", "add", "a", "--password-file", password);
    run("login", "a", "--password-file", password);
    run("refresh");
    run("verify", run("mint", "--sub", "a"));
    run("tokens", "list");
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
