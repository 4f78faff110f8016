import type { Finding } from "../../../core/jose/token/finding.ts";
import { derStructure } from "../der-kinds.ts";

interface MendedBody {
  readonly bytes: Uint8Array;
  readonly repair: Finding | undefined;
}

type Attempt = readonly [code: string, message: string, mend: (body: string) => string | undefined];

/** What happens to the base64 of a PEM block on its way, likeliest first; each is tried, and only proof counts. */
const ATTEMPTS: readonly Attempt[] = [
  [
    "pem_plus_lost",
    "the + of the base64 have become blanks: it was sent as a form without encoding",
    plusForBlanks,
  ],
  [
    "pem_backslash_lost",
    "every line ends in n: the backslash of \\n was lost on the way",
    (body) => withoutLineMark(body, "n"),
  ],
  [
    "pem_backslash_lost",
    "every line ends in rn: the backslashes of \\r\\n were lost on the way",
    (body) => withoutLineMark(body, "rn"),
  ],
  ["pem_padding_lost", "the = at the end of the base64 was lost", padded],
  ["pem_base64url", "the base64 is in the alphabet of URLs (- and _ for + and /)", standardAlphabet],
  ["pem_text_after", "text stood between the key and the END line", leadingBase64],
];

/** The bytes of a body, whole, with what had to be undone for that; undefined when nothing makes it whole. */
export function mendedBody(body: string): MendedBody | undefined {
  const plain = withoutHeaders(body);
  const asItIs = wholeBytes(plain.replace(/\s+/g, ""));
  if (asItIs !== undefined) return { bytes: asItIs, repair: undefined };
  for (const [code, message, mend] of ATTEMPTS) {
    const text = mend(plain);
    const bytes = text === undefined ? undefined : wholeBytes(text.replace(/\s+/g, ""));
    if (bytes !== undefined) return { bytes, repair: { code, message } };
  }
  return undefined;
}

/** Headers such as PuTTY's comment lines stand before an empty line. */
export function withoutHeaders(body: string): string {
  return body.trimStart().replace(/^(?:[ \t]*[\w-]+:[^\n]*\n)+[ \t]*\r?\n/, "");
}

/** The proof: strict base64, and in it one whole structure of a kind that is known. */
function wholeBytes(base64: string): Uint8Array | undefined {
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("latin1", 0, 15) === "openssh-key-v1\0") return bytes;
  const structure = derStructure(bytes);
  return structure === undefined || structure.kind === "unknown" ? undefined : bytes;
}

/** Blanks inside lines; of a text on one line those that stand where its lines would end are line breaks. */
function plusForBlanks(body: string): string | undefined {
  const lines = body
    .replaceAll("\r", "")
    .replace(/^[\n]+|[\n]+$/g, "")
    .split("\n");
  if (lines.length > 1) return lines.map((line) => line.replaceAll(" ", "+")).join("\n");
  const text = lines[0] ?? "";
  const inner = text.replace(/^ /, "").replace(/ $/, "");
  if (!inner.includes(" ")) return undefined;
  let made = "";
  for (let at = 0; at < inner.length; at += 65) made += `${inner.slice(at, at + 64).replaceAll(" ", "+")}\n`;
  return made;
}

/** Takes a mark off the end of every line, where the line breaks themselves are gone. */
function withoutLineMark(body: string, mark: string): string | undefined {
  const text = body.replace(/\s+/g, "");
  if (!text.startsWith(mark) || !text.endsWith(mark)) return undefined;
  const inner = text.slice(mark.length);
  const width = inner.length < 64 + mark.length ? inner.length - mark.length : lineWidth(inner, mark);
  if (width === undefined) return undefined;
  let made = "";
  for (let at = 0; at < inner.length; at += width + mark.length) {
    const line = inner.slice(at, at + width + mark.length);
    if (!line.endsWith(mark)) return undefined;
    made += line.slice(0, -mark.length);
  }
  return made;
}

function lineWidth(text: string, mark: string): number | undefined {
  return [64, 76, 70, 72, 65].find((width) => text.startsWith(mark, width));
}

function padded(body: string): string | undefined {
  const text = body.replace(/\s+/g, "").replace(/=+$/, "");
  return text.length % 4 < 2 ? undefined : text + "=".repeat(4 - (text.length % 4));
}

function standardAlphabet(body: string): string | undefined {
  if (!/[-_]/.test(body)) return undefined;
  return (
    padded(body.replaceAll("-", "+").replaceAll("_", "/")) ?? body.replaceAll("-", "+").replaceAll("_", "/")
  );
}

/** The lines of base64 at the start, before anything else. */
function leadingBase64(body: string): string | undefined {
  const lines = body.split(/\r?\n/);
  const end = lines.findIndex((line, index) => index > 0 && !/^[ \t]*[A-Za-z0-9+/]+={0,2}[ \t]*$/.test(line));
  return end < 1 ? undefined : lines.slice(0, end).join("");
}
