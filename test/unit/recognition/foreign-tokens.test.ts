import { createHmac, randomBytes } from "node:crypto";
import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { findTokens } from "../../../src/core/analysis/extraction/find-tokens.ts";
import { segment } from "../token/make.ts";
import { refusal, told } from "./refusal.ts";

const SHA1 = "Bf-SPSaXpJOQKAu6jUqkTkPDTsi";
const SHA256 = "Zx5abcdefghijklmnopqrstuvwxyz0123456789ABCD";
const TIME = segment(Buffer.from([0x67, 0x26, 0x73, 0xef]));
const b64 = (text: string | Uint8Array) => Buffer.from(text).toString("base64");
const hex = (bytes: readonly number[]) => Buffer.from(bytes).toString("hex");

/** COSE_Sign1 as bytes: protected {1: -7}, {}, payload, signature. */
const SIGN1 = [
  0x84,
  0x43,
  0xa1,
  0x01,
  0x26,
  0xa0,
  0x44,
  0xa1,
  0x06,
  0x18,
  0x20,
  0x58,
  0x40,
  ...Array(64).fill(7),
];

function biscuit(): Buffer {
  const field = (number: number, content: Buffer) =>
    Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);
  return Buffer.concat([field(2, Buffer.alloc(90, 1)), field(4, Buffer.alloc(34, 2))]);
}

const says = (text: string) => told(text);

describe("a session of a web framework is named, and is no JWT", () => {
  it.each([
    [
      "Flask",
      `${segment({ user_id: 1 })}.${TIME}.${SHA1}`,
      /session or token of Flask \(itsdangerous\), no JWT: .* second the time \(2024-11-02\), its third an HMAC/,
    ],
    ["Flask, as a cookie", `session=${segment({ user_id: 1 })}.${TIME}.${SHA1}`, /Flask/],
    [
      "Flask, as a Cookie header",
      `Cookie: a=b; session=${segment({ _id: "x" })}.${TIME}.${SHA1}; c=d`,
      /Flask/,
    ],
    [
      "Flask, compressed",
      `.${segment(deflateSync('{"a":"bbbbbbbbbbbbbbbb"}'))}.${TIME}.${SHA1}`,
      /Flask .* compressed, its second the time[\s\S]*and inflate it/,
    ],
    ["itsdangerous without a time", `${segment({ id: 5 })}.${SHA1}`, /itsdangerous.* its second an HMAC/],
    ["itsdangerous of a text", `${segment('"bob@example.com"')}.${TIME}.${SHA1}`, /itsdangerous/],
    [
      "Django",
      `${segment({ user: 1 })}:1tABcd:${SHA256}`,
      /signed value of Django .*second the time \(2024-11-1\d\)/,
    ],
    ["Django, compressed", `.${segment(deflateSync("{}"))}:1tABcd:${SHA256}`, /Django .*compressed/],
    ["Django's signed cookie", `alice:1tABcd:${SHA1}`, /Django/],
    [
      "Rails, signed",
      `${b64('{"_rails":{"message":"IjEi"}}')}--${"b1".repeat(20)}`,
      /signed message or cookie of Rails/,
    ],
    [
      "Rails, escaped for a cookie",
      `${encodeURIComponent(b64('{"_rails":1}'))}--${"b1".repeat(32)}`,
      /Rails/,
    ],
    [
      "Rails, encrypted",
      `${b64(randomBytes(40))}--${b64(randomBytes(12))}--${b64(randomBytes(16))}`,
      /encrypted session or cookie of Rails/,
    ],
    [
      "Rails 4, encrypted",
      `${b64(`${b64("x".repeat(16))}--${b64("y".repeat(16))}`)}--${"b1".repeat(20)}`,
      /encrypted.*Rails/,
    ],
    ["Laravel", b64('{"iv":"YWJj","value":"ZGVm","mac":"00ff"}'), /Laravel/],
    [
      "Laravel, escaped for a cookie",
      `laravel_session=${encodeURIComponent(b64('{"iv":"YWJj","value":"ZGVmZ","mac":"00ff","tag":""}'))}`,
      /Laravel/,
    ],
    ["Salesforce", "00D3k000000ujxA!AQsAQDVYodl.a3DOCR7mdw.Nn4yZYv4", /session of Salesforce/],
    ["Express", `s:${"aB3-".repeat(8)}.${SHA256}`, /signed cookie of Express/],
    [
      "Express, escaped",
      `connect.sid=s%3A${"aB3-".repeat(8)}.${SHA256.replace("a", "%2F")}`,
      /signed cookie of Express/,
    ],
    ["Phoenix", `SFMyNTY.${segment(Buffer.from([131, 104, 3]))}.${SHA256}`, /Phoenix \(Elixir\)/],
    ["ASP.NET Core", `CfDJ8${"aB3-".repeat(20)}`, /Data Protection/],
    [
      "gorilla",
      segment(`1716200000|${"x".repeat(30)}|${"y".repeat(32)}`),
      /securecookie \(gorilla\): the time \(2024-05-20\)/,
    ],
    ["iron-session", `Fe26.2*1*${"ab".repeat(30)}`, /iron/],
    ["Tornado", `2|1:0|10:1716200000|4:user|8:Ym9iYg==|${"ab".repeat(32)}`, /Tornado/],
    ["PHP", "PHPSESSID=abcdefghijklmnopqrstuvwxyz", /id of a session/],
    ["Java", "0A1B2C3D4E5F60718293A4B5C6D7E8F9", /id of a session/],
  ])("%s", (_, text, message) => {
    expect([refusal(text).code, says(text)]).toEqual(["token_malformed", expect.stringMatching(message)]);
  });

  it("does not take a JWT for one: what says its algorithm is read", () => {
    const token = `${segment({ alg: "HS256" })}.${TIME}.${SHA1}`;
    expect(findTokens(token).tokens[0].token.text).toBe(token);
    const noAlg = `${segment({ typ: "JWT" })}.${segment({ sub: "a" })}.${SHA256}`;
    expect(findTokens(noAlg).tokens[0].token.text).toBe(noAlg);
  });
});

