import { ExactNumber, JsonObject, type JsonValue } from "./value.ts";

/**
 * Writes JSON text. Numbers come out digit for digit; control, bidirectional and invisible characters as `\u`
 * escapes, which every parser reads back as the same string and no terminal obeys.
 *
 * @param indent spaces per level; 0 for one line
 */
export function writeJson(value: JsonValue, indent = 0): string {
  return write(value, indent, indent > 0 ? "\n" : "");
}

function write(value: JsonValue, indent: number, newline: string): string {
  if (value === null || typeof value === "boolean" || typeof value === "number") return String(value);
  if (typeof value === "string") return writeString(value);
  if (value instanceof ExactNumber) return value.text;
  const inner = newline === "" ? "" : newline + " ".repeat(indent);
  if (value instanceof JsonObject) {
    if (value.members.length === 0) return "{}";
    const colon = newline === "" ? ":" : ": ";
    const members = value.members.map(
      ([name, member]) => writeString(name) + colon + write(member, indent, inner),
    );
    return `{${inner}${members.join(`,${inner}`)}${newline}}`;
  }
  if (value.length === 0) return "[]";
  return `[${inner}${value.map((item) => write(item, indent, inner)).join(`,${inner}`)}${newline}]`;
}

function writeString(text: string): string {
  const quoted = JSON.stringify(text);
  return UNSAFE.test(quoted) ? quoted.replace(UNSAFE_ALL, escapeCodeUnit) : quoted;
}

// What JSON.stringify leaves as it is and a terminal or a reader may be misled by: DEL and C1; soft hyphen, Arabic
// letter mark, combining grapheme joiner, Hangul and Khmer fillers, Mongolian separators; zero-width and bidirectional
// characters; line and paragraph separators; invisible operators; variation selectors' neighbours; BOM; interlinear
// annotation. The display sanitiser (output/sanitize.ts) has the same list.
const UNSAFE_CLASS =
  "\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff0-\\ufffb";
const UNSAFE = new RegExp(`[${UNSAFE_CLASS}]|\\udb40[\\udc00-\\udfff]`);
const UNSAFE_ALL = new RegExp(UNSAFE.source, "g");

function escapeCodeUnit(match: string): string {
  let escaped = "";
  for (let index = 0; index < match.length; index++) {
    escaped += `\\u${match.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }
  return escaped;
}
