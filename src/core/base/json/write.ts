import { escapeCodeUnits, UNSAFE_CHARACTERS } from "../text/unsafe-characters.ts";
import { ExactNumber, JsonObject, type JsonValue } from "./value.ts";

/** So many levels are indented. */
export const MOST_INDENTED = 16;

/**
 * Writes JSON text. Numbers keep their digits; control, bidirectional and invisible characters are written as `\u`
 * escapes, which parsers read as the same string and terminals do not obey.
 *
 * @param indent spaces per level; 0 for one line. What lies deeper than {@link MOST_INDENTED} is on one line in any case:
 *   the white space before it grows by the square
 */
export function writeJson(value: JsonValue, indent = 0): string {
  return indent > 0 ? writeIndented(value, { indent: " ".repeat(indent), level: 0 }, "\n") : writeLine(value);
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

interface Depth {
  /** The white space of one level. */
  readonly indent: string;
  readonly level: number;
}

/** @param newline a line break and the white space that the present level is indented with */
function writeIndented(value: JsonValue, { indent, level }: Depth, newline: string): string {
  if (level >= MOST_INDENTED) return writeLine(value);
  const inner = newline + indent;
  const deeper = { indent, level: level + 1 };
  if (value instanceof JsonObject) {
    if (value.members.length === 0) return "{}";
    const members = value.members.map(
      ([name, member]) => `${writeString(name)}: ${writeIndented(member, deeper, inner)}`,
    );
    return `{${inner}${members.join(`,${inner}`)}${newline}}`;
  }
  if (isArray(value) && value.length > 0) {
    const items = value.map((item) => writeIndented(item, deeper, inner));
    return `[${inner}${items.join(`,${inner}`)}${newline}]`;
  }
  return writeLine(value);
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

// JSON.stringify escapes quotes, backslashes, C0 and lone surrogates; other unsafe characters are escaped after it.
const NEEDS_CARE = new RegExp(`["\\\\]|${UNSAFE_CHARACTERS}`);
const UNSAFE_ALL = new RegExp(UNSAFE_CHARACTERS, "g");

/** Writes a string; most need no escape, which one test finds out. */
function writeString(text: string): string {
  return NEEDS_CARE.test(text) ? JSON.stringify(text).replace(UNSAFE_ALL, escapeCodeUnits) : `"${text}"`;
}
