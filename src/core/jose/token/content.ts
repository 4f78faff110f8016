import { type Base64UrlFault, decodeBase64Url } from "../../base/base64url.ts";
import { readJson } from "../../base/json/read.ts";
import { JsonObject, type JsonValue } from "../../base/json/value.ts";
import { withoutEnding } from "../../base/text/wording.ts";
import type { Finding } from "./finding.ts";

/** One segment of a compact token: its text and its decoded bytes. */
export interface Segment {
  readonly text: string;
  readonly bytes: Uint8Array;
  /** The fault in its base64url; `bytes` is then what could be decoded. */
  readonly fault: Base64UrlFault | undefined;
}

/** The content of a header or payload. */
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

/** Whether a text is the beginning of a JSON object: a claims set that was cut off. */
export function isCutObject(content: Content): boolean {
  return content.kind === "text" && content.cut && content.text.startsWith("{");
}

/** The content as a JSON object; undefined for any other content. */
export function objectOf(content: Content | undefined): JsonObject | undefined {
  return content?.kind === "json" && content.value instanceof JsonObject ? content.value : undefined;
}

/** A string member, or undefined when it is missing or something else. */
export function stringMember(object: JsonObject | undefined, name: string): string | undefined {
  const value = object?.get(name);
  return typeof value === "string" ? value : undefined;
}

/** `typ` of an access token (RFC 9068 section 2.1). */
export const ACCESS_TOKEN_TYPE = "at+jwt";

/**
 * Compares media types: without case, and with `application/` left out when there is no other `/` (RFC 7515 section
 * 4.1.9).
 */
export function isSameMediaType(first: string, second: string): boolean {
  return mediaType(first) === mediaType(second);
}

function mediaType(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes("/") ? lower : `application/${lower}`;
}

// The segments of a compact token are decoded leniently; every repair is reported.

/** Decodes a header or payload from its segment. @param repairs gets the repairs that were made */
export function readPart(text: string, repairs: Finding[]): TokenPart {
  const { bytes, fault } = readSegment(text, repairs);
  return { text, bytes, fault, content: readContent(bytes) };
}

/** An unencoded payload (`b64: false`, RFC 7797). */
export function rawPart(text: string): TokenPart {
  const bytes = new TextEncoder().encode(text);
  return { text, bytes, fault: undefined, content: readContent(bytes) };
}

const PADDING = { code: "padding_removed", message: "base64 padding (=) was removed" };
const ALPHABET = {
  code: "base64_alphabet",
  message: "the base64 alphabet (+ /) was read as base64url (- _)",
};

/** Decodes a segment; repairs padding and the base64 alphabet. @param repairs gets the repairs that were made */
export function readSegment(text: string, repairs: Finding[]): Segment {
  const decoding = decodeBase64Url(text);
  if (decoding.ok) return { text, bytes: decoding.bytes, fault: undefined };
  const repaired = withoutEnding(text.replaceAll("+", "-").replaceAll("/", "_"), "=");
  const again = repaired === text ? decoding : decodeBase64Url(repaired);
  if (text.endsWith("=") && !repairs.includes(PADDING)) repairs.push(PADDING);
  if (/[+/]/.test(text) && !repairs.includes(ALPHABET)) repairs.push(ALPHABET);
  return { text, bytes: again.bytes, fault: again.ok ? undefined : again.fault };
}
