import { unfold } from "../../../src/app/token/unfold.ts";
import { findTokens } from "../../../src/core/analysis/extraction/find-tokens.ts";
import type { UnfoldedToken } from "../../../src/core/jose/token/decoded-token.ts";
import { textDigest } from "../../../src/crypto/text-digest.ts";
import { inflate } from "../../../src/runtime/inflate.ts";

/** The likeliest token of a text with all that is in it. @param now ms */
export function unfolded(text: string, now: number): UnfoldedToken {
  return unfold(findTokens(text).tokens[0], now, { digest: textDigest, inflate });
}
