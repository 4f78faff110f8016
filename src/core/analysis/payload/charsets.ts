import { type Content, objectOf, readContent, type TokenPart } from "../../jose/token/content.ts";
import type { RecognisedPayload } from "./recognised-payload.ts";

const WRITE_UTF8 =
  'encode the JSON as UTF-8 (RFC 7519 section 3): getBytes(StandardCharsets.UTF_8), Encoding.UTF8, encode("utf-8")';

interface Charset {
  readonly label: string;
  readonly what: string;
  readonly fix: string;
  readonly isLikely: (bytes: Uint8Array) => boolean;
}

/** The particular before the general: as Latin-1 everything can be read. */
const CHARSETS: readonly Charset[] = [
  {
    label: "utf-16le",
    what: "UTF-16 (little endian), not UTF-8",
    fix: WRITE_UTF8,
    isLikely: ([first, second]) => (first === 0xff && second === 0xfe) || (isPrinted(first) && second === 0),
  },
  {
    label: "utf-16be",
    what: "UTF-16 (big endian), not UTF-8",
    fix: WRITE_UTF8,
    isLikely: ([first, second]) => (first === 0xfe && second === 0xff) || (first === 0 && isPrinted(second)),
  },
  {
    label: "utf-8",
    what: "JSON with a byte order mark before it, which JSON must not have (RFC 8259 section 8.1)",
    fix: "write the JSON without a byte order mark: in .NET new UTF8Encoding(false), in Python utf-8 in place of utf-8-sig",
    isLikely: ([first, second, third]) => first === 0xef && second === 0xbb && third === 0xbf,
  },
  {
    label: "windows-1252",
    what: "not UTF-8: in Latin-1 (or Windows-1252) it is JSON",
    fix: WRITE_UTF8,
    isLikely: (bytes) => bytes.some((byte) => byte >= 0x80),
  },
];

function isPrinted(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x20 && byte < 0x7f;
}

/** A payload that is JSON in another encoding than UTF-8, or has a byte order mark: shown by reading it so. */
export function otherCharset({ bytes, content }: TokenPart): RecognisedPayload | undefined {
  if (content.kind === "json") return undefined;
  for (const { label, what, fix, isLikely } of CHARSETS) {
    if (label === "windows-1252" && content.kind === "text") continue;
    if (!isLikely(bytes)) continue;
    const reading = readAs(bytes, label);
    if (reading !== undefined) return { code: "payload_charset", what, fix, reading };
  }
  return undefined;
}

function readAs(
  bytes: Uint8Array,
  label: string,
): { readonly content: Content; readonly bytes: Uint8Array } | undefined {
  // The decoder takes a byte order mark off.
  const read = new TextEncoder().encode(new TextDecoder(label).decode(bytes));
  const content = readContent(read);
  return objectOf(content) === undefined ? undefined : { content, bytes: read };
}
