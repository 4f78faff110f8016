import { AppError } from "../../core/errors.ts";
import { objectOf } from "../../core/token/content.ts";
import type { Finding } from "../../core/token/finding.ts";
import { type InspectedToken, inspectToken } from "../../core/token/inspect.ts";
import { type TokenTimes, tokenTimes } from "../../core/token/times.ts";
import { type TokenCandidate, unwrapToken } from "../../core/token/unwrap.ts";

/** A token, and how it was found. */
export interface FoundToken {
  readonly token: InspectedToken;
  /** What was done to get from the input to the token, and then into it. */
  readonly repairs: readonly Finding[];
  /** Where in the input further tokens are. */
  readonly others: readonly string[];
}

export interface DecodedToken extends FoundToken {
  /** Undefined when the payload is no claims set. */
  readonly times: TokenTimes | undefined;
}

/**
 * Finds the token in what was pasted and takes it apart. Nothing is verified. Of several tokens the likeliest that can
 * be read is taken: an access token is often opaque while the ID token beside it is a JWT.
 *
 * @throws AppError `token_malformed`, `input_too_large`
 */
export function findToken(text: string): FoundToken {
  const candidates = unwrapToken(text);
  const { candidate, token } = firstReadable(candidates);
  return {
    token,
    repairs: candidate.repairs.length === 0 ? token.repairs : [...candidate.repairs, ...token.repairs],
    others: candidates.length === 1 ? [] : whereElse(candidates, candidate),
  };
}

/**
 * {@link findToken}, and what the clock says about the token.
 *
 * @param now what counts as now, in ms
 * @throws AppError `token_malformed`, `input_too_large`
 */
export function decodeToken({ text, now }: { text: string; now: number }): DecodedToken {
  const found = findToken(text);
  const claims = objectOf(found.token.payload?.content);
  return { ...found, times: claims && tokenTimes(claims, now) };
}

function whereElse(candidates: readonly TokenCandidate[], chosen: TokenCandidate): readonly string[] {
  return candidates.filter((other) => other !== chosen).map(({ where = "elsewhere" }) => where);
}

function firstReadable(candidates: readonly [TokenCandidate, ...TokenCandidate[]]) {
  let refusal: AppError | undefined;
  for (const candidate of candidates) {
    try {
      return { candidate, token: inspectToken(candidate.token) };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}