describe("a token of another kind is named", () => {
  const jwtLike = segment({ u: "bob", a: "ck" });
  const request = segment({ algorithm: "HMAC-SHA256", user_id: "1" });
  it.each([
    [
      "a macaroon",
      segment(`0021location http://example.org/\n0026identifier keyid\n${"x".repeat(40)}`),
      /a macaroon/,
    ],
    [
      "a macaroon of version 2",
      segment(Buffer.concat([Buffer.from([2, 1, 8]), Buffer.from("pypi.org"), Buffer.alloc(40, 9)])),
      /macaroon of PyPI/,
    ],
    ["a Biscuit", segment(biscuit()), /a Biscuit/],
    ["a Fernet token", `gAAAAAB${"mE2xVQ4".repeat(14)}==`, /Fernet/],
    [
      "a CWT in hexadecimal",
      hex([0xd8, 0x3d, 0xd2, ...SIGN1]),
      /CWT \(CBOR Web Token, RFC 8392\), signed \(COSE_Sign1\) with ES256/,
    ],
    ["a CWT in base64", b64(Buffer.from([0xd8, 0x3d, 0xd2, ...SIGN1])), /CWT .*ES256/],
    ["COSE in base64url", segment(Buffer.from([0xd2, ...SIGN1])), /COSE.*signed \(COSE_Sign1\)/],
    ["COSE without a tag", hex(SIGN1), /COSE.*without a tag/],
    ["COSE_Mac0", hex([0xd1, ...SIGN1]), /COSE_Mac0/],
    ["COSE_Encrypt0", hex([0xd0, 0x83, ...SIGN1.slice(1)]), /COSE_Encrypt0/],
    [
      "an mdoc",
      segment(
        Buffer.concat([
          Buffer.from([0xa3, 0x67]),
          Buffer.from("version"),
          Buffer.from([0x63]),
          Buffer.from("1.0"),
          Buffer.alloc(20),
        ]),
      ),
      /mobile document \(mdoc/,
    ],
    ["a health certificate", "HC1:6BFOXN*TS0BI$ZD4N9:9S6RCVN5+O30K3", /health certificate/],
    ["a PASETO", `v4.public.${"abcd".repeat(10)}`, /PASETO/],
    ["a PASERK", `k4.public.${"abcd".repeat(10)}`, /PASERK/],
    [
      "an EKS token",
      `k8s-aws-v1.${segment("https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity")}`,
      /Amazon EKS/,
    ],
    ["Mapbox", `pk.${jwtLike}.abcdefghij`, /Mapbox/],
    [
      "Facebook",
      `${createHmac("sha256", "k").update(request).digest("base64url")}.${request}`,
      /signed request of Facebook/,
    ],
    ["Discord", `${segment("123456789012345678")}.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs`, /Discord bot/],
    ["GitHub, new", `ghp_${"a1".repeat(18)}`, /GitHub/],
    ["Vault", `hvs.${"aB3_".repeat(8)}`, /Vault/],
    ["Okta", `00${"aB3_".repeat(10)}`, /Okta/],
    ["npm", `npm_${"aB3c".repeat(9)}`, /npm/],
    ["Docker Hub", `dckr_pat_${"aB3c".repeat(7)}`, /Docker Hub/],
    ["Anthropic", `sk-ant-${"aB3c".repeat(9)}`, /Anthropic/],
    ["OpenAI", `sk-proj-${"aB3c".repeat(9)}`, /OpenAI/],
    ["Stripe", `sk_live_${"aB3c".repeat(6)}`, /Stripe/],
    ["AWS, the key id", "AKIAIOSFODNN7EXAMPLE", /access key id of AWS/],
    ["AWS, the session", `IQoJb3JpZ2lu${"aB3c".repeat(30)}`, /session token of AWS STS/],
    ["Google, the key", `AIza${"aB3c".repeat(8)}abc`, /API key.*Google/],
    ["Entra ID, the refresh token", `0.A${"aB3_".repeat(12)}.AgABAAEAAAD`, /Entra ID/],
    [
      "SigV4",
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20240101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=abc",
      /Signature Version 4/,
    ],
    [
      "SigV4 as a header",
      "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20240101",
      /Signature Version 4/,
    ],
    [
      "a presigned address",
      `https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=${"ab".repeat(32)}`,
      /presigned address/,
    ],
    [
      "a SAS of Azure",
      "?sv=2022-11-02&ss=b&srt=o&sp=r&se=2024-01-01T00:00:00Z&sig=abc%3D",
      /shared access signature/,
    ],
    ["Kerberos", `Negotiate YII${"aB3c".repeat(40)}`, /Kerberos/],
    ["HTTP Digest", 'Digest username="bob", realm="x"', /Digest/],
    ["OAuth 1", 'OAuth oauth_consumer_key="x", oauth_signature="y"', /OAuth 1/],
    ["SAML in a form", `SAMLResponse=${encodeURIComponent(b64("<samlp:Response/>"))}&RelayState=x`, /SAML/],
    ["an SSH key", `ssh-ed25519 AAAA${"a".repeat(64)} bob@host`, /key of SSH/],
    ["a password's hash", `$2b$12$${"a".repeat(53)}`, /hash of a password/],
    ["an issuer's metadata", '{"issuer":"https://a","jwks_uri":"https://a/jwks"}', /metadata of an issuer/],
    ["claims", '{"sub":"alice","iat":1}', /claims as JSON/],
  ])("%s", (_, text, message) => {
    expect([refusal(text).code, says(text)]).toEqual(["token_malformed", expect.stringMatching(message)]);
  });

  it("in its place: an opaque member of a token response", () => {
    expect(told(JSON.stringify({ access_token: `ghu_${"a1".repeat(18)}`, token_type: "bearer" }))).toMatch(
      /^the value of access_token is a token of GitHub/,
    );
  });

  it("never repeats it: it may be a secret", () => {
    for (const secret of [`sk_live_${"aB3c".repeat(6)}`, `ghp_${"a1".repeat(18)}`, "AKIAIOSFODNN7EXAMPLE"])
      expect(told(secret)).not.toContain(secret.slice(4));
  });
});

describe("a shortened token is named", () => {
  it.each([
    ["eyJhbGciOiJIUzI1NiIsInR5cCI6...a1b2c3d4", /shortened where it was copied from .*its middle is gone/],
    ["eyJhbGciOiJIUzI1NiIsInR5cCI6…a1b2c3d4", /its middle is gone/],
    ["eyJhbGci...", /its end is gone/],
    ["Bearer eyJhbGciOiJI…", /its end is gone/],
    ["eyJhbGciOiJIUzI1[...]abcd", /its middle is gone/],
    ["eyJhbGciOiJIUzI1<snip>abcd", /its middle is gone/],
    ["eyJhbGciOiJIUzI1[truncated 400 chars]", /its end is gone/],
    ["eyJhbGciOiJIUzI1 (truncated)", /its end is gone/],
    ['{"access_token":"eyJhbGciOiJSUzI1...x9Q"}', /the value of access_token is a token that was shortened/],
    [
      "curl -H 'Authorization: Bearer eyJhbGciOiJSUzI1...' https://a.example",
      /the value of Authorization is a token that was shortened/,
    ],
  ])("%s", (text, message) => {
    expect(says(text)).toMatch(message);
  });
});

describe("attack: a text that takes a careless form hours to recognise", () => {
  it.each([
    "eyJ.",
    ".",
    "{{",
    "$(",
    "Bearer ",
    "a.b@",
    "<",
    "your ",
    "token=",
    "%s",
    "e!",
    "--",
    "0x",
    "--aa",
    "s:",
    "!a?",
  ])("%j over and over", (piece) => {
    for (const text of [piece.repeat(5000), `${piece.repeat(5000)}!`, `eyJ${piece.repeat(200_000)}\u0000`])
      expect(refusal(text).code).toBe("token_malformed");
  });
});
