import { decodeBase64Url } from "../../base/base64url.ts";
import { isJwsAlgorithm } from "../../jose/algorithms.ts";
import { objectOf, readContent, stringMember } from "../../jose/token/content.ts";
import { isWholeToken } from "./signature-size.ts";
import { repair, type Step } from "./step.ts";

// Tokens whose characters are written as something else: numbers, a dump of memory, the digits of a QR code, three parts.

/** Nobody writes a longer token in these ways, and some of them look at every character more than once. */
const LONGEST = 400_000;
const BEGINS = /^(?:e[wy]|Bearer )/;

const NUMBERS = repair("numbers_decoded", "the numbers of a token's characters were written as text");

export const SPELLINGS: readonly Step[] = [
  /** A list of bytes, as Node, Go, Java and JavaScript print one. */
  function decodeNumbers(text) {
    if (text.length > LONGEST) return undefined;
    const list = text
      .replace(/^\{"type":"Buffer","data":|^Uint8Array\(\d+\)\s?|^bytes\(/, "")
      .replace(/^[[({\s]+|[\])}\s]+$/g, "");
    if (!/^(?:101|66),?\s/.test(list) && !/^(?:101|66),\d/.test(list)) return undefined;
    const numbers = list.split(/[\s,]+/);
    if (numbers.length < 20 || !numbers.every((number) => /^\d{1,3}$/.test(number))) return undefined;
    return begun(String.fromCharCode(...numbers.slice(0, LONGEST).map(Number)), NUMBERS);
  },
  /** The output of xxd, hexdump -C and other viewers: an address, the bytes, and the characters once more. */
  function decodeDump(text) {
    if (text.length > LONGEST || !/^[0-9a-f]{4,16}:? {1,3}(?:65 ?7[79]|42 ?65)/i.test(text)) return undefined;
    let digits = "";
    for (const line of text.split(/\r?\n/)) {
      const body = line.replace(/^[0-9a-f]{4,16}(?::| |$)\s*/i, "").replace(/\s+\|.*$/, "");
      digits += (line.includes(": ") ? (body.split("  ", 1)[0] ?? "") : body).replace(/\s+/g, "");
    }
    if (!/^(?:[0-7][0-9a-f])+$/i.test(digits)) return undefined;
    const characters = digits.match(/../g) ?? [];
    return begun(
      characters.map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join(""),
      repair("dump_decoded", "the bytes of a hexadecimal dump were written as text"),
    );
  },
  /** SMART Health Cards write a JWS as two digits for each character, 45 below its code. */
  function decodeHealthCard(text) {
    const digits = /^shc:\/(?:1\/1\/)?(\d*)$/.exec(text.slice(0, LONGEST))?.[1];
    if (digits === undefined || digits.length % 2 !== 0) return undefined;
    const pairs = digits.match(/../g) ?? [];
    return begun(
      pairs.map((pair) => String.fromCharCode(Number(pair) + 45)).join(""),
      repair("health_card_decoded", "the digits of a SMART Health Card (shc:/) were written as text"),
    );
  },
  /** A list of characters, as a string is shown that was taken for a list. */
  function joinCharacters(text) {
    if (text.length > LONGEST || !/^\[\s*(["'])e\1\s*,\s*(["'])[wy]\2/.test(text)) return undefined;
    const characters = text.replace(/["'[\],\s]+/g, "");
    return begun(characters, repair("characters_joined", "the characters of a token in a list were joined"));
  },
];

function begun(text: string, done: ReturnType<typeof repair>): ReturnType<Step> {
  return BEGINS.test(text) ? { text: text.trim(), repair: done } : undefined;
}

const TAGS =
  /<\/?(?:a|b|br|code|div|em|font|i|li|mark|p|pre|span|strong|td|tr|u|wbr)(?:\s[^<>]{0,200})?\/?>|&(?:shy|ZeroWidthSpace|#8203);/gi;
const SEGMENT = /[A-Za-z0-9_-]{10,}/g;
/** More pieces are a text, in which some would fit by chance. */
const MOST_PIECES = 24;

/** What is undone only when a token is whole afterwards, and none was before. */
export const REUNIONS: readonly Step[] = [
  function removeTags(text) {
    if (text.length > LONGEST || !/<|&[sZ#]/.test(text) || wholeIn(text)) return undefined;
    const bare = text.replace(TAGS, "");
    return wholeIn(bare)
      ? { text: bare, repair: repair("tags_removed", "the tags of HTML inside the token were removed") }
      : undefined;
  },
  /** Header, payload and signature in a list, in lines or in members. A JWS in JSON form is a token as it is. */
  function joinParts(text) {
    if (text.length > LONGEST || /"(?:protected|signatures)"/.test(text) || wholeIn(text)) return undefined;
    // What has dots between them is wrapped or damaged, not taken apart.
    if (/e[wy][A-Za-z0-9_-]{8,}\s{0,9}\.\s{0,9}[A-Za-z0-9_-]/.test(text)) return undefined;
    const pieces = text.match(SEGMENT) ?? [];
    if (pieces.length < 3 || pieces.length > MOST_PIECES) return undefined;
    const at = pieces.findIndex((_, index) => isWhole(pieces.slice(index, index + 3).join(".")));
    if (at < 0) return undefined;
    return {
      text: pieces.slice(at, at + 3).join("."),
      repair: repair(
        "segments_joined",
        "the three parts of the token, which stood apart, were joined with dots",
      ),
    };
  },
];

const TOKEN = /e[wy][A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+/g;

function wholeIn(text: string): boolean {
  for (const [token] of text.matchAll(TOKEN)) if (isWholeToken(token)) return true;
  return false;
}

/** Whether a text is a token of a known algorithm with a signature of its length. */
function isWhole(text: string): boolean {
  const header = objectOf(readContent(decodeBase64Url(text.slice(0, text.indexOf("."))).bytes));
  return isJwsAlgorithm(stringMember(header, "alg")) && isWholeToken(text);
}
