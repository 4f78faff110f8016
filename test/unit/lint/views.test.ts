import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reviewTokens } from "../../../src/app/lint/review-tokens.ts";
import { RULE_FAMILIES, RULES } from "../../../src/core/analysis/lint/rules.ts";
import { UNSAFE_CHARACTERS } from "../../../src/core/base/text/unsafe-characters.ts";
import { createJws } from "../../../src/crypto/jws.ts";
import { reviewsText } from "../../../src/output/lint/lint-view.ts";
import { rulesPage, rulesText } from "../../../src/output/lint/rules-view.ts";
import { sarifLog } from "../../../src/output/lint/sarif.ts";
import { createStyle, type Style } from "../../../src/output/style.ts";
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { withoutColour } from "../../support/without-colour.ts";
import { made, NOW, SECONDS } from "./examples.ts";

const BAD = made({
  header: { alg: "none", typ: undefined, kid: "../../etc/passwd", jku: "https://attacker.example/jwks.json" },
  claims: {
    exp: SECONDS * 1000,
    aud: "*",
    password: "hunter2",
    card: "4111111111111111",
    email: "alice@example.com",
    note: "\u202egnp.exe",
  },
  signature: "",
});

function review(tokens: readonly string[], sources: readonly (string | null)[] = []) {
  return reviewTokens(
    {
      inputs: tokens.map((text, index) => ({ source: sources[index] ?? null, text })),
      options: { now: NOW, maxLifetime: 86_400, as: undefined, ignore: new Set() },
      failOn: "error",
      secret: undefined,
    },
    { jws: async () => createJws() },
  );
}

async function everyView(style: Style): Promise<string> {
  const several = await review([jwtIo.old.token, made()], ["sample.txt", null]);
  return [
    reviewsText(await review([BAD]), RULES.length, style),
    reviewsText(several, RULES.length, style),
    reviewsText(
      await review([made({ claims: { nbf: SECONDS, email: "a@example.com" } })]),
      RULES.length,
      style,
    ),
    reviewsText(await review([made()]), RULES.length, style),
    rulesText(RULE_FAMILIES, style),
  ].join(`${"=".repeat(20)}\n`);
}

describe("what lint says", () => {
  it.each([60, 80, 120])("fits %i columns", async (columns) => {
    const text = await everyView(createStyle({ color: false, isTerminal: true, columns }));
    await expect(text).toMatchFileSnapshot(`golden/lint-${columns}.txt`);
    for (const line of text.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(columns);
  });

  it("has its colours", async () => {
    const text = await everyView(createStyle({ color: true, isTerminal: true, columns: 80 }));
    await expect(text).toMatchFileSnapshot("golden/lint-80-colour.txt");
  });

  it.each([60, 80, 120])("differs by nothing but the colours at %i columns", async (columns) => {
    const [plain, coloured] = [false, true].map((color) =>
      everyView(createStyle({ color, isTerminal: true, columns })),
    );
    expect(withoutColour((await coloured) ?? "")).toBe(withoutColour((await plain) ?? ""));
  });

  it("names, values and kids full of OSC, CSI and bidi attacks reach a terminal only as escapes", async () => {
    const unsafe = new RegExp(UNSAFE_CHARACTERS);
    const style = createStyle({ color: false, isTerminal: true, columns: 80 });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", minLength: 1 }), async (text) => {
        const token = made({
          header: { kid: text, typ: text, alg: text, crit: [text] },
          claims: { [text]: text, aud: [`${text}*`], iss: `http://${text}`, [`${text}password`]: text },
        });
        const shown = reviewsText(await review([token, token], [text, text]), RULES.length, style);
        for (const line of shown.split("\n")) expect(line).not.toMatch(unsafe);
      }),
      { numRuns: 300 },
    );
  });
});

describe("docs/lint.md", () => {
  it("is the page that `npm run docs` makes of the rules", () => {
    const page = readFileSync(join(import.meta.dirname, "../../../docs/lint.md"), "utf8");
    expect(page).toBe(rulesPage(RULE_FAMILIES));
  });

  it("has every rule", () => {
    for (const { id } of RULES) expect(rulesPage(RULE_FAMILIES)).toContain(`| \`${id}\` |`);
  });
});

