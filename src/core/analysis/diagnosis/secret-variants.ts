import { decodeBase64Url, encodeBase64Url } from "../../base/base64url.ts";
import { withoutEnding } from "../../base/text/wording.ts";
import type { CauseId } from "./causes.ts";
import { fixForIssuer, fixForVerifier } from "./failed-verification.ts";
import { lenientBase64, lenientHex, type MarkedEncoding, markedEncoding } from "./lenient-decoders.ts";

/** A secret in another spelling or encoding. */
export interface SecretVariant {
  readonly cause: CauseId;
  readonly bytes: Uint8Array;
  /** The change, as in "when the line break at its end is taken off". */
  readonly how: string;
  readonly fix: string;
}

type Reading = readonly [cause: CauseId, how: string, fix: string, text: Uint8Array | undefined];

const BREAK_FIX = fixForVerifier(
  "give both sides the same secret, without a final line break: write it with printf '%s' instead of echo; " +
    "jwtctl takes one break off files and keeps it with --raw-secret",
);
const SPACE_FIX = fixForVerifier("give both sides the same secret, without white space around it");
const QUOTES_FIX = fixForVerifier(
  "take the quotes out of the file or environment variable that holds the secret",
);
const SAVE =
  "save the secret as UTF-8 without a byte order mark (PowerShell: Set-Content -Encoding utf8NoBOM)";
const CHARSET_FIX =
  "On both sides: write the secret in UTF-8, in the same composition (NFC); better, use random bytes as base64";
const KEEP = fixForVerifier(
  "the issuer uses the text of the secret as it is; do the same: give the text itself, not its decoded bytes",
);

/** The fix: how to have a file or variable decoded, without the secret on the command line. */
function decode(encoding: string, mark: string): string {
  return fixForVerifier(
    `the issuer decodes the secret from ${encoding} before use; do the same: ${mark}@FILE or ${mark}env:NAME in place of @FILE or env:NAME`,
  );
}

/**
 * The variants of a secret that people mix up, the likeliest first: characters around it, its encoding, then both. The
 * secret itself is not among them.
 */
export function secretVariants(secret: Uint8Array): readonly SecretVariant[] {
  const spelled = spellings(secret).flatMap(variant);
  const encoded = [...decodings(secret), ...encodings(secret), ...charsets(secret)].flatMap(variant);
  const both = spelled.flatMap((outer) =>
    decodings(outer.bytes)
      .flatMap(variant)
      .map((inner) => ({ ...inner, how: `${outer.how}, and ${inner.how}` })),
  );
  return [...spelled, ...encoded, ...both].filter(({ bytes }) => !same(bytes, secret));
}

function variant([cause, how, fix, bytes]: Reading): readonly SecretVariant[] {
  return bytes === undefined ? [] : [{ cause, how, fix, bytes }];
}

const LF = 0x0a;
const CR = 0x0d;

function spellings(secret: Uint8Array): readonly Reading[] {
  const body = withoutBreak(secret);
  const text = textOf(secret);
  const trimmed = text === undefined ? undefined : bytesOf(text.trim());
  const quoted = text === undefined ? null : /^\s*(["'`])([\s\S]*)\1\s*$/.exec(text);
  const utf16 = fromUtf16(secret);
  return [
    ["secret_line_break", "when the line break at its end is taken off", BREAK_FIX, body],
    ["secret_line_break", "when a line break (\\n) is added at its end", BREAK_FIX, append(secret, LF)],
    [
      "secret_line_break",
      "when a line break (\\r\\n) is added at its end",
      BREAK_FIX,
      append(secret, CR, LF),
    ],
    [
      "secret_byte_order_mark",
      "when its byte order mark is taken off",
      fixForVerifier(SAVE),
      withoutMark(secret),
    ],
    ["secret_byte_order_mark", "when it is read as UTF-16", fixForVerifier(SAVE), utf16],
    ["secret_white_space", "when the white space around it is taken off", SPACE_FIX, trimmed],
    ["secret_white_space", "when a blank is added at its end", SPACE_FIX, append(secret, 0x20)],
    [
      "secret_quotes",
      "when the quotes around it are taken off",
      QUOTES_FIX,
      quoted ? bytesOf(quoted[2] ?? "") : undefined,
    ],
    ["secret_quotes", 'when it is put in double quotes (")', QUOTES_FIX, enclose(secret, 0x22)],
    ["secret_quotes", "when it is put in single quotes (')", QUOTES_FIX, enclose(secret, 0x27)],
  ];
}

/** Variants in another character encoding: UTF-16 with a byte order mark, and Latin-1. */
function charsets(secret: Uint8Array): readonly Reading[] {
  const text = textOf(secret);
  if (text === undefined) {
    const latin = String.fromCharCode(...secret.subarray(0, LONGEST_TEXT));
    return [["secret_charset", "when it is read as Latin-1", CHARSET_FIX, bytesOf(latin)]];
  }
  const fix = fixForIssuer(SAVE);
  const utf16 = (how: string, variant: string): Reading => [
    "secret_byte_order_mark",
    `when it is written as UTF-16${how}`,
    fix,
    toUtf16(variant),
  ];
  return [
    ["secret_byte_order_mark", "when a byte order mark is put before it", fix, bytesOf(`\ufeff${text}`)],
    utf16(", as Windows writes files", `\ufeff${text}\r\n`),
    utf16(" with a byte order mark", `\ufeff${text}`),
    utf16(" without a byte order mark", text),
    ["secret_charset", "when it is written in Latin-1", CHARSET_FIX, toLatin1(text)],
    ...(["NFC", "NFD"] as const).map(
      (form): Reading => [
        "secret_charset",
        `when its letters are ${form === "NFC" ? "composed" : "decomposed"} (Unicode ${form})`,
        CHARSET_FIX,
        bytesOf(text.normalize(form)),
      ],
    ),
  ];
}

/** The longest secret, in bytes, that is tried in other character encodings. */
const LONGEST_TEXT = 4096;

function toUtf16(text: string): Uint8Array {
  const bytes = new Uint8Array(2 * text.length);
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    bytes[2 * index] = unit & 0xff;
    bytes[2 * index + 1] = unit >> 8;
  }
  return bytes;
}

/** Undefined when Latin-1 lacks one of the characters. */
function toLatin1(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit > 0xff) return undefined;
    bytes[index] = unit;
  }
  return bytes;
}

