import { JsonObject, type JsonValue } from "../../base/json/value.ts";
import { writeJson } from "../../base/json/write.ts";
import { quoted } from "./check.ts";

/** A longer number is cut. */
const LONGEST_NUMBER = 40;

/** A JSON value in words, as in "the number 42", "null", "the text "a"", "an object". */
export function described(value: JsonValue): string {
  if (typeof value === "string") return `the text ${quoted(value)}`;
  if (value === null || typeof value === "boolean") return `${value}`;
  if (Array.isArray(value)) return "a list";
  if (value instanceof JsonObject) return "an object";
  return `the number ${writeJson(value).slice(0, LONGEST_NUMBER)}`;
}
