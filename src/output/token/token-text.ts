import { encodeBase64Url } from "../../core/base/base64url.ts";
import type { JsonValue } from "../../core/base/json/value.ts";
import { writeJson } from "../../core/base/json/write.ts";
import type { TokenPart } from "../../core/jose/token/content.ts";
import type { DecodedToken } from "../../core/jose/token/decoded-token.ts";
import { counted } from "../fields.ts";
import { safe, safeShort, wholeCharacters } from "../sanitize.ts";
import type { Style } from "../style.ts";

/** The longest segment that is shown whole; of a longer one the middle is left out. */
const LONGEST_SEGMENT = 1200;
const LAST_SHOWN = 40;

/** The colour of a segment: header, payload, signature, and the further ones of a JWE. */
export function segmentPaint(index: number, style: Style): (text: string) => string {
  return [style.header, style.payload, style.signature][index] ?? style.dim;
}

/**
 * The compact token in colours, folded to the terminal's width; in a pipe each segment is one line. A dot begins the
 * line of its segment, so that joined lines are the token again.
 */
export function tokenText(segments: readonly string[], style: Style): string {
  const parts = segments.map((segment, index) => (index === 0 ? "" : ".") + shortened(safe(segment)));
  if (style.columns === undefined) {
    return parts.map((part, index) => `${segmentPaint(index, style)(part)}\n`).join("");
  }
  const width = Math.max(20, style.columns);
  let text = "";
  let column = 0;
  parts.forEach((part, index) => {
    const paint = segmentPaint(index, style);
    for (let rest = part; rest !== ""; ) {
      if (column === width) {
        text += "\n";
        column = 0;
      }
      const piece = rest.slice(0, wholeCharacters(rest, width - column));
      if (piece === "") {
        column = width;
        continue;
      }
      text += paint(piece);
      column += piece.length;
      rest = rest.slice(piece.length);
    }
  });
  return `${text}\n`;
}

/** Folds a text without blanks, already safe to show, to the terminal's width; unchanged in a pipe. */
export function brokenText(text: string, paint: (text: string) => string, { columns }: Style): string {
  const width = columns === undefined ? Math.max(1, text.length) : Math.max(20, columns);
  let lines = "";
  for (let at = 0; at < text.length; ) {
    const end = wholeCharacters(text, at + width);
    lines += `${paint(text.slice(at, end))}\n`;
    at = end;
  }
  return lines;
}

/** A long text without its middle. */
export function shortened(text: string): string {
  if (text.length <= LONGEST_SEGMENT) return text;
  const end = wholeCharacters(text, LONGEST_SEGMENT);
  const start = wholeCharacters(text, text.length - LAST_SHOWN);
  return `${text.slice(0, end)}…(${start - end} characters)…${text.slice(start)}`;
}

/** JSON over several lines, each in the segment's colour. */
export function jsonText(value: JsonValue, paint: (text: string) => string): string {
  return writeJson(value, 2)
    .split("\n")
    .map((line) => `${paint(line)}\n`)
    .join("");
}

/** The content of a header or payload: JSON, text or bytes. */
export function partText(part: TokenPart, paint: (text: string) => string, style: Style): string {
  const { content, bytes } = part;
  if (content.kind === "json") return jsonText(content.value, paint);
  if (bytes.length === 0) return `${style.dim("(empty)")}\n`;
  if (content.kind === "text") {
    // Lines of foreign text begin with a mark, so that they cannot imitate lines of jwtctl.
    const lines = content.text
      .split("\n")
      .map((line) => `${style.dim("|")} ${paint(shortened(safe(line)))}\n`);
    return `${style.dim(`text, not JSON: ${content.reason} at position ${content.position}`)}\n${lines.join("")}`;
  }
  const shown = Math.min(bytes.length, BYTES_SHOWN);
  const note = shown < bytes.length ? `; the first ${shown}:` : "";
  return `${style.dim(`${counted(bytes.length, "byte")}, not text${note}`)}\n${hexDump(bytes.subarray(0, shown), paint, style)}`;
}

const BYTES_SHOWN = 128;
/** The width from which a line of the hex dump has all its bytes; narrower ones have half. */
const FULL_DUMP_WIDTH = 76;

/** A hex dump: offset, hexadecimal, and ASCII. */
function hexDump(bytes: Uint8Array, paint: (text: string) => string, style: Style): string {
  const step = style.columns !== undefined && style.columns < FULL_DUMP_WIDTH ? 8 : 16;
  let text = "";
  for (let at = 0; at < bytes.length; at += step) {
    const line = Array.from(bytes.subarray(at, at + step));
    const hex = line.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const ascii = line
      .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."))
      .join("");
    const offset = style.dim(at.toString(16).padStart(4, "0"));
    text += `${offset}  ${paint(hex.padEnd(step * 3 - 1))}  ${style.dim(`|${ascii}|`)}\n`;
  }
  return text;
}

/** The content for `--json`: JSON, other text as a string, bytes as base64url. */
export function rawPartJson(part: TokenPart): JsonValue {
  const { content, bytes } = part;
  if (content.kind === "json") return content.value;
  return content.kind === "text" ? content.text : encodeBase64Url(bytes);
}

const LONGEST_PLACE = 80;

/** The line above each of several tokens. */
export function tokenTitle({ where }: DecodedToken, number: number, count: number, style: Style): string {
  const place = where === undefined ? "" : `: ${safeShort(where, LONGEST_PLACE)}`;
  return `${style.title(`TOKEN ${number} OF ${count}${place}`)}\n`;
}
