import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unwrapToken } from "../../../src/core/analysis/extraction/unwrap.ts";
import type { TokenCandidate } from "../../../src/core/jose/token/candidate.ts";
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };

const token = jwtIo.new.token;
const other = jwtIo.old.token;
const wrapped = token.replace(/(.{60})/g, "$1\n  ");

const textOf = ({ form }: TokenCandidate) => (form.kind === "compact" ? form.text : form.object);

function unwrapped(text: string) {
  return unwrapToken(text).map((candidate) => ({
    token: textOf(candidate),
    repairs: candidate.repairs.map((repair) => repair.code),
  }));
}

describe("unwrapToken", () => {
  it("takes a bare token as it is, and says nothing about the line break every pipe adds", () => {
    for (const text of [token, `${token}\n`, `${token}\r\n`]) {
      expect(unwrapped(text)).toEqual([{ token, repairs: [] }]);
    }
  });

  it.each([
    ["blanks around it", `  ${token}\t\n\n`, ["white_space_removed"]],
    ["a byte order mark", `\ufeff${token}`, ["white_space_removed"]],
    [
      "zero-width characters",
      `${token.slice(0, 50)}\u200b${token.slice(50)}`,
      ["invisible_characters_removed"],
    ],
    ["double quotes", `"${token}"`, ["quotes_removed"]],
    ["single quotes and a comma", `'${token}',`, ["quotes_removed"]],
    ["typographic quotes", `“${token}”`, ["quotes_removed"]],
    ["back quotes", `\`${token}\``, ["quotes_removed"]],
    ["a trailing semicolon", `${token};`, ["quotes_removed"]],
    ["Bearer", `Bearer ${token}`, ["scheme_removed"]],
    ["bearer in any case", `BEARER  ${token}`, ["scheme_removed"]],
    ["DPoP", `DPoP ${token}`, ["scheme_removed"]],
    [
      "an Authorization header",
      `Authorization: Bearer ${token}`,
      ["authorization_removed", "scheme_removed"],
    ],
    [
      "a quoted header in capitals",
      `"AUTHORIZATION: bearer ${token}"`,
      ["quotes_removed", "authorization_removed", "scheme_removed"],
    ],
    ["line wraps with an indent", wrapped, ["lines_joined"]],
    ["Windows line wraps", wrapped.replaceAll("\n", "\r\n"), ["lines_joined"]],
    ["shell line continuations", token.replace(/(.{60})/g, "$1\\\n"), ["lines_joined"]],
    ["blanks around its dots", token.replaceAll(".", " . "), ["lines_joined"]],
    ["percent-encoding", token.replaceAll(".", "%2E"), ["percent_decoded"]],
    ["a token response", JSON.stringify({ token_type: "Bearer", access_token: token }), ["picked_from_json"]],
    [
      "pretty-printed JSON",
      JSON.stringify({ expires_in: 1, id_token: token }, null, 2),
      ["picked_from_json"],
    ],
    [
      "JSON with a member of another name",
      JSON.stringify({ hint: "x", my_jwt: token }),
      ["picked_from_json"],
    ],
    ["a curl command", `curl -H "Authorization: Bearer ${token}" https://example.com`, ["picked_from_text"]],
    ["a URL", `https://app.example/cb#id_token=${token}&state=x`, ["picked_from_text"]],
    ["a cookie", `session=${token}; Path=/; HttpOnly`, ["picked_from_text"]],
    ["a log line", `2026-03-01 INFO auth: token ${token} accepted`, ["picked_from_text"]],
    ["a log of two lines", `${token}\nuser bob logged in`, ["picked_from_text"]],
  ])("finds a token in %s", (_, text, repairs) => {
    expect(unwrapped(text)).toEqual([{ token, repairs }]);
  });

  it("leaves padding and the base64 alphabet to the decoder", () => {
    const [header, payload, signature] = token.split(".");
    const padded = `${header}=.${payload}==.${signature}+/`;
    expect(unwrapped(padded)).toEqual([{ token: padded, repairs: [] }]);
    expect(unwrapped(`Bearer ${padded}`)).toEqual([{ token: padded, repairs: ["scheme_removed"] }]);
  });

  it("offers every token of a token response, the access token first", () => {
    const candidates = unwrapToken(JSON.stringify({ id_token: other, access_token: token }));
    expect(candidates.map((candidate) => [textOf(candidate), candidate.where])).toEqual([
      [token, "access_token"],
      [other, "id_token"],
    ]);
    expect(candidates[0].repairs[0]?.message).toBe(
      "the member access_token was picked out of a JSON document (also there: id_token)",
    );
  });

  it("offers every token of a text instead of joining them into one", () => {
    const candidates = unwrapToken(`${token}\n${other}\n`);
    expect(candidates.map((candidate) => [textOf(candidate), candidate.where])).toEqual([
      [token, "line 1"],
      [other, "line 2"],
    ]);
  });

  it.each(["", "\n", "   \n", '""'])("refuses %j: there is nothing in it", (text) => {
    expect(() => unwrapToken(text)).toThrow(expect.objectContaining({ code: "token_malformed" }));
  });

  it("hands on what is no token, for the decoder to explain", () => {
    for (const text of ["garbage", "a b c", '{"a":1}', "[1]", "-----BEGIN PUBLIC KEY-----"]) {
      expect(unwrapped(text).map(({ token }) => token)).toEqual([text]);
    }
  });

  it("ends on any text, and gives back a token or refuses", () => {
    const pieces = fc
      .array(
        fc.constantFrom(
          token,
          "eyJ",
          ".",
          " ",
          "\n",
          '"',
          "{",
          "}",
          ":",
          "%2",
          "%41",
          "Bearer ",
          "=",
          "access_token",
        ),
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), pieces), (text) => {
        try {
          expect(textOf(unwrapToken(text)[0])).not.toBe("");
        } catch (error) {
          expect(error).toMatchObject({ code: "token_malformed" });
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("stays fast on megabytes of hostile text (quadratic patterns)", () => {
    for (const text of [
      `eyJ${"a".repeat(2e6)}`,
      "eyJa.".repeat(2e5),
      `${"=".repeat(2e6)}x`,
      "\\ ".repeat(1e6),
      `"${" ".repeat(2e6)}x`,
    ]) {
      expect(unwrapToken(text)).not.toHaveLength(0);
    }
  });
});
