import { describe, expect, it } from "vitest";
import { Matcher } from "./match.ts";
import { readDeclarations } from "./shape.ts";

const matcher = (text: string) => new Matcher(readDeclarations(text));

describe("the comparison of documents with the types of the page", () => {
  const page = `
    type Time = string; // a comment
    type Who = { name: string; at: Time | null; state: "on" | "off"; more?: number[] };
    type List = (Who & { id: number })[];
    type Map = { [name: string]: boolean };
    type Kinds = { where: string } & ({ a: true } | { b: unknown });
  `;
  const good = { name: "x", at: null, state: "on" };

  it("takes what fits", () => {
    expect(matcher(page).faults("Who", good)).toEqual([]);
    expect(matcher(page).faults("Who", { ...good, more: [1] })).toEqual([]);
    expect(matcher(page).faults("List", [{ ...good, at: "2026-03-01T12:00:00Z", id: 1 }])).toEqual([]);
    expect(matcher(page).faults("Map", { a: true })).toEqual([]);
    expect(matcher(page).faults("Kinds", { where: "", b: null })).toEqual([]);
  });

  it.each([
    ["a member that is not declared", "Who", { ...good, extra: 1 }, "$.extra is not declared: 1"],
    ["a member that is missing", "Who", { at: null, state: "on" }, "$.name is missing"],
    ["another type", "Who", { ...good, name: 1 }, "$.name is not string: 1"],
    ["another word", "Who", { ...good, state: "gone" }, '$.state is not "on": "gone"'],
    ["a local time", "Who", { ...good, at: "2026-03-01T12:00:00" }, "$.at is no time in UTC"],
    [
      "one bad item of many",
      "List",
      [
        { ...good, id: 1 },
        { ...good, id: "2" },
      ],
      "$[1].id is not number",
    ],
    ["a list for an object", "Who", [], "$ is not an object"],
    ["an alternative that is none", "Kinds", { where: "", c: 1 }, "is missing"],
    ["two alternatives at once", "Kinds", { where: "", a: true, b: 1 }, "is not declared"],
    ["a bad value in a map", "Map", { a: 1 }, "$.a is not boolean"],
  ])("finds %s", (_, name, document, fault) => {
    expect(matcher(page).faults(name, document).join("\n")).toContain(fault);
  });

  it("knows what no document has had", () => {
    const comparison = matcher(page);
    comparison.faults("Who", good);
    expect(comparison.unseen(["Who"])).toEqual(["Who.at: Time", "Who.more: given", "Who.more: not empty"]);
    comparison.faults("Who", { ...good, at: "2026-03-01T12:00:00Z", more: [] });
    expect(comparison.unseen(["Who"])).toEqual(["Who.more: not empty"]);
    comparison.faults("Who", { ...good, more: [1] });
    expect(comparison.unseen(["Who"])).toEqual([]);
  });

  it("tells what is known of a type wherever it is a part", () => {
    const comparison = matcher(page);
    comparison.faults("List", [
      { ...good, more: [1], id: 1 },
      { ...good, id: 2 },
    ]);
    expect(comparison.unseen(["Who", "List"])).toEqual(["Who.at: Time"]);
    comparison.faults("Kinds", { where: "", a: true });
    expect(comparison.unseen(["Kinds"])).toEqual(["Kinds: {where} & {b}"]);
  });

  it("refuses types it does not understand", () => {
    expect(() => readDeclarations("type A = Array<string>;")).toThrow();
    expect(() => readDeclarations("type A = strnig;")).toThrow('"strnig" is no type');
    expect(() => readDeclarations("type A = string; type A = number;")).toThrow("twice");
    expect(() => matcher("type A = B;").faults("A", 1)).toThrow("B is not declared");
  });
});
