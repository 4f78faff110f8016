import { AppError } from "../../base/errors.ts";

const WHOLE_TOKEN = "A JWT is three base64url segments with two dots between them, and begins with eyJ";
/** A longer run can exhaust the stack of an expression. */
const LOOKED_AT = 10_000;

/**
 * The refusal of a text that does not have the form of a token, by its segments.
 *
 * @param trouble describes the header's fault
 */
export function notAToken(text: string, segments: readonly string[], trouble: () => string): AppError {
  const refuse = (message: string, ...hints: readonly string[]) =>
    new AppError("token_malformed", message, { hints });
  if (text === "") return refuse("the token is empty", WHOLE_TOKEN);
  if (segments.length === 1) {
    return text.startsWith("eyJ")
      ? refuse("the token is cut off inside its header", WHOLE_TOKEN)
      : refuse(
          "this is not a token: it has no dots",
          /^[\w+/-]{16,}={0,2}$/.test(text.slice(0, LOOKED_AT))
            ? `${WHOLE_TOKEN}; an opaque token says nothing by itself`
            : WHOLE_TOKEN,
        );
  }
  if (segments.length === 4 || segments.length > 5) {
    const number = segments.length === 4 ? "four" : "more than five";
    return refuse(
      `this is not a token: it has ${number} segments`,
      "A JWS has three segments, a JWE five; check that only one token was copied",
    );
  }
  return refuse(`this is not a token: its header ${trouble()}`, WHOLE_TOKEN);
}
