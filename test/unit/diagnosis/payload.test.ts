import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { ask, b64, hmac, SECONDS, secret } from "./bench.ts";

const SECRET = "0123456789abcdef0123456789abcdef";
const CLAIMS = JSON.stringify({ sub: "u", exp: SECONDS + 600 });

/** A token with a good signature over whatever payload. */
function signedOver(payload: string | Uint8Array, header: object = {}): string {
  const input = `${b64(JSON.stringify({ alg: "HS256", ...header }))}.${b64(payload)}`;
  return `${input}.${b64(hmac("sha256", SECRET, input))}`;
}

async function explained(text: string, key = SECRET) {
  const { diagnosis } = await ask(text, { keys: [secret(key)] });
  return diagnosis;
}

describe("a payload that is no JSON object", () => {
  it.each([
    [
      "zlib, as JJWT has it",
      deflateSync(CLAIMS),
      { zip: "DEF" },
      "payload_compressed",
      /zlib; "zip": "DEF" means raw/,
    ],
    ["gzip, as JJWT has it", gzipSync(CLAIMS), { zip: "GZIP" }, "payload_compressed", /compressed \(gzip\)/],
    ["raw DEFLATE", deflateRawSync(CLAIMS), { zip: "DEF" }, "payload_compressed", /raw DEFLATE/],
    ["Latin-1", Buffer.from('{"sub":"José"}', "latin1"), {}, "payload_charset", /in Latin-1/],
    [
      "UTF-16, little endian",
      Buffer.from(CLAIMS, "utf16le"),
      {},
      "payload_charset",
      /UTF-16 \(little endian\)/,
    ],
    [
      "UTF-16, big endian",
      Buffer.from(CLAIMS, "utf16le").swap16(),
      {},
      "payload_charset",
      /UTF-16 \(big endian\)/,
    ],
    ["UTF-16 with its mark", Buffer.from(`\ufeff${CLAIMS}`, "utf16le"), {}, "payload_charset", /UTF-16/],
    ["a byte order mark", `\ufeff${CLAIMS}`, {}, "payload_charset", /byte order mark/],
    ["JSON in a string", JSON.stringify(CLAIMS), {}, "payload_encoded_twice", /serialised twice/],
    [
      "JSON in a string in a string",
      JSON.stringify(JSON.stringify(CLAIMS)),
      {},
      "payload_encoded_twice",
      /twice/,
    ],
    ["base64", Buffer.from(CLAIMS).toString("base64"), {}, "payload_encoded_twice", /base64 of JSON/],
    ["hexadecimal", Buffer.from(CLAIMS).toString("hex"), {}, "payload_encoded_twice", /hexadecimal of JSON/],
    ["percent-encoding", encodeURIComponent(CLAIMS), {}, "payload_encoded_twice", /percent-encoding/],
    ["HTML", CLAIMS.replaceAll('"', "&quot;"), {}, "payload_encoded_twice", /entities of HTML/],
    [
      "backslashes",
      CLAIMS.replaceAll('"', '\\"'),
      {},
      "payload_encoded_twice",
      /a backslash before every quote/,
    ],
    ["a dict of Python", "{'sub': 'u', 'admin': True}", {}, "payload_format", /dict of Python/],
    ["zero bytes behind it", `${CLAIMS}\0\0\0`, {}, "payload_format", /zero bytes/],
    ["a comma too many", '{"sub":"u",}', {}, "payload_format", /a comma too many/],
  ])("is read and named: %s", async (_, payload, header, cause, says) => {
    const [first] = await explained(signedOver(payload, header));
    expect(first).toMatchObject({ cause, evidence: expect.stringMatching(says) });
    expect(first?.evidence).toMatch(/; (?:read so|unpacked), it is a claims set$/);
    expect(first?.fix).toMatch(/^On the issuing side: /);
  });

  it.each([
    ["[object Object]", /an object that was made a text/],
    ["undefined", /JavaScript's word/],
    ["null", /the word null, not a claims set/],
    ["true", /the word true, not a claims set/],
    ['[{"sub":"u"}]', /a list with one entry/],
    ["[1,2]", /a JSON list/],
    ["{{claims}}", /nothing replaced it/],
    ["$CLAIMS", /nothing replaced it/],
    ["{sub: 'u'}", /JSON5, or an object of JavaScript/],
    ['{"sub"=>"u", "exp"=>1}', /a hash of Ruby/],
    ['{:sub=>"u"}', /a hash of Ruby/],
    ['%{"sub" => "u"}', /a map of Elixir/],
    ["map[exp:1 sub:u]", /a map of Go/],
    ["{sub=u, exp=1}", /toString\(\)/],
    ["Claims(sub=u, exp=1)", /toString\(\)/],
    ['a:1:{s:3:"sub";s:1:"u";}', /a value of PHP/],
    ["Array\n(\n    [sub] => u\n)\n", /printed with print_r/],
    ["<claims><sub>u</sub></claims>", /XML or HTML/],
    ["sub=u&exp=1", /a form/],
    ["sub: u\nexp: 1\n", /YAML/],
  ])("is named by its form: %s", async (payload, says) => {
    const [first] = await explained(signedOver(payload));
    expect(first).toMatchObject({ cause: "payload_format", evidence: expect.stringMatching(says) });
    expect(first?.evidence).not.toContain("it is a claims set");
  });

  it.each([
    ["Zstandard", [0x28, 0xb5, 0x2f, 0xfd, 0x80], /Zstandard/],
    ["Java's serialization", [0xac, 0xed, 0x00, 0x05, 0x80], /Serializable/],
    ["DER", [0x30, 0x82, 0x01, 0xff], /ASN\.1/],
  ])("is named by its first bytes: %s", async (_, bytes, says) => {
    const [first] = await explained(signedOver(Uint8Array.from(bytes)));
    expect(first?.evidence).toMatch(says);
  });

  it("is not unpacked beyond 250 KB", async () => {
    const bomb = gzipSync(Buffer.alloc(40_000_000));
    const [first] = await explained(signedOver(bomb));
    expect(first?.evidence).toMatch(/larger than 250 KB unpacked: unpacking stopped there/);
  });

  it("is called damaged only when the header says that it is compressed", async () => {
    const broken = gzipSync(CLAIMS).subarray(0, 20);
    expect((await explained(signedOver(broken, { zip: "GZIP" })))[0]?.evidence).toMatch(/is damaged/);
    expect(await explained(signedOver(broken))).toEqual([]);
  });

  it("is left unnamed when nothing shows what it is", async () => {
    expect(await explained(signedOver("hello, world"))).toEqual([]);
    expect(await explained(signedOver(Uint8Array.from([0x80, 0x81, 0x82])))).toEqual([]);
  });

  it("is not named while the signature does not fit: whoever forged the token wrote it", async () => {
    const found = await explained(signedOver(gzipSync(CLAIMS)), "another-secret-another-secret-xx");
    expect(found.map(({ cause }) => cause)).toEqual(["other_key_or_content"]);
  });
});

describe("registered members of another type", () => {
  const withClaims = (claims: object) => signedOver(JSON.stringify(claims));
  it.each([
    [{ sub: 42 }, "sub is the number 42", 'write "sub": "42" (RFC 7519 section 4.1.2)'],
    [{ iss: null }, "iss is null", "leave iss out, or write a string (RFC 7519 section 4.1.1)"],
    [{ jti: 7 }, "jti is the number 7", 'write "jti": "7" (RFC 7519 section 4.1.7)'],
    [{ jti: true }, "jti is true", 'write "jti": "true"'],
    [{ sub: { id: 1 } }, "sub is an object", "write sub as a string"],
    [{ aud: null }, "aud is null", "leave aud out, or write a string"],
    [{ aud: 5 }, "aud is the number 5", 'write "aud": "5"'],
    [{ aud: ["a", 5] }, "aud is a list in which the number 5 stands", "write every entry of aud as a string"],
    [{ exp: null }, "exp is null", "leave exp out, or write a number (RFC 7519 section 4.1.4)"],
    [{ nbf: [1] }, "nbf is a list", "write nbf as a number of seconds since 1970 (RFC 7519 section 4.1.5)"],
  ])("claims: %j", async (claims, evidence, fix) => {
    const [first] = await explained(withClaims(claims));
    expect(first).toMatchObject({
      cause: "member_type_wrong",
      evidence: expect.stringContaining(evidence),
      fix: expect.stringContaining(`On the issuing side: ${fix}`),
    });
  });

  it("names every one of them", async () => {
    const found = await explained(withClaims({ iss: 1, sub: 2, aud: 3, jti: 4 }));
    expect(found.map(({ cause }) => cause)).toEqual(Array(4).fill("member_type_wrong"));
  });

  it("shows a number as it was written", async () => {
    const [first] = await explained(signedOver('{"sub":12345678901234567890}'));
    expect(first?.fix).toContain('write "sub": "12345678901234567890"');
  });

  it.each([
    [{ kid: 7 }, "kid is the number 7", 'write "kid": "7" (RFC 7515 section 4.1.4)'],
    [{ typ: 1 }, "typ is the number 1", 'write a media type, as in "typ": "JWT" (RFC 7515 section 4.1.9)'],
    [{ typ: null }, "typ is null", "leave typ out, or write a string"],
    [{ cty: ["JWT"] }, "cty is a list", 'write a media type, as in "cty": "JWT" (RFC 7515 section 4.1.10)'],
  ])("header: %j", async (header, evidence, fix) => {
    const { report, diagnosis } = await ask(signedOver(CLAIMS, header), { keys: [secret(SECRET)] });
    expect(report.checks).toContainEqual(
      expect.objectContaining({
        name: "format",
        code: "token_malformed",
        detail: `${evidence}, not a string`,
      }),
    );
    expect(diagnosis[0]).toMatchObject({
      cause: "member_type_wrong",
      evidence: expect.stringContaining(evidence),
      fix: expect.stringContaining(fix),
    });
  });

  it("says that the key is there which a kid that is a number means", async () => {
    const key = { jwk: { ...secret(SECRET), kid: "7" }, source: "a test", bits: 256 };
    const { diagnosis } = await ask(signedOver(CLAIMS, { kid: 7 }), { keys: [key] });
    expect(diagnosis[0]?.evidence).toContain('a key with the kid "7" is among those given');
  });
});
