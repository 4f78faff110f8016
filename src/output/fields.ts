import { largest } from "../core/base/largest.ts";
import type { Style } from "./style.ts";
import { wrapText } from "./wrap.ts";

export { counted } from "../core/base/text/wording.ts";

/** A label and its value, both already safe to show. */
export type Field = readonly [label: string, value: string];

/**
 * Labels and values, indented and aligned, one pair on a line. Further lines of a value, also wrapped ones, are aligned
 * with its first.
 */
export function fields(rows: readonly Field[], style: Style): string {
  const width = largest(rows.map(([label]) => label.length));
  const margin = width + 4;
  return rows
    .map(([label, value]) => {
      const lines = value.split("\n").flatMap((line) => wrapText(line, style.columns, margin));
      return `  ${style.dim(label.padEnd(width))}  ${lines.join(`\n${" ".repeat(margin)}`)}\n`;
    })
    .join("");
}
