import { ExactNumber, JsonObject, type JsonValue } from "./value.ts";

/**
 * Writes JSON text. Numbers come out digit for digit; control, bidirectional and invisible characters as `\u`
 * escapes, which every parser reads back as the same string and no terminal obeys.
 *
 * @param indent spaces per level; 0 for one line
 */
export function writeJson(value: JsonValue, indent = 0): string {
  return indent > 0 ? writeIndented(value, " ".repeat(indent), "\n") : writeLine(value);
}

function writeLine(value: JsonValue): string {
  if (typeof value === "string") return writeString(value);
  if (value === null || typeof value === "boolean" || typeof value === "number") return String(value);
  if (value instanceof ExactNumber) return value.text;
  let text = "";
  if (value instanceof JsonObject) {
    for (const [name, member] of value.members) {
      text += `${text === "" ? "{" : ","}${writeString(name)}:${writeLine(member)}`;
    }
    return text === "" ? "{}" : `${text}}`;
  }
  for (const item of value) text += `${text === "" ? "[" : ","}${writeLine(item)}`;
  return text === "" ? "[]" : `${text}]`;
}

/** @param newline a line break and the white space that the present level is indented with */
function writeIndented(value: JsonValue, indent: string, newline: string): string {
  const inner = newline + indent;
  if (value instanceof JsonObject) {
    if (value.members.length === 0) return "{}";
    const members = value.members.map(
      ([name, member]) => `${writeString(name)}: ${writeIndented(member, indent, inner)}`,
    );
    return `{${inner}${members.join(`,${inner}`)}${newline}}`;
  }
  if (isArray(value) && value.length > 0) {
    const items = value.map((item) => writeIndented(item, indent, inner));
    return `[${inner}${items.join(`,${inner}`)}${newline}]`;
  }
  return writeLine(value);
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

// What a terminal or a reader may be misled by and JSON.stringify leaves as it is: DEL and C1; soft hyphen, Arabic
// letter mark, combining grapheme joiner, Hangul and Khmer fillers, Mongolian separators; zero-width and bidirectional
// characters; line and paragraph separators; invisible operators; variation selectors' neighbours; BOM; interlinear
// annotation. The display sanitiser (output/sanitize.ts) has the same list.
const UNSAFE_CLASS =
  "\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff0-\\ufffb";
const UNSAFE_ALL = new RegExp(`[${UNSAFE_CLASS}]|\\udb40[\\udc00-\\udfff]`, "g");
// What JSON itself escapes, and all the above. Surrogates are looked at more closely only when there are any.
const NEEDS_CARE = new RegExp(`["\\\\\\u0000-\\u001f${UNSAFE_CLASS}\\ud800-\\udfff]`);

/** Most names and values need no escape: they are found with one test and only put in quotes. */
function writeString(text: string): string {
  return NEEDS_CARE.test(text) ? JSON.stringify(text).replace(UNSAFE_ALL, escapeCodeUnits) : `"${text}"`;
}

function escapeCodeUnits(match: string): string {
  let escaped = "";
  for (let index = 0; index < match.length; index++) {
    escaped += `\\u${match.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }
  return escaped;
}
