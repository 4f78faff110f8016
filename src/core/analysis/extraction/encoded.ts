import { decodeBase64Url } from "../../base/base64url.ts";
import { withoutEnding } from "../../base/text/wording.ts";
import { repair, type Step } from "./step.ts";

// Tokens in base64: alone, in a cookie of Supabase, in credentials, in a docker configuration, in a WebSocket's protocol.

/** A token, or what a token response begins with, not in the middle of something longer. */
const TOKEN_IN =
  /(?:(?<=(?<![A-Za-z0-9_.-])gh[opsur]_\d{1,20}_)|(?<![A-Za-z0-9_.-]))e[wy][A-Za-z0-9_-]{6}[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]?/;
const NO_TEXT = /[\0-\x08\x0e-\x1f\x7f\ufffd]/;
/** So much is looked at before the whole is decoded: most base64 is no text. */
const FIRST_LOOK = 64;

/** What is in base64 is decoded once more in it: a docker configuration in a secret of Kubernetes. */
const MAX_LEVELS = 2;

/** What base64 in either alphabet stands for, when that is a text with a token in it. */
function textWithToken(encoded: string, level: number): string | undefined {
  const bare = withoutEnding(encoded.replaceAll("%3D", "=").replaceAll("+", "-").replaceAll("/", "_"), "=");
  if (NO_TEXT.test(decoded(bare.slice(0, FIRST_LOOK)).slice(0, -2))) return undefined;
  const { ok, bytes } = decodeBase64Url(bare);
  if (!ok) return undefined;
  const text = new TextDecoder().decode(bytes).trim();
  if (NO_TEXT.test(text)) return undefined;
  if (TOKEN_IN.test(text)) return text;
  if (level >= MAX_LEVELS || isBareSegment(text)) return undefined;
  const deeper = replaced(text, RUN, level + 1);
  return deeper === text ? undefined : deeper;
}

/** Base64 of base64 is a chain that a hostile text makes as long as it likes. */
function isBareSegment(text: string): boolean {
  return !/[^A-Za-z0-9+/_=-]/.test(text);
}

function decoded(base64url: string): string {
  return new TextDecoder().decode(decodeBase64Url(base64url).bytes);
}

/** Long enough for a token in it, and no segment of one. */
const BASE64 = "[A-Za-z0-9+/_-]{30}[A-Za-z0-9+/_-]*(?:=|%3D){0,2}";
const RUN = new RegExp(
  `(?<![A-Za-z0-9+/_.-])(?:base64-)?(${BASE64})(?![A-Za-z0-9+/_=-]|\\.[A-Za-z0-9_-])`,
  "g",
);
const BASIC = new RegExp(`\\bbasic(?:[ \\t]{1,4}|\\+|%20)(${BASE64})(?![A-Za-z0-9+/_=.-])`, "gi");
/** Kubernetes and others hand a token over as a protocol's name, in which only these characters may stand. */
const PROTOCOL = /base64url\.bearer\.[a-z0-9.-]{0,60}?\.([A-Za-z0-9_-]{30}[A-Za-z0-9_-]*)(?![A-Za-z0-9_.-])/g;

/** Nobody writes a longer token in hexadecimal. */
const LONGEST_HEX = 1_000_000;

export const ENCODINGS: readonly Step[] = [
  function decodeBasic(text) {
    return {
      text: replaced(text, BASIC),
      repair: repair("basic_decoded", "the user name and password of HTTP Basic were decoded from base64"),
    };
  },
  function decodeProtocol(text) {
    return {
      text: replaced(text, PROTOCOL),
      repair: repair("base64_decoded", "the base64 of a token was decoded"),
    };
  },
  function decodeBase64(text) {
    // The program base64 wraps its lines.
    const joined = text.includes(".") ? text : text.replace(/\s+/g, "");
    const whole = /^[A-Za-z0-9+/_-]+={0,2}$/.test(joined) ? replaced(joined, RUN) : joined;
    return {
      text: whole === joined ? replaced(text, RUN) : whole,
      repair: repair("base64_decoded", "the base64 of a token was decoded"),
    };
  },
  function decodeHex(text) {
    if (text.length > LONGEST_HEX) return undefined;
    const digits = text.replace(/^<\w{6} |>$|0x|\\x|[\s:,-]+/g, "");
    if (!/^(?:65(?:77|79)|42656172)(?:[0-7][0-9a-f])+$/i.test(digits)) return undefined;
    const bytes = Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    const plain = new TextDecoder().decode(bytes);
    return TOKEN_IN.test(plain)
      ? { text: plain.trim(), repair: repair("hex_decoded", "the hexadecimal of a token was decoded") }
      : undefined;
  },
];

/** With every run of base64 in which there is a token as the text that it stands for. */
function replaced(text: string, pattern: RegExp, level = 1): string {
  const inJson = /^\s*[{[]/.test(text);
  return text.replace(pattern, (run, encoded: string) => {
    const plain = textWithToken(encoded, level);
    if (plain === undefined) return run;
    // It stands in a string there, and must not end it.
    return inJson ? JSON.stringify(plain).slice(1, -1) : plain;
  });
}
