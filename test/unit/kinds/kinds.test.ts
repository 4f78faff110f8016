import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Demand, KIND_IDS, type KindId, type TokenKind } from "../../../src/core/analysis/kinds/kind.ts";
import { hasTellingSigns } from "../../../src/core/analysis/kinds/telling-signs.ts";
import { kindNamed, recogniseKind, TOKEN_KINDS } from "../../../src/core/analysis/kinds/token-kinds.ts";
import { RULES } from "../../../src/core/analysis/lint/rules.ts";
import { objectOf } from "../../../src/core/jose/token/content.ts";
import { inspectToken } from "../../../src/core/jose/token/inspect.ts";
import { kindsPage } from "../../../src/output/lint/kinds-page.ts";
import { findingsOf, made, SECONDS } from "../lint/examples.ts";
import { conformant } from "./conformant.ts";

function kindOf(token: string): KindId | undefined {
  const { header, payload } = inspectToken(token);
  return recogniseKind(objectOf(header.content), objectOf(payload?.content))?.kind.id;
}

async function graveFindings(token: string, as?: KindId) {
  const findings = await findingsOf(token, { options: { as } });
  return findings.filter(({ severity }) => severity !== "info");
}

describe.each(KIND_IDS)("a conformant %s", (id) => {
  it("is named, and needs the table", () => {
    const token = made(conformant(id));
    expect(kindOf(token)).toBe(id);
    expect(hasTellingSigns(inspectToken(token))).toBe(true);
  });

  it("has no finding of level error or warning, asked for or not", async () => {
    const token = made(conformant(id));
    expect(await graveFindings(token)).toEqual([]);
    expect(await graveFindings(token, id)).toEqual([]);
  });
});

interface Broken {
  readonly kind: TokenKind;
  readonly demand: Demand;
}

const broken = (...levels: readonly Demand["level"][]): readonly (readonly [string, Broken])[] =>
  TOKEN_KINDS.flatMap((kind) =>
    kind.demands
      .filter(({ level }) => levels.includes(level))
      .map((demand) => [`${kind.id} ${demand.level} ${demand.name}`, { kind, demand }] as const),
  );

/** A conformant token of a kind, with one member changed; `undefined` takes it out. */
function changed({ kind, demand }: Broken, value: unknown): string {
  const member = { [demand.name]: value, ...(demand.or === undefined ? {} : { [demand.or]: undefined }) };
  return made(conformant(kind.id, demand.part === "header" ? { header: member } : { claims: member }));
}

describe("what a kind must be is demanded of it", () => {
  it.each(broken("must").filter(([, { demand }]) => demand.name !== "alg"))("%s", async (_, example) => {
    const { kind, demand } = example;
    const findings = await findingsOf(changed(example, undefined), { options: { as: kind.id } });
    const rule = kind.id === "access-token" ? "access-token-claims" : "kind-missing";
    const said = findings.filter((finding) => finding.rule === rule).map(({ message }) => message);
    expect(said.some((message) => message.includes(demand.name))).toBe(true);
  });

  it.each(broken("must not"))("%s", async (_, example) => {
    const findings = await findingsOf(changed(example, "x"), { options: { as: example.kind.id } });
    expect(findings.map(({ rule }) => rule)).toContain("kind-forbidden");
  });

  it.each(broken("must").filter(([, { demand }]) => demand.form !== undefined))(
    "%s in its form",
    async (_, example) => {
      const wrong = example.demand.name === "vct" ? 7 : example.demand.name === "alg" ? "HS256" : "?";
      const findings = await findingsOf(changed(example, wrong), { options: { as: example.kind.id } });
      const found = findings.find(({ rule }) => rule === "kind-value");
      expect(found?.where).toBe(`/${example.demand.part}/${example.demand.name.replace("/", "~1")}`);
      expect(found?.reference).toContain(example.kind.specification);
    },
  );

  it.each(broken("should"))("%s is advice", async (_, example) => {
    const findings = await findingsOf(changed(example, undefined), { options: { as: example.kind.id } });
    expect(findings.filter(({ severity }) => severity === "info").map(({ rule }) => rule)).toContain(
      "kind-advice",
    );
  });

  it.each(broken("should not"))("%s is advice", async (_, example) => {
    const findings = await findingsOf(changed(example, SECONDS + 60), { options: { as: example.kind.id } });
    expect(findings.map(({ rule }) => rule)).toContain("kind-advice");
  });

  it.each(TOKEN_KINDS.filter(({ typed }) => typed !== "may").map((kind) => [kind.id, kind] as const))(
    "%s by its typ",
    async (id, kind) => {
      const token = made(conformant(id, { header: { typ: "JWT" } }));
      const rules = (await findingsOf(token, { options: { as: id } })).map(({ rule }) => rule);
      const must = id === "access-token" ? "access-token-typ" : "kind-typ";
      expect(rules).toContain(kind.typed === "must" ? must : "kind-advice");
    },
  );
});

