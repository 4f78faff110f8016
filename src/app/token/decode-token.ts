import { AppError } from "../../core/errors.ts";
import { objectOf } from "../../core/token/content.ts";
import type { Finding } from "../../core/token/finding.ts";
import { type InspectedToken, inspectToken } from "../../core/token/inspect.ts";
import { type TokenTimes, tokenTimes } from "../../core/token/times.ts";
import { type TokenCandidate, unwrapToken } from "../../core/token/unwrap.ts";

export interface DecodedToken {
  readonly token: InspectedToken;
  /** What was done to get from the input to the token, and then into it. */
  readonly repairs: readonly Finding[];
  /** Where in the input further tokens are. */
  readonly others: readonly string[];
  /** Undefined when the payload is no claims set. */
  readonly times: TokenTimes | undefined;
}

/**
 * Finds the token in what was pasted and takes it apart. Nothing is verified. Of several tokens the likeliest that can
 * be read is taken: an access token is often opaque while the ID token beside it is a JWT.
 *
 * @param now what counts as now, in ms
 * @throws AppError `token_malformed`, `input_too_large`
 */
export function decodeToken({ text, now }: { text: string; now: number }): DecodedToken {
  const candidates = unwrapToken(text);
  const { candidate, token } = firstReadable(candidates);
  const claims = objectOf(token.payload?.content);
  return {
    token,
    repairs: [...candidate.repairs, ...token.repairs],
    others: candidates.filter((other) => other !== candidate).map(({ where = "elsewhere" }) => where),
    times: claims && tokenTimes(claims, now),
  };
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
