import { type Base64UrlFault, decodeBase64Url } from "../../base/base64url.ts";
import { readJson } from "../../base/json/read.ts";
import { JsonObject, type JsonValue } from "../../base/json/value.ts";
import { withoutEnding } from "../../base/text/wording.ts";
import type { Finding } from "./finding.ts";

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

/** `typ` of an access token (RFC 9068 section 2.1). */
export const ACCESS_TOKEN_TYPE = "at+jwt";

/** Media types: in any case, and `application/` may be left out when no other `/` occurs (RFC 7515 section 4.1.9). */
export function isSameMediaType(first: string, second: string): boolean {
  return mediaType(first) === mediaType(second);
}

function mediaType(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes("/") ? lower : `application/${lower}`;
}

// The segments of a compact token, read leniently: what had to be put right is told.

/** A header or payload from its segment. @param repairs what is put right is added here */
export function readPart(text: string, repairs: Finding[]): TokenPart {
  const { bytes, fault } = readSegment(text, repairs);
  return { text, bytes, fault, content: readContent(bytes) };
}

/** RFC 7797: with `b64: false` the payload stands in the token as it is. */
export function rawPart(text: string): TokenPart {
  const bytes = new TextEncoder().encode(text);
  return { text, bytes, fault: undefined, content: readContent(bytes) };
}

const PADDING = { code: "padding_removed", message: "base64 padding (=) was removed" };
const ALPHABET = {
  code: "base64_alphabet",
  message: "the base64 alphabet (+ /) was read as base64url (- _)",
};

/** The bytes of a segment; the wrong alphabet and padding are put right. @param repairs is added to */
export function readSegment(text: string, repairs: Finding[]): Segment {
  const decoding = decodeBase64Url(text);
  if (decoding.ok) return { text, bytes: decoding.bytes, fault: undefined };
  const repaired = withoutEnding(text.replaceAll("+", "-").replaceAll("/", "_"), "=");
  const again = repaired === text ? decoding : decodeBase64Url(repaired);
  if (text.endsWith("=") && !repairs.includes(PADDING)) repairs.push(PADDING);
  if (/[+/]/.test(text) && !repairs.includes(ALPHABET)) repairs.push(ALPHABET);
  return { text, bytes: again.bytes, fault: again.ok ? undefined : again.fault };
}
