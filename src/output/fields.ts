import type { Style } from "./style.ts";

export { counted } from "../core/counted.ts";

/** A label and its value, both ready to be shown. */
export type Field = readonly [label: string, value: string];

/** Labels and values, indented and aligned, one to a line. A value's further lines are aligned with its first. */
export function fields(rows: readonly Field[], style: Style): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  const margin = " ".repeat(width + 4);
  return rows
    .map(
      ([label, value]) => `  ${style.dim(label.padEnd(width))}  ${value.replaceAll("\n", `\n${margin}`)}\n`,
    )
    .join("");
}
