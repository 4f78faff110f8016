import { describe, expect, it } from "vitest";
import { findTokens } from "../../../src/core/analysis/extraction/find-tokens.ts";
import rfc7520 from "../../fixtures/rfc/rfc7520.json" with { type: "json" };
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { segment, unsignedToken } from "../token/make.ts";

const A = jwtIo.new.token;
const B = jwtIo.old.token;
const JWE = rfc7520["5.3"].jwe;
const ESC = "\u001b";
/** A token with _ and - in its signature. */
const MARKED = unsignedToken({ alg: "ES256" }, { sub: "a" }, `${"ab_d-f".repeat(14)}AA`);

function read(text: string) {
  const { tokens } = findTokens(text);
  return {
    texts: tokens.map(({ token }) => token.text),
    repairs: [...new Set(tokens.flatMap(({ repairs }) => repairs.map(({ code }) => code)))],
  };
}

describe("a token that something on its way has changed", () => {
  it.each([
    ["coloured by a terminal", `${ESC}[36mtoken${ESC}[0m=${ESC}[33m${A}${ESC}[0m`, "terminal_codes_removed"],
    [
      "with a part of it marked by grep",
      `${A.slice(0, 40)}${ESC}[01;31m${ESC}[K${A.slice(40, 50)}${ESC}[m${ESC}[K${A.slice(50)}`,
      "terminal_codes_removed",
    ],
    ["behind a terminal's title", `${ESC}]0;a title\u0007${A}`, "terminal_codes_removed"],
    ["coloured, with the escapes written out", `\\u001b[33m${A}\\u001b[0m`, "picked_from_text"],
    ["with a full stop behind it", `${A}.`, "full_stop_removed"],
    ["with an ellipsis behind it", `Bearer ${A}...`, "full_stop_removed"],
    ["encrypted, with a full stop behind it", `${JWE}.`, "full_stop_removed"],
    ["in base64", Buffer.from(A).toString("base64"), "base64_decoded"],
    [
      "in base64 in lines",
      Buffer.from(`${A}\n`)
        .toString("base64")
        .replace(/(.{76})/g, "$1\n"),
      "base64_decoded",
    ],
    ["in base64url", Buffer.from(A).toString("base64url"), "base64_decoded"],
    [
      "in base64 in YAML",
      `data:\n  token: ${Buffer.from(A).toString("base64")}\nkind: Secret`,
      "base64_decoded",
    ],
    [
      "in base64 in JSON",
      JSON.stringify({ data: { token: Buffer.from(A).toString("base64") } }),
      "base64_decoded",
    ],
    ["with its header field in base64", Buffer.from(`Bearer ${A}`).toString("base64"), "base64_decoded"],
    ["quoted-printable", A.replace(/(.{60})/g, "$1=\r\n"), "lines_joined"],
    ["quoted-printable in a mail", `Hi,\n${A.replace(/(.{60})/g, "$1=\n")}\nBob`, "lines_joined"],
    ["in the cells of a table", `| ${A.replace(/(.{60})/g, "$1 |\n| ")} |`, "lines_joined"],
    ["concatenated in source code", `t = "${A.replace(/(.{60})/g, '$1" +\n    "')}";`, "lines_joined"],
    ["UTF-16LE with its mark, read as UTF-8", utf16(`\ufeff${A}\r\n`), "utf16_decoded"],
    ["UTF-16LE in a later line", `\0${utf16(`${A}\r`)}`, "utf16_decoded"],
    ["UTF-16BE", `\ufffd\ufffd${[...A].map((character) => `\0${character}`).join("")}`, "utf16_decoded"],
  ])("is read: %s", (_, text, repair) => {
    const token = text.startsWith(JWE) ? JWE : A;
    const { texts, repairs } = read(text);
    expect(texts).toEqual([token]);
    expect(repairs).toContain(repair);
  });

  it.each([
    ["Markdown's escapes", MARKED.replaceAll("_", "\\_"), "markdown_unescaped"],
    [
      "Markdown's escapes in a sentence",
      `got \`${MARKED.replaceAll("_", "\\_")}\`, why?`,
      "markdown_unescaped",
    ],
    ["en dashes", MARKED.replaceAll("-", "\u2013"), "dashes_replaced"],
    ["non-breaking hyphens", `token ${MARKED.replaceAll("-", "\u2011")} here`, "dashes_replaced"],
    ["minus signs", MARKED.replaceAll("-", "\u2212"), "dashes_replaced"],
  ])("is read with %s in its signature", (_, text, repair) => {
    const { texts, repairs } = read(text);
    expect(texts).toEqual([MARKED]);
    expect(repairs).toContain(repair);
  });

  it("is kept whole where a foreign character stands in its signature, which is then told", () => {
    const starred = `${MARKED.slice(0, -30)}*${MARKED.slice(-30)}`;
    for (const text of [starred, `token=${starred}; Path=/`, `{"a": "${starred}"}`]) {
      const [{ token }] = findTokens(text).tokens;
      expect(token.text).toBe(starred);
      expect(token.warnings().map(({ code }) => code)).toContain("signature_not_base64url");
    }
  });

  it("ends where another word begins: no text becomes a part of it", () => {
    for (const behind of [";Path=/", "&x=y", ",x", "|x", ":bob", "*", "%26", "–x"]) {
      expect(read(`${MARKED}${behind}`).texts, behind).toEqual([MARKED]);
      const cut = MARKED.slice(0, -20);
      expect(read(`${cut}${behind.replace("–", ";")}`).texts, behind).toEqual([cut]);
    }
  });
});

describe("two tokens written together", () => {
  const none = unsignedToken({ alg: "none" }, { sub: "eve" }, "");

  it.each([
    ["alone", `${A}${B}`, [A, B]],
    ["three of them", `${A}${B}${MARKED}`, [A, B, MARKED]],
    ["in a text", `token=${A}${none} end`, [A, none]],
    ["the first without a signature", `${none}${A}`, [none, A]],
  ])("are two: %s", (_, text, tokens) => {
    const { texts, repairs } = read(text);
    expect(texts).toEqual(tokens);
    expect(repairs).toContain("tokens_separated");
  });

  it("are no JWE: that has enc in its header", () => {
    const text = `${segment({ alg: "ES256" })}.${segment({})}.AAAA.BBBB.CCCC`;
    expect(() => findTokens(text)).toThrow(
      expect.objectContaining({
        code: "token_malformed",
        message: expect.stringContaining("five segments, as a JWE has, but its header has no enc"),
      }),
    );
  });

  it("four segments stay refused: nobody can say what the fourth is", () => {
    expect(() => findTokens(`${A}.AAAA`)).toThrow(expect.objectContaining({ code: "token_malformed" }));
  });
});

function utf16(text: string): string {
  return new TextDecoder().decode(Buffer.from(text, "utf16le"));
}
