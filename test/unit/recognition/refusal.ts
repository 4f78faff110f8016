import { findTokens } from "../../../src/core/analysis/extraction/find-tokens.ts";
import { AppError } from "../../../src/core/base/errors.ts";

/** Why no token is found in a text. */
export function refusal(text: string): AppError {
  try {
    findTokens(text);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error(`taken for a token: ${text}`);
}

/** Message and hints of a refusal, as one text. */
export function told(text: string): string {
  const { message, hints } = refusal(text);
  return [message, ...hints].join("\n");
}
