import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CAUSES, type CauseId } from "../../../src/core/analysis/diagnosis/causes.ts";

const here = import.meta.dirname;
const tests = readdirSync(here)
  .filter((name) => name.endsWith(".test.ts") && name !== "causes.test.ts")
  .map((name) => readFileSync(join(here, name), "utf8"))
  .join("\n");
const docs = readFileSync(join(here, "../../../docs/diagnosis.md"), "utf8");

describe.each(Object.keys(CAUSES) as CauseId[])("the cause %s", (cause) => {
  it("is made by a test that expects it", () => {
    expect(tests).toMatch(new RegExp(`"${cause}"`));
  });

  it("is documented with its meaning", () => {
    expect(docs).toContain(`| \`${cause}\` | ${CAUSES[cause]} |`);
  });
});

it("the page lists no cause that is not there", () => {
  const listed = [...docs.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
  expect(listed).toEqual(Object.keys(CAUSES));
});
