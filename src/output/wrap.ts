import { wrapAnsi } from "fast-wrap-ansi";

/** Lines longer than this are hard to read, however wide the terminal. */
export const READABLE_WIDTH = 100;
const NARROWEST = 20;

/**
 * Text broken at blanks for a terminal of so many columns, `margin` of them kept free; whole in a pipe.
 * @param hard whether words that are too long for a line are broken, too
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
 * A label and text beside it, both painted; further lines are indented by `margin`.
 *
 * @param labelWidth the columns that the label takes
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
