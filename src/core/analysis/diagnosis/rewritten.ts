import { encodeBase64Url } from "../../base/base64url.ts";
import { ExactNumber, JsonObject, type JsonValue } from "../../base/json/value.ts";
import type { FailedVerification, Trial } from "./failed-verification.ts";
import { bytesOf } from "./secret-variants.ts";
import { keysFor, nameOf } from "./trusted-keys.ts";

const FIX =
  "On the way between the two sides: hand the token on as it was issued; a token that is decoded and written anew has " +
  "lost its signature, even if its content is the same";

/**
 * Cause: a program parsed header or payload and wrote the JSON anew, with the same content in other bytes. The usual
 * styles of JSON are tried, for the payload and for both parts.
 */
export function* rewrittenTrials(failure: FailedVerification): Iterable<Trial> {
  const { alg, header, claims, report, signature } = failure;
  const [headerText, payloadText] = report.token.segments;
  if (alg === undefined || header === undefined || claims === undefined) return;
  if (headerText === undefined || payloadText === undefined) return;
  const original = `${headerText}.${payloadText}`;
  for (const candidate of keysFor(failure, alg)) {
    for (const { name, write } of WRITERS) {
      const payload = encodeBase64Url(bytesOf(write(claims)));
      const both = `${encodeBase64Url(bytesOf(write(header)))}.${payload}`;
      for (const signingInput of new Set([`${headerText}.${payload}`, both])) {
        if (signingInput === original) continue;
        yield {
          ...{ alg, key: candidate.jwk, signingInput, signature },
          cause: "content_rewritten",
          evidence: `the signature fits the same content written ${name}, with ${nameOf(candidate)}`,
          fix: FIX,
        };
      }
    }
  }
}

interface Style {
  readonly comma: string;
  readonly colon: string;
  /** Spaces per level; 0 for one line. */
  readonly indent: number;
  readonly text: (text: string) => string;
}

const plain = (text: string) => JSON.stringify(text);
const slashed = (text: string) => plain(text).replaceAll("/", "\\/");
const ascii = (text: string) =>
  plain(text).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

const compact: Style = { comma: ",", colon: ":", indent: 0, text: plain };
const spaced: Style = { ...compact, comma: ", ", colon: ": " };
const indented = (indent: number): Style => ({ ...compact, colon: ": ", indent });

const STYLES: readonly (readonly [name: string, style: Style])[] = [
  ["without white space", compact],
  ["with a blank after commas and colons, as Python does", spaced],
  ["with escaped slashes, as PHP does", { ...compact, text: (text) => ascii(text).replaceAll("/", "\\/") }],
  ["with escaped slashes", { ...compact, text: slashed }],
  ["in ASCII, without white space", { ...compact, text: ascii }],
  ["in ASCII, with blanks, as Python does", { ...spaced, text: ascii }],
  ["indented by two blanks", indented(2)],
  ["indented by four blanks", indented(4)],
];

const WRITERS = STYLES.map(([name, style]) => ({
  name,
  write: (value: JsonValue) => written(value, style, "\n"),
}));

/** @param newline a line break and the white space the present level is indented with */
function written(value: JsonValue, style: Style, newline: string): string {
  if (typeof value === "string") return style.text(value);
  if (value instanceof ExactNumber) return value.text;
  if (value === null || typeof value !== "object") return String(value);
  const inner = newline + " ".repeat(style.indent);
  const isObject = value instanceof JsonObject;
  const items = isObject
    ? value.members.map(
        ([name, member]) => `${style.text(name)}${style.colon}${written(member, style, inner)}`,
      )
    : value.map((item: JsonValue) => written(item, style, inner));
  const [open, close] = isObject ? ["{", "}"] : ["[", "]"];
  if (items.length === 0) return `${open}${close}`;
  return style.indent === 0
    ? `${open}${items.join(style.comma)}${close}`
    : `${open}${inner}${items.join(`,${inner}`)}${newline}${close}`;
}
