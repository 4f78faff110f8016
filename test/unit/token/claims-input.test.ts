import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ExactNumber, JsonObject } from "../../../src/core/base/json/value.ts";
import { writeJson } from "../../../src/core/base/json/write.ts";
import {
  mergeMembers,
  parseClaims,
  parseClaimsDocument,
  parseMember,
} from "../../../src/core/jose/minting/claims-input.ts";

const usage = (message: string) => expect.objectContaining({ code: "usage", message });

describe("parseMember", () => {
  it.each([
    ["role=admin", "role", "admin"],
    ["level=3", "level", "3"],
    ["admin=true", "admin", "true"],
    ["empty=", "empty", ""],
    ["url=https://x?a=b&c:=d", "url", "https://x?a=b&c:=d"],
    ["https://example.com/is_root=yes", "https://example.com/is_root", "yes"],
    ['quoted="x"', "quoted", '"x"'],
    [" spaced = x ", " spaced ", " x "],
    ["a =:=", "a ", ":="],
    ["__proto__=x", "__proto__", "x"],
  ])("reads %j as text", (text, name, value) => {
    expect(parseMember(text, "--claim")).toEqual([name, value]);
  });

  it.each([
    ["level:=3", "level", 3],
    ["admin:=true", "admin", true],
    ["nothing:=null", "nothing", null],
    ['list:=[1,"a"]', "list", [1, "a"]],
    ['text:="x=y"', "text", "x=y"],
    ["id:=9007199254740993", "id", new ExactNumber("9007199254740993")],
    [
      'deep:={"b":1,"a":2}',
      "deep",
      new JsonObject([
        ["b", 1],
        ["a", 2],
      ]),
    ],
    ["https://example.com/is_root:=true", "https://example.com/is_root", true],
  ])("reads %j as JSON", (text, name, value) => {
    expect(parseMember(text, "--claim")).toEqual([name, value]);
  });

  it.each([
    ["admin", '--claim "admin": there is no ='],
    ["", '--claim "": there is no ='],
    ["=x", '--claim "=x": there is no name before the ='],
    [":=1", '--claim ":=1": there is no name before the ='],
    [
      "a:=",
      '--claim "a:=": what follows := is not JSON: the text ends where a value should be at position 0',
    ],
    ["a:=admin", '--claim "a:=admin": what follows := is not JSON: expected a value at position 0'],
    [
      "a:=1,2",
      '--claim "a:=1,2": what follows := is not JSON: unexpected text after the JSON value at position 1',
    ],
    ['a:={"b":1,"b":2}', '--claim "a" has "/b" twice'],
  ])("refuses %j", (text, message) => {
    expect(() => parseMember(text, "--claim")).toThrow(usage(message));
  });

  it("gives back any name without = and any value", () => {
    const name = fc.string({ minLength: 1 }).filter((text) => !text.includes("=") && !text.endsWith(":"));
    fc.assert(
      fc.property(name, fc.string(), fc.jsonValue(), (name, text, json) => {
        expect(parseMember(`${name}=${text}`, "--claim")).toEqual([name, text]);
        const [, value] = parseMember(`${name}:=${JSON.stringify(json)}`, "--claim");
        expect(JSON.parse(writeJson(value))).toEqual(JSON.parse(JSON.stringify(json)));
      }),
    );
  });
});

describe("parseClaims", () => {
  it("keeps the order given", () => {
    expect(parseClaims(["b=1", "a:=2"])).toEqual(
      new JsonObject([
        ["b", "1"],
        ["a", 2],
      ]),
    );
    expect(parseClaims([])).toEqual(new JsonObject());
  });

  it("refuses a claim that is given twice, in either spelling", () => {
    expect(() => parseClaims(["a=1", "b=1", "a:=1"])).toThrow(
      usage('"a" is given twice: by --claim, both times'),
    );
  });
});

describe("mergeMembers", () => {
  it("names both places when something is given twice", () => {
    const given = [
      { source: "the JSON", members: [["exp", 1] as const] },
      { source: "--exp", members: [["exp", 2] as const] },
    ];
    expect(() => mergeMembers(given)).toThrow(usage('"exp" is given twice: by the JSON and --exp'));
  });
});

describe("parseClaimsDocument", () => {
  it("takes an object as the claims, pretty-printed too", () => {
    expect(parseClaimsDocument('\n{\n  "sub": "bob",\n  "n": 1.0\n}\n')).toEqual({
      claims: new JsonObject([
        ["sub", "bob"],
        ["n", new ExactNumber("1.0")],
      ]),
      header: undefined,
    });
  });

  it("takes the output of decode --json as header and claims", () => {
    const output = '{"header":{"alg":"HS256"},"payload":{"sub":"bob"},"signature":"x","verified":null}';
    expect(parseClaimsDocument(output)).toEqual({
      claims: new JsonObject([["sub", "bob"]]),
      header: new JsonObject([["alg", "HS256"]]),
    });
  });

  it("takes claims that are merely called header or payload for claims", () => {
    for (const text of ['{"header":{}}', '{"payload":{},"header":"x"}', '{"payload":{}}']) {
      expect(parseClaimsDocument(text).header).toBeUndefined();
    }
  });

  it.each([
    ["[1]", "the claims must be a JSON object, not a list"],
    ['"x"', "the claims must be a JSON object, not a string"],
    ["null", "the claims must be a JSON object, not null"],
    ["1.0", "the claims must be a JSON object, not a number"],
    ['{"exp":1,"exp":2}', 'the JSON has "/exp" twice'],
    ['{"a":{"b":1,"b":2}}', 'the JSON has "/a/b" twice'],
  ])("refuses %s", (text, message) => {
    expect(() => parseClaimsDocument(text)).toThrow(usage(message));
  });

  it("tells where the text is not JSON", () => {
    expect(() => parseClaimsDocument("{'sub': 1}")).toThrow(
      expect.objectContaining({
        code: "json_malformed",
        message: "the claims are not JSON: expected a member name in double quotes at position 1",
      }),
    );
  });
});
