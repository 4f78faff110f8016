import { findTokens, type PastedTokens } from "../../core/analysis/extraction/find-tokens.ts";
import type { Finding } from "../../core/jose/token/finding.ts";
import type { InspectedToken, InspectionCache } from "../../core/jose/token/inspect.ts";
import { oneToken, tokenToVerify, type Wanted } from "./pick-token.ts";

/** A token and how it was found. */
export interface FoundToken {
  readonly token: InspectedToken;
  /** What was changed to find the token in the input and to decode it. */
  readonly repairs: readonly Finding[];
  /** The places of further tokens in the input. */
  readonly others: readonly string[];
  /** For `verify`, `diff` and `tamper`: what is beside the token and cannot be read, in words. */
  readonly leftOut: readonly string[];
}

const NONE: readonly string[] = [];

/**
 * Finds the token in an input and decodes it; verifies nothing. Of several tokens it takes the likeliest that can be
 * read: an access token is often opaque while the ID token beside it is a JWT.
 *
 * @param cache for many texts in a row
 * @throws AppError `token_malformed`, `input_too_large`
 */
export function findToken(text: string, cache?: InspectionCache): FoundToken {
  const { tokens, opaque, unreadable } = findTokens(text, cache);
  const [{ token, repairs }, ...rest] = tokens;
  const alone = rest.length + opaque.length + unreadable.length === 0;
  const placed = alone ? NONE : [...rest, ...unreadable].map(({ where = "elsewhere" }) => where);
  return { token, repairs, others: alone ? NONE : [...placed, ...opaque], leftOut: NONE };
}

/**
 * Finds the one token to verify. Unlike {@link findToken} it guesses nothing: several tokens or signatures are refused.
 *
 * @throws AppError `token_malformed`, `input_too_large`, `token_ambiguous`, `token_not_compact`, `usage`
 */
export function findTokenToVerify(text: string, wanted: Wanted = {}, cache?: InspectionCache): FoundToken {
  const found = findTokens(text, cache);
  const { token, repairs } = tokenToVerify(found, wanted);
  return { token, repairs, others: NONE, leftOut: leftOut(found) };
}

/**
 * Finds the one token of an input. It guesses nothing: of several tokens one has to be picked.
 *
 * @param pick which of several is meant, by number or name; means nothing when there is only one
 * @throws AppError `token_malformed`, `input_too_large`, `token_ambiguous`, `usage`
 */
export function findOneToken(text: string, pick?: string): FoundToken {
  const found = findTokens(text);
  const { token, repairs } = oneToken(found, pick);
  return { token, repairs, others: NONE, leftOut: leftOut(found) };
}

/** Describes what is beside the tokens of an input and is not used: opaque and unreadable tokens. */
export function leftOut({
  opaque,
  unreadable,
}: Pick<PastedTokens, "opaque" | "unreadable">): readonly string[] {
  if (opaque.length + unreadable.length === 0) return NONE;
  return [
    ...opaque.map((where) => `what is at ${where} is opaque: there is nothing in it to read`),
    ...unreadable.map(
      ({ where = "elsewhere", message }) =>
        `what is at ${where} looks like a token and cannot be read: ${message}`,
    ),
  ];
}
