import { decodeToken } from "../../../src/app/token/decode-token.ts";
import { findTokens } from "../../../src/core/analysis/extraction/find-tokens.ts";
import type { DecodedToken } from "../../../src/core/jose/token/decoded-token.ts";
import { textDigest } from "../../../src/crypto/digest.ts";
import { unpack } from "../../../src/runtime/unpack.ts";

/** The likeliest token of a text with all that is in it. @param now ms */
export function unfolded(text: string, now: number): DecodedToken {
  return decodeToken(findTokens(text).tokens[0], now, { digest: textDigest, unpack });
}