describe("a kind that is recognised by other signs", () => {
  it.each([
    ["a Keycloak ID token", { typ: "ID" }, "id-token"],
    ["a Cognito access token", { token_use: "access" }, "access-token"],
    ["a Cognito ID token", { token_use: "id", scope: undefined }, "id-token"],
    ["a Keycloak offline token", { typ: "Offline", scope: "openid" }, "refresh-token"],
    [
      "an authorization response with an error",
      { error: "access_denied", scope: undefined },
      "authorization-response",
    ],
  ])("%s", (_, claims, id) => {
    expect(kindOf(made({ header: { typ: "JWT" }, claims }))).toBe(id);
  });

  it("is none when nothing shows it", () => {
    const token = made({ header: { typ: "JWT" }, claims: { scope: undefined } });
    expect(kindOf(token)).toBeUndefined();
    expect(hasTellingSigns(inspectToken(token))).toBe(false);
  });

  it("is never one that typ contradicts", () => {
    expect(kindOf(made({ header: { typ: "at+jwt" }, claims: { nonce: "n" } }))).toBe("access-token");
  });
});

describe("the table", () => {
  it("has every kind once, and exempts only from rules that there are", () => {
    expect(TOKEN_KINDS.map(({ id }) => id).toSorted()).toEqual([...KIND_IDS].toSorted());
    const rules = RULES.map(({ id }) => id);
    for (const { exempt } of TOKEN_KINDS) {
      for (const rule of exempt) expect(rules).toContain(typeof rule === "string" ? rule : rule[0]);
    }
  });

  it("loads for every claim by which a kind is recognised", () => {
    for (const { id, signs, none = [] } of TOKEN_KINDS.flatMap(({ id, signs }) =>
      signs.map((s) => ({ id, signs: [s], none: s.none })),
    )) {
      expect(none).not.toContain(id);
      for (const { all } of signs) {
        const claims = Object.fromEntries(all.map(({ name }) => [name, "same"]));
        const token = made({ header: { typ: "JWT" }, claims: { scope: undefined, ...claims } });
        expect(hasTellingSigns(inspectToken(token)), id).toBe(true);
      }
    }
  });

  it("exempts an access token in an authorization response, and no other secret", async () => {
    const claims = { code: undefined, error: "x", access_token: "2YotnFZFEjr1zCsicMWpAA" };
    const id = "authorization-response";
    expect(await graveFindings(made(conformant(id, { claims })))).toEqual([]);
    const other = await graveFindings(made(conformant(id, { claims: { ...claims, password: "x" } })));
    expect(other.map(({ where }) => where)).toEqual(["/payload/password"]);
  });

  it("is the page docs/kinds.md", () => {
    const page = readFileSync(join(import.meta.dirname, "../../../docs/kinds.md"), "utf8");
    expect(page).toBe(kindsPage(TOKEN_KINDS));
    expect(kindNamed("dpop-proof").specification).toBe("RFC 9449");
  });
});
