import { decodeBase64Url } from "../../base/base64url.ts";
import { withoutEnding } from "../../base/text/wording.ts";
import { objectOf, readContent, type TokenPart } from "../../jose/token/content.ts";
import type { RecognisedPayload } from "./recognised-payload.ts";

type Decoder = readonly [what: string, fix: string, decode: (text: string) => Uint8Array | undefined];

const utf8 = (text: string) => new TextEncoder().encode(text);

/** Encodings that a library does by itself, so that whoever does them too has them twice. */
const DECODERS: readonly Decoder[] = [
  [
    "base64 of JSON: the claims were encoded twice",
    "give the library the claims as they are: it does the base64url itself",
    (text) => {
      const bare = withoutEnding(text.trim().replaceAll("+", "-").replaceAll("/", "_"), "=");
      const { ok, bytes } = decodeBase64Url(bare);
      return ok ? bytes : undefined;
    },
  ],
  [
    "hexadecimal of JSON",
    "give the library the claims as they are, not in hexadecimal",
    (text) =>
      /^(?:[0-9a-f]{2})+$/i.test(text.slice(0, LONGEST_HEX))
        ? Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
        : undefined,
  ],
  [
    "JSON in percent-encoding (%7B)",
    "leave encodeURIComponent out: base64url needs no percent-encoding",
    (text) => {
      if (!/^%(?:25)?7B/i.test(text)) return undefined;
      try {
        return utf8(
          decodeURIComponent(
            text.replace(/^%257B/i, "").length < text.length ? decodeURIComponent(text) : text,
          ),
        );
      } catch {
        return undefined;
      }
    },
  ],
  [
    "JSON with the entities of HTML (&quot;) in it",
    "take the escaping for HTML out: the claims are no page",
    (text) =>
      text.includes("&quot;") || text.includes("&#34;")
        ? utf8(text.replace(/&quot;|&#34;/g, '"'))
        : undefined,
  ],
  [
    'JSON with a backslash before every quote (\\")',
    "take the escaping out: write the JSON as the serialiser makes it",
    (text) => (/^\s*\{\s*\\"/.test(text) ? utf8(text.replace(/\\(["\\])/g, "$1")) : undefined),
  ],
];
/** A longer run can exhaust the stack of an expression. */
const LONGEST_HEX = 100_000;

/** JSON inside a JSON string inside a string; more nobody writes. */
const MOST_STRINGS = 4;

/** A payload that is JSON only when an encoding is taken off: shown by taking it off. */
export function encodedTwice({ content }: TokenPart): RecognisedPayload | undefined {
  if (content.kind === "json") return jsonInJson(content.value);
  if (content.kind !== "text") return undefined;
  for (const [what, fix, decode] of DECODERS) {
    const bytes = decode(content.text);
    const read = bytes && readContent(bytes);
    if (bytes !== undefined && objectOf(read) !== undefined && read !== undefined)
      return { code: "payload_encoded_twice", what, fix, reading: { content: read, bytes } };
  }
  return undefined;
}

function jsonInJson(value: unknown): RecognisedPayload | undefined {
  let inner = value;
  for (let level = 0; level < MOST_STRINGS && typeof inner === "string"; level++) {
    const bytes = utf8(inner);
    const content = readContent(bytes);
    if (objectOf(content) !== undefined)
      return {
        code: "payload_encoded_twice",
        what: "JSON inside a JSON string: the claims were serialised twice",
        fix: "serialise the claims once: leave out JSON.stringify (json.dumps) where the library does it",
        reading: { content, bytes },
      };
    inner = content.kind === "json" ? content.value : undefined;
  }
  return undefined;
}
