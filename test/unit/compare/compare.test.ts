import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Comparison, compareTokens } from "../../../src/core/analysis/compare/compare.ts";
import { relate } from "../../../src/core/analysis/compare/values.ts";
import { readJson } from "../../../src/core/base/json/read.ts";
import { type JsonValue, jsonFrom } from "../../../src/core/base/json/value.ts";
import { inspectToken } from "../../../src/core/jose/token/inspect.ts";
import { CLAIMS, HEADER, made, NOW, SECONDS, written } from "../lint/examples.ts";
import { segment } from "../token/make.ts";

function compare(left: string, right: string, ignore: readonly string[] = []) {
  return compareTokens(inspectToken(left), inspectToken(right), { ignore: new Set(ignore), now: NOW });
}

const found = (list: readonly Comparison[], where: string) => list.find((entry) => entry.where === where);
const differing = (list: readonly Comparison[]) => list.filter(({ status }) => status !== "same");

function json(text: string): JsonValue {
  const reading = readJson(text);
  if (!reading.ok) throw new Error(text);
  return reading.value;
}

const FIRST = 'they look alike, but the first has U+0430 for "a"';
const second = (what: string) => `they look alike, but the second has ${what}`;

describe("two values of one member", () => {
  it.each([
    ["x", '{"a":1,"b":[1,{"c":2,"d":3}]}', '{"b":[1,{"d":3,"c":2}],"a":1}', "same", undefined],
    ["aud", '"a"', '["a"]', "equivalent", "a string became a list"],
    ["aud", '["a","b"]', '["b","a"]', "equivalent", "only the order differs"],
    ["aud", '"a"', '["a","b"]', "changed", "added: b"],
    ["scope", '"read write"', '"write  read"', "equivalent", "only the order differs"],
    ["scope", '"read write"', '"read"', "changed", "removed: write"],
    ["scope", '"read write"', '["read","write"]', "changed", "a string became a list"],
    ["roles", '["a","b"]', '["b","c"]', "changed", "added: c; removed: a"],
    ["list", '["a","b"]', '["b","a"]', "changed", undefined],
    ["list", "[1,2]", "[1,2,3]", "changed", "added: 3"],
    ["iss", '"https://a.example"', '"https://a.example/"', "changed", "only the slash at the end differs"],
    ["iss", '"https://A.example"', '"https://a.example"', "changed", "only upper and lower case differ"],
    ["sub", '"alice"', '"alice "', "changed", "only white space at the ends differs"],
    ["iss", '"https://auth.example"', '"https://\u0430uth.example"', "changed", second('U+0430 for "a"')],
    ["sub", '"\u0430lice"', '"alice"', "changed", FIRST],
    ["sub", '"\u0430lice"', '"al\u0456ce"', "changed", `${FIRST}; the second has U+0456 for "i"`],
    ["sub", '"jos\u00e9"', '"jose\u0301"', "changed", "they look alike, but have other characters"],
    [
      "aud",
      '"api"',
      '"\u0430pi"',
      "changed",
      `added: \u0430pi; removed: api; they look alike, but the second has U+0430 for "a"`,
    ],
    [
      "aud",
      '["a","b"]',
      '["\u0430","b"]',
      "changed",
      `added: \u0430; removed: a; they look alike, but the second has U+0430 for "a"`,
    ],
    ["sub", '"привет"', '"привит"', "changed", undefined],
    ["level", "1", '"1"', "changed", "a number became a string"],
    ["flag", "true", "null", "changed", "a boolean became null"],
    ["x", "{}", "[]", "changed", "an object became a list"],
    ["exp", "1.0", "1", "equivalent", "the same number, written differently"],
    ["exp", "1.50", "1.5", "equivalent", "the same number, written differently"],
    ["id", "9007199254740993", "9007199254740992", "changed", undefined],
    ["id", "9007199254740993", "9007199254740993", "same", undefined],
  ])("%s: %s and %s are %s (%s)", (name, left, right, status, how) => {
    expect(relate(name, json(left), json(right))).toEqual(how === undefined ? { status } : { status, how });
  });

  it("are the same as themselves, whatever they are", () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (name, value) => {
        expect(relate(name, jsonFrom(value), jsonFrom(structuredClone(value)))).toEqual({ status: "same" });
      }),
    );
  });

  it("are related alike from both sides", () => {
    const name = fc.constantFrom("aud", "scope", "roles", "x");
    fc.assert(
      fc.property(name, fc.jsonValue(), fc.jsonValue(), (member, left, right) => {
        const [there, back] = [
          relate(member, jsonFrom(left), jsonFrom(right)),
          relate(member, jsonFrom(right), jsonFrom(left)),
        ];
        expect(there.status).toBe(back.status);
      }),
    );
  });
});

