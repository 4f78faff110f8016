import { escapeCodeUnits, isUnsafe, UNSAFE_CHARACTERS } from "../core/base/text/unsafe-characters.ts";

const UNSAFE_ALL = new RegExp(UNSAFE_CHARACTERS, "g");

/**
 * Foreign text made safe to show on one line of a terminal: every character that acts or hides is written as its
 * `\uXXXX` escape, newline and tab included. Everything a view prints that jwtctl did not write itself (claims, header
 * fields, names, kids, paths, error texts) passes through here.
 */
export function safe(text: string): string {
  return isUnsafe(text) ? text.replace(UNSAFE_ALL, escapeCodeUnits) : text;
}

/** {@link safe}, cut to at most `width` UTF-16 units with an ellipsis. */
export function safeShort(text: string, width: number): string {
  const shown = safe(text);
  return shown.length <= width ? shown : `${shown.slice(0, wholeCharacters(shown, Math.max(0, width - 1)))}…`;
}

/** Where to cut a text at or before `end`, so that no character beyond the BMP is cut in half. */
export function wholeCharacters(text: string, end: number): number {
  const code = end < text.length ? text.charCodeAt(end - 1) : 0;
  return code >= 0xd800 && code <= 0xdbff ? end - 1 : end;
}
