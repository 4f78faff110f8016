import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ask, b64, secret, token } from "./bench.ts";

const SECRET = "a-long-enough-secret-for-hs256-that-nobody-knows";
const SIGNS = `<a long> & "odd" secret's text + 100% of it / that nobody knows`;
const BYTES = Buffer.from(Uint8Array.from({ length: 32 }, (_, index) => (index * 37 + 250) & 0xff));
const BASE64 = BYTES.toString("base64");
const HEX = BYTES.toString("hex");
const LONG = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-and-some-more-characters";
const SIGNED = `[${[...BYTES].map((byte) => (byte > 127 ? byte - 256 : byte)).join(", ")}]`;
const PERCENT = encodeURIComponent(SIGNS).replaceAll("'", "%27");
const HTML = SIGNS.replaceAll("&", "&amp;")
  .replaceAll("<", "&lt;")
  .replaceAll(">", "&gt;")
  .replaceAll('"', "&quot;")
  .replaceAll("'", "&#39;");
// As Python 3 prints the bytes above.
const PYTHON = String.raw`b'\xfa\x1fDi\x8e\xb3\xd8\xfd"Gl\x91\xb6\xdb\x00%Jo\x94\xb9\xde\x03(Mr\x97\xbc\xe1\x06+Pu'`;
const twice = Buffer.from(BASE64).toString("base64");
const hash = (name: string) => createHash(name).update(SECRET);

type Case = readonly [
  cause: string,
  what: string,
  issuer: string | Uint8Array,
  verifier: string | Uint8Array,
];

/** What is told apart on both sides: first the plain secret is the issuer's, then the verifier's. */
function bothWays(cause: string, what: string, plain: string | Uint8Array, written: string): readonly Case[] {
  return [
    [cause, `${what}, at the verifier`, plain, written],
    [cause, `${what}, at the issuer`, written, plain],
  ];
}

const CASES: readonly Case[] = [
  ...bothWays("secret_variable_line", "NAME=value", SECRET, `JWT_SECRET=${SECRET}`),
  ...bothWays("secret_variable_line", "export NAME='value'", SECRET, `export JWT_SECRET='${SECRET}'`),
  ...bothWays("secret_variable_line", "NAME: value", SECRET, `JWT_SECRET: ${SECRET}`),
  ["secret_variable_line", "a file of several lines", SECRET, `PORT=80\nKEY="${SECRET}"\n`],
  ["secret_variable_line", "the bytes of a value in base64", BYTES, `APP_KEY=${BASE64}`],
  ...bothWays("secret_literal", "Python's b'…' of a text", SECRET, `b'${SECRET}'`),
  ...bothWays("secret_literal", "Python's b'…' of bytes", BYTES, PYTHON),
  ...bothWays("secret_literal", "a JSON list", BYTES, JSON.stringify([...BYTES])),
  ...bothWays("secret_literal", "a list with blanks", BYTES, `[${[...BYTES].join(", ")}]`),
  ...bothWays("secret_literal", "a list of Java's signed bytes", BYTES, SIGNED),
  ...bothWays("secret_literal", "decimals with commas", BYTES, [...BYTES].join(",")),
  ["secret_literal", "the JSON of a Buffer of Node", BYTES, JSON.stringify(BYTES)],
  ...bothWays("secret_escaped", "percent-encoded", SIGNS, PERCENT),
  ...bothWays("secret_escaped", "escaped as in HTML", SIGNS, HTML),
  ...bothWays("secret_base64", "base64 twice", BYTES, twice),
  [
    "secret_line_break",
    "base64 of a text with a line break",
    `${SECRET}!`,
    Buffer.from(`${SECRET}!\n`).toString("base64"),
  ],
  ...bothWays("secret_base64", "the other alphabet", b64(BYTES), BASE64),
  ["secret_hex", "hexadecimal at the issuer, base64 at the verifier", HEX, BASE64],
  ["secret_base64", "base64 at the issuer, hexadecimal at the verifier", BASE64, HEX],
  ...bothWays("secret_hex", "hexadecimal in capitals", HEX, HEX.toUpperCase()),
  ...bothWays("secret_base64", 'a literal "base64:"', BASE64, `base64:${BASE64}`),
  ["secret_hashed", "SHA-256, its bytes", hash("sha256").digest(), SECRET],
  ["secret_hashed", "SHA-256 in hexadecimal", hash("sha256").digest("hex"), SECRET],
  ["secret_hashed", "SHA-256 in base64", hash("sha256").digest("base64"), SECRET],
  ["secret_hashed", "MD5, its bytes", hash("md5").digest(), SECRET],
  ["secret_hashed", "MD5 in hexadecimal", hash("md5").digest("hex"), SECRET],
  ["secret_cut", "32 bytes of it", LONG.slice(0, 32), LONG],
  ["secret_cut", "64 bytes of it", LONG.slice(0, 64), LONG],
];

describe("the secret is written as some program writes it, on one side", () => {
  it.each(CASES)("%s: %s", async (cause, _, issuer, verifier) => {
    const text = await token({ alg: "HS256", key: secret(issuer) });
    const { causes, diagnosis, report } = await ask(text, { keys: [secret(verifier)] });
    expect(causes).toEqual([cause]);
    expect(diagnosis[0]?.evidence).toMatch(/^the signature fits the secret when/);
    expect(diagnosis[0]?.fix).toMatch(/^On the (?:issuing|verifying) side: /);
    for (const part of [issuer, verifier]) {
      expect(JSON.stringify(diagnosis)).not.toContain(Buffer.from(part).toString());
    }
    expect(report.valid).toBe(false);
  });

  it.each([SECRET, SIGNS, BYTES, HEX, BASE64, `JWT_SECRET=${SECRET}`, PYTHON, SIGNED, "x".repeat(5000)])(
    "another secret is still another: %s",
    async (verifier) => {
      const text = await token({
        alg: "HS256",
        key: secret("some other secret, of which nobody knows a thing"),
      });
      const { causes, diagnosis } = await ask(text, { keys: [secret(verifier)] });
      expect(causes).toEqual(["other_key_or_content"]);
      const tried = Number(/\((\d+) common mistakes/.exec(diagnosis[0]?.evidence ?? "")?.[1]);
      expect(tried).toBeGreaterThan(150);
      expect(tried).toBeLessThan(TRIALS);
    },
  );
});

/** The budget of a diagnosis: where fewer are tried, nothing was left out. */
const TRIALS = 400;
