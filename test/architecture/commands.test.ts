import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CATALOG } from "../../src/cli/catalog.ts";
import { type DeclaredOptions, flagOf } from "../../src/cli/declare.ts";
import { GLOBAL_OPTIONS, TEXT_OPTIONS } from "../../src/cli/global-options.ts";
import { NOUNS } from "../../src/cli/nouns.ts";
import { commandReference } from "../../src/cli/reference.ts";
import { ROOT } from "./source-files.ts";

describe("the catalog", () => {
  it("has no command twice", () => {
    const names = CATALOG.flatMap((entry) => {
      const parent = entry.path.slice(0, -1).join(" ");
      return [entry.path.at(-1), ...(entry.aliases ?? [])].map((name) => `${parent} ${name}`.trim());
    });
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it("explains every noun and groups every bare verb", () => {
    for (const entry of CATALOG) {
      if (entry.path.length === 2) expect(NOUNS).toHaveProperty(entry.path[0]);
      else expect(entry.group, entry.path[0]).toBeDefined();
    }
  });

  it.each(CATALOG.map((entry) => [entry.path.join(" "), entry] as const))(
    "%s loads and has an example",
    async (_, entry) => {
      const verb = await entry.load();
      expect(verb.examples.length).toBeGreaterThan(0);
      for (const [typed] of verb.examples) expect(typed).toContain("jwtctl ");
    },
  );

  it.each(CATALOG.map((entry) => [entry.path.join(" "), entry] as const))(
    "%s declares options that fit together",
    async (_, entry) => {
      const { arguments: taken = {}, options: own = {} } = await entry.load();
      const options: DeclaredOptions = { ...own, ...GLOBAL_OPTIONS, ...TEXT_OPTIONS };
      const words = Object.entries(options).flatMap(([name, { short, oldNames = [] }]) => [
        flagOf(name),
        ...oldNames.map((old) => `--${old}`),
        ...(short === undefined ? [] : [`-${short}`]),
      ]);
      expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
      expect(Object.keys(taken).filter((name) => name in options)).toEqual([]);
      expect(Object.keys(own).filter((name) => name in GLOBAL_OPTIONS || name in TEXT_OPTIONS)).toEqual([]);
      for (const [name, option] of Object.entries(own)) {
        for (const other of option.dependsOn ?? []) expect(options, name).toHaveProperty(other);
        for (const other of option.conflicts ?? [])
          expect({ ...options, ...taken }, name).toHaveProperty(other);
        if (option.value === undefined || option.choices === undefined) continue;
        if (option.default !== undefined) expect(option.choices, name).toContain(option.default);
      }
      const repeatable = Object.values(taken).map((argument) => argument.repeatable === true);
      expect(repeatable.slice(0, -1)).not.toContain(true);
    },
  );

  it("is documented as it is: docs/commands.md comes from `npm run docs`", async () => {
    expect(readFileSync(join(ROOT, "docs/commands.md"), "utf8")).toBe(await commandReference());
  });
});
