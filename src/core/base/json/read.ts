import { isUnsafe } from "../text/unsafe-characters.ts";
import { duplicatesIn } from "./duplicates.ts";
import { Failure, Reader } from "./reader.ts";
import type { JsonValue } from "./value.ts";

export { MAX_DUPLICATES } from "./duplicates.ts";
export { MAX_JSON_DEPTH } from "./reader.ts";

export type JsonReading =
  | {
      readonly ok: true;
      readonly value: JsonValue;
      /** JSON Pointers (RFC 6901) of members whose name occurred before in their object; at most `MAX_DUPLICATES`. */
      readonly duplicates: readonly string[];
      /** Whether `writeJson` gives exactly this text: it is compact and needs no escape. */
      readonly asWritten: boolean;
    }
  | {
      readonly ok: false;
      /** The fault, as in "expected a colon". */
      readonly reason: string;
      /** The position of the fault, in UTF-16 code units. */
      readonly position: number;
      /** Whether the text is the beginning of JSON and ends too early. */
      readonly cut: boolean;
    };

const NONE: readonly string[] = [];

/**
 * Reads JSON text (RFC 8259) without losing anything: member order, repeated names, the digits of every number.
 * Strict: no comments, no trailing commas, no byte order mark, nothing after the value.
 */
export function readJson(text: string): JsonReading {
  const reader = new Reader(text);
  try {
    const value = reader.document();
    const asWritten = reader.compact && (reader.ascii || !isUnsafe(text));
    return { ok: true, value, duplicates: reader.repeats ? duplicatesIn(value) : NONE, asWritten };
  } catch (error) {
    if (error instanceof Failure) {
      return { ok: false, reason: error.reason, position: error.position, cut: error.cut };
    }
    throw error;
  }
}
