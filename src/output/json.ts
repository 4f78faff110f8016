import { jsonFrom } from "../core/base/json/value.ts";
import { writeJson } from "../core/base/json/write.ts";

/** The JSON document that a command prints: indented, safe for a terminal, with a final line break. */
export function jsonDocument(value: unknown): string {
  return `${writeJson(jsonFrom(value), 2)}\n`;
}

/** A time of the store (ms) in ISO 8601, UTC, with `Z`; null stays null. */
export function jsonTime(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}
