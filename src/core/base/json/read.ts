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
      /** JSON Pointers (RFC 6901) of the members whose name came before in their object; at most `MAX_DUPLICATES`. */
      readonly duplicates: readonly string[];
      /** `writeJson` writes the value as this very text: it is compact, and nothing in it has to be escaped. */
      readonly asWritten: boolean;
    }
  | {
      readonly ok: false;
      /** What is wrong, as in "expected a colon". */
      readonly reason: string;
      /** Where: UTF-16 code units from the start of the text. */
      readonly position: number;
      /** The text is a beginning of JSON that ends too early: something was cut off. */
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
