import { AppError } from "../errors.ts";
import type { Finding } from "./finding.ts";
import { pickTokens } from "./pick.ts";

/** A token found in what was pasted, and what had to be taken off to get at it. */
export interface TokenCandidate {
  /** What should be the compact form. */
  readonly token: string;
  /** Where it was found, when the text held more than a token: a member's name, or a position. */
  readonly where?: string;
  readonly repairs: readonly Finding[];
}

/** Takes one wrapping off, or answers undefined when the text does not have it. */
type Step = (text: string) => { readonly text: string; readonly repair: Finding } | undefined;

/** Nothing but segments and dots. Padding and the other base64 alphabet are the decoder's to judge. */
const BARE_TOKEN = /^[A-Za-z0-9_+/-]*={0,2}(?:\.[A-Za-z0-9_+/-]*={0,2})*$/;
/** Wrappings inside wrappings; more than this is not something anyone pasted. */
const MAX_ROUNDS = 16;

/**
 * Finds the token in what people paste: line wraps, quotes, `Authorization: Bearer`, percent-encoding, a token response
 * or another text around it. Everything taken off is listed. Several tokens: several candidates, the likeliest first.
 *
 * @throws AppError `token_malformed` when there is nothing in it that could be a token
 */
export function unwrapToken(text: string): readonly [TokenCandidate, ...TokenCandidate[]] {
  const repairs: Finding[] = [];
  let rest = withoutFinalLineBreak(text);
  for (let round = 0; round < MAX_ROUNDS && !BARE_TOKEN.test(rest); round++) {
    let next = peel(rest, WRAPPINGS);
    if (next === undefined) {
      const [first, ...others] = pickTokens(rest).map(({ token, where, repair }) => ({
        token,
        where,
        repairs: [...repairs, repair],
      }));
      if (first) return [first, ...others];
      next = peel(rest, MANGLINGS);
    }
    if (next === undefined) break;
    const { repair } = next;
    if (!repairs.some(({ code }) => code === repair.code)) repairs.push(repair);
    rest = next.text;
  }
  if (rest === "") throw nothing(text);
  return [{ token: rest, repairs }];
}

function nothing(text: string): AppError {
  return new AppError(
    "token_malformed",
    text.trim() === "" ? "the input is empty" : "there is no token in the input",
    {
      hints: ["Give a token as an argument, as @file, or through a pipe"],
    },
  );
}

/** What every pipe and editor adds is no repair worth telling. */
function withoutFinalLineBreak(text: string): string {
  return text.replace(/\r?\n$/, "");
}

function peel(text: string, steps: readonly Step[]): ReturnType<Step> {
  for (const step of steps) {
    const next = step(text);
    if (next !== undefined && next.text !== text) return next;
  }
  return undefined;
}

const repair = (code: string, message: string): Finding => ({ code, message });

/** What stands around a token. */
const WRAPPINGS: readonly Step[] = [
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
    return {
      text: text.replace(/^(?:proxy-)?authorization\s*[:=]\s*/i, ""),
      repair: repair("authorization_removed", "the name of the Authorization header was removed"),
    };
  },
  function removeScheme(text) {
    const match = /^(bearer|dpop|jwt|token)[\s:]+(?=\S)/i.exec(text);
    if (!match) return undefined;
    return {
      text: text.slice(match[0].length),
      repair: repair("scheme_removed", `the word ${match[1]} before the token was removed`),
    };
  },
  function removeQuotes(text) {
    return {
      text: text.replace(/^["'`\u2018-\u201f\u00ab]+|["'`\u2018-\u201f\u00bb]*[,;]?$/g, ""),
      repair: repair("quotes_removed", "quotes around the token were removed"),
    };
  },
];

/** What was done to its characters. Tried only when no whole token is in the text. */
const MANGLINGS: readonly Step[] = [
  function decodePercent(text) {
    if (!/%[0-9a-f]{2}/i.test(text)) return undefined;
    return {
      text: text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
      repair: repair("percent_decoded", "percent-encoding (%2E) was decoded"),
    };
  },
  function joinLines(text) {
    const joined = text.replace(/\\?\s+/g, "");
    if (!joined.includes(".") || !BARE_TOKEN.test(joined)) return undefined;
    return {
      text: joined,
      repair: repair("lines_joined", "line breaks and blanks inside the token were removed"),
    };
  },
];
