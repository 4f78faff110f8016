import { describe, expect, it } from "vitest";
import { detachedPayloadTrials } from "../../../src/core/analysis/diagnosis/detached-payload.ts";
import type { FailedVerification } from "../../../src/core/analysis/diagnosis/failed-verification.ts";
import { withPayload } from "../../../src/core/jose/token/detached.ts";
import { inspectToken } from "../../../src/core/jose/token/inspect.ts";
import { ask, b64, ec, GOOD_CLAIMS, hmac, rsa, secret, token, unsigned } from "./bench.ts";

const SECRET = "a-long-enough-secret-for-hs256-that-nobody-knows";
const pair = ec("P-256");
const keys = [pair.publicJwk];
const good = () => token({ alg: "ES256", key: pair.privateJwk });

describe("what happened to the token's text", () => {
  it("token_encrypted: a JWE", async () => {
    const jwe = `${b64('{"alg":"RSA-OAEP-256","enc":"A256GCM"}')}.AAAA.BBBB.CCCC.DDDD`;
    const { causes, diagnosis } = await ask(jwe, { keys });
    expect(causes).toEqual(["token_encrypted"]);
    expect(diagnosis[0]?.evidence).toContain("RSA-OAEP-256");
  });

  it.each([
    ["none", ""],
    ["nOnE", ""],
    ["none", "c2ln"],
  ])("token_unsigned: alg %s with the signature %j", async (alg, signature) => {
    const { causes, diagnosis } = await ask(`${unsigned({ alg })}.${signature}`, { keys });
    expect(causes).toEqual(["token_unsigned"]);
    expect(diagnosis[0]?.fix).toContain("do not accept");
  });

  it("token_unsigned: the signature was stripped", async () => {
    const text = await good();
    expect((await ask(`${text.slice(0, text.lastIndexOf("."))}.`, { keys })).causes).toEqual([
      "token_unsigned",
    ]);
  });

  it("signature_zero: the psychic signature of CVE-2022-21449", async () => {
    const text = `${unsigned({ alg: "ES256" })}.${b64(new Uint8Array(64))}`;
    expect((await ask(text, { keys })).causes).toEqual(["signature_zero"]);
  });

  it("token_nested: a token in a token", async () => {
    const outer = await token({ alg: "ES256", key: pair.privateJwk, payload: await good() });
    const { causes, report } = await ask(outer, { keys });
    expect(causes).toEqual(["token_nested"]);
    expect(report.verdict).toBe("payload_not_claims");
  });

  it.each([
    [1, "the last character is missing"],
    [2, "the last 2 characters are missing"],
    [5, "the last 5 characters are missing"],
    [40, "the last 40 characters are missing"],
    [80, "the last 80 characters are missing"],
  ])("token_cut: without its last %d: %s", async (missing, told) => {
    const { causes, diagnosis } = await ask((await good()).slice(0, -missing), { keys });
    expect(causes).toEqual(["token_cut"]);
    expect(diagnosis[0]?.evidence).toContain(told);
  });

  it("token_cut: an RSA signature, whose size is the key's", async () => {
    const { privateJwk, publicJwk } = rsa();
    const text = await token({ alg: "RS256", key: privateJwk });
    const { causes, diagnosis } = await ask(text.slice(0, -42), { keys: [publicJwk] });
    expect(causes).toEqual(["token_cut"]);
    expect(diagnosis[0]?.evidence).toContain("of the 256 bytes");
  });

  it("token_cut: after the payload, and within it", async () => {
    const text = await good();
    const end = text.lastIndexOf(".");
    expect((await ask(text.slice(0, end), { keys })).causes).toEqual(["token_cut"]);
    expect((await ask(text.slice(0, end - 20), { keys })).causes).toEqual(["token_cut"]);
  });

  it.each([1, 2, 3, 7, 20])("token_cut: %d characters are missing at the beginning", async (missing) => {
    const text = await token({ alg: "ES256", key: pair.privateJwk, header: { typ: "JWT", kid: "a" } });
    const { causes, diagnosis, report } = await ask(text.slice(missing), { keys });
    expect(causes).toEqual(["token_cut"]);
    expect(diagnosis[0]?.evidence).toContain(
      missing === 1 ? "the first character is" : `the first ${missing} characters are`,
    );
    expect(diagnosis[0]?.evidence).toContain("the token verifies with");
    expect(report.valid).toBe(false);
  });

  it("token_cut: the whole header is missing, and only a trial can tell which it was", async () => {
    const text = await token({ alg: "ES256", key: pair.privateJwk, header: { typ: "JWT" } });
    const { causes } = await ask(text.slice(text.indexOf(".")), { keys });
    expect(causes).toEqual(["token_cut"]);
    const other = await token({ alg: "ES256", key: ec("P-256").privateJwk, header: { typ: "JWT" } });
    expect((await ask(other.slice(other.indexOf(".")), { keys })).causes).toEqual([]);
  });

  it("token_cut at the beginning, of another key: says no more than that", async () => {
    const text = await token({ alg: "ES256", key: ec("P-256").privateJwk });
    const { causes, diagnosis } = await ask(text.slice(1), { keys });
    expect(causes).toEqual(["token_cut"]);
    expect(diagnosis[0]?.evidence).not.toContain("verifies");
  });

  it("token_damaged: a character was lost within the payload", async () => {
    for (const pad of ["", "x", "xx"]) {
      const text = await token({ alg: "ES256", key: pair.privateJwk, claims: { ...GOOD_CLAIMS, pad } });
      const at = text.indexOf(".") + 21;
      const { causes } = await ask(text.slice(0, at) + text.slice(at + 1), { keys });
      expect(causes).toEqual(["token_damaged"]);
    }
  });

  it("payload_detached: the payload was taken out, the key is the right one", async () => {
    const [header, , signature] = (await good()).split(".");
    const { causes, diagnosis } = await ask(`${header}..${signature}`, { keys });
    expect(causes).toEqual(["payload_detached"]);
    expect(diagnosis[0]?.fix).toContain("--payload FILE");
  });

  it("token_padded: with padding, which was signed over", async () => {
    const pad = (text: string) => text + "=".repeat((4 - (text.length % 4)) % 4);
    const claims = { ...GOOD_CLAIMS, pad: "x" };
    const input = `${pad(b64('{"alg":"HS256" }'))}.${pad(b64(JSON.stringify(claims)))}`;
    expect(input).toContain("=");
    const text = `${input}.${hmac("sha256", SECRET, input).toString("base64")}`;
    const { causes, diagnosis } = await ask(text, { keys: [secret(SECRET)] });
    expect(causes).toEqual(["token_padded"]);
    expect(diagnosis[0]?.evidence).toContain("its signature");
  });

  it("token_padded: added on the way", async () => {
    const input = unsigned({ alg: "HS256" });
    const text = `${input}.${hmac("sha256", SECRET, input).toString("base64")}`;
    expect(text).toMatch(/=$/);
    const { causes, report } = await ask(text, { keys: [secret(SECRET)] });
    expect(causes).toEqual(["token_padded"]);
    expect(report.valid).toBe(false);
  });

  it("token_respelled: the last character stands for the same bytes", async () => {
    const text = await good();
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const last = alphabet.indexOf(text.at(-1) ?? "");
    const respelled = text.slice(0, -1) + alphabet[last + 1];
    const { causes, report } = await ask(respelled, { keys });
    expect(causes).toEqual(["token_respelled"]);
    expect(report.valid).toBe(false);
  });

  it.each([
    ["line breaks", "\n", 1],
    ["line breaks with blanks", "\r\n ", 3],
    ["soft line breaks of mail (quoted-printable)", "=\r\n", 3],
    ["an ellipsis", "…", 1],
    ["a zero-width space", "\u200b", 1],
    ["percent signs", "%", 1],
  ])("foreign_characters: wrapped with %s", async (_, added, count) => {
    const text = await good();
    const { causes, diagnosis } = await ask(`${text.slice(0, 60)}${added}${text.slice(60)}`, { keys });
    expect(causes).toEqual(["foreign_characters"]);
    expect(diagnosis[0]?.evidence).toContain(`without ${count} character`);
    expect(diagnosis[0]?.evidence).toContain("position 61");
  });
});

