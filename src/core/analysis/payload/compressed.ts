import type { PackedForm, Unpack } from "../../jose/ports/unpack.ts";
import { readContent, type TokenPart } from "../../jose/token/content.ts";
import type { RecognisedPayload } from "./recognised-payload.ts";

/** Unpacking stops here: a kilobyte can hold a megabyte. */
const MOST_UNPACKED_BYTES = 250_000;

const NAMES: Readonly<Record<PackedForm, string>> = { deflate: "raw DEFLATE", zlib: "zlib", gzip: "gzip" };
const HEALTH_CARD =
  "if it is a SMART Health Card, that is its form: it is verified with a library for these. A JWT is not compressed: take the compression out";
const NOT_COMPRESSED =
  "do not compress: in JJWT take compressWith(…) out. No other library takes a compressed payload for claims (RFC 7519 section 7.2)";

/** A payload of compressed JSON. @param zip the header's member */
export function compressed(
  payload: TokenPart,
  zip: string | undefined,
  unpack: Unpack,
): RecognisedPayload | undefined {
  if (payload.content.kind === "json") return undefined;
  const form = formOf(payload.bytes) ?? (zip === "DEF" ? "deflate" : undefined);
  if (form === undefined) return undefined;
  const bytes = unpack(payload.bytes, form, MOST_UNPACKED_BYTES);
  const name = NAMES[form];
  const said = zip === "DEF" && form !== "deflate" ? `; "zip": "DEF" means raw DEFLATE` : "";
  const found = {
    code: "payload_compressed",
    fix: form === "deflate" ? HEALTH_CARD : NOT_COMPRESSED,
  } as const;
  if (bytes === undefined) {
    // Two bytes may look like a header by chance; the token itself must say that it is compressed.
    if (zip === undefined) return undefined;
    return {
      ...found,
      what: "said to be compressed (zip), and is damaged: it cannot be unpacked",
      packed: { form, outcome: "damaged" },
    };
  }
  if (bytes === "too_large")
    return {
      ...found,
      what: `compressed (${name}), and larger than 250 KB unpacked: unpacking stopped there`,
      packed: { form, outcome: "too_large" },
    };
  return {
    ...found,
    what: `compressed (${name}${said})${form === "deflate" ? "" : ": only JJWT reads it"}`,
    reading: { content: readContent(bytes), bytes },
    packed: { form, outcome: "read" },
  };
}

/** By its first bytes; raw DEFLATE has no mark. */
function formOf([first = 0, second = 0]: Uint8Array): PackedForm | undefined {
  if (first === 0x1f && second === 0x8b) return "gzip";
  // RFC 1950 section 2.2: method 8, a window of at most 32 KB, and a check by 31.
  const isZlib = (first & 0x8f) === 0x08 && (first * 256 + second) % 31 === 0 && (second & 0x20) === 0;
  return isZlib ? "zlib" : undefined;
}
