import { safe } from "./sanitize.ts";
import type { Style } from "./style.ts";
import { wrapText } from "./wrap.ts";

/** A command at the end of a message, which users copy: it begins the text or follows a colon. */
const COMMAND = /(?:^|: )((?:jwtctl|jq|export|chmod|openssl) .*)$/s;

/**
 * `error: …`, `hint: …`, `note: …`: a label and what it says, wrapped at blanks under the first word on a terminal. A
 * command at the end is never broken, nor is a long word: the terminal may fold them, and what is copied stays whole.
 *
 * @param label with its colon
 * @param text jwtctl's own, or foreign: it is escaped here
 */
export function messageText(
  label: string,
  paint: (label: string) => string,
  text: string,
  style: Style,
): string {
  const shown = safe(text);
  const margin = label.length + 1;
  const command = shown.match(COMMAND)?.[1] ?? "";
  const lines = [
    ...wrapText(shown.slice(0, shown.length - command.length).trimEnd(), style.columns, margin, false),
  ];
  if (command !== "") place(command, lines, (style.columns ?? Number.POSITIVE_INFINITY) - margin);
  return `${paint(label)} ${lines.join(`\n${" ".repeat(margin)}`)}\n`;
}

/** Puts the command on the last line when it fits, else on a line of its own. */
function place(command: string, lines: string[], width: number): void {
  const last = lines.pop() ?? "";
  const joined = last === "" ? command : `${last} ${command}`;
  lines.push(...(joined.length <= width ? [joined] : [last, command].filter((line) => line !== "")));
}
