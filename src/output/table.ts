import stringWidth from "fast-string-width";
import { wrapAnsi } from "fast-wrap-ansi";
import { largest } from "../core/base/largest.ts";
import type { Style } from "./style.ts";

export interface Column<Row> {
  readonly title: string;
  /** The text of the cell, already safe to show; one line. */
  readonly cell: (row: Row) => string;
  /** Colours the padded cell. */
  readonly paint?: (text: string, row: Row, style: Style) => string;
  readonly align?: "left" | "right";
  /** May be cut with an ellipsis on a narrow terminal; the widest such column is cut first. */
  readonly shrinks?: boolean;
  /** Is cut only when no other column can be cut or left out. */
  readonly precious?: boolean;
  /**
   * For the last column: what does not fit goes on in the next line; with `below`, where the column would be narrow,
   * its cells get lines of their own under the rows.
   */
  readonly wraps?: boolean | "below";
  /** May be left out on a narrow terminal; the smallest number is left out first. */
  readonly dispensable?: number;
}

const GAP = "  ";
const NARROWEST = 6;
/** The width below which columns are left out before others are cut further. */
const COMFORTABLE = 14;
/** The least width of a wrapping column that is easy to read. */
const READABLE = 30;
const INDENT = "    ";

/** An aligned table with a header line. On a terminal it fits the width; in a pipe nothing is cut. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], style: Style): string {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const natural = columns.map(({ title }, index) =>
    cells.reduce((width, line) => Math.max(width, stringWidth(line[index] ?? "")), stringWidth(title)),
  );
  const available = style.columns ?? Number.POSITIVE_INFINITY;
  const { shown, below } = arrange(columns, natural, available);
  const heading = shown.map(({ column, width }) => style.dim(toWidth(column.title, width, column.align)));
  const lines = [heading.join(GAP).trimEnd()];
  rows.forEach((row, rowIndex) => {
    const parts = shown.map(({ column, index, width }) =>
      broken(cells[rowIndex]?.[index] ?? "", width, column.wraps),
    );
    const height = largest(parts.map((part) => part.length));
    for (let at = 0; at < height; at++) {
      const line = shown.map(({ column, width }, place) => {
        const text = parts[place]?.[at];
        const padded = toWidth(text ?? "", width, column.align);
        return text !== undefined && column.paint ? column.paint(padded, row, style) : padded;
      });
      lines.push(line.join(GAP).trimEnd());
    }
    const under = below === undefined ? "" : (cells[rowIndex]?.[below] ?? "");
    if (under === "") return;
    const width = Math.max(COMFORTABLE, available - INDENT.length);
    lines.push(
      ...wrapAnsi(under, width, { hard: true })
        .split("\n")
        .map((text) => INDENT + text),
    );
  });
  return `${lines.join("\n")}\n`;
}

/** Chooses the columns side by side, and the index of the one whose cells go below the rows. */
function arrange<Row>(
  columns: readonly Column<Row>[],
  natural: readonly number[],
  available: number,
): { readonly shown: readonly ShownColumn<Row>[]; readonly below: number | undefined } {
  const shown = layOut(columns, natural, available);
  const cramped = shown.find(
    ({ column, index, width }) => column.wraps === "below" && width < Math.min(READABLE, natural[index] ?? 0),
  );
  if (cramped === undefined) return { shown, below: undefined };
  const others = columns.filter((column) => column !== cramped.column);
  return { shown: layOut(others, natural, available), below: cramped.index };
}

function broken(text: string, width: number, wraps: boolean | "below" = false): readonly string[] {
  return wraps && stringWidth(text) > width ? wrapAnsi(text, width, { hard: true }).split("\n") : [text];
}

interface ShownColumn<Row> {
  readonly column: Column<Row>;
  /** Its index among all columns. */
  readonly index: number;
  width: number;
}

/** Cuts columns to a comfortable width, then leaves out dispensable ones, and only then cuts further. */
function layOut<Row>(
  columns: readonly Column<Row>[],
  natural: readonly number[],
  available: number,
): readonly ShownColumn<Row>[] {
  const left = new Set(columns);
  const present = () =>
    columns.flatMap((column, index) =>
      left.has(column) ? [{ column, index, width: natural[index] ?? 0 }] : [],
    );
  for (;;) {
    const shown = present();
    if (
      shrink(
        shown.filter(({ column }) => !column.precious),
        shown,
        available,
        COMFORTABLE,
      )
    )
      return shown;
    const [spare] = [...left]
      .filter(({ dispensable }) => dispensable !== undefined)
      .sort((a, b) => (a.dispensable ?? 0) - (b.dispensable ?? 0));
    if (spare === undefined) break;
    left.delete(spare);
  }
  const shown = present();
  const common = shown.filter(({ column }) => !column.precious);
  if (!shrink(common, shown, available, NARROWEST)) shrink(shown, shown, available, NARROWEST);
  return shown;
}

/** Cuts columns until they fit. @param yielding the columns that may be cut @returns whether all columns fit */
function shrink<Row>(
  yielding: readonly ShownColumn<Row>[],
  shown: readonly ShownColumn<Row>[],
  available: number,
  narrowest: number,
): boolean {
  const total = () => shown.reduce((sum, { width }) => sum + width, GAP.length * (shown.length - 1));
  while (total() > available) {
    const [widest] = yielding
      .filter(({ column, width }) => (column.shrinks || column.wraps) && width > narrowest)
      .sort((a, b) => b.width - a.width);
    if (widest === undefined) return false;
    widest.width = Math.max(narrowest, widest.width - Math.max(1, total() - available));
  }
  return true;
}

function toWidth(text: string, width: number, align: "left" | "right" = "left"): string {
  const shown = stringWidth(text) > width ? cut(text, width) : text;
  const padding = " ".repeat(Math.max(0, width - stringWidth(shown)));
  return align === "right" ? padding + shown : shown + padding;
}

function cut(text: string, width: number): string {
  let shown = "";
  let used = 0;
  for (const character of text) {
    used += stringWidth(character);
    if (used > width - 1) break;
    shown += character;
  }
  return `${shown}…`;
}
