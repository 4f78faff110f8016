import { describe, expect, it } from "vitest";
import { fields } from "../../../src/output/fields.ts";
import { createStyle } from "../../../src/output/style.ts";
import { type Column, table } from "../../../src/output/table.ts";

const style = (columns?: number) => createStyle({ color: false, isTerminal: columns !== undefined, columns });

type Row = readonly [id: string, count: string, note: string];
const ROWS: readonly Row[] = [
  ["first", "1", "a note that takes some room"],
  ["the second one", "22", "short"],
];
const COLUMNS: readonly Column<Row>[] = [
  { title: "ID", cell: ([id]) => id, shrinks: true },
  { title: "COUNT", cell: ([, count]) => count, align: "right", dispensable: 1 },
  { title: "NOTE", cell: ([, , note]) => note, shrinks: true },
];

describe("a table", () => {
  it("is whole in a pipe and where there is room", () => {
    const whole = [
      "ID              COUNT  NOTE",
      "first               1  a note that takes some room",
      "the second one     22  short",
      "",
    ].join("\n");
    expect(table(ROWS, COLUMNS, style())).toBe(whole);
    expect(table(ROWS, COLUMNS, style(80))).toBe(whole);
  });

  it("cuts what may be cut to a comfortable width, the widest first", () => {
    expect(table(ROWS, COLUMNS, style(40)).split("\n")).toEqual([
      "ID              COUNT  NOTE",
      "first               1  a note that take…",
      "the second one     22  short",
      "",
    ]);
  });

  it("leaves out what can be spared before it cuts further", () => {
    expect(table(ROWS, COLUMNS, style(32)).split("\n")).toEqual([
      "ID              NOTE",
      "first           a note that tak…",
      "the second one  short",
      "",
    ]);
    expect(table(ROWS, COLUMNS, style(20)).split("\n")[2]).toBe("the second …  short");
  });

  it("leaves out what can be spared, and cuts the others, before it cuts what it is read for", () => {
    const columns = COLUMNS.map((column) =>
      column.title === "NOTE" ? { ...column, precious: true } : column,
    );
    expect(table(ROWS, columns, style(45)).split("\n")[1]).toBe(
      "first           a note that takes some room",
    );
    expect(table(ROWS, columns, style(36)).split("\n").slice(1, 3)).toEqual([
      "first    a note that takes some room",
      "the se…  short",
    ]);
    expect(table(ROWS, columns, style(24)).split("\n")[1]).toBe("first   a note that tak…");
  });

  it("puts a column that would be too narrow to read under the rows", () => {
    const long = "a note that takes far more room than there is beside the others here";
    const rows: readonly Row[] = [
      ["first", "1", long],
      ["the second one", "22", ""],
    ];
    const columns = COLUMNS.map((column) =>
      column.title === "NOTE" ? { ...column, shrinks: false, wraps: "below" as const } : column,
    );
    expect(table(rows, columns, style(100)).split("\n")[1]).toBe(`first               1  ${long}`);
    expect(table(rows, columns, style(60)).split("\n")[2]).toMatch(/^ {23}\S/);
    expect(table(rows, columns, style(50)).split("\n")).toEqual([
      "ID              COUNT",
      "first               1",
      "    a note that takes far more room than there is",
      "    beside the others here",
      "the second one     22",
      "",
    ]);
  });

  it("goes on in the next line in a column that wraps", () => {
    const columns = COLUMNS.map((column) =>
      column.title === "NOTE" ? { ...column, shrinks: false, wraps: true } : column,
    );
    expect(table(ROWS, columns, style(41)).split("\n")).toEqual([
      "ID              COUNT  NOTE",
      "first               1  a note that takes",
      "                       some room",
      "the second one     22  short",
      "",
    ]);
  });

  it("never exceeds the terminal while anything gives way", () => {
    for (let columns = 16; columns < 60; columns++) {
      for (const line of table(ROWS, COLUMNS, style(columns)).split("\n")) {
        expect(line.length).toBeLessThanOrEqual(columns);
      }
    }
  });

  it("can have more rows than a function can have arguments", () => {
    const rows = Array.from({ length: 300_000 }, (): Row => ["x", "1", "y"]);
    expect(table(rows, COLUMNS, style()).split("\n")).toHaveLength(300_002);
  });
});

describe("labels and values", () => {
  it("are aligned, and values too long for the terminal go on below themselves", () => {
    const rows = [
      ["name", "alice"],
      ["until", "2026-03-01 12:00:00 UTC (in 14 days); every refresh moves this on"],
    ] as const;
    expect(fields(rows, style(40)).split("\n")).toEqual([
      "  name   alice",
      "  until  2026-03-01 12:00:00 UTC (in 14",
      "         days); every refresh moves this",
      "         on",
      "",
    ]);
    expect(fields(rows, style()).split("\n")).toHaveLength(3);
  });
});
