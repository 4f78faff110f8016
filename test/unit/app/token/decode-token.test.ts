import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { objectOf } from "../../../../src/core/jose/token/content.ts";
import type { DecodedToken } from "../../../../src/core/jose/token/decoded-token.ts";
import sdJwt from "../../../fixtures/tokens/sd-jwt.json" with { type: "json" };
import { unfolded } from "../../token/decoded.ts";
import { segment, unsignedToken } from "../../token/make.ts";

const NOW = Date.UTC(2026, 2, 1, 12);
const codes = ({ warnings }: DecodedToken) => warnings.map(({ code }) => code);
const claimsOf = (shown: DecodedToken | undefined) => objectOf(shown?.token.payload?.content);
const depth = (shown: DecodedToken): number => (shown.inner ? 1 + depth(shown.inner) : 1);

/** A token whose payload is a token. */
function around(inner: string, header: object = { alg: "RS256", cty: "JWT" }): string {
  return unsignedToken(header, inner, "A".repeat(342));
}

describe("unfold", () => {
  const inner = unsignedToken({ alg: "HS256" }, { sub: "a", exp: NOW / 1000 + 60 }, "A".repeat(43));

  it("unfolds a token inside a token, with its own dates and warnings", () => {
    const shown = unfolded(around(inner), NOW);
    expect(claimsOf(shown.inner)?.get("sub")).toBe("a");
    expect(shown.inner?.times?.expired).toBe(false);
    expect([codes(shown), shown.times]).toEqual([[], undefined]);
  });

  it("unfolds it by its form, too: without cty, as a JSON string, with a line break", () => {
    for (const payload of [inner, `${inner}\n`, JSON.stringify(inner)]) {
      expect(claimsOf(unfolded(around(payload, { alg: "RS256" }), NOW).inner)?.get("sub")).toBe("a");
    }
  });

  it("unfolds every level, up to eight: nothing nests deeper, and a bomb ends there", () => {
    let token = inner;
    for (let level = 0; level < 3; level++) token = around(token);
    expect(depth(unfolded(token, NOW))).toBe(4);
    for (let level = 0; level < 20; level++) token = around(token);
    expect(depth(unfolded(token, NOW))).toBe(8);
  });

  it("shows an inner token that cannot be read as the text it is", () => {
    const shown = unfolded(around(`${segment("x")}.${segment("y")}.AA`), NOW);
    expect([shown.inner, codes(shown)]).toEqual([undefined, ["payload_not_json"]]);
  });

  it("recognises an encrypted token inside a signed one", () => {
    const jwe = `${segment({ alg: "dir", enc: "A128GCM" })}..aXY.Yw.dGFn`;
    expect(unfolded(around(jwe), NOW).inner?.token.encrypted).toBe(true);
  });

  it("unpacks a compressed payload (zip: DEF, as in SMART Health Cards)", () => {
    const packed = deflateRawSync(JSON.stringify({ iss: "https://a.example", vc: { type: ["x"] } }));
    const shown = unfolded(
      `${segment({ alg: "ES256", zip: "DEF" })}.${segment(packed)}.${"A".repeat(86)}`,
      NOW,
    );
    expect([claimsOf(shown)?.get("iss"), shown.packed, codes(shown)]).toEqual([
      "https://a.example",
      { bytes: packed.length, form: "deflate" },
      [],
    ]);
  });

  it("does not unpack more than 250 KB (a decompression bomb), nor what is damaged", () => {
    const bomb = deflateRawSync(Buffer.alloc(250_001));
    for (const packed of [bomb, Buffer.from([1, 2, 3])]) {
      const shown = unfolded(`${segment({ alg: "ES256", zip: "DEF" })}.${segment(packed)}.AA`, NOW);
      expect(codes(shown)).toContain("payload_not_inflated");
      expect(shown.packed).toBeUndefined();
    }
  });

  it.each([
    ["zlib, as JJWT writes it", deflateSync, { alg: "HS256", zip: "DEF" }, "zlib"],
    ["gzip", gzipSync, { alg: "HS256", zip: "GZIP" }, "gzip"],
    ["gzip that the header does not name", gzipSync, { alg: "HS256" }, "gzip"],
  ])("unpacks and names %s", (_, pack, header, form) => {
    const packed = pack(JSON.stringify({ sub: "u", password: "x" }));
    const shown = unfolded(`${segment(header)}.${segment(packed)}.${"A".repeat(43)}`, NOW);
    expect([claimsOf(shown)?.get("sub"), shown.packed]).toEqual(["u", { bytes: packed.length, form }]);
    expect(codes(shown)).toEqual(["payload_compressed", "secret_readable"]);
  });

  it("unpacks 250 KB", () => {
    const claims = JSON.stringify({ sub: "x".repeat(249_990) });
    const shown = unfolded(`${segment({ alg: "HS256" })}.${segment(gzipSync(claims))}.AA`, NOW);
    expect(claims.length).toBe(250_000);
    expect(shown.packed?.form).toBe("gzip");
  });

  it.each([
    ["Latin-1", Buffer.from('{"sub":"Jos\u00e9"}', "latin1"), "José"],
    ["UTF-16", Buffer.from('{"sub":"u"}', "utf16le"), "u"],
    ["a byte order mark", Buffer.from('\ufeff{"sub":"u"}'), "u"],
    ["JSON in a string", Buffer.from(JSON.stringify('{"sub":"u"}')), "u"],
    ["base64", Buffer.from(Buffer.from('{"sub":"u"}').toString("base64")), "u"],
    ["a dict of Python", Buffer.from("{'sub': 'u', 'admin': True}"), "u"],
  ])("shows the claims of a payload in %s, and says what it is", (_, payload, sub) => {
    const shown = unfolded(`${segment({ alg: "HS256" })}.${segment(payload)}.${"A".repeat(43)}`, NOW);
    expect(claimsOf(shown)?.get("sub")).toBe(sub);
    expect(codes(shown)).toEqual([expect.stringMatching(/^payload_(charset|encoded_twice|format)$/)]);
  });

  it("reads what an SD-JWT discloses and its holder's proof", () => {
    const shown = unfolded(sdJwt.presented, NOW);
    expect(shown.disclosed?.claims.get("is_over_65")).toBe(true);
    expect([shown.disclosed?.hidden, shown.keyBinding?.fits]).toEqual([7, true]);
    expect(shown.keyBinding?.proof.times?.claims.map(({ name }) => name)).toEqual(["iat"]);
  });

  it("tells of a proof that is about other disclosures (a disclosure added or taken away)", () => {
    const [jwt, first, , proof] = sdJwt.presented.split("~");
    expect(codes(unfolded(`${jwt}~${first}~${proof}`, NOW))).toContain("key_binding_mismatch");
  });

  it("counts the hidden claims of an SD-JWT whose disclosures were left out", () => {
    expect(unfolded(sdJwt.issued.split("~")[0] ?? "", NOW).disclosed?.hidden).toBe(9);
  });
});