describe("two tokens", () => {
  it("are the same when they are", () => {
    const { same, header, payload, signature } = compare(made(), made());
    expect({ same, signature: signature.status }).toEqual({ same: true, signature: "same" });
    expect(differing([...header, ...payload])).toEqual([]);
  });

  it("say the same in whatever order their members stand", () => {
    const shuffled = written(
      JSON.stringify(Object.fromEntries(Object.entries(HEADER).reverse())),
      JSON.stringify(Object.fromEntries(Object.entries(CLAIMS).reverse())),
    );
    expect(compare(made(), shuffled).same).toBe(true);
  });

  it("are compared member by member, those of the first before those that only the second has", () => {
    const { payload, same } = compare(
      made({ claims: { gone: 1 } }),
      made({ claims: { sub: "u-1", come: { a: 1 } } }),
    );
    expect(same).toBe(false);
    expect(differing(payload)).toMatchObject([
      { where: "/sub", name: "sub", status: "changed", left: "u-4711", right: "u-1" },
      { where: "/gone", status: "removed", left: 1, right: undefined },
      { where: "/come", status: "added", left: undefined },
    ]);
  });

  it("are compared inside objects, and places are JSON Pointers", () => {
    const left = made({ claims: { realm: { "a/b": { "~": 1 }, same: 1 } } });
    const right = made({ claims: { realm: { "a/b": { "~": 2 }, same: 1 } } });
    expect(differing(compare(left, right).payload)).toMatchObject([
      { where: "/realm/a~1b/~0", name: "realm.a/b.~", left: 1, right: 2 },
    ]);
  });

  it("can be compared without members that always differ", () => {
    const other = made({ claims: { iat: SECONDS, exp: SECONDS + 900, jti: "other" } });
    expect(compare(made(), other).same).toBe(false);
    const { same, payload } = compare(made(), other, ["iat", "exp", "jti"]);
    expect(same).toBe(true);
    expect(payload.map(({ name }) => name)).not.toContain("iat");
  });

  it("are compared as texts where their payloads are", () => {
    const { payload } = compare(written("{}", "Hello"), written("{}", "Hello!"));
    expect(payload).toMatchObject([{ where: "", status: "changed", left: "Hello", right: "Hello!" }]);
  });

  it("are compared by their headers alone when they are encrypted", () => {
    const jwe = `${segment({ alg: "dir", enc: "A128GCM" })}..AA.AA.AA`;
    const { payload, signature, header } = compare(
      jwe,
      jwe.replace(/^[^.]*/, segment({ alg: "dir", enc: "A256GCM" })),
    );
    expect(payload).toEqual([]);
    expect(signature.status).toBe("encrypted");
    expect(differing(header)).toMatchObject([{ where: "/enc", status: "changed" }]);
  });
});

