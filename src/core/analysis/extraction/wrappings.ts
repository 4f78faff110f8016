import { withoutEnding } from "../../base/text/wording.ts";
import { isBareToken } from "./bare.ts";
import { ENCODINGS } from "./encoded.ts";
import { separateTokens } from "./glued.ts";
import { joinWrapped } from "./join-wrapped.ts";
import { isWholeToken } from "./signature-size.ts";
import { REUNIONS, SPELLINGS } from "./spelled-out.ts";
import { joinSplitValues } from "./split-values.ts";
import { repair, type Step } from "./step.ts";

const CLOSING_QUOTES = "\"'`\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00bb";

/** What programs put between the characters, and what stands around a token. */
export const WRAPPINGS: readonly Step[] = [
  function readUtf16(text) {
    if (!isUtf16(text)) return undefined;
    return {
      text: text.replace(/^[\ufffd\ufeff]+/, "").replaceAll("\0", ""),
      repair: repair("utf16_decoded", "the text is UTF-16; it was read as such"),
    };
  },
  /** What is in the title of a window or behind a link stays: a token there is none the less one. */
  function removeTerminalCodes(text) {
    if (!TERMINAL_START.test(text)) return undefined;
    return {
      text: text.replace(CSI, "").replace(OSC_EDGE, " ").replace(OTHER_ESCAPE, ""),
      repair: repair("terminal_codes_removed", "escape sequences of a terminal (colours) were removed"),
    };
  },
  function trimWhiteSpace(text) {
    return {
      text: text.trim(),
      repair: repair("white_space_removed", "white space around the token was removed"),
    };
  },
  function removeInvisible(text) {
    return {
      text: text.replace(/[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/g, ""),
      repair: repair("invisible_characters_removed", "invisible characters were removed"),
    };
  },
  function removeHeaderName(text) {
    // Of several lines each says what it is.
    if (text.includes("\n")) return undefined;
    return {
      text: text.replace(/^(?:proxy-)?authorization\s*[:=]\s*/i, ""),
      repair: repair("authorization_removed", "the name of the Authorization header was removed"),
    };
  },
  function removeScheme(text) {
    const match = /^(bearer|dpop|jwt|token)(?:[\s:,]|\+|%20|%3A)+(?=\S)/i.exec(text);
    if (!match || text.includes("\n")) return undefined;
    return {
      text: text.slice(match[0].length),
      repair: repair("scheme_removed", `the word ${match[1]} before the token was removed`),
    };
  },
  function removeQuotes(text) {
    const opened = text.replace(/^["'`\u2018-\u201f\u00ab]+/, "");
    return {
      text: withoutEnding(opened.replace(/[,;]$/, ""), CLOSING_QUOTES),
      repair: repair("quotes_removed", "quotes around the token were removed"),
    };
  },
  function unescapeMarkdown(text) {
    return {
      text: inRuns(text, [(run) => run.replace(/\\(?=[_.~-])/g, "")]),
      repair: repair("markdown_unescaped", "the backslashes of Markdown inside the token were removed"),
    };
  },
  function replaceDashes(text) {
    return {
      text: inRuns(text, DASHES),
      repair: repair("dashes_replaced", "dashes that a word processor made of hyphens were put back"),
    };
  },
];

/** A text in which nearly every other character is NUL, as ASCII in UTF-16 is when it is read as UTF-8. */
function isUtf16(text: string): boolean {
  if (!text.includes("\0")) return false;
  const nuls = text.length - text.replaceAll("\0", "").length;
  return nuls >= text.length * 0.4;
}

/** ECMA-48 section 5.4, and the strings of section 5.6 as terminals write and end them. */
// biome-ignore-start lint/suspicious/noControlCharactersInRegex: these are what is looked for
const TERMINAL_START = /[\u001b\u009b]/;
const CSI = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]/g;
const OSC_EDGE = /\u001b[\]PX^_\\]|\u0007/g;
const OTHER_ESCAPE = /\u001b[ -/]*[0-~]?|\u009b/g;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: these are what is looked for

/** What may be a token but for backslashes and dashes in it. */
const MARKED_RUN =
  /e[wy][A-Za-z0-9_-]{4}[A-Za-z0-9_.~-]*(?:(?:\\[_.~-]|[\u2010-\u2014\u2212](?=[A-Za-z0-9_-]))[A-Za-z0-9_.~-]*){0,100000}/g;

/** Word processors make one dash of two hyphens, some of one. */
const DASHES = [
  (run: string) => run.replace(/[\u2010-\u2013\u2212]/g, "-").replaceAll("\u2014", "--"),
  (run: string) => run.replace(/[\u2010\u2011\u2212]/g, "-").replace(/[\u2013\u2014]/g, "--"),
  (run: string) => run.replace(/[\u2010-\u2014\u2212]/g, "-"),
];

/**
 * Changes what is marked inside a token. Marks in its signature are a part of it only when the signature is then as long
 * as its algorithm makes them: a word may follow it.
 */
function inRuns(text: string, readings: readonly ((run: string) => string)[]): string {
  if (!/[\\\u2010-\u2014\u2212]/.test(text)) return text;
  return text.replace(MARKED_RUN, (run) => {
    const unmarked = /^[A-Za-z0-9_.~-]*/.exec(run)?.[0] ?? "";
    if (unmarked === run || !run.includes(".") || isWholeToken(unmarked)) return run;
    const [first = run, ...others] = readings.map((reading) => reading(run));
    if (unmarked.split(".", 3).length < 3) return [first, ...others].find(isWholeToken) ?? first;
    return [first, ...others].find(isWholeToken) ?? run;
  });
}

const LINES_JOINED = repair("lines_joined", "line breaks and blanks inside the token were removed");

/** A token in several values, or in several lines. */
export const JOINING: readonly Step[] = [
  joinSplitValues,
  ...REUNIONS,
  function joinLines(text) {
    return { text: joinWrapped(text), repair: LINES_JOINED };
  },
];

/** A whole signed or encrypted token, and the end of a sentence. */
const SENTENCE = /^[^.]+\.[^.]*\.[^.]+(?:\.[^.]+\.[^.]+)?\.+$/;
/** What also has to be done to a text that has no other characters than a token. */
export const SEPARATIONS: readonly Step[] = [
  function separateScheme(text) {
    const match = /^(bearer|dpop)(?:[+_.-]|%20|%2B){0,4}(?=e[wy][A-Za-z0-9_-]{6})/i.exec(text);
    if (!match) return undefined;
    return {
      text: text.slice(match[0].length),
      repair: repair("scheme_removed", `the word ${match[1]} before the token was removed`),
    };
  },
  function removePrefix(text) {
    return {
      text: text.replace(/gh[opsur]_\d{1,20}_(?=e[wy][A-Za-z0-9_-]{6})/g, ""),
      repair: repair(
        "prefix_removed",
        "the prefix ghs_…_ before the token was removed: it is a token of GitHub, whose signature only GitHub can verify",
      ),
    };
  },
  separateTokens,
  function removeFullStop(text) {
    if (!text.endsWith(".") || !isBareToken(text) || !SENTENCE.test(text)) return undefined;
    return {
      text: withoutEnding(text, "."),
      repair: repair("full_stop_removed", "the full stop behind the token was removed"),
    };
  },
  ...ENCODINGS,
  ...SPELLINGS,
];

/** What was done to its characters. Tried only when no whole token is in the text. */
export const MANGLINGS: readonly Step[] = [
  function decodePercent(text) {
    if (!/%[0-9a-f]{2}/i.test(text)) return undefined;
    return {
      text: text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
      repair: repair("percent_decoded", "percent-encoding (%2E) was decoded"),
    };
  },
  function decodeQuotedPrintable(text) {
    if (!/=(?:[2-7][0-9A-F]|\r?\n)/.test(text)) return undefined;
    return {
      text: text
        .replace(/=\r?\n/g, "")
        .replace(/=([2-7][0-9A-F])/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      repair: repair("quoted_printable_decoded", "the quoted-printable of a mail (=2E) was decoded"),
    };
  },
  function decodeEscapes(text) {
    if (!/\\(?:u00|x)[2-7][0-9a-f]|&#(?:x[2-7][0-9a-f]|\d{2,3});/i.test(text)) return undefined;
    return {
      text: text.replace(
        /\\(?:u00|x)([2-7][0-9a-f])|&#x([2-7][0-9a-f]);|&#(\d{2,3});/gi,
        (_, first?: string, second?: string, decimal?: string) =>
          String.fromCharCode(decimal ? Number(decimal) : Number.parseInt(first ?? second ?? "", 16)),
      ),
      repair: repair(
        "escapes_decoded",
        "the escapes of a programming language or of HTML (\\u002e) were decoded",
      ),
    };
  },
  function joinBlanks(text) {
    const joined = text.replace(/\\?\s+/g, "");
    return joined.includes(".") && isBareToken(joined) ? { text: joined, repair: LINES_JOINED } : undefined;
  },
];
