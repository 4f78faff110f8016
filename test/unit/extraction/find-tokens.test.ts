import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findTokens } from "../../../src/core/analysis/extraction/find-tokens.ts";
import { pickFromText } from "../../../src/core/analysis/extraction/pick-text.ts";
import { AppError } from "../../../src/core/base/errors.ts";
import rfc7520 from "../../fixtures/rfc/rfc7520.json" with { type: "json" };
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import sdJwt from "../../fixtures/tokens/sd-jwt.json" with { type: "json" };
import { segment, unsignedToken } from "../token/make.ts";

const A = jwtIo.new.token;
const B = jwtIo.old.token;
const JWE = rfc7520["5.3"].jwe;
const wrap = (text: string, prefix = "") => text.replace(/(.{60})/g, `$1\n${prefix}`);

/** Each token found: its text, what it is called, where it is. */
function found(text: string) {
  return findTokens(text).tokens.map(({ token, name, where }) => [token.text, name, where]);
}

describe("findTokens", () => {
  it.each([
    ["an HTTP header line", `X-Forwarded-Access-Token: ${A}`, "X-Forwarded-Access-Token"],
    ["a cookie among others", `Cookie: theme=dark; session=${A}; lang=en`, "session"],
    ["a Set-Cookie line", `Set-Cookie: __Host-id=${A}; Secure; HttpOnly`, "__Host-id"],
    ["the query of a URL", `https://api.example/x?a=1&access_token=${A}&b=2`, "access_token"],
    ["the fragment of a URL", `https://app.example/cb#id_token=${A}&state=xyz`, "id_token"],
    ["a URL in a URL", `https://x.example/?next=https%3A%2F%2Fy%3Ftoken%3D${A}%26z%3D1`, "token"],
    ["percent-encoded quotes", `state=%7B%22jwt%22%3A%22${A}%22%7D`, "jwt"],
    ["percent-encoded dots", `token=${A.replaceAll(".", "%2E")}`, "token"],
    ["a log line", `2026-03-01T12:00:00Z WARN [auth] rejected token=${A} (expired)`, "token"],
    ["a log line that ends with a full stop", `Got ${A}.`, undefined],
    ["a log of JSON lines", `{"level":"info","msg":"ok"}\n{"level":"warn","jwt":"${A}"}`, "jwt"],
    ["a curl command", `curl -sS -H 'Authorization: Bearer ${A}' https://api.example/`, "Authorization"],
    ["an httpie command", `http GET api.example Authorization:"Bearer ${A}"`, "Authorization"],
    ["an environment assignment", `export ACCESS_TOKEN="${A}"`, "ACCESS_TOKEN"],
    ["an environment file", `# secrets\nDB=postgres://x\nJWT=${A}\n`, "JWT"],
    ["HTML", `<input type="hidden" name="t" value="${A}">`, "value"],
    ["escaped HTML", `&lt;p data-token=&quot;${A}&quot;&gt;`, "data-token"],
    ["YAML", `auth:\n  token: ${A}\n  realm: x\n`, "token"],
    ["YAML that folds it", `auth:\n  token: >-\n    ${wrap(A, "    ")}\n  realm: x\n`, undefined],
    ["a mail that quotes and wraps it", `> Hi,\n> ${wrap(A, "> ")}\n>\n> Bob`, undefined],
    ["a shell script that continues it", `T=${A.slice(0, 40)}\\\n${A.slice(40)}\necho $T`, "T"],
    ["source code", `const token = "${A}"; // expires soon`, "token"],
    ["a Python repr", `{'id_token': '${A}', 'expires_in': 3600}`, "id_token"],
    ["JSON in a string of source", `body = "{\\"access_token\\":\\"${A}\\"}"`, "access_token"],
    ["a literal \\n before it", `token:\\n${A}\\n`, undefined],
    ["a web socket protocol", `Sec-WebSocket-Protocol: bearer, ${A}`, undefined],
    ["Markdown", `the token \`${A}\` was refused`, undefined],
  ])("finds a token in %s", (_, text, name) => {
    const [token] = found(text);
    expect(token?.slice(0, 2)).toEqual([A, name]);
    expect(found(text)).toHaveLength(1);
  });

  it.each([
    ["at any depth", { data: { items: [{ x: 1 }, { auth: { jwt: A } }] } }, "data.items[1].auth.jwt"],
    [
      "in a header line of a HAR",
      { headers: [{ name: "authorization", value: `Bearer ${A}` }] },
      "headers[0].value",
    ],
    ["in a URL", { url: `https://x.example/#id_token=${A}` }, "url"],
    ["in JSON that is a string", { body: JSON.stringify({ token: A }) }, "body.token"],
    ["in JSON in JSON in JSON", { a: JSON.stringify({ b: JSON.stringify({ c: A }) }) }, "a.b.c"],
    ["in an array", [1, A], "[1]"],
    [
      "under a name that no object should have",
      JSON.parse(`{"__proto__":{"constructor":"${A}"}}`),
      "__proto__.constructor",
    ],
  ])("finds a token in JSON %s", (_, value, where) => {
    expect(found(JSON.stringify(value, null, 2)).map(([text, , at]) => [text, at])).toEqual([[A, where]]);
  });

  it("finds encrypted tokens, also with an empty second part (alg: dir), and SD-JWTs with what they disclose", () => {
    const direct = `${segment({ alg: "dir", enc: "A128GCM" })}..aXZpdml2aXZpdml2.Y2lwaGVy.dGFndGFndGFndGFndGFn`;
    for (const token of [JWE, direct]) expect(found(`token: ${token} end.`)[0]?.[0]).toBe(token);
    const [first] = findTokens(`vp_token=${sdJwt.presented}&state=1`).tokens;
    expect(first.token.disclosed?.disclosures).toHaveLength(2);
    expect(first.token.disclosed?.keyBinding).toBe(sdJwt.presented.split("~").at(-1));
    expect(findTokens(`An SD-JWT: ${sdJwt.issued}. It ends here.`).tokens[0].form).toEqual({
      kind: "compact",
      text: sdJwt.issued,
    });
  });

  it("finds a token whose JSON header does not begin with a quote (eyA, ewo, ew0)", () => {
    for (const header of ['{ "alg":"HS256"}', '{\n  "alg": "HS256"\n}', '{\r\n"alg":"HS256"}']) {
      const token = unsignedToken(header, { sub: "a" });
      expect(found(`token ${token} here`)[0]?.[0]).toBe(token);
    }
  });

  it("does not take a part of longer base64 for a token", () => {
    const text = `-----BEGIN X-----\nABC${A}\n-----END X-----`;
    expect(pickFromText(text)).toEqual([]);
  });

  it("finds each of several once, in their order, and says where", () => {
    const http = `GET / HTTP/1.1\nAuthorization: Bearer ${A}\nCookie: session=${B}; again=${A}\n`;
    expect(found(http)).toEqual([
      [A, "Authorization", "line 2 (Authorization)"],
      [B, "session", "line 3 (session)"],
    ]);
    expect(found(`a=${A}&b=${B}`)).toEqual([
      [A, "a", "character 3 (a)"],
      [B, "b", `character ${A.length + 6} (b)`],
    ]);
  });

  it("takes the members of a token response in the order of their use, whatever stands first", () => {
    const response = {
      logout_token: B,
      nested: { id_token: A },
      other: unsignedToken({ alg: "none" }, { n: 1 }),
    };
    expect(found(JSON.stringify(response)).map(([, name]) => name)).toEqual([
      "id_token",
      "logout_token",
      "other",
    ]);
  });

  it("says which of the tokens named is opaque", () => {
    const { tokens, opaque } = findTokens(
      JSON.stringify({ access_token: "2YotnFZFEjr1zCsicMWpAA", id_token: A }),
    );
    expect([tokens.length, tokens[0].name, opaque]).toEqual([1, "id_token", ["access_token"]]);
  });

  it("keeps two tokens of a list apart, and a word on the next line out of a token", () => {
    expect(found(`${A}\n${B}\n`).map(([text]) => text)).toEqual([A, B]);
    expect(found(`${A}\nuser\nbob`).map(([text]) => text)).toEqual([A]);
  });

  it("joins a wrapped token of every algorithm up to its last character", () => {
    for (const [alg, characters] of [
      ["ES256", 86],
      ["RS256", 342],
      ["PS384", 512],
      ["HS512", 86],
      ["ES512", 176],
    ] as const) {
      const token = unsignedToken(
        { alg, kid: "k".repeat(40) },
        { sub: "s".repeat(200) },
        "A".repeat(characters),
      );
      expect(
        found(`token:\n${wrap(token)}\nend of token\n`).map(([text]) => text),
        alg,
      ).toEqual([token]);
    }
  });

  it("finds at most a thousand, and stays fast on megabytes of them (a log as a bomb)", () => {
    const many = Array.from({ length: 3000 }, (_, index) => unsignedToken({ alg: "HS256" }, { index })).join(
      " ",
    );
    expect(findTokens(many).tokens).toHaveLength(1000);
    for (const hostile of [
      "eyJhbGci\n".repeat(300_000),
      `${"eyJhbGci.eyJ.".repeat(100_000)}`,
      "%22eyJ".repeat(500_000),
      "~eyJ".repeat(500_000),
    ]) {
      try {
        findTokens(hostile);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
    }
  });

  it("finds a token between any two texts that are not a part of it", () => {
    const around = fc
      .string({ unit: "grapheme", maxLength: 30 })
      .filter((text) => !/[A-Za-z0-9_.~=%\\-]|e[wy]/.test(text));
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(found(`${before} ${A} ${after}`).map(([text]) => text)).toEqual([A]);
      }),
      { numRuns: 500 },
    );
  });
});
