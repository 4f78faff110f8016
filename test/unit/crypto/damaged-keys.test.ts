import { describe, expect, it } from "vitest";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import {
  bytes,
  countingRandom,
  keyPair,
  pemBlock,
  privateJwk,
  publicJwk,
  refusal,
  withoutMembers,
} from "./support.ts";

const tools = createKeyTools(countingRandom());
const read = (content: string | Uint8Array) =>
  tools.read(typeof content === "string" ? bytes(content) : content, async () => "passphrase");

const EC = keyPair("ES256");
const EC_PEM = EC.privateKey.export({ format: "pem", type: "pkcs8" }) as string;
const EC_DER = EC.privateKey.export({ format: "der", type: "pkcs8" });

describe("damaged and dishonest keys", () => {
  const jwk = EC.privateKey.export({ format: "jwk" }) as Jwk;
  const rsa = privateJwk("RS256");
  const other = privateJwk("RS256");

  it.each([
    ["7", "7"],
    ["12345678901234567890", "12345678901234567890"],
  ])("a kid that is the number %s: says how to write it", async (number, text) => {
    const content = JSON.stringify(jwk).replace("{", `{"kid":${number},`);
    await expect(read(content)).rejects.toMatchObject({
      code: "key_malformed",
      hints: [`Write it as text, in quotes: "kid": "${text}"`],
    });
    await expect(read(content.replace(number, `"${number}"`))).resolves.toBeDefined();
  });

  it.each<[string, object, string]>([
    ["no crv", withoutMembers(jwk, "crv"), 'needs "crv"'],
    ["no y", withoutMembers(jwk, "y"), 'has no "y"'],
    ["a coordinate that is a number", { ...jwk, x: 1 }, '"x" must be a string'],
    [
      "a coordinate without its last characters",
      { ...jwk, x: jwk.x?.slice(0, 40) },
      '"x" has 40 characters, and the 32 bytes of P-256 take 43: 3 characters were lost',
    ],
    ["base64 instead of base64url", { ...jwk, x: `${jwk.x}=` }, '"x" is base64, but a JWK holds base64url'],
    ["a character of no alphabet", { ...jwk, x: `${jwk.x?.slice(1)}!` }, '"x" is not whole base64url'],
    ["a kid that is a number", { ...jwk, kid: 7 }, '"kid" must be a string'],
    ["key_ops that are no list", { ...jwk, key_ops: "sign" }, '"key_ops" must be an array'],
    ["AKP without alg", { kty: "AKP", pub: "AA" }, 'needs "alg"'],
    ["a zero modulus", { kty: "RSA", n: "AA", e: "AQAB" }, '"n" is zero'],
    ["an even modulus", { ...publicJwk(rsa), n: `${rsa.n?.slice(0, -2)}AA` }, "do not make an RSA key"],
    ["the exponent 1, under which anyone can sign", { ...publicJwk(rsa), e: "AQ" }, "do not make an RSA key"],
    ["a point off the curve", { ...publicJwk(jwk), y: jwk.x }, "do not make an EC key on P-256"],
    ["d of another EC key", { ...jwk, d: privateJwk("ES256").d }, "private half of this key does not belong"],
    ["d of zero", { ...jwk, d: "A".repeat(43) }, "private half of this key does not belong"],
    ["d of another Ed25519 key", { ...privateJwk("EdDSA"), d: privateJwk("EdDSA").d }, "does not belong"],
    ["n of another RSA key", { ...rsa, n: other.n }, "does not belong"],
    ["d of another RSA key", { ...rsa, d: other.d }, "does not belong"],
    ["one prime of another RSA key", { ...rsa, p: other.p }, "does not belong"],
    ["a wrong CRT exponent", { ...rsa, dp: other.dp }, "does not belong"],
    ["a wrong CRT coefficient", { ...rsa, qi: other.qi }, "does not belong"],
  ])("JWK with %s", async (_, key, message) => {
    expect((await refusal(read(JSON.stringify(key)), "key_malformed")).message).toContain(message);
  });

  it("duplicate members: two readers could see two keys", async () => {
    const twice = `{"kty":"oct","k":"c2VjcmV0","k":"b3RoZXI"}`;
    const error = await refusal(read(twice), "key_malformed");
    expect(error.message).toBe('the member "k" is there twice, and readers differ on which one counts');
    const inSet = `{"keys":[${twice}]}`;
    expect((await refusal(read(inSet), "key_malformed")).message).toContain('"keys/0/k"');
  });

  it("a PEM key whose private half is not the public half's", async () => {
    const hexOf = (member: string | undefined) => Buffer.from(member ?? "", "base64url").toString("hex");
    const mixed = EC_DER.toString("hex").replace(hexOf(jwk.d), hexOf(privateJwk("ES256").d));
    expect(
      (await refusal(read(pemBlock("PRIVATE KEY", Buffer.from(mixed, "hex"))), "key_malformed")).message,
    ).toContain("does not belong");
  });

  it("a zero byte before an RSA number is not part of it, and is noted", async () => {
    const n = Buffer.concat([Buffer.of(0), Buffer.from(rsa.n ?? "", "base64url")]).toString("base64url");
    const { keys, notes } = await read(JSON.stringify({ ...publicJwk(rsa), n }));
    expect(keys).toEqual([publicJwk(rsa)]);
    expect(notes).toEqual([
      '"n" began with a zero byte, which is not part of the number (RFC 7518 section 2)',
    ]);
  });

  it.each<[string, string, string]>([
    ["without its END line", EC_PEM.split("\n").slice(0, 3).join("\n"), "its END line is missing"],
    ["without its first two lines", EC_PEM.split("\n").slice(2).join("\n"), "has no BEGIN line"],
    ["with its second line missing", withoutLine(EC_PEM, 2), "48 of 138 bytes are missing"],
    ["with a strange character", EC_PEM.replace(/\n(.{10})/, "\n$1*"), 'it has the character "*"'],
    [
      "with a character missing",
      EC_PEM.replace(/\n(.{10})./, "\n$1"),
      "has lost 1 character: line 1 of its base64 has 63 characters, the others 64",
    ],
    ["with nothing in it", pemBlock("PRIVATE KEY", ""), 'the PEM block "PRIVATE KEY" is empty'],
    [
      "with something after the key",
      pemBlock("PRIVATE KEY", Buffer.concat([EC_DER, Buffer.of(0, 0)])),
      "2 more bytes",
    ],
  ])("PEM %s", async (_, content, message) => {
    expect((await refusal(read(content), "key_malformed")).message).toContain(message);
  });

  it("DER that is cut off says how much is missing", async () => {
    const error = await refusal(read(EC_DER.subarray(0, 100)), "key_malformed");
    expect(error.message).toBe(
      `the key is cut off: ${EC_DER.length - 100} of ${EC_DER.length} bytes are missing`,
    );
  });
});

function withoutLine(text: string, index: number): string {
  return text
    .split("\n")
    .filter((_, at) => at !== index)
    .join("\n");
}