describe("what a token gives away", () => {
  const given = (claims: object) =>
    codes(unfolded(unsignedToken({ alg: "HS256" }, claims, "A".repeat(43)), NOW));

  it.each([
    ["a password by its name", { password: "x" }, "secret_readable"],
    ["a secret deep inside", { a: [{ client_secret: "x" }] }, "secret_readable"],
    ["an API key by its form", { note: `sk_live_${"a".repeat(24)}` }, "secret_readable"],
    ["a private key", { k: "-----BEGIN PRIVATE KEY-----\nMIG" }, "secret_readable"],
    ["a token in a token", { t: unsignedToken({ alg: "none" }, { a: 1 }) }, "secret_readable"],
    ["a database address", { db: "postgres://u:p@host/db" }, "secret_readable"],
    ["a payment card number", { pan: "4111 1111 1111 1111" }, "identifier_readable"],
    ["a card number as a number", { pan: 4111111111111111 }, "identifier_readable"],
    ["a social security number", { x: "078-05-1120" }, "identifier_readable"],
    ["a bank account", { x: "DE89 3704 0044 0532 0130 00" }, "identifier_readable"],
    ["an e-mail address under any name", { upn: "alice@example.com" }, "personal_readable"],
    ["a telephone number under any name", { contact: "+49 (0)30 1234-5678" }, "personal_readable"],
    ["a postal address", { address: { locality: "Bonn" } }, "personal_readable"],
  ])("notices %s", (_, claims, code) => {
    expect(given(claims)).toEqual([code]);
  });

  it.each([
    [
      "an ordinary access token",
      { iss: "https://a.example", sub: "1234567890", jti: "x".repeat(40), scope: "a b", iat: 1516239022 },
    ],
    ["a number that fails the check digit", { n: "4111111111111112" }],
    ["a number that no card has", { n: "9999999999999995" }],
    ["an impossible social security number", { n: "666-12-3456" }],
    ["a plus that is no telephone number", { n: "+5", m: "+1 day" }],
    ["whether there is a password", { password: true, has_secret: null }],
    ["an address without a password", { url: "https://user@host/path" }],
  ])("is silent about %s", (_, claims) => {
    expect(given(claims)).toEqual([]);
  });

  it("names at most six, counts the others, and never quotes a value", () => {
    const claims = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [`password_${index}_secret`, "hunter2"]),
    );
    const [warning] = unfolded(unsignedToken({ alg: "HS256" }, claims, "A".repeat(43)), NOW).warnings;
    expect(warning?.message).toMatch(/"password_5_secret" \(named like a secret\) and 3 more$/);
    expect(warning?.message).not.toContain("hunter2");
  });

  it("looks into what is disclosed, too", () => {
    expect(codes(unfolded(sdJwt.issued, NOW))).toEqual(["personal_readable"]);
  });
});
