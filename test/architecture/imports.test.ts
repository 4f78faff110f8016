import { describe, expect, it } from "vitest";
import { type Import, importsOf, readSource, sourceFiles } from "./source-files.ts";

const FOLDERS = [
  "core",
  "app",
  "platform",
  "crypto",
  "storage",
  "output",
  "runtime",
  "compose",
  "cli",
] as const;

/** The floors of core, the lowest first: each may import itself and those before it. */
const FLOORS = ["base", "jose", "authority", "remote", "analysis"] as const;

/** What each folder may import, beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  app: ["core"],
  platform: [],
  crypto: ["core"],
  storage: ["core", "platform"],
  output: ["core"],
  runtime: ["core", "platform"],
  compose: ["app", "core", "crypto", "storage", "runtime"],
  cli: ["app", "core", "output", "compose", "version.ts"],
};

/** The one place of each package that shapes the program. */
const PACKAGE_HOMES: Readonly<Record<string, RegExp>> = {
  commander: /^cli\//,
  chalk: /^output\/style\.ts$/,
  prompts: /^runtime\//,
  "better-sqlite3": /^storage\/sqlite\//,
  jose: /^crypto\//,
  "@node-rs/argon2": /^crypto\//,
  "fast-string-width": /^output\//,
  "fast-wrap-ansi": /^output\//,
};

const files = sourceFiles();
const imports = files.flatMap(importsOf);
const folderOf = (path: string) => path.split("/")[0] ?? "";
const floorOf = (path: string) => path.split("/")[1] ?? "";
const isInternal = (edge: Import) => edge.to.endsWith(".ts");
const shown = (edges: readonly Import[]) => edges.map((edge) => `${edge.from} -> ${edge.to}`);

describe("import rules", () => {
  it("finds the source", () => {
    expect(files.length).toBeGreaterThan(20);
    expect(imports.length).toBeGreaterThan(files.length);
  });

  it.each(FOLDERS)("%s imports only what it may", (folder) => {
    const allowed = [folder, ...(MAY_IMPORT[folder] ?? [])];
    const bad = imports.filter(
      (edge) => folderOf(edge.from) === folder && isInternal(edge) && !allowed.includes(folderOf(edge.to)),
    );
    expect(shown(bad)).toEqual([]);
  });

  it("compose loads adapters when they are first used, but for a thread, which needs all of its own at once", () => {
    const eager = imports.filter(
      (edge) =>
        folderOf(edge.from) === "compose" &&
        edge.from !== "compose/thread-ports.ts" &&
        ["app", "crypto", "storage", "runtime"].includes(folderOf(edge.to)) &&
        !edge.dynamic &&
        !edge.typeOnly,
    );
    expect(shown(eager)).toEqual(["compose/runtime.ts -> runtime/runtime.ts"]);
  });

  it("every file of core stands on a floor", () => {
    const floors = files.filter((file) => folderOf(file) === "core").map(floorOf);
    expect([...new Set(floors)].sort()).toEqual([...FLOORS].sort());
  });

  it.each(FLOORS)("core/%s imports only the floors below it", (floor) => {
    const allowed: readonly string[] = FLOORS.slice(0, FLOORS.indexOf(floor) + 1);
    const bad = imports.filter(
      (edge) =>
        edge.from.startsWith(`core/${floor}/`) &&
        folderOf(edge.to) === "core" &&
        !allowed.includes(floorOf(edge.to)),
    );
    expect(shown(bad)).toEqual([]);
  });

  it("core knows no package and no built-in module", () => {
    expect(shown(imports.filter((edge) => folderOf(edge.from) === "core" && !isInternal(edge)))).toEqual([]);
  });

  it("app knows no package and no built-in module", () => {
    expect(shown(imports.filter((edge) => folderOf(edge.from) === "app" && !isInternal(edge)))).toEqual([]);
  });

  it("core has no clock, no chance and no process", () => {
    const impure =
      /\bDate\.now\b|new Date\(\)|\bMath\.random\b|\bprocess\.|\bBuffer\.|: Buffer\b|\bconsole\./;
    const withoutWords = (source: string) =>
      source.replace(/\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\/.*$/gm, "");
    expect(
      files.filter((file) => folderOf(file) === "core" && impure.test(withoutWords(readSource(file)))),
    ).toEqual([]);
  });

  it("each shaping package has one home", () => {
    const bad = imports.filter((edge) => {
      const name = Object.keys(PACKAGE_HOMES).find(
        (home) => edge.to === home || edge.to.startsWith(`${home}/`),
      );
      return name !== undefined && !PACKAGE_HOMES[name]?.test(edge.from);
    });
    expect(shown(bad)).toEqual([]);
  });

  it("only main.ts, start.ts and worker.ts stand above the folders", () => {
    const top = files.filter((file) => !file.includes("/"));
    expect(top).toEqual(["exit-codes.ts", "main.ts", "start.ts", "version.ts", "worker.ts"]);
    const above = imports.filter(
      (edge) => folderOf(edge.from) !== edge.from && ["main.ts", "start.ts", "worker.ts"].includes(edge.to),
    );
    expect(shown(above)).toEqual([]);
  });

  it("worker.ts puts the parts of a thread together, with the ports that compose makes", () => {
    const parts = imports.filter((edge) => edge.from === "worker.ts" && !edge.typeOnly).map(({ to }) => to);
    expect([...new Set(parts.map(folderOf))].sort()).toEqual(["app", "compose", "output", "runtime"]);
  });

  it("no file imports itself through others, not even for a type", () => {
    const edges = new Map<string, string[]>();
    for (const edge of imports) {
      if (!edge.dynamic && isInternal(edge)) {
        edges.set(edge.from, [...(edges.get(edge.from) ?? []), edge.to]);
      }
    }
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, trail: readonly string[]) => {
      if (trail.includes(file)) circles.push([...trail.slice(trail.indexOf(file)), file].join(" -> "));
      if (done.has(file) || trail.includes(file)) return;
      for (const next of edges.get(file) ?? []) visit(next, [...trail, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  it("nothing ends the process from inside, but the report of an error that nobody waited for", () => {
    const ends = files.flatMap((file) =>
      [...readSource(file).matchAll(/process\.exit\(.*/g)].map(([line]) => `${file}: ${line}`),
    );
    expect(ends).toEqual(["start.ts: process.exit(reportCrash(error, argv, runtime)));"]);
  });

  it("lets a command write a file that the user names only where the store and the session are safe from it", () => {
    const writers = files.filter((file) => /\bfiles\s*\.\s*write\(/.test(readSource(file)));
    expect(writers.filter((file) => file.startsWith("compose/"))).toEqual(["compose/user-files.ts"]);
    expect(
      files.filter((file) => file.startsWith("cli/") && /\.files\.write/.test(readSource(file))),
    ).toEqual([]);
  });

  it("core keeps nothing between two calls: a cache is an object that the caller hands in", () => {
    const mutable = sourceFiles()
      .filter((file) => file.startsWith("core/"))
      .filter((file) => /^(?:export )?(?:let|var) \w+\s*[:=;]/m.test(readSource(file)));
    expect(mutable).toEqual([]);
  });
});
