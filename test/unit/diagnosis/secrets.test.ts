import { execSync } from "node:child_process";
import { createPublicKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ask, b64, given, hmac, rsa, secret, token, unsigned } from "./bench.ts";

const SECRET = "a-long-enough-secret-for-hs256-that-nobody-knows";
const BYTES = Uint8Array.from({ length: 32 }, (_, index) => (index * 37 + 250) & 0xff);

/** The token is signed with one secret and verified with another. */
async function mixup(issuer: string | Uint8Array, verifier: string | Uint8Array) {
  return ask(await token({ alg: "HS256", key: secret(issuer) }), { keys: [secret(verifier)] });
}

describe("the secret is spelled differently on the two sides", () => {
  it.each([
    ["secret_line_break", "a trailing newline at the verifier", SECRET, `${SECRET}\n`],
    ["secret_line_break", "a trailing newline at the issuer", `${SECRET}\n`, SECRET],
    ["secret_line_break", "a trailing CR LF at the verifier", SECRET, `${SECRET}\r\n`],
    ["secret_line_break", "a trailing CR LF at the issuer", `${SECRET}\r\n`, SECRET],
    ["secret_white_space", "blanks around it at the verifier", SECRET, `  ${SECRET}\t`],
    ["secret_white_space", "a blank after it at the issuer", `${SECRET} `, SECRET],
    ["secret_quotes", "quotes around it at the verifier", SECRET, `"${SECRET}"`],
    ["secret_quotes", "quotes around it at the issuer", `'${SECRET}'`, SECRET],
    ["secret_byte_order_mark", "a byte order mark at the verifier", SECRET, `\ufeff${SECRET}`],
    [
      "secret_byte_order_mark",
      "UTF-16 from PowerShell at the verifier",
      SECRET,
      Buffer.from(`\ufeff${SECRET}\r\n`, "utf16le"),
    ],
    ["secret_byte_order_mark", "a byte order mark at the issuer", `\ufeff${SECRET}`, SECRET],
    [
      "secret_byte_order_mark",
      "UTF-16 from PowerShell at the issuer",
      Buffer.from(`\ufeff${SECRET}\r\n`, "utf16le"),
      SECRET,
    ],
    ["secret_byte_order_mark", "UTF-16 without a mark at the issuer", Buffer.from(SECRET, "utf16le"), SECRET],
    ["secret_charset", "Latin-1 at the issuer", Buffer.from(`${SECRET}é`, "latin1"), `${SECRET}é`],
    ["secret_charset", "Latin-1 at the verifier", `${SECRET}é`, Buffer.from(`${SECRET}é`, "latin1")],
    ["secret_charset", "decomposed letters at the issuer", `${SECRET}e\u0301`, `${SECRET}é`],
    ["secret_base64", "base64 text, decoded by the issuer", BYTES, Buffer.from(BYTES).toString("base64")],
    ["secret_base64", "base64url text, decoded by the issuer", BYTES, b64(BYTES)],
    [
      "secret_base64",
      "bytes, used as base64 text by the issuer",
      Buffer.from(BYTES).toString("base64"),
      BYTES,
    ],
    ["secret_base64", "bytes, used as base64url text by the issuer", b64(BYTES), BYTES],
    ["secret_hex", "hexadecimal text, decoded by the issuer", BYTES, Buffer.from(BYTES).toString("hex")],
    [
      "secret_hex",
      "bytes, used as hexadecimal text by the issuer",
      Buffer.from(BYTES).toString("hex"),
      BYTES,
    ],
    [
      "secret_hex",
      "bytes, used as upper-case hexadecimal by the issuer",
      Buffer.from(BYTES).toString("hex").toUpperCase(),
      BYTES,
    ],
    ["secret_base64", "base64 text with a line break, decoded by the issuer", BYTES, `${b64(BYTES)}\n`],
    [
      "secret_hex",
      "hexadecimal text in quotes, decoded by the issuer",
      BYTES,
      `"${Buffer.from(BYTES).toString("hex")}"`,
    ],
  ])("%s: %s", async (cause, _, issuer, verifier) => {
    const { causes, diagnosis, report } = await mixup(issuer, verifier);
    expect(causes).toEqual([cause]);
    expect(diagnosis[0]?.evidence).toMatch(/^the signature fits the secret when/);
    expect(report.valid).toBe(false);
  });

  it.each([
    ["base64", Buffer.from(BYTES).toString("base64"), "b64:@FILE"],
    ["hexadecimal", Buffer.from(BYTES).toString("hex"), "hex:@FILE"],
  ])("%s is to be decoded from where the secret is, not from the command line", async (_, text, words) => {
    const { diagnosis } = await mixup(BYTES, text);
    expect(diagnosis[0]?.fix).toContain(words);
  });

  it("the evidence never holds the secret", async () => {
    const { diagnosis } = await mixup(SECRET, `${SECRET}\n`);
    expect(JSON.stringify(diagnosis)).not.toContain(SECRET);
  });
});