describe("whether a difference matters for verification", () => {
  const change = (claims: object, header: object = {}) => compare(made(), made({ claims, header }));

  it.each([
    ["alg", { alg: "RS256" }],
    ["kid", { kid: "other" }],
    ["typ", { typ: "JWT" }],
    ["crit", { crit: ["x"] }],
    ["jku", { jku: "https://keys.example" }],
  ])("%s of the header does", (name, header) => {
    const entry = found(change({}, header).header, `/${name}`);
    expect(entry?.significance).toMatchObject({
      verification: true,
      why: expect.stringMatching(/.{20}[^.]$/),
    });
  });

  it.each([
    ["iss", { iss: "https://auth.example.com/" }],
    ["aud", { aud: "other" }],
    ["exp", { exp: SECONDS - 10 }],
    ["nbf", { nbf: SECONDS + 10 }],
    ["cnf", { cnf: { jkt: "x" } }],
  ])("%s does", (name, claims) => {
    const entry = change(claims).payload.find(({ where }) => where.startsWith(`/${name}`));
    expect(entry?.significance?.verification).toBe(true);
  });

  it.each([
    ["sub", { sub: "admin" }],
    ["scope", { scope: "admin" }],
    ["roles", { roles: ["admin"] }],
    ["jti", { jti: "other" }],
    ["sid", { sid: "other" }],
  ])("%s does not, and what it is for is said", (name, claims) => {
    const entry = found(change(claims).payload, `/${name}`);
    expect(entry?.significance).toMatchObject({
      verification: false,
      why: expect.stringMatching(/.{20}[^.]$/),
    });
  });

  it("a private claim does not", () => {
    expect(found(change({ color: "red" }).payload, "/color")?.significance).toBeUndefined();
  });

  it.each([
    [{ exp: SECONDS }, "now only the second is expired"],
    [{ exp: SECONDS + 1740 }, "neither has expired; the second is accepted 15 minutes longer"],
    [{ exp: SECONDS + 240 }, "neither has expired; the first is accepted 10 minutes longer"],
    [{ exp: undefined }, "the second never expires"],
    [{ iat: SECONDS + 1 }, "now only the second is issued in the future"],
    [{ iat: SECONDS - 100 }, "issued at another time; both lie in the past"],
    [{ nbf: SECONDS + 1 }, "now only the second is not valid yet"],
    [{ nbf: SECONDS - 1 }, "both are valid by now"],
  ])("of dates it is said what the clock makes of them: %j", (claims, why) => {
    const [entry] = differing(change(claims).payload);
    expect(entry?.significance?.why).toBe(why);
  });

  it("two tokens that have both expired differ only in when", () => {
    const [left, right] = [made({ claims: { exp: SECONDS - 60 } }), made({ claims: { exp: SECONDS - 30 } })];
    expect(found(compare(left, right).payload, "/exp")?.significance?.why).toBe("both are expired now");
  });

  it("an audience alone and in a list is the same, and still trips verifiers", () => {
    const { payload, same } = change({ aud: [CLAIMS.aud] });
    expect(same).toBe(true);
    expect(found(payload, "/aud")).toMatchObject({
      status: "equivalent",
      significance: { verification: true, why: expect.stringContaining("some verifiers") },
    });
  });
});

describe("two signatures", () => {
  const other = new Uint8Array(64).fill(9);

  it.each([
    ["ES256", "signed twice (ES256 makes another signature each time), or one of them is forged"],
    ["PS256", "signed twice"],
    ["HS256", "signed with different keys, or one of them is forged"],
    ["Ed25519", "signed with different keys, or one of them is forged"],
  ])("over one content, with %s: %s", (alg, meaning) => {
    const { signature } = compare(made({ header: { alg } }), made({ header: { alg }, signature: other }));
    expect(signature).toMatchObject({ status: "different", meaning: expect.stringContaining(meaning) });
  });

  it("a tampered payload under the old signature is noticed", () => {
    const { signature } = compare(made(), made({ claims: { role: "admin" } }));
    expect(signature).toEqual({
      status: "same",
      meaning: "one signature for two contents: at most one of them can be genuine",
      twoContents: true,
    });
  });

  it("over two contents differ, as they must", () => {
    expect(compare(made(), made({ claims: { sub: "b" }, signature: other })).signature.status).toBe(
      "different",
    );
  });

  it("one of which was taken off", () => {
    expect(compare(made(), made({ signature: "" })).signature).toEqual({
      status: "missing",
      meaning: "the second token has none",
    });
  });
});
