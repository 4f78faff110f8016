import { describe, expect, it } from "vitest";
import { findTokens } from "../../../src/core/analysis/extraction/find-tokens.ts";
import { AppError } from "../../../src/core/base/errors.ts";
import { segment } from "../token/make.ts";

// Where work grows with the square of a text's length, these take hours: the tests end long before their time is up, or never.

const MANY = 1_000_000;
const SIGNED = segment({ alg: "HS256" });
const ENCRYPTED = segment({ alg: "dir", enc: "A128GCM", x: "y".repeat(100_000) });
const UNKNOWN = segment({ alg: "XX", x: "y".repeat(100_000) });

/** Base64 of a member with base64 in it, and so on. */
function nested(levels: number): string {
  let text = "x".repeat(MANY / 100);
  for (let level = 0; level < levels; level++) text = `{"a":"${Buffer.from(text).toString("base64")}"}`;
  return text;
}

function outcome(text: string): string {
  try {
    findTokens(text);
    return "read";
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe("attack: a text that takes a careless search hours", () => {
  it.each([
    [
      "an encrypted token wrapped over very many lines",
      `${ENCRYPTED}.a.\n${"aaaaaaaaaa\n".repeat(MANY / 10)}`,
    ],
    ["a token of an unknown algorithm, wrapped", `${UNKNOWN}.aa.b\n${"aaaaaaaaaa\n".repeat(MANY / 10)}`],
    ["Bearer without a blank, over and over", "BearereyJabcd".repeat(MANY / 10)],
    ["GitHub's prefix, over and over", "ghs_1_eyJabcdefg".repeat(MANY / 10)],
    ["runs of base64", `${"QUFB".repeat(12)} `.repeat(MANY / 40)],
    ["base64 of what begins as a token", `x=${segment(`eyJabcdefgh${"y".repeat(MANY)}`)}`],
    ["base64 of very many beginnings", `x=${segment("eyJabcdefgh.".repeat(MANY / 12))}`],
    ["Basic, over and over", `Basic ${"QUFB".repeat(10)} `.repeat(MANY / 40)],
    ["the protocol of a WebSocket, over and over", "base64url.bearer.".repeat(MANY / 10)],
    [
      "parts of very many values",
      Array.from({ length: MANY / 20 }, (_, i) => `n${i}.0=eyJ;n${i}.1=b`).join(";"),
    ],
    ["parts of one value", "a.0=eyJ;a.1=b;".repeat(MANY / 10)],
    ["names of values", "a: eyJabcdefghijk ".repeat(MANY / 10)],
    ["names of tokens", "token=".repeat(MANY / 5)],
    ["hexadecimal", "6579".repeat(MANY / 4)],
    ["quoted-printable", "=3DeyJ".repeat(MANY / 5)],
    ["escapes", "\\u0065\\x79".repeat(MANY / 10)],
    ["percent signs", "%2525252".repeat(MANY / 8)],
    ["ellipses", `eyJabc${"...".repeat(MANY / 3)}!`],
    ["numbers", `[101,121${",101".repeat(MANY / 4)}]`],
    ["a dump of memory", `00000000: 6579 ${"00000000: 6579 6579  ey\n".repeat(MANY / 25)}`],
    ["the digits of a health card", `shc:/${"5676".repeat(MANY / 4)}`],
    ["characters in a list", `["e","y"${',"a"'.repeat(MANY / 4)}]`],
    ["tags", `eyJabcdefgh.a.b${"<b>".repeat(MANY / 3)}`],
    ["tags without an end", `eyJabcdefgh.a.b${"<b ".repeat(MANY / 3)}`],
    ["parts", `eyJabcdefgh\n${"abcdefghijk\n".repeat(MANY / 12)}`],
    ["literals over lines", `"eyJabcdefgh"\n${'"abcdefghijk"\n'.repeat(MANY / 14)}`],
    ["base64 in base64", nested(12)],
    ["Markdown's backslashes", `eyJabcd${"\\_".repeat(MANY)}`],
    ["dashes of a word processor", `eyJabcd.a${"\u2013a".repeat(MANY)}`],
  ])("%s", (_, text) => {
    expect(["read", "token_malformed"]).toContain(outcome(text));
  });
});

describe("attack: a run that exhausts the stack of an expression", () => {
  const RUN = 8 * MANY;
  it.each([
    ["a token in a text", `see ${SIGNED}.${"a".repeat(RUN)}.c2ln here`],
    ["an SD-JWT in a text", `see ${SIGNED}.e30.c2ln~${"a".repeat(RUN)} here`],
    ["no dots", `see eyJhbGci${"a".repeat(RUN)}`],
    ["backslashes", `see eyJhbGci${"\\_".repeat(RUN / 2)}`],
    ["base64", `see ZXdh${"a".repeat(RUN)}`],
    ["hexadecimal", `0x${"6579".repeat(RUN / 4)}`],
  ])("%s", (_, text) => {
    expect(["read", "token_malformed"]).toContain(outcome(text));
  });
});
