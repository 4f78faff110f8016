import { withoutEnding } from "../../base/text/wording.ts";

/** One way in which spellings of an identifier differ, and how to remove the difference. */
interface Aspect {
  readonly name: string;
  readonly level: (text: string) => string;
}

/** With a scheme any host has a port; without one only what is plainly a host, for `api:1` is a name. */
const PORT = /^(https?:\/\/(?:[\w.-]+|\[[\da-f:]+\])|[\w-]+\.[\w.-]+|localhost|\[[\da-f:]+\]):\d+(?=\/|$)/i;

const ASPECTS: readonly Aspect[] = [
  { name: "white space", level: (text) => text.replace(/[\u200b-\u200f\u2060\ufeff]+/g, "").trim() },
  { name: "percent-encoding", level: unescaped },
  { name: "the port", level: (text) => text.replace(PORT, "$1") },
  { name: "the scheme", level: (text) => text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "") },
  { name: "the final slash", level: (text) => withoutEnding(text, "/") },
  { name: "upper and lower case", level: (text) => text.toLowerCase() },
];

/** `%2F` and the like as the characters that they stand for; a text that is not percent-encoded as it is. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const ALL = (text: string, left?: Aspect) =>
  ASPECTS.reduce((level, aspect) => (aspect === left ? level : aspect.level(level)), text);

/**
 * Names how two identifiers differ that look equivalent: white space, scheme, port, final slash, case. To a verifier
 * they are different: it compares character by character (RFC 7519 section 2).
 *
 * @returns names for a sentence; empty when they are equal, undefined when they differ in something else
 */
export function spellingDifference(first: string, second: string): readonly string[] | undefined {
  if (ALL(first) !== ALL(second)) return undefined;
  return ASPECTS.filter((aspect) => ALL(first, aspect) !== ALL(second, aspect)).map(({ name }) => name);
}

/** Host (with its port) and path of an address, without a final slash; undefined for what is no http address. */
export function hostAndPath(text: string): { readonly host: string; readonly path: string } | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const { host, pathname } = new URL(text);
  return { host, path: withoutEnding(pathname, "/") };
}

/** Whether both are on the same server, under different paths. */
export function sameServer(first: string, second: string): boolean {
  if (!URL.canParse(first) || !URL.canParse(second)) return false;
  const [a, b] = [new URL(first), new URL(second)];
  return a.host !== "" && a.host === b.host && a.protocol === b.protocol && a.pathname !== b.pathname;
}
