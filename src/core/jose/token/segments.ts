import { decodeBase64Url } from "../../base/base64url.ts";
import { withoutEnding } from "../../base/text/without-ending.ts";
import { readContent, type Segment, type TokenPart } from "./content.ts";
import type { Finding } from "./finding.ts";

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
