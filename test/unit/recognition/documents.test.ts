import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { findTokens } from "../../../src/core/analysis/extraction/find-tokens.ts";
import { segment } from "../token/make.ts";
import { refusal } from "./refusal.ts";

describe("what is no JWT is named for what it is", () => {
  it.each([
    ["a refresh token of jwtctl", "jwtctl_rt_abcdef", /refresh token.*opaque/],
    ["an encrypted PASETO", "v4.local.AAAAAAAAAAAAAAAAAAAAAAAA", /PASETO.*encrypted/],
    ["a signed PASETO", "v2.public.eyJzdWIiOiJhIn0AAAA", /PASETO.*signed/],
    ["PEM", "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----", /PEM/],
    ["a JWK", '{"kty":"EC","crv":"P-256","x":"a","y":"b"}', /key \(JWK\)/],
    ["a JWKS", '{"keys":[{"kty":"RSA","n":"a","e":"AQAB"}]}', /key \(JWK\)/],
    ["an error of a token endpoint", '{"error":"invalid_grant"}', /tells of an error/],
    ["other JSON", '{"a":1}', /JSON with no token in it/],
    ["SAML", '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">', /SAML \(XML\)/],
    ["SAML in base64", Buffer.from("<samlp:Response ID='x'/>").toString("base64"), /SAML \(XML in base64\)/],
    ["a file of gzip", gzipSync("eyJhbGciOiJIUzI1NiJ9.e30.AA").toString("utf8"), /gzip has compressed/],
    ["a ZIP archive", "PK\u0003\u0004\u0014\u0000", /ZIP archive/],
    ["an object of PHP", 'O:8:"stdClass":1:{s:5:"token";s:3:"eyJ";}', /PHP has serialized/],
    ["a list of PHP", 'a:1:{s:5:"token";N;}', /PHP has serialized/],
    ["a web page", "<!DOCTYPE html><html><body>Sign in</body></html>", /web page/],
    ["HTTP Basic", "Basic dXNlcjpwYXNz", /user name and password/],
    ["an access token of Google", "ya29.a0AfH6SMBx", /Google.*opaque/],
    ["a token of GitHub", `ghp_${"a".repeat(36)}`, /GitHub.*opaque/],
    ["a token of GitLab", "glpat-aaaaaaaaaaaaaaaaaaaa", /GitLab.*opaque/],
    ["a token of Slack", "xoxb-1234567890-abcdef", /Slack.*opaque/],
    ["a Fernet token", "gAAAAABh0000000000000000000000000000", /Fernet/],
    ["a UUID", "123e4567-e89b-12d3-a456-426614174000", /UUID/],
    ["hexadecimal", "00112233445566778899aabbccddeeff00", /hexadecimal/],
    ["a beginning of a header", "eyJhbGciOiJIUzI1", /cut off inside its header/],
    ["an opaque token", "2YotnFZFEjr1zCsicMWpAA", /no dots/],
    ["four segments", "eyJhbGciOiJIUzI1NiJ9.e30.AA.BB", /four segments/],
    ["six segments", "a.b.c.d.e.f", /more than five segments/],
    ["a header that is text", `${segment("hello there")}.${segment("x")}.AA`, /its header is not JSON/],
  ])("%s", (_, text, message) => {
    const { code, message: said, hints } = refusal(text);
    expect([code, said]).toEqual(["token_malformed", expect.stringMatching(message)]);
    expect(hints.length).toBeGreaterThan(0);
  });

  it("takes a payload without its header for a payload, and reads it", () => {
    const { token } = findTokens(segment({ iss: "https://a.example", sub: "b" })).tokens[0];
    expect(token.fault?.code).toBe("payload_alone");
    expect(token.payload?.content).toMatchObject({ kind: "json" });
  });

  it("looks only at the beginning of megabytes of text", () => {
    expect(refusal(`{"a":"${'"kty'.repeat(500_000)}`).code).toBe("token_malformed");
    expect(refusal(`<${"Assertion".repeat(500_000)}`).code).toBe("token_malformed");
  });
});
