import type { CauseId } from "./causes.ts";
import { fixForIssuer, fixForVerifier } from "./failed-verification.ts";
import { bytesOf, textOf } from "./secret-variants.ts";

/** Other bytes for a secret: the cause, how as in "when …", and the fix. */
export interface LiteralReading {
  readonly cause: CauseId;
  readonly how: string;
  readonly fix: string;
  readonly bytes: readonly (Uint8Array | undefined)[];
}

const SHOWN = "not the text in which a program shows them";
const DECODE = fixForVerifier(`give the bytes of the secret (b64:@FILE or hex:@FILE), ${SHOWN}`);
const ENCODE = fixForIssuer(`use the bytes of the secret, ${SHOWN}`);

/** The secret behind a text that a program shows or escapes: Python's `b'…'`, a list of numbers, percent signs, HTML. */
export function literalReadings(text: string): readonly LiteralReading[] {
  const fix = fixForVerifier("give the secret's text as it was before it was escaped");
  return [
    {
      cause: "secret_literal",
      how: "when Python's b'…' around it is taken off",
      fix: DECODE,
      bytes: [fromPython(text)],
    },
    {
      cause: "secret_literal",
      how: "when its list of numbers is read as bytes",
      fix: DECODE,
      bytes: [fromList(text)],
    },
    { cause: "secret_escaped", how: "when its percent-encoding is undone", fix, bytes: [fromPercent(text)] },
    {
      cause: "secret_escaped",
      how: "when its HTML escapes are undone",
      fix,
      bytes: [bytesOf(fromHtml(text))],
    },
  ];
}

/** The texts in which programs show or escape these bytes. */
export function programTexts(bytes: Uint8Array): readonly LiteralReading[] {
  const text = textOf(bytes);
  const fix = fixForIssuer("use the secret's text as it is, not escaped");
  const numbers = [...bytes];
  const signed = numbers.map((byte) => (byte > 127 ? byte - 256 : byte));
  const lists = [
    `[${numbers.join(", ")}]`,
    `[${numbers.join(",")}]`,
    numbers.join(","),
    `[${signed.join(", ")}]`,
  ];
  return [
    {
      cause: "secret_literal",
      how: "when it is written as Python's b'…'",
      fix: ENCODE,
      bytes: [bytesOf(asPython(bytes))],
    },
    {
      cause: "secret_literal",
      how: "when it is written as a list of numbers",
      fix: ENCODE,
      bytes: lists.map(bytesOf),
    },
    {
      ...{ cause: "secret_escaped", how: "when it is percent-encoded", fix },
      bytes: text === undefined ? [] : [asPercent(text)],
    },
    {
      ...{ cause: "secret_escaped", how: "when it is escaped as in HTML", fix },
      bytes: text === undefined ? [] : ["&#39;", "&#x27;", "'"].map((quote) => bytesOf(asHtml(text, quote))),
    },
  ];
}

function fromPython(text: string): Uint8Array | undefined {
  const inner = /^\s*b(["'])([\s\S]*)\1\s*$/.exec(text)?.[2];
  if (inner === undefined) return undefined;
  const bytes: number[] = [];
  for (const [part, hex, escaped] of inner.matchAll(/\\x([0-9a-fA-F]{2})|\\([\s\S])|[\s\S]/gu)) {
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else bytes.push(...bytesOf(escaped === undefined ? part : (ESCAPED[escaped] ?? escaped)));
  }
  return Uint8Array.from(bytes);
}

const ESCAPED: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** As Python's `repr` writes bytes. */
function asPython(bytes: Uint8Array): string {
  const names: Readonly<Record<number, string>> = { 9: "\\t", 10: "\\n", 13: "\\r", 92: "\\\\" };
  const inner = Array.from(bytes, (byte) => {
    if (byte >= 0x20 && byte < 0x7f && byte !== 92) return String.fromCharCode(byte);
    return names[byte] ?? `\\x${byte.toString(16).padStart(2, "0")}`;
  }).join("");
  if (!inner.includes("'")) return `b'${inner}'`;
  return inner.includes('"') ? `b'${inner.replaceAll("'", "\\'")}'` : `b"${inner}"`;
}

/** A list of decimals, in brackets or not, of bytes or of Java's signed bytes. */
function fromList(text: string): Uint8Array | undefined {
  const bare = text.replace(/[\s[\]]/g, "").replace(/^\{"type":"Buffer","data":|\}$/g, "");
  if (!/^-?\d{1,3}(?:,-?\d{1,3})+$/.test(bare)) return undefined;
  const numbers = bare.split(",").map(Number);
  return numbers.every((number) => number >= -128 && number <= 255)
    ? Uint8Array.from(numbers, (number) => number & 0xff)
    : undefined;
}

function fromPercent(text: string): Uint8Array | undefined {
  try {
    return bytesOf(decodeURIComponent(text));
  } catch {
    return undefined;
  }
}

function asPercent(text: string): Uint8Array {
  // Of the characters that encodeURIComponent keeps, RFC 3986 section 2.2 reserves these.
  const strict = /[!'()*]/g;
  return bytesOf(
    encodeURIComponent(text).replace(strict, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function fromHtml(text: string): string {
  return text.replace(
    /&(?:#(\d{1,6})|#[xX]([0-9a-fA-F]{1,5})|(amp|lt|gt|quot|apos));/g,
    (_, decimal, hex, name) =>
      name === undefined
        ? String.fromCodePoint(Number.parseInt(decimal ?? hex, decimal === undefined ? 16 : 10))
        : (ENTITIES[name] ?? ""),
  );
}

/** @param apostrophe how `'` is written: programs differ in that */
function asHtml(text: string, apostrophe: string): string {
  const plain = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return plain.replaceAll('"', "&quot;").replaceAll("'", apostrophe);
}
