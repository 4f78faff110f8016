import { decodeBase64Url } from "../../base/base64url.ts";
import { type FoundForm, MAX_TOKENS } from "../../jose/token/candidate.ts";
import { objectOf, readContent } from "../../jose/token/content.ts";
import { isWholeToken } from "./signature-size.ts";
import { BEFORE_TOKEN } from "./step.ts";

/** How the base64url of a JSON object begins: `{"`, `{ `, or `{` and a line break. */
const OBJECT = "e[wy]";
/** How it begins with white space before it, which is a good header too, and no word of a text. */
const SPACED_OBJECT = "I[A-P]|C[Q-Za-v]|D[Q-Za-f]";
const SEGMENT = "[A-Za-z0-9_-]";
/** A run of segments that begins as a JSON object does, with the disclosures of an SD-JWT behind it. */
const RUN = new RegExp(
  `${BEFORE_TOKEN}(?:${OBJECT}|${SPACED_OBJECT})${SEGMENT}{4}${SEGMENT}*={0,2}` +
    `\\.${SEGMENT}*={0,2}\\.${SEGMENT}*={0,2}(?:\\.[A-Za-z0-9_.-]*)?(?:~[A-Za-z0-9_.~-]*)?`,
  "g",
);
/** A token without its signature. Both parts have to be objects. */
const TWO_SEGMENTS =
  /(?<![A-Za-z0-9_.~-])e[wy][A-Za-z0-9_-]{4}[A-Za-z0-9_-]*\.e[wy][A-Za-z0-9_-]{4}[A-Za-z0-9_-]*={0,2}(?![A-Za-z0-9_.~=-])/g;

/**
 * Finds tokens in a text that is more than a token: a header line, a cookie, a URL, a log, a command, a snippet of any
 * language. In their order, each once; those that cannot be read last, beside others that can.
 */
export function pickFromText(text: string): readonly FoundForm[] {
  const position = positions(text);
  const picks = matches(text).map(({ index, token }) => {
    const name = nameBefore(text, index);
    const place = position(index);
    return {
      form: { kind: "compact", text: token } as const,
      ...(name === undefined ? {} : { name }),
      where: name === undefined ? place : `${place} (${name})`,
    };
  });
  const [readable, others] = partition(picks, ({ form }) => headerOf(form.text) !== undefined);
  if (readable.length === 0) return picks;
  return [
    ...readable,
    ...others
      .filter(({ form }) => hasPayload(form.text))
      .map((pick) => ({ ...pick, unreadable: true as const })),
  ];
}

function partition<Item>(items: readonly Item[], test: (item: Item) => boolean): readonly [Item[], Item[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

/** `eyJhbGciOi...` is how people write a token that they leave out. */
function hasPayload(token: string): boolean {
  return (token.split(".", 2)[1] ?? "") !== "";
}

interface Match {
  readonly index: number;
  readonly token: string;
}

/** In their order, the same token at several places once. */
function matches(text: string): readonly Match[] {
  const runs = eachOnce(text, RUN, tokenOf);
  const unsigned = eachOnce(text, TWO_SEGMENTS, (run) =>
    runs.length === 0 || headerOf(run) !== undefined ? run : undefined,
  );
  return [...runs, ...unsigned].sort((first, second) => first.index - second.index).slice(0, MAX_TOKENS);
}

function eachOnce(
  text: string,
  pattern: RegExp,
  take: (run: string) => string | undefined,
): readonly Match[] {
  const found = new Map<string, Match>();
  for (const { 0: run, index } of text.matchAll(pattern)) {
    const taken = take(run);
    const token = taken && withInterruptions(text, index, taken);
    if (token !== undefined && !found.has(token)) found.set(token, { index, token });
    if (found.size >= MAX_TOKENS) break;
  }
  return [...found.values()];
}

/** A few characters that belong in no token, and more of it. */
const INTERRUPTION = /[^A-Za-z0-9_.~\s-]{1,3}([A-Za-z0-9_-]+)/y;
const MOST_INTERRUPTIONS = 10;

/**
 * A token whose signature goes on behind characters that do not belong in it. That it does is known by its length;
 * taken as it is written, its fault can be told.
 */
function withInterruptions(text: string, index: number, token: string): string {
  if (token.includes("~") || isWholeToken(token)) return token;
  let known = token;
  INTERRUPTION.lastIndex = index + token.length;
  for (let count = 0; count < MOST_INTERRUPTIONS; count++) {
    const [, more] = INTERRUPTION.exec(text) ?? [];
    if (more === undefined) return token;
    known += more;
    if (isWholeToken(known)) return text.slice(index, INTERRUPTION.lastIndex);
  }
  return token;
}

/** The token at the beginning of a run: three segments, five when it says it is encrypted, and what is disclosed. */
function tokenOf(run: string): string | undefined {
  if (!run.startsWith("e") && headerOf(run) === undefined) return undefined;
  const [main = "", ...disclosed] = run.split("~");
  // Enough for any token: more need not be counted.
  const segments = main.split(".", 6);
  const encrypted = segments.length >= 5 && headerOf(main)?.has("enc");
  const token = segments.slice(0, encrypted ? 5 : 3).join(".");
  if (disclosed.length === 0 || segments.length !== 3) return token;
  const last = disclosed[disclosed.length - 1] ?? "";
  // A full stop behind the last tilde ends a sentence.
  const kept = /^[^.]*(?:\.[^.]+\.[^.]*)?$/.test(last) ? last : (last.split(".")[0] ?? "");
  return [token, ...disclosed.slice(0, -1), kept].join("~");
}

function headerOf(token: string) {
  const end = token.indexOf(".");
  return objectOf(readContent(decodeBase64Url(token.slice(0, end).replace(/=+$/, "")).bytes));
}

/** A name is not begun by the digits of a percent-encoding before it. */
const NAME = "(?:(?<=%[0-9A-F]{2})|(?<![A-Z0-9_.%-])(?<!%[0-9A-F]))(\\.?[A-Z_][A-Z0-9_.-]{0,40})";
const QUOTE = "(?:\\\\?[\"'`]|%22|&quot;)?";
const NAME_BEFORE = new RegExp(
  `${NAME}${QUOTE}\\s{0,4}(?:=3D|[=:]|%3[AD])\\s{0,4}${QUOTE}(?:(?:bearer|dpop|jwt|token)(?:\\s{1,4}|%20|\\+))?${QUOTE}$`,
  "i",
);
const LONGEST_BEFORE = 80;

/** What the text calls the token: `id_token=…`, `"token": "…"`, `Authorization: Bearer …`. */
function nameBefore(text: string, index: number): string | undefined {
  return NAME_BEFORE.exec(text.slice(Math.max(0, index - LONGEST_BEFORE), index))?.[1];
}

/** Where an index is: a line, or in a single line a character. To be asked for one index after the other. */
function positions(text: string): (index: number) => string {
  if (!text.includes("\n")) return (index) => `character ${index + 1}`;
  let line = 1;
  let next = text.indexOf("\n");
  return (index) => {
    for (; next >= 0 && next < index; next = text.indexOf("\n", next + 1)) line++;
    return `line ${line}`;
  };
}
