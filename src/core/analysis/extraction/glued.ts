import { decodeBase64Url } from "../../base/base64url.ts";
import { objectOf, readContent } from "../../jose/token/content.ts";
import { BEFORE_TOKEN, repair, type Step } from "./step.ts";

/** More segments than a signed token has. */
const LONG_RUN = new RegExp(
  `${BEFORE_TOKEN}e[wy][A-Za-z0-9_-]{4}[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_.-]*`,
  "g",
);
/** Nobody writes more of them together. */
const MOST_TOGETHER = 100;
/** In a longer segment no second header is looked for, and at no more places: by chance a signature has hardly one. */
const LONGEST_SEGMENT = 16_000;
const MOST_PLACES = 16;

const SEPARATED = repair("tokens_separated", "tokens that were written together were taken apart");

/** Tokens with nothing between them: where the signature of one should end, the header of another begins. */
export const separateTokens: Step = (text) => ({
  text: text.replace(LONG_RUN, (run) => separated(run)),
  repair: SEPARATED,
});

function separated(run: string): string {
  const tokens: string[] = [];
  let rest = run;
  while (tokens.length < MOST_TOGETHER) {
    const [header = "", payload = "", third = "", ...more] = rest.split(".", 5);
    // A JWE, or nothing behind it that could be a payload.
    if (more.length === 0 || headerAt(header)?.has("enc")) break;
    const start = nextHeader(third);
    if (start < 0) break;
    const end = header.length + payload.length + 2 + start;
    tokens.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return tokens.length === 0 ? run : [...tokens, rest].join(" ");
}

/** Where in a segment the header of another token begins, that goes to the segment's end; -1: nowhere. */
function nextHeader(segment: string): number {
  if (segment.length > LONGEST_SEGMENT) return -1;
  let places = 0;
  for (const { index } of segment.matchAll(/e[wy]/g)) {
    if (places++ >= MOST_PLACES) break;
    if (headerAt(segment.slice(index)) !== undefined) return index;
  }
  return -1;
}

function headerAt(segment: string) {
  return objectOf(readContent(decodeBase64Url(segment).bytes));
}
