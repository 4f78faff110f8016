import { findTokens } from "../../core/analysis/extraction/find-tokens.ts";
import { LineFinder } from "../../core/analysis/extraction/line-finder.ts";
import { AppError, type ErrorCode } from "../../core/base/errors.ts";
import { MAX_TOKENS } from "../../core/jose/token/candidate.ts";
import type { InspectedToken } from "../../core/jose/token/inspect.ts";
import { eachSignature } from "../token/pick-token.ts";

/** Where a token stands. */
export interface Place {
  /** Which of the inputs, from 0. */
  readonly input: number;
  /** Where the input came from, for reports: a file's name, `stdin`; null when it was typed. */
  readonly source: string | null;
  /** The line of the input that it begins in, from 1. */
  readonly line: number;
  /** What the text around it calls it. */
  readonly name?: string;
}

export interface TokenToReview extends Place {
  readonly token: InspectedToken;
}

/** Something that should have been reviewed and could not be. */
export interface Unread extends Place {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hints: readonly string[];
}

export interface TokensToReview {
  readonly tokens: readonly TokenToReview[];
  readonly unread: readonly Unread[];
}

/**
 * Every token in an input, and every signature of each: whoever hides one behind another must not get it past a review.
 * What looks like a token and cannot be read is told, never left out.
 */
export function tokensToReview(input: {
  index: number;
  source: string | null;
  text: string;
}): TokensToReview {
  const { index, source, text } = input;
  const place = { input: index, source };
  try {
    return readTokens(text, place);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { tokens: [], unread: [{ ...place, line: 1, ...told(error) }] };
  }
}

function readTokens(text: string, place: Omit<Place, "line">): TokensToReview {
  const { tokens, unreadable, crowded } = findTokens(text);
  const lines = new LineFinder(text);
  const signatures = tokens.map(eachSignature);
  const found = signatures.flatMap((each) => each.tokens);
  const unread = unreadable.map((each) => ({
    ...{ ...place, line: lines.lineOf([each.text]), code: "token_malformed" as const },
    ...{ message: each.message, hints: ["Copy the whole token"] },
  }));
  return {
    tokens: found.map(({ token, name }) => ({
      ...{ ...place, line: lines.lineOf(partsOf(token)), token },
      ...(name === undefined ? {} : { name }),
    })),
    unread: [
      ...unread,
      ...(crowded || signatures.some((each) => each.crowded) ? [{ ...place, line: 1, ...TOO_MANY }] : []),
    ],
  };
}

/** A token written in pieces, as in JSON, is where its signature or header is. */
function partsOf({ text, segments }: InspectedToken): readonly string[] {
  return [text, segments[2] ?? "", segments[0] ?? ""];
}

const TOO_MANY = {
  code: "input_too_large",
  message: `only the first ${MAX_TOKENS} tokens of an input are looked at, and 100 signatures of a token: there may be more`,
  hints: ["Give the tokens in several parts"],
} as const;

/** Why something was not read, as it is reported. */
export function told({ code, message, hints }: AppError): Pick<Unread, "code" | "message" | "hints"> {
  return { code, message, hints };
}
