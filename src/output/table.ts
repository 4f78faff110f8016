import stringWidth from "fast-string-width";
import type { Style } from "./style.ts";

export interface Column<Row> {
  readonly title: string;
  /** The cell, already sanitised; one line. */
  readonly cell: (row: Row) => string;
  /** How to colour the padded cell. */
  readonly paint?: (text: string, row: Row, style: Style) => string;
  readonly align?: "left" | "right";
  /** May be cut with an ellipsis when the terminal is too narrow; the widest such column gives way first. */
  readonly shrinks?: boolean;
}

const GAP = "  ";
const NARROWEST = 6;

/** An aligned table with a header line. On a terminal it fits the width; in a pipe nothing is cut. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], style: Style): string {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const widths = columns.map((column, index) =>
    Math.max(stringWidth(column.title), ...cells.map((line) => stringWidth(line[index] ?? ""))),
  );
  if (style.columns !== undefined) shrink(widths, columns, style.columns);
  const heading = columns.map((column, index) =>
    style.dim(toWidth(column.title, widths[index] ?? 0, column.align)),
  );
  const lines = [heading.join(GAP).trimEnd()];
  rows.forEach((row, rowIndex) => {
    const line = columns.map((column, index) => {
      const text = toWidth(cells[rowIndex]?.[index] ?? "", widths[index] ?? 0, column.align);
      return column.paint ? column.paint(text, row, style) : text;
    });
    lines.push(line.join(GAP).trimEnd());
  });
  return `${lines.join("\n")}\n`;
}

function shrink<Row>(widths: number[], columns: readonly Column<Row>[], available: number): void {
  const total = () => widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1));
  while (total() > available) {
    let widest = -1;
    columns.forEach((column, index) => {
      if (
        column.shrinks &&
        (widths[index] ?? 0) > NARROWEST &&
        (widths[index] ?? 0) > (widths[widest] ?? 0)
      ) {
        widest = index;
      }
    });
    if (widest < 0) return;
    widths[widest] = Math.max(NARROWEST, (widths[widest] ?? 0) - Math.max(1, total() - available));
  }
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
