import { escapeCodeUnits, isUnsafe, UNSAFE_CHARACTERS } from "../core/base/text/unsafe-characters.ts";

const UNSAFE_ALL = new RegExp(UNSAFE_CHARACTERS, "g");

/**
 * Makes foreign text safe for one line of a terminal: unsafe characters, line breaks and tabs included, are written as
 * `\uXXXX`. All foreign text of a view (claims, header parameters, names, kids, paths, errors) passes through here.
 */
export function safe(text: string): string {
  return isUnsafe(text) ? text.replace(UNSAFE_ALL, escapeCodeUnits) : text;
}

/** {@link safe}, cut to at most `width` UTF-16 units with an ellipsis. */
export function safeShort(text: string, width: number): string {
  const shown = safe(text);
  return shown.length <= width ? shown : `${shown.slice(0, wholeCharacters(shown, Math.max(0, width - 1)))}…`;
}

/** The index at or before `end` where a text can be cut without splitting a surrogate pair. */
export function wholeCharacters(text: string, end: number): number {
  const code = end < text.length ? text.charCodeAt(end - 1) : 0;
  return code >= 0xd800 && code <= 0xdbff ? end - 1 : end;
}
