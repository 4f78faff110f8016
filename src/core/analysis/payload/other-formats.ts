import { type Content, objectOf, readContent, type TokenPart } from "../../jose/token/content.ts";
import { recognisePlaceholder } from "../recognition/placeholders.ts";
import { recogniseVariable } from "../recognition/variables.ts";
import type { RecognisedPayload } from "./recognised-payload.ts";

type Format = readonly [form: RegExp, what: string, fix: string];

const JSON_OF_IT = "write the claims as a JSON object (RFC 7519 section 7.1)";

/** How programs print what holds claims. The first match counts; a pattern sees the beginning only. */
const TEXTS: readonly Format[] = [
  [
    /^\s*\{\s*u?'[^']*'\s*:/,
    "a dict of Python, printed with str(), not JSON",
    "write json.dumps(claims) in place of str(claims)",
  ],
  [
    /^\s*(?:\{\s*(?::\w+|"[^"]*")\s*=>|\{\s*\w+:\s*(?:"|:\w)[^{]*=>)/,
    "a hash of Ruby, printed with to_s or inspect, not JSON",
    "write claims.to_json",
  ],
  [/^\s*%\{/, "a map of Elixir, printed with inspect, not JSON", "write Jason.encode!(claims)"],
  [/^\s*map\[/, "a map of Go, printed with fmt, not JSON", "write json.Marshal(claims)"],
  [
    /^\s*(?:\w+[({[])?\{?\w[\w.-]*=[^=&{}]*(?:, ?\w[\w.-]*=[^{}]*)*[\])}]{1,2}\s*$/,
    "an object of Java, Kotlin or Scala, printed with toString(), not JSON",
    "write it with a JSON library, as in new ObjectMapper().writeValueAsString(claims)",
  ],
  [/^[aOsib]:\d+:/, "a value of PHP (serialize), not JSON", "write json_encode($claims)"],
  [
    /^(?:Array|stdClass Object)\s*\(/,
    "an array of PHP, printed with print_r, not JSON",
    "write json_encode($claims)",
  ],
  [
    /^\s*\{\s*[A-Za-z_$][\w$]*\s*:/,
    "JSON5, or an object of JavaScript as it stands in code, not JSON: names need double quotes",
    "write JSON.stringify(claims)",
  ],
  [/^\s*<\?xml|^\s*<[A-Za-z][\w:.-]*[\s>/]/, "XML or HTML, not JSON", JSON_OF_IT],
  [
    /^[\w.%[\]-]{1,100}=[^\s&]*(?:&[\w.%[\]-]{1,100}=[^\s&]*)*$/,
    "a form (name=value&…), not JSON",
    "write the claims as a JSON object, not with URLSearchParams or http_build_query",
  ],
  [/^---\s|^[A-Za-z_][\w-]*:\s+\S[^\n]*(?:\n|$)/, "YAML, not JSON", JSON_OF_IT],
];

/** Formats that are not text, by their first bytes. */
const BINARY: readonly (readonly [first: readonly number[], what: string])[] = [
  [[0x28, 0xb5, 0x2f, 0xfd], "compressed (Zstandard), which a JWT is not"],
  [[0x50, 0x4b, 0x03, 0x04], "a ZIP archive, not JSON"],
  [[0xac, 0xed, 0x00, 0x05], "an object of Java (Serializable), not JSON"],
  [[0x30, 0x82], "ASN.1 (DER), as certificates and keys are, not JSON"],
  [[0x25, 0x50, 0x44, 0x46], "a PDF document, not JSON"],
  [[0x89, 0x50, 0x4e, 0x47], "an image, not JSON"],
  [[0xff, 0xd8, 0xff], "an image, not JSON"],
];

/** Only so much is looked at. */
const LOOKED_AT = 2_000;

/** A payload in another format than JSON. */
export function otherFormat({ bytes, content }: TokenPart): RecognisedPayload | undefined {
  if (content.kind === "json") return jsonValue(content.value);
  if (content.kind === "bytes") {
    const known = BINARY.find(([first]) => first.every((byte, index) => bytes[index] === byte));
    return known && { code: "payload_format", what: known[1], fix: JSON_OF_IT };
  }
  const text = content.text.slice(0, LOOKED_AT);
  for (const [form, what, fix] of TEXTS) {
    if (form.test(text)) return { code: "payload_format", what, fix, ...asJson(content.text) };
  }
  const bare = text.trim();
  const word = text.length < LOOKED_AT ? (recognisePlaceholder(bare) ?? recogniseVariable(bare)) : undefined;
  if (word !== undefined)
    return {
      code: "payload_format",
      what: word.what,
      fix: `${JSON_OF_IT}: what should have held them held this in their place`,
    };
  return nearlyJson(content.text);
}

function jsonValue(value: unknown): RecognisedPayload | undefined {
  if (value === null || typeof value === "boolean")
    return {
      code: "payload_format",
      what: `the word ${value}, not a claims set: there were no claims when it was signed`,
      fix: "look where the claims are put together: they were not there yet, or under another name",
    };
  if (!Array.isArray(value)) return undefined;
  return {
    code: "payload_format",
    what: value.length === 1 ? "a list with one entry, not a claims set" : "a JSON list, not a claims set",
    fix: "sign the object in the list, not the list",
  };
}

const REPAIRS: readonly (readonly [what: string, fix: string, mend: (text: string) => string])[] = [
  [
    "JSON with zero bytes behind it",
    "sign only as many bytes as the text has, not the whole buffer",
    (text) => text.replace(/\0{1,1000}$/, ""),
  ],
  [
    "JSON with a comma too many",
    "take out the comma before the closing bracket",
    (text) => text.replace(/,(\s*[}\]])/g, "$1"),
  ],
];

/** JSON but for something that can be taken out: shown by taking it out. */
function nearlyJson(text: string): RecognisedPayload | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  for (const [what, fix, mend] of REPAIRS) {
    const mended = mend(text);
    if (mended === text) continue;
    const reading = read(mended);
    if (reading !== undefined) return { code: "payload_format", what, fix, reading };
  }
  return undefined;
}

/** What a dict of Python says, when JSON's words make JSON of it. */
function asJson(text: string): Pick<RecognisedPayload, "reading"> {
  if (!/^\s*\{\s*u?'/.test(text) || text.includes('"')) return {};
  const words = text.replace(/(?<!\w)u?'([^']*)'/g, '"$1"');
  const reading = read(
    words
      .replace(/\bTrue\b/g, "true")
      .replace(/\bFalse\b/g, "false")
      .replace(/\bNone\b/g, "null"),
  );
  return reading === undefined ? {} : { reading };
}

function read(text: string): { readonly content: Content; readonly bytes: Uint8Array } | undefined {
  const bytes = new TextEncoder().encode(text);
  const content = readContent(bytes);
  return objectOf(content) === undefined ? undefined : { content, bytes };
}