describe("the secret's name was taken for the secret", () => {
  it("secret_is_file_name: the @ was forgotten", async () => {
    const text = await token({ alg: "HS256", key: secret(SECRET) });
    const { causes, diagnosis } = await ask(text, {
      keys: [secret("secret.txt")],
      given: [given("--secret", "secret.txt")],
      files: { "secret.txt": `${SECRET}\n` },
    });
    expect(causes).toEqual(["secret_is_file_name"]);
    expect(diagnosis[0]?.fix).toContain("--secret @FILE");
    expect(JSON.stringify(diagnosis)).not.toContain(SECRET);
  });

  it("a file that does not fit is not spoken of", async () => {
    const text = await token({ alg: "HS256", key: secret(SECRET) });
    const { causes } = await ask(text, {
      keys: [secret("secret.txt")],
      given: [given("--secret", "secret.txt")],
      files: { "secret.txt": "something else" },
    });
    expect(causes).toEqual(["other_key_or_content"]);
  });

  it.each([
    ["@secret.txt", "@secret.txt"],
    ["@secret.txt", "secret.txt"],
    ["env:JWT_KEY", "env:JWT_KEY"],
    ["env:JWT_KEY", "JWT_KEY"],
    ["env:JWT_KEY", "$JWT_KEY"],
    ["env:JWT_KEY", "$" + "{JWT_KEY}"],
  ])("secret_is_argument: given as %s, the issuer signs with the text %s", async (typed, used) => {
    const text = await token({ alg: "HS256", key: secret(used) });
    const { causes } = await ask(text, { keys: [secret(SECRET)], given: [given("--secret", typed, SECRET)] });
    expect(causes).toEqual(["secret_is_argument"]);
  });

  it("secret_is_key: a public key was given with --secret", async () => {
    const pair = rsa();
    const text = await token({ alg: "RS256", key: pair.privateJwk });
    const { causes, diagnosis } = await ask(text, {
      keys: [secret(pair.pem)],
      given: [given("--secret", "@public.pem", pair.pem)],
    });
    expect(causes).toEqual(["secret_is_key"]);
    expect(diagnosis[0]?.fix).toContain("--key");
  });
});

describe("secrets that are none", () => {
  it.each(["secret", "your-256-bit-secret", ""])("secret_well_known: %j", async (known) => {
    const input = unsigned({ alg: "HS256" });
    const text = `${input}.${b64(hmac("sha256", known, input))}`;
    const { causes, diagnosis } = await ask(text, { keys: [secret(SECRET)] });
    expect(causes).toEqual(["secret_well_known"]);
    expect(diagnosis[0]?.fix).toContain("do not accept");
  });

  it("a forged expiry is not explained away as a difference of clocks", async () => {
    const input = unsigned({ alg: "HS256" }, { exp: 1 });
    const { causes } = await ask(`${input}.${b64(hmac("sha256", "secret", input))}`, {
      keys: [secret(SECRET)],
    });
    expect(causes).toEqual(["secret_well_known"]);
  });
});

describe("public_key_as_secret: algorithm confusion (HS/RS, RFC 8725 section 2.1)", () => {
  const pair = rsa();
  const der = Buffer.from(pair.pem.replace(/-----[^-]+-----|\s/g, ""), "base64");
  function pkcs1(format: "pem"): string;
  function pkcs1(format: "der"): Buffer;
  function pkcs1(format: "pem" | "der"): string | Buffer {
    const key = createPublicKey(pair.privateKey);
    return format === "pem"
      ? (key.export({ type: "pkcs1", format }) as string)
      : key.export({ type: "pkcs1", format });
  }
  const input = unsigned({ alg: "HS256" }, { sub: "admin" });
  const forge = (key: string | Uint8Array) => `${input}.${b64(hmac("sha256", key, input))}`;

  it.each([
    ["the PEM text", pair.pem],
    ["the PEM text without its line break", pair.pem.trimEnd()],
    ["the DER", der],
    ["the PEM text with the line breaks of Windows", pair.pem.replaceAll("\n", "\r\n")],
    ["the PEM text in one line, as a variable holds it", pair.pem.trimEnd().replaceAll("\n", "\\n")],
    ["the base64 text in the PEM text", pair.pem.replace(/-----[^-]+-----|\s/g, "")],
    ["the PEM text of PKCS #1", pkcs1("pem")],
    ["the PEM text of PKCS #1 without its line break", pkcs1("pem").trimEnd()],
    ["the DER of PKCS #1", pkcs1("der")],
    ["the JWK", JSON.stringify({ kty: "RSA", n: pair.publicJwk.n, e: pair.publicJwk.e })],
  ])("forged with %s", async (_, key) => {
    const { causes, diagnosis, report } = await ask(forge(key), { keys: [pair.publicJwk] });
    expect(causes).toEqual(["public_key_as_secret"]);
    expect(diagnosis[0]?.fix).toContain("do not accept");
    expect(report.valid).toBe(false);
    expect(report.verdict).toBe("algorithm_not_allowed");
  });

  it("forged with the very file that was given, whatever its layout", async () => {
    const oneLine = pair.pem.replaceAll("\n", "\r\n");
    const { causes } = await ask(forge(oneLine.trimEnd()), {
      keys: [pair.publicJwk],
      given: [given("--key", "public.pem", oneLine)],
    });
    expect(causes).toEqual(["public_key_as_secret"]);
  });
});