describe("the SARIF log", () => {
  it("has the members that SARIF 2.1.0 requires, with the values it allows", async () => {
    const log = sarifLog(
      await review(
        [BAD, jwtIo.old.token, made({ header: { alg: "none" } })],
        ["a b/token.txt", null, "stdin"],
      ),
      RULES,
      "1.2.3",
    );
    expect(log.version).toBe("2.1.0");
    expect(log.$schema).toMatch(/^https:\/\/.*sarif-schema-2\.1\.0\.json$/);
    const [run] = log.runs;
    expect(run?.tool.driver.name).toBe("jwtctl");
    expect(run?.columnKind).toBe("utf16CodeUnits");
    const rules = run?.tool.driver.rules ?? [];
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const rule of rules) {
      expect(rule.shortDescription.text).not.toBe("");
      expect(rule.fullDescription.text).toMatch(/\.$/);
      expect(rule.help.text).toBe(rule.fullDescription.text);
      expect(["error", "warning", "note"]).toContain(rule.defaultConfiguration.level);
    }
    expect(run?.results.length).toBeGreaterThan(10);
    for (const result of run?.results ?? []) {
      expect(rules[result.ruleIndex]?.id).toBe(result.ruleId);
      expect(["error", "warning", "note"]).toContain(result.level);
      expect(result.message.text).not.toBe("");
      for (const { logicalLocations, physicalLocation } of result.locations) {
        expect(physicalLocation.artifactLocation.uri).not.toBe("");
        expect(physicalLocation.region.startLine).toBeGreaterThan(0);
        expect(logicalLocations[0]?.fullyQualifiedName).toMatch(/^\//);
      }
    }
  });

  it("has no member that SARIF 2.1.0 does not know: its schema allows none", async () => {
    const log = sarifLog(await review([BAD, "no token"], ["token.txt"]), RULES, "1.2.3");
    const names = new Set<string>();
    JSON.stringify(log, (name, value: unknown) => {
      if (name !== "" && !/^\d+$/.test(name)) names.add(name);
      return value;
    });
    expect([...names].sort()).toEqual(
      [
        ...["$schema", "version", "runs", "tool", "driver", "name", "semanticVersion", "rules", "id"],
        ...["shortDescription", "fullDescription", "text", "defaultConfiguration", "level", "columnKind"],
        ...["results", "ruleId", "ruleIndex", "message", "locations", "physicalLocation", "artifactLocation"],
        ...["uri", "region", "startLine", "logicalLocations", "fullyQualifiedName", "kind", "help"],
        ...["invocations", "executionSuccessful", "toolExecutionNotifications"],
      ].sort(),
    );
  });

  it("names the file of a token as a URI, and the argument or pipe of one that is in no file", async () => {
    const file = sarifLog(await review([BAD], ["a b/token.txt"]), RULES, "1");
    expect(file.runs[0]?.results[0]?.locations[0]).toMatchObject({
      physicalLocation: { artifactLocation: { uri: "a%20b/token.txt" }, region: { startLine: 1 } },
    });
    const absolute = sarifLog(await review([BAD], ["/tmp/token.txt"]), RULES, "1");
    expect(JSON.stringify(absolute)).toContain('"uri":"file:///tmp/token.txt"');
    const typed = sarifLog(await review([BAD], [null]), RULES, "1");
    expect(JSON.stringify(typed)).toContain('"uri":"argument-1"');
    const piped = sarifLog(await review([BAD], ["stdin"]), RULES, "1");
    expect(JSON.stringify(piped)).toContain('"uri":"stdin"');
  });

  it("never holds the token, nor a sensitive value of it", async () => {
    const log = JSON.stringify(sarifLog(await review([BAD]), RULES, "1"));
    for (const part of [...BAD.split("."), "hunter2", "4111111111111111", "alice@example.com"]) {
      if (part !== "") expect(log).not.toContain(part);
    }
  });
});
