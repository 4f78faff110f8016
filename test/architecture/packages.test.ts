import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "./source-files.ts";

interface Locked {
  readonly hasInstallScript?: boolean;
  readonly gypfile?: boolean;
  readonly resolved?: string;
}

const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
  packages: Record<string, Locked>;
};
const packages = Object.entries(lock.packages);
const where = (holds: (path: string, locked: Locked) => boolean) =>
  packages.filter(([path, locked]) => holds(path, locked)).map(([path]) => path);

describe("npm ci", () => {
  it("runs no script of a package", () => {
    expect(where((_, { hasInstallScript }) => hasInstallScript === true)).toEqual([]);
  });

  // npm starts a compiler for a package with a binding.gyp, although better-sqlite3 says that it needs none: npm looks
  // for `gypfile` in the lock file only, and leaves it out whenever it writes that. Put `"gypfile": false` back then.
  it("compiles nothing", () => {
    const compiled = where(
      (path, { gypfile }) => gypfile !== false && path !== "" && existsSync(join(ROOT, path, "binding.gyp")),
    );
    expect(compiled).toEqual([]);
  });

  it("asks the registry that the user has chosen", () => {
    expect(where((_, { resolved }) => resolved?.includes(":") ?? false)).toEqual([]);
  });
});
