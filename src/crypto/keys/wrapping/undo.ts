import type { Finding } from "../../../core/jose/token/finding.ts";

/** One layer of writing around or inside a key text, and the text without it. */
export interface Undone {
  readonly text: string;
  readonly repair: Finding;
}

type Undo = (text: string) => Undone | undefined;

const undone = (code: string, message: string, text: string): Undone => ({ text, repair: { code, message } });

/** `data:application/x-pem-file;base64,LS0t…`, and the mark that Laravel and others put before base64. */
const scheme: Undo = (text) => {
  const mark = /^(?:data:[\w.+/-]{0,80}(?:;[\w=-]{1,40})*,|base64:|b64:)/i.exec(text)?.[0];
  if (mark === undefined) return undefined;
  const rest = text.slice(mark.length);
  return undone("scheme", `"${mark.slice(0, 40)}" stood before the key`, rest);
};

/** Percent-encoding (RFC 3986 section 2.1) or, with `+` for blanks, that of HTML forms. */
const percent: Undo = (text) => {
  if (!/%(?:0[AaDd]|2[0BbFfDd2]|3[DdAa]|5[BbCc]|7[BbDd])/.test(text)) return undefined;
  const isForm = /BEGIN\+|(?:^|[&\s])[\w.]+=.{0,200}%2B/i.test(text);
  const plain = (isForm ? text.replaceAll("+", " ") : text).replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return isForm
    ? undone("form_encoding", "the key is encoded as in an HTML form (+ and %)", plain)
    : undone("percent_encoding", "the key is percent-encoded, as in a URL", plain);
};

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ quot: '"', amp: "&", lt: "<", gt: ">", apos: "'", nbsp: " ", plus: "+", sol: "/", equals: "=" },
  ...{ newline: "\n", tab: "\t", hyphen: "-", dash: "-", lowbar: "_", lbrace: "{", rbrace: "}", colon: ":" },
  ...{ ndash: "\u2013", mdash: "\u2014", lcub: "{", rcub: "}", lbrack: "[", rbrack: "]", comma: "," },
};

/** HTML: character references, and `<br>` for line breaks. */
const html: Undo = (text) => {
  const reference = /&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([A-Za-z]{2,8}));/g;
  const plain = text
    .replace(/<br[ \t]*\/?>/gi, "\n")
    .replace(/<\/?(?:pre|code|p|div|span|textarea)>/gi, "\n")
    .replace(reference, (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
      const code = Number.parseInt(decimal ?? hex ?? "", decimal === undefined ? 16 : 10);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    });
  if (plain === text) return undefined;
  return undone("html", "the key is written as HTML (character references such as &#43;, or <br>)", plain);
};

/** Pairs of quotes that people and word processors put around a text. */
const QUOTES: Readonly<Record<string, string>> = {
  ...{ '"': '"', "'": "'", "`": "`", "\u201c": "\u201d", "\u201e": "\u201c", "\u2018": "\u2019" },
  ...{ "\u00ab": "\u00bb", "<": ">" },
};

const quotes: Undo = (text) => {
  const fence = /^```[a-z]*\r?\n/.exec(text)?.[0];
  if (fence !== undefined) {
    const end = text.lastIndexOf("```");
    return undone(
      "code_fence",
      "the key stood between ``` lines",
      text.slice(fence.length, end > 0 ? end : undefined),
    );
  }
  const tail = /[;,]$/.test(text) ? text.slice(0, -1).trimEnd() : text;
  const [first = ""] = tail;
  const closing = QUOTES[first];
  if (closing === undefined || tail.length < 2 || !tail.endsWith(closing) || first === "<") return undefined;
  return undone("quotes", "the key stood in quotes", tail.slice(1, -1));
};

