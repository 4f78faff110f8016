import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import { bytes, countingRandom, keyPair, publicJwk, refusal } from "./support.ts";

const tools = createKeyTools(countingRandom());
const read = (content: string | Uint8Array) =>
  tools.read(typeof content === "string" ? bytes(content) : content);
const tried = async (content: string | Uint8Array) => {
  const { keys, repairs } = await read(content);
  return { keys, codes: repairs.map(({ code }) => code) };
};

const { privateKey, publicKey } = keyPair("ES256");
const PRIVATE = privateKey.export({ format: "jwk" }) as Jwk;
const PUBLIC = publicKey.export({ format: "jwk" }) as Jwk;
const ED = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" }) as Jwk;
const decoded = (text: unknown) => Buffer.from(String(text), "base64url");
const pretty = JSON.stringify(PUBLIC, null, 2);

describe("JWKs that are written as something else than JSON", () => {
  it.each<[string, string, readonly Jwk[], string]>([
    [
      "a Python dict",
      JSON.stringify({ ...PUBLIC, kid: null })
        .replaceAll('"', "'")
        .replace("null", "None"),
      [PUBLIC],
      "json_loose",
    ],
    ["a JavaScript object", pretty.replace(/"(\w+)":/g, "$1:"), [PUBLIC], "json_loose"],
    ["a module", `module.exports = ${pretty.replace(/"(\w+)":/g, "$1:")};\n`, [PUBLIC], "json_loose"],
    ["a comma too many", pretty.replace(/"\n}/, '",\n}'), [PUBLIC], "json_loose"],
    ["comments", pretty.replace("{", "{ // the key\n /* of 2026 */"), [PUBLIC], "json_loose"],
    [
      "typographic quotes",
      JSON.stringify(PUBLIC).replace(/"([^"]*)"/g, "\u201c$1\u201d"),
      [PUBLIC],
      "json_loose",
    ],
    ["a comment before it", `// the key\n${JSON.stringify(PUBLIC)}`, [PUBLIC], "json_around"],
    ["JSONP", `callback(${JSON.stringify({ keys: [PUBLIC] })});`, [PUBLIC], "json_around"],
    ["an assignment", `var jwks = ${JSON.stringify({ keys: [PUBLIC] })};`, [PUBLIC], "json_around"],
    ["one on each line", `${JSON.stringify(PUBLIC)}\n${JSON.stringify(ED)}\n`, [PUBLIC, ED], "json_lines"],
    [
      "curl -i",
      `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n${JSON.stringify({ keys: [PUBLIC] })}`,
      [PUBLIC],
      "http_header",
    ],
    [
      "YAML",
      Object.entries(PUBLIC)
        .map(([name, value]) => `${name}: ${value}`)
        .join("\n"),
      [PUBLIC],
      "yaml",
    ],
    [
      "a list in YAML",
      `keys:\n${[PUBLIC, ED]
        .map(
          (key) =>
            `  - ${Object.entries(key)
              .map(([name, value]) => `${name}: "${value}"`)
              .join("\n    ")}`,
        )
        .join("\n")}\n`,
      [PUBLIC, ED],
      "yaml",
    ],
  ])("%s", async (_, content, keys, code) => {
    const found = await tried(content);
    expect(found.keys).toEqual(keys);
    expect(found.codes).toContain(code);
  });

  it("JSON with more behind it stays damaged: what follows could be the rest of it", async () => {
    expect((await refusal(read(`${JSON.stringify(PUBLIC)} x`), "key_malformed")).message).toContain(
      "not whole JSON",
    );
  });

  it.each([
    ["open comments", `var kty = {${"/*".repeat(60_000)}`],
    ["open quotes", `var kty = {${"'\\".repeat(60_000)}}`],
    ["numbered lines", Array.from({ length: 50_000 }, (_, index) => `${index + 1} kty`).join("\n")],
    ["brackets", `kty ${"{[".repeat(60_000)}${"]}".repeat(60_000)}`],
  ])("attack: %s do not take quadratic time, nor the stack", async (_, text) => {
    await refusal(read(text), "key_malformed");
  });
});

describe("numbers and names of a JWK in another spelling", () => {
  const rsa = publicJwk(keyPair("RS256").privateKey.export({ format: "jwk" }) as Jwk);
  const hex = (member: unknown) => decoded(member).toString("hex");
  it.each<[string, object, string, string]>([
    ["kty in small letters", { ...PUBLIC, kty: "ec" }, '"kty" is "ec"', 'Write "kty": "EC"'],
    ["kty of Azure's hardware", { ...PUBLIC, kty: "EC-HSM" }, '"kty" is "EC-HSM"', 'Write "kty": "EC"'],
    [
      "a curve by OpenSSL's name",
      { ...PUBLIC, crv: "prime256v1" },
      '"crv" is "prime256v1"',
      'Write "crv": "P-256"',
    ],
    [
      "a curve by SEC's name",
      { ...PUBLIC, crv: "secp256r1" },
      '"crv" is "secp256r1"',
      'Write "crv": "P-256"',
    ],
    [
      "a coordinate in hexadecimal",
      { ...PUBLIC, x: hex(PUBLIC.x) },
      '"x" is hexadecimal',
      `Write "x": "${PUBLIC.x}"`,
    ],
    ["a modulus in hexadecimal", { ...rsa, n: hex(rsa.n) }, '"n" is hexadecimal', `Write "n": "${rsa.n}"`],
    [
      "a modulus in base64",
      { ...rsa, n: decoded(rsa.n).toString("base64") },
      '"n" is base64',
      `Write "n": "${rsa.n}"`,
    ],
    [
      "a decimal modulus",
      { ...rsa, n: BigInt(`0x${hex(rsa.n)}`).toString() },
      '"n" is a decimal number',
      `"${rsa.n}"`,
    ],
    ["the exponent as a number", { ...rsa, e: 65537 }, '"e" is the number 65537', 'Write "e": "AQAB"'],
  ])("%s: what it is, and what to write", async (_, jwk, message, hint) => {
    const refused = await read(JSON.stringify(jwk)).then(
      () => undefined,
      (error: { message: string; hints: readonly string[] }) => error,
    );
    expect(refused?.message).toContain(message);
    expect(refused?.hints.join("\n")).toContain(hint);
  });

  it("a private number is named, and never shown in its right spelling", async () => {
    const refused = await refusal(read(JSON.stringify({ ...PRIVATE, d: hex(PRIVATE.d) })), "key_malformed");
    expect(refused.message).toContain('"d" is hexadecimal');
    expect([refused.message, ...refused.hints].join()).not.toContain(String(PRIVATE.d));
  });
});
