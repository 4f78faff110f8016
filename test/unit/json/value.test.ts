import { describe, expect, it } from "vitest";
import { ExactNumber, JsonObject, jsonFrom, numberOf } from "../../../src/core/base/json/value.ts";

describe("JsonObject", () => {
  const object = new JsonObject([
    ["a", 1],
    ["b", 2],
    ["a", 3],
  ]);

  it("replaces a member in its first place and leaves it once", () => {
    expect(object.with("a", 9).members).toEqual([
      ["a", 9],
      ["b", 2],
    ]);
    expect(object.with("c", 9).members.at(-1)).toEqual(["c", 9]);
  });

  it("leaves the original as it is", () => {
    object.with("a", 9);
    object.without("a");
    expect(object.members).toHaveLength(3);
  });

  it("removes every member of a name", () => {
    expect(object.without("a").members).toEqual([["b", 2]]);
  });

  it("is made of a record without its undefined members", () => {
    expect(JsonObject.of({ a: 1, b: undefined, c: null }).members).toEqual([
      ["a", 1],
      ["c", null],
    ]);
  });
});

describe("numberOf", () => {
  it("gives the nearest double, perhaps infinite", () => {
    expect(numberOf(1.5)).toBe(1.5);
    expect(numberOf(new ExactNumber("1e400"))).toBe(Number.POSITIVE_INFINITY);
  });

  it("gives nothing for what is not a number", () => {
    for (const value of ["1", null, true, [], new JsonObject(), undefined])
      expect(numberOf(value)).toBeUndefined();
  });
});

describe("jsonFrom", () => {
  it("keeps values that are JSON already and turns bigints exact", () => {
    const exact = new ExactNumber("1.0");
    expect(jsonFrom({ a: exact, b: 10n, c: undefined, d: [null, "x"] })).toEqual(
      new JsonObject([
        ["a", exact],
        ["b", new ExactNumber("10")],
        ["d", [null, "x"]],
      ]),
    );
  });

  it("refuses what JSON cannot say", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, () => 1, Symbol("s")]) {
      expect(() => jsonFrom(value)).toThrow(TypeError);
    }
  });
});

describe("JsonObject", () => {
  it.each([3, 300])(
    "with %i members gives the last of several with one name, and tells what is there",
    (count) => {
      const members = Array.from({ length: count }, (_, index) => [`k${index}`, index] as const);
      const object = new JsonObject([["k1", "first"], ...members, ["__proto__", null]]);
      expect([object.get("k1"), object.get("__proto__"), object.get("toString")]).toEqual([
        1,
        null,
        undefined,
      ]);
      expect([object.has("k2"), object.has("k300")]).toEqual([true, false]);
    },
  );
});
