import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CATALOG } from "../../../src/cli/catalog.ts";
import { flagOf } from "../../../src/cli/declare.ts";

// What a fix names has to be there: the commands of jwtctl, and the options of verify and of these commands.

const folder = join(import.meta.dirname, "../../../src/core/analysis/diagnosis");
const source = readdirSync(folder)
  .map((name) => readFileSync(join(folder, name), "utf8"))
  .join("\n");

/** Options of other programs: kubectl, Keycloak, and the names of the issuer's own. */
const FOREIGN = new Set(["--audience", "--http-relative-path", "--hostname", "--service-account-issuer"]);

/** Words that go on behind the name in a sentence. */
const VERBS = /^(?:knows|takes) /;

const commands = [...source.matchAll(/jwtctl ((?:[a-z]+ ?)+)/g)]
  .map(([, words = ""]) => words.trim())
  .filter((words) => !VERBS.test(words));
const options = [
  ...new Set([...source.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([found]) => found)),
].filter((option) => !FOREIGN.has(option));

/** The command whose name the words begin with. */
function commandOf(words: string) {
  return CATALOG.find(({ path }) => `${words} `.startsWith(`${path.join(" ")} `));
}

describe("the fixes of a diagnosis", () => {
  it("name commands that there are", () => {
    expect(commands.length).toBeGreaterThan(3);
    expect(commands.filter((words) => commandOf(words) === undefined)).toEqual([]);
  });

  it("name options that verify, or one of these commands, has", async () => {
    const entries = [commandOf("verify"), ...commands.map(commandOf)].filter((entry) => entry !== undefined);
    const verbs = await Promise.all(entries.map((entry) => entry.load()));
    const known = new Set(verbs.flatMap((verb) => Object.keys(verb.options ?? {}).map(flagOf)));
    expect(options).toContain("--expect");
    expect(options.filter((option) => !known.has(option))).toEqual([]);
  });
});