/** Variants: the text is an encoding of the real secret. */
function decodings(secret: Uint8Array): readonly Reading[] {
  const text = textOf(secret);
  if (text === undefined) return [];
  const hex = lenientHex(text);
  const marked = markedEncoding(text);
  return [
    ...(marked === undefined ? [] : [markedReading(marked)]),
    ["secret_base64", "when it is decoded from base64", decode("base64", "b64:"), bytesFromBase64(text)],
    ["secret_hex", "when it is decoded from hexadecimal", decode("hexadecimal", "hex:"), bytesFromHex(text)],
    ...(hex === undefined
      ? []
      : [["secret_hex", hex.how, decode("hexadecimal", "hex:"), bytesFromHex(hex.digits)] as const]),
    ...(text.length > LONGEST_TEXT ? [] : lenientBase64(text)).map(
      ({ how, fix, bytes }): Reading => ["secret_base64", how, fix, bytes],
    ),
  ];
}

/** The secret behind a mark that says how it is encoded, as Laravel's `base64:…`. */
function markedReading({ mark, encoding, text }: MarkedEncoding): Reading {
  const how = `when it is decoded from ${encoding}, without the "${mark}" before it`;
  return encoding === "base64"
    ? ["secret_base64", how, decode(encoding, "b64:"), bytesFromBase64(text)]
    : ["secret_hex", how, decode(encoding, "hex:"), bytesFromHex(text)];
}

/** Variants: the issuer uses an encoding of the bytes as the secret. */
function encodings(secret: Uint8Array): readonly Reading[] {
  const url = encodeBase64Url(secret);
  const standard = url.replaceAll("-", "+").replaceAll("_", "/");
  const padding = "=".repeat((4 - (url.length % 4)) % 4);
  const texts = [...new Set([`${standard}${padding}`, url, standard, `${url}${padding}`])];
  const hex = Array.from(secret, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const how = "when its base64 text is used instead of its bytes";
  return [
    ...texts.map((text): Reading => ["secret_base64", how, KEEP, bytesOf(text)]),
    ...[hex, hex.toUpperCase()].map(
      (text): Reading => [
        "secret_hex",
        "when its hexadecimal text is used instead of its bytes",
        KEEP,
        bytesOf(text),
      ],
    ),
  ];
}

/** Decodes hexadecimal; undefined for an odd number of digits or any other character. */
export function bytesFromHex(text: string): Uint8Array | undefined {
  if (text === "" || text.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = Number.parseInt(text.slice(2 * index, 2 * index + 2), 16);
  }
  return bytes;
}

/** Decodes base64 or base64url, padded or not; undefined for anything else. */
export function bytesFromBase64(text: string): Uint8Array | undefined {
  const body = withoutEnding(text, "=").replaceAll("+", "-").replaceAll("/", "_");
  const decoding = decodeBase64Url(body);
  return decoding.ok && decoding.bytes.length > 0 ? decoding.bytes : undefined;
}

function withoutBreak(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes[bytes.length - 1] !== LF) return undefined;
  return bytes.subarray(0, bytes.length - (bytes[bytes.length - 2] === CR ? 2 : 1));
}

function withoutMark(bytes: Uint8Array): Uint8Array | undefined {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : undefined;
}

/** UTF-16 with a byte order mark, as PowerShell's `>` writes it, converted to UTF-8 without its final line break. */
function fromUtf16(bytes: Uint8Array): Uint8Array | undefined {
  const label = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : undefined;
  if (label === undefined) return undefined;
  const text = new TextDecoder(label).decode(bytes);
  return bytesOf(text.replace(/\r?\n$/, ""));
}

function append(bytes: Uint8Array, ...tail: readonly number[]): Uint8Array {
  const longer = new Uint8Array(bytes.length + tail.length);
  longer.set(bytes);
  longer.set(tail, bytes.length);
  return longer;
}

function enclose(bytes: Uint8Array, quote: number): Uint8Array {
  const longer = new Uint8Array(bytes.length + 2).fill(quote);
  longer.set(bytes, 1);
  return longer;
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function same(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.every((byte, index) => byte === second[index]);
}