describe("hash_mixed_up", () => {
  it.each([
    ["HS256", "sha512", "HS512"],
    ["HS512", "sha256", "HS256"],
    ["HS384", "sha256", "HS256"],
  ] as const)("the header says %s, the signature is of %s", async (alg, hash, really) => {
    const input = unsigned({ alg });
    const { causes, diagnosis } = await ask(`${input}.${b64(hmac(hash, SECRET, input))}`, {
      keys: [secret(SECRET)],
      options: { algorithms: [alg] },
    });
    expect(causes).toEqual(["hash_mixed_up"]);
    expect(diagnosis[0]?.evidence).toContain(really);
  });
});

describe("the issuer's decoder is laxer than base64 and hexadecimal are", () => {
  // DatatypeConverter.parseBase64Binary, as JJWT's signWith(alg, String) calls it.
  const java = (text: string) => {
    const kept = text.replace(/[^A-Za-z0-9+/]/g, "");
    return Buffer.from(kept.slice(0, kept.length - (kept.length % 4)), "base64");
  };
  const php = (text: string) => Buffer.from(text.replace(/[^A-Za-z0-9+/]/g, ""), "base64");
  const node = (text: string) => Buffer.from(text, "base64");
  const plain = "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF01";
  const marks = "my-app_secret.key-for:jwt!signing-in-2024-and-later";
  const padded = "c2VjcmV0LXNlY3JldC1zZWNyZXQ=and-more-behind-it";

  it.each([
    ["Java, an unfinished group", java, plain, "the last 2 characters dropped, as Java's JJWT does"],
    ["Java, other characters", java, marks, "that base64 does not have left out"],
    ["PHP", php, `${marks}xy`, "as PHP's base64_decode and Python's b64decode do"],
    ["Node, both alphabets", node, marks, 'as Node\'s Buffer.from(secret, "base64") does'],
    ["Node, up to the padding", node, padded, 'as Node\'s Buffer.from(secret, "base64") does'],
  ])("%s", async (_, decode, text, how) => {
    const [diagnosis] = (await mixup(decode(text), text)).diagnosis;
    expect(diagnosis).toMatchObject({ cause: "secret_base64" });
    expect(diagnosis?.evidence).toContain(how);
    expect(JSON.stringify(diagnosis)).not.toContain(text.slice(0, 12));
    // The command of the fix makes the very bytes.
    const command = /SECRET=… (node -p .*?) > secret\.hex/.exec(diagnosis?.fix ?? "")?.[1] ?? "";
    const made = execSync(command, { env: { ...process.env, SECRET: text }, encoding: "utf8" }).trim();
    expect(made).toBe(decode(text).toString("hex"));
  });

  it("base64 behind its mark, as Laravel writes it", async () => {
    const secret = Buffer.from("a secret of thirty-two bytes, yes");
    const [diagnosis] = (await mixup(secret, `base64:${secret.toString("base64")}`)).diagnosis;
    expect(diagnosis).toMatchObject({ cause: "secret_base64" });
    expect(diagnosis?.evidence).toContain('without the "base64:" before it');
    expect(diagnosis?.fix).toContain("b64:");
  });

  const hex = "00112233445566778899aabbccddeeff".repeat(2);
  it.each([
    ["0x before it", `0x${hex}`, "without 0x"],
    ["colons", hex.replace(/..(?=.)/g, "$&:"), "without the signs between the bytes"],
    ["0x before each byte", hex.replace(/../g, "0x$&, "), "without 0x and the signs between the bytes"],
    ["blanks", hex.replace(/..(?=.)/g, "$& "), "without the blanks"],
    ["\\x before each byte", hex.replace(/../g, "\\x$&"), "without \\x"],
    ["its mark", `hex:${hex}`, 'without the "hex:" before it'],
  ])("hexadecimal with %s", async (_, text, how) => {
    const [diagnosis] = (await mixup(Buffer.from(hex, "hex"), text)).diagnosis;
    expect(diagnosis).toMatchObject({ cause: "secret_hex" });
    expect(diagnosis?.evidence).toContain(how);
  });
});