describe("content_rewritten: the content was decoded and written anew", () => {
  const claims = {
    iss: "https://a.example/é",
    sub: "alice",
    roles: ["a", "b"],
    iat: GOOD_CLAIMS.iat,
    n: 12345678901234567890n,
  };
  const text = `{"iss":"https://a.example/é","sub":"alice","roles":["a","b"],"iat":${claims.iat},"n":12345678901234567890}`;

  it.each([
    [
      "Python's json.dumps to compact",
      text.replace(/([,:])(?!\/\/)/g, "$1 ").replaceAll("é", "\\u00e9"),
      text,
    ],
    ["compact to Python's json.dumps", text, text.replace(/([,:])(?!\/\/)/g, "$1 ")],
    ["PHP's json_encode to compact", text.replaceAll("/", "\\/").replaceAll("é", "\\u00e9"), text],
    ["escaped slashes to plain ones", text.replaceAll("/", "\\/"), text],
    [
      "indented to compact",
      `{\n  "iss": "https://a.example/é",\n  "sub": "alice",\n  "roles": [\n    "a",\n    "b"\n  ],\n  "iat": ${claims.iat},\n  "n": 12345678901234567890\n}`,
      text,
    ],
  ])("%s", async (_, before, after) => {
    const issued = await token({ alg: "ES256", key: pair.privateJwk, payload: before });
    const [header, payload, signature] = issued.split(".");
    expect(b64(after)).not.toBe(payload);
    const { causes, report } = await ask(`${header}.${b64(after)}.${signature}`, { keys });
    expect(causes).toEqual(["content_rewritten"]);
    expect(report.valid).toBe(false);
  });

  it("is not said of a content that is another", async () => {
    const issued = await token({ alg: "ES256", key: pair.privateJwk, payload: text });
    const [header, , signature] = issued.split(".");
    const forged = b64(text.replace("alice", "mallory"));
    expect((await ask(`${header}.${forged}.${signature}`, { keys })).causes).toEqual([
      "other_key_or_content",
    ]);
  });
});

describe("a payload that was sent apart", () => {
  it("payload_line_break: the payload is tried with and without its last line break", () => {
    const bare = inspectToken(`${b64('{"alg":"HS256"}')}..${b64("signature")}`);
    const key = { jwk: secret("s"), source: "the secret given", bits: 8 };
    const tried = (payload: string) => {
      const report = { token: withPayload(bare, Buffer.from(payload)) };
      const failure = {
        alg: "HS256",
        candidates: [key],
        kid: undefined,
        signature: new Uint8Array(1),
        report,
      };
      return [...detachedPayloadTrials(failure as unknown as FailedVerification)].map(
        ({ cause, signingInput }) => [cause, signingInput.split(".")[1]],
      );
    };
    expect(tried("body\n")).toEqual([["payload_line_break", b64("body")]]);
    expect(tried("body")).toEqual([["payload_line_break", b64("body\n")]]);
  });
});
