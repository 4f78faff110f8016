import { findTokens, type PastedTokens } from "../../core/analysis/extraction/find-tokens.ts";
import type { Finding } from "../../core/jose/token/finding.ts";
import type { InspectedToken, InspectionCache } from "../../core/jose/token/inspect.ts";
import { oneToken, tokenToVerify } from "./pick-token.ts";

/** A token, and how it was found. */
export interface FoundToken {
  readonly token: InspectedToken;
  /** What was done to get from the input to the token, and then into it. */
  readonly repairs: readonly Finding[];
  /** Where in the input further tokens are. */
  readonly others: readonly string[];
  /** Where the rest counts (`verify`, `diff`, `tamper`): what stands beside the token and is none that can be read, in words. */
  readonly leftOut: readonly string[];
}

const NONE: readonly string[] = [];

/**
 * Finds the token in what was pasted and takes it apart. Nothing is verified. Of several tokens the likeliest that can
 * be read is taken: an access token is often opaque while the ID token beside it is a JWT.
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
 * The one token of a text that is to be verified: {@link findToken}, but nothing is guessed, and nothing that is signed
 * or not signed is left out.
 *
 * @param pick which of several is meant, by number or name
 * @throws AppError `token_malformed`, `input_too_large`, `token_ambiguous`, `token_not_compact`, `usage`
 */
export function findTokenToVerify(text: string, pick?: string, cache?: InspectionCache): FoundToken {
  const found = findTokens(text, cache);
  const { token, repairs } = tokenToVerify(found, pick);
  return { token, repairs, others: NONE, leftOut: leftOut(found) };
}

/**
 * The one token of a text that something is to be done with: nothing is guessed. Of several one has to be picked.
 *
 * @param pick which of several is meant, by number or name; means nothing when there is only one
 * @throws AppError `token_malformed`, `input_too_large`, `token_ambiguous`, `usage`
 */
export function findOneToken(text: string, pick?: string): FoundToken {
  const found = findTokens(text);
  const { token, repairs } = oneToken(found, pick);
  return { token, repairs, others: NONE, leftOut: leftOut(found) };
}

/** What stands beside the tokens of an input and is left out, in words: it looked like a token, or was called one. */
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
