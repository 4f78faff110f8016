import { isWholeToken } from "./signature-size.ts";
import { repair, type Step } from "./step.ts";

// Values that were too long for one cookie: session.0 and session.1, CookiesC1 and CookiesC2, _proxy_0 and _proxy_1.

/** A numbered part of a value that was split. */
export interface NumberedPart {
  /** The name without its number. */
  readonly base: string;
  readonly name: string;
  readonly number: number;
  readonly value: string;
  /** Where the name begins in the text, and where the value ends. */
  readonly start: number;
  readonly end: number;
  /** What stands between the name and the value. */
  readonly sign: string;
}

/** A name and a value: of a cookie, in a table of cookies, or in a list of JSON objects (HAR, an exported jar). */
const ASSIGNMENT =
  /(?<![A-Za-z0-9_.-])(?!(?:set-)?cookie["']?[ \t]*:|name["']?\s*:)([A-Za-z_.][A-Za-z0-9_.-]{0,100})(["']?[ \t]{0,4}(?:[=:]|\t)[ \t]{0,4}["']?|"\s{0,20},\s{0,20}"value"\s{0,20}:\s{0,20}")([^\s;,"'&]*)/gi;
const NUMBERED = /^(.*?)(?:([._-]{1,2}|C)(\d{1,2})|(\d))$/;
const MOST_PARTS = 10_000;
/** How ASP.NET says into how many parts the value was split. */
const COUNT = /^chunks[:-]\d{1,2}$/;

/** The numbered values in a text, in its order. */
export function numberedParts(text: string): readonly NumberedPart[] {
  if (!/\d["']?[ \t]*[=:\t,]/.test(text)) return [];
  const parts: NumberedPart[] = [];
  const plain = new Map<string, NumberedPart>();
  for (const match of text.matchAll(ASSIGNMENT)) {
    const [all, name = "", sign = "", value = ""] = match;
    const place = { name, sign, value, start: match.index, end: match.index + all.length };
    const [, stem = name, mark = "", digits, digit] = NUMBERED.exec(name) ?? [];
    const number = digits ?? digit;
    if (number === undefined) plain.set(name, { ...place, base: name, number: 0 });
    else parts.push({ ...place, base: stem + mark, number: Number(number) });
    if (parts.length + plain.size >= MOST_PARTS) break;
  }
  // FedAuth, FedAuth1: the first has no number. Only where others have one.
  const bases = new Set(parts.map(({ base }) => base));
  const first = [...plain.values()].filter(({ base, value }) => bases.has(base) && !COUNT.test(value));
  return [...parts, ...first].sort((one, other) => one.start - other.start);
}

/** How the value begins that is split: a token, base64 of one, or what frameworks encrypt. */
const WORTH_JOINING = /^(?:base64-|e[wy]|CfDJ8|%7B|%5B|[{[]|ZX[dls]|QmVhcm|s%3A|Fe26|Bearer)/i;

/** The parts of one value in their order; undefined when one is missing or they are values of their own. */
function inOrder(parts: readonly NumberedPart[]): readonly NumberedPart[] | undefined {
  const ordered = [...new Map(parts.map((part) => [part.number, part])).values()].sort(
    (one, other) => one.number - other.number,
  );
  const from = ordered[0]?.number ?? 0;
  if (ordered.length < 2 || from > 1 || !ordered.every(({ number }, index) => number === from + index))
    return undefined;
  const [first, ...others] = ordered;
  // A digit alone counts only behind a first that has none: t1 and t2 are two names.
  if (/[^._C-]$/.test(first?.base ?? "") && first?.name !== first?.base) return undefined;
  if (first === undefined || !WORTH_JOINING.test(first.value) || isWholeToken(first.value)) return undefined;
  return others.some(({ value }) => value === "" || /^e[wy][\w-]+\.[\w-]*\./.test(value))
    ? undefined
    : ordered;
}

function byBase(parts: readonly NumberedPart[]): ReadonlyMap<string, readonly NumberedPart[]> {
  const groups = new Map<string, NumberedPart[]>();
  for (const part of parts) {
    const group = groups.get(part.base);
    if (group === undefined) groups.set(part.base, [part]);
    else group.push(part);
  }
  return groups;
}

/** More of a name is not repeated. */
const LONGEST_NAME = 40;
const MOST_NAMED = 3;

/** Puts the parts of split values together, in the place of the first of them. */
export const joinSplitValues: Step = (text) => {
  const parts = numberedParts(text);
  if (parts.length < 2) return undefined;
  const written = new Map<NumberedPart, string>();
  const names: string[] = [];
  for (const [base, group] of byBase(parts)) {
    const ordered = inOrder(group);
    if (ordered === undefined) continue;
    const name = base.replace(/(?<=.)(?:[._-]{1,2}|C)$/, "");
    names.push(name.slice(0, LONGEST_NAME));
    for (const part of group) written.set(part, part.name + part.sign);
    const [first] = group;
    if (first !== undefined)
      written.set(first, name + first.sign + ordered.map(({ value }) => value).join(""));
  }
  if (names.length === 0) return undefined;
  let joined = "";
  let from = 0;
  for (const [part, replacement] of [...written].sort(([one], [other]) => one.start - other.start)) {
    joined += text.slice(from, part.start) + replacement;
    from = part.end;
  }
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : "";
  return {
    text: joined + text.slice(from),
    repair: repair(
      "parts_joined",
      `the parts of ${names.slice(0, MOST_NAMED).join(", ")}${more} were put together`,
    ),
  };
};

/** The name of a value that is one part of several, which are not all there; undefined when there is none. */
export function lonePart(text: string): string | undefined {
  return numberedParts(text).find(
    ({ base, value }) => /[._C-]$/.test(base) && /^[\w%.+/=-]{40,}$/.test(value) && !isWholeToken(value),
  )?.name;
}
