import type { PastedTokens } from "../../core/analysis/extraction/find-tokens.ts";

const NONE: readonly string[] = [];

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
