import { findTokens } from "../../core/analysis/extraction/find-tokens.ts";
import { LineFinder } from "../../core/analysis/extraction/line-finder.ts";
import { AppError, type ErrorCode } from "../../core/base/errors.ts";
import { MAX_TOKENS } from "../../core/jose/token/candidate.ts";
import type { InspectedToken } from "../../core/jose/token/inspect.ts";
import { eachSignature } from "../token/pick-token.ts";

/** The place of a token in the inputs. */
export interface Place {
  /** The index of the input, from 0. */
  readonly input: number;
  /** The input's name in reports: a file's name, `stdin`; null when it was typed. */
  readonly source: string | null;
  /** The line in which it begins, from 1. */
  readonly line: number;
  /** The name the surrounding text gives it. */
  readonly name?: string;
}

export interface TokenToReview extends Place {
  readonly token: InspectedToken;
}

/** A token that could not be reviewed. */
export interface Unread extends Place {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hints: readonly string[];
  /** Of the refusal. */
  readonly data?: AppError["data"];
}

export interface TokensToReview {
  readonly tokens: readonly TokenToReview[];
  readonly unread: readonly Unread[];
}

/**
 * Finds every token in an input and every signature of each, so that no token can hide behind another. A token that
 * cannot be read is reported.
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
    return { tokens: [], unread: [{ ...place, line: 1, ...asReported(error) }] };
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

/** Texts to find the token's line by: a token in JSON is found by its signature or header. */
function partsOf({ text, segments }: InspectedToken): readonly string[] {
  return [text, segments[2] ?? "", segments[0] ?? ""];
}

const TOO_MANY = {
  code: "input_too_large",
  message: `only the first ${MAX_TOKENS} tokens of an input are looked at, and 100 signatures of a token, or fewer of a long one: there may be more`,
  hints: ["Give the tokens in several parts"],
} as const;

/** The members of a refusal that a report shows or passes on. */
export function asReported({
  code,
  message,
  hints,
  data,
}: AppError): Pick<Unread, "code" | "message" | "hints" | "data"> {
  return { code, message, hints, data };
}
