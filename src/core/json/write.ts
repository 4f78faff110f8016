import { escapeCodeUnits, UNSAFE_CHARACTERS } from "../unsafe-characters.ts";
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
  return UNSAFE.test(quoted) ? quoted.replace(UNSAFE_ALL, escapeCodeUnits) : quoted;
}

const UNSAFE = new RegExp(UNSAFE_CHARACTERS);
const UNSAFE_ALL = new RegExp(UNSAFE_CHARACTERS, "g");
