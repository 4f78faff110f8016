import type { Base64UrlFault } from "../../base/base64url.ts";
import { readJson } from "../../base/json/read.ts";
import { JsonObject, type JsonValue } from "../../base/json/value.ts";

/** One segment of a compact token: as it was written, and the bytes it stands for. */
export interface Segment {
  readonly text: string;
  readonly bytes: Uint8Array;
  /** What is wrong with its base64url; the bytes are then those that could be read. */
  readonly fault: Base64UrlFault | undefined;
}

/** What the bytes of a header or a payload are. */
export type Content =
  | {
      readonly kind: "json";
      readonly value: JsonValue;
      /** JSON Pointers of repeated member names. */
      readonly duplicates: readonly string[];
      /** The text itself, when `writeJson` would write the same. */
      readonly written: string | undefined;
    }
  /** UTF-8, but not JSON. */
  | {
      readonly kind: "text";
      readonly text: string;
      readonly reason: string;
      /** Where, in UTF-16 code units. */
      readonly position: number;
      /** It is the beginning of JSON. */
      readonly cut: boolean;
    }
  /** Not UTF-8. */
  | { readonly kind: "bytes" };

export interface TokenPart extends Segment {
  readonly content: Content;
}

// A byte order mark is kept: it is part of what was signed, and RFC 8259 section 8.1 forbids it in JSON.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function readContent(bytes: Uint8Array): Content {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { kind: "bytes" };
  }
  const reading = readJson(text);
  if (reading.ok) {
    const { value, duplicates, asWritten } = reading;
    return { kind: "json", value, duplicates, written: asWritten ? text : undefined };
  }
  const { reason, position, cut } = reading;
  return { kind: "text", text, reason, position, cut };
}

/** A text that begins like a JSON object and ends too early is a cut claims set, not a text of its own. */
export function isCutObject(content: Content): boolean {
  return content.kind === "text" && content.cut && content.text.startsWith("{");
}

/** The JSON object a part holds, or undefined. */
export function objectOf(content: Content | undefined): JsonObject | undefined {
  return content?.kind === "json" && content.value instanceof JsonObject ? content.value : undefined;
}

/** A string member, or undefined when it is missing or something else. */
export function stringMember(object: JsonObject | undefined, name: string): string | undefined {
  const value = object?.get(name);
  return typeof value === "string" ? value : undefined;
}
