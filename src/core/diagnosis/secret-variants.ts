import { decodeBase64Url, encodeBase64Url } from "../base64url.ts";
import { withoutEnding } from "../without-ending.ts";
import type { CauseId } from "./causes.ts";

/** Another reading of a secret. */
export interface SecretVariant {
  readonly cause: CauseId;
  readonly bytes: Uint8Array;
  /** What was done to the secret, as in "when the line break at its end is taken off". */
  readonly how: string;
  readonly fix: string;
}

type Reading = readonly [cause: CauseId, how: string, fix: string, text: Uint8Array | undefined];

const BREAK_FIX =
  "give both sides the same secret, without a final line break: write it with printf '%s' instead of echo; " +
  "jwtctl takes one break off files and keeps it with --raw-secret";
const SPACE_FIX = "give both sides the same secret, without white space around it";
const QUOTES_FIX = "take the quotes out of the file or environment variable that holds the secret";
const MARK_FIX =
  "save the secret as UTF-8 without a byte order mark (PowerShell: Set-Content -Encoding utf8NoBOM)";
const DECODE = "the issuer decodes the secret before use; do the same: give it as b64: or hex: and the text";
const KEEP =
  "the issuer uses the text of the secret as it is; do the same: give the text itself, not its decoded bytes";

/**
 * The readings of a secret that people mix up, the likeliest first: spelling around it, then its encoding, then both
 * together. Not the secret itself.
 */
export function secretVariants(secret: Uint8Array): readonly SecretVariant[] {
  const spelled = spellings(secret).flatMap(variant);
  const encoded = [...decodings(secret), ...encodings(secret)].flatMap(variant);
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
    ["secret_byte_order_mark", "when its byte order mark is taken off", MARK_FIX, withoutMark(secret)],
    ["secret_byte_order_mark", "when it is read as UTF-16", MARK_FIX, utf16],
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

/** The secret is text that stands for bytes. */
function decodings(secret: Uint8Array): readonly Reading[] {
  const text = textOf(secret);
  if (text === undefined) return [];
  return [
    ["secret_base64", "when it is decoded from base64", DECODE, bytesFromBase64(text)],
    ["secret_hex", "when it is decoded from hexadecimal", DECODE, bytesFromHex(text)],
  ];
}

/** The secret is bytes that the issuer uses as text. */
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

/** Even a number of hexadecimal digits and nothing else; undefined otherwise. */
export function bytesFromHex(text: string): Uint8Array | undefined {
  if (text === "" || text.length % 2 !== 0 || !/^[0-9a-fA-F]+$/.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = Number.parseInt(text.slice(2 * index, 2 * index + 2), 16);
  }
  return bytes;
}

/** base64 in either alphabet, padded or not; undefined for anything else. */
function bytesFromBase64(text: string): Uint8Array | undefined {
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

/** UTF-16 with a byte order mark, as PowerShell's `>` writes it, in UTF-8 and without its final line break. */
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
