import { wrapAnsi } from "fast-wrap-ansi";

/** The longest readable line, in columns, on a wider terminal. */
export const READABLE_WIDTH = 100;
const NARROWEST = 20;

/**
 * Wraps text at blanks for a terminal with `margin` columns kept free; unchanged in a pipe.
 * @param hard whether words that are too long for a line are broken
 */
export function wrapText(
  text: string,
  columns: number | undefined,
  margin = 0,
  hard = true,
): readonly string[] {
  if (columns === undefined) return [text];
  const width = Math.max(NARROWEST, Math.min(READABLE_WIDTH, columns) - margin);
  return wrapAnsi(text, width, { hard }).split("\n");
}

/**
 * A label with wrapped text beside it, both coloured; further lines are indented by `margin`.
 *
 * @param labelWidth the width of the label, in columns
 */
export function withLabel(
  label: string,
  labelWidth: number,
  text: string,
  { margin, columns }: { readonly margin: number; readonly columns: number | undefined },
): string {
  const indent = `\n${" ".repeat(margin)}`;
  return labelWidth < margin
    ? `${label} ${wrapText(text, columns, margin).join(indent)}\n`
    : `${wrapText(`${label} ${text}`, columns, margin).join(indent)}\n`;
}