/** Source code: every line a literal of its own, put together with `+`, `.` or nothing. */
const literals: Undo = (text) => {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length < 2) return undefined;
  const inner = lines.map((line) => /^\s*[+.]?\s*(["'])(.*)\1\s*[+.,;\\)]*\s*$/.exec(line)?.[2]);
  if (inner.some((line) => line === undefined)) return undefined;
  return undone("literals", "each line of the key stood in quotes, as in source code", inner.join("\n"));
};

/** One literal of a concatenation, with the sign before it that joins it to the last one. */
const LITERAL = /\s*(?:[+.\\]\s*)?(["'])((?:(?!\1)[^\n])*)\1/;

/** Source code around a concatenation: `String key = "-----BEGIN …\n" + "MII…";`, also several of them. */
const concatenation: Undo = (text) => {
  const literal = new RegExp(LITERAL, "y");
  let plain = "";
  let at = 0;
  for (const { index } of text.matchAll(/["']-----BEGIN /g)) {
    if (index < at) continue;
    const lines: string[] = [];
    literal.lastIndex = index;
    let end = index;
    for (let found = literal.exec(text); found !== null; found = literal.exec(text)) {
      lines.push((found[2] ?? "").replace(/(?:\\r)?\\n/g, "\n"));
      end = literal.lastIndex;
    }
    if (lines.length < 2) continue;
    plain += `${text.slice(at, index)}\n${lines.join("\n")}\n`;
    at = end;
  }
  if (at === 0) return undefined;
  return undone(
    "literals",
    "the key is put together from literals, as in source code",
    plain + text.slice(at),
  );
};

/** Escapes of JSON, environment files and shells; written twice when a text was escaped once more. */
const escapes: Undo = (text) => {
  if (!text.includes("\\")) return undefined;
  const runs = /(\\+)(u[0-9A-Fa-f]{4}|[xX][0-9A-Fa-f]{2}|\r\n|[\s\S]|$)/g;
  let twice = false;
  const plain = text.replace(runs, (_, slashes: string, what: string) => {
    twice ||= slashes.length > 1 && /^[nr"]/.test(what);
    if (/^[uxX]./.test(what)) return String.fromCharCode(Number.parseInt(what.slice(1), 16));
    return MEANT[what] ?? what;
  });
  return twice
    ? undone("escaped_twice", "the line breaks are written as \\\\n: the text was escaped twice", plain)
    : undone("escaped", "the line breaks are written as \\n, as in an environment file", plain);
};

const MEANT: Readonly<Record<string, string>> = { n: "\n", r: "", t: "\t" };

/** A mail's `> `, or a comment's mark, before every line. */
const linePrefix: Undo = (text) => {
  const mark = /^(?:>|#|\/\/|\*|\||\+(?=-----BEGIN|[{[]))/.exec(text)?.[0];
  if (mark === undefined) return undefined;
  const lines = text.split("\n");
  if (lines.length < 2 || lines.some((line) => line.trim() !== "" && !line.trimStart().startsWith(mark))) {
    return undefined;
  }
  const plain = lines.map((line) => line.trimStart().slice(mark.length).replace(/^ /, "")).join("\n");
  return undone("line_prefix", `a "${mark}" stood before every line`, plain);
};

/** A mail's quoted-printable (RFC 2045 section 6.7): `=3D` for `=`, and `=` before line breaks that are none. */
const quotedPrintable: Undo = (text) => {
  // One = at the end of a line is the padding of base64.
  const softBreaks = text.match(/[^=\s-]{20}=\r?\n[A-Za-z0-9+/"]/g)?.length ?? 0;
  if (softBreaks < 2 && !text.includes("=3D")) return undefined;
  const plain = text
    .replace(/=\r?\n(?!-----)/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return undone("quoted_printable", "the key is encoded as in a mail (quoted-printable)", plain);
};

/** What programs that show a file put on its lines: numbers before them, or marks of their ends. */
const listing: Undo = (text) => {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  const [first = ""] = lines;
  const start = /^\s*(\d{1,6})(?:\s|[:.|)])/.exec(first)?.[1];
  if (lines.length < 2 || (start === undefined && !/\^M$|\$$/.test(first))) return undefined;
  const numbered = lines.map(
    (line, index) =>
      new RegExp(`^\\s*0*${Number(start) + index}(?:\\s*[:.|)\u2502]\\s*|\\s+|$)(.*)$`).exec(line)?.[1],
  );
  if (numbered.every((line) => line !== undefined)) {
    return undone("line_numbers", "a number stood before every line", numbered.join("\n"));
  }
  const ended = lines.map((line) => /^(.*?)(?:\^M)?\$$|^(.*)\^M$/.exec(line));
  if (ended.slice(0, -1).some((line) => line === null)) return undefined;
  const plain = ended.map((line, index) => line?.[1] ?? line?.[2] ?? lines[index]).join("\n");
  return undone(
    "line_ends_shown",
    "the ends of the lines are written as $ or ^M, as cat -A shows them",
    plain,
  );
};

/** The header of an HTTP answer, as `curl -i` prints it. */
const httpAnswer: Undo = (text) => {
  const header = /^HTTP\/[\d.]+ \d{3}[^\n]*\n(?:[\w-]+:[^\n]*\n)*\r?\n/i.exec(text)?.[0];
  if (header === undefined) return undefined;
  return undone(
    "http_header",
    "the header of an HTTP answer stood before the key",
    text.slice(header.length),
  );
};

/** Characters that nobody sees: from web pages, word processors and chat programs. */
const invisible: Undo = (text) => {
  const plain = text
    .replace(/[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/g, "")
    .replace(/[\u00a0\u2000-\u200a\u202f\u3000]/g, " ");
  return plain === text
    ? undefined
    : undone("invisible_characters", "invisible characters stood in the key's text", plain);
};

/** In the order in which layers are put on, the outermost first. */
const UNDOS: readonly Undo[] = [
  ...[httpAnswer, scheme, percent, quotedPrintable, html, listing, literals, concatenation, quotes],
  ...[escapes, linePrefix, invisible],
];

/** Takes off the first layer that is there; undefined when there is none. */
export function undoOne(text: string): Undone | undefined {
  for (const undo of UNDOS) {
    const result = undo(text);
    if (result !== undefined && result.text !== text) return result;
  }
  return undefined;
}
