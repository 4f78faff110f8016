import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/errors.ts";
import type { Jwk } from "../../../src/core/keys/jwk.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import { bytes, countingRandom, keyPair, privateJwk, publicJwk, refusal, UNSUPPORTED } from "./support.ts";
import { rfc7515 } from "./vectors.ts";

const tools = createKeyTools(countingRandom());
const read = (content: string | Uint8Array) =>
  tools.read(typeof content === "string" ? bytes(content) : content, async () => "passphrase");
const block = (label: string, der: Uint8Array | string) =>
  `-----BEGIN ${label}-----\n${Buffer.from(der).toString("base64")}\n-----END ${label}-----\n`;

const EC = keyPair("ES256");
const EC_PEM = EC.privateKey.export({ format: "pem", type: "pkcs8" }) as string;
const EC_DER = EC.privateKey.export({ format: "der", type: "pkcs8" });

describe("files that are no key are named for what they are", () => {
  it.each<[string, string | Uint8Array, string]>([
    ["an empty file", "", "the key file is empty"],
    ["a blank file", " \r\n\t\n", "the key file is empty"],
    ["an HTML page", "<!DOCTYPE html>\n<html><body>Sign in</body></html>", "an HTML or XML page"],
    ["an XML error", '<?xml version="1.0"?><Error/>', "an HTML or XML page"],
    ["a token", rfc7515.examples[0]?.compact ?? "", "a token (JWT), not a key"],
    ["a token as a header value", `Bearer ${rfc7515.examples[0]?.compact}`, "a token (JWT), not a key"],
    ["an SSH public key line", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH me@host", "an SSH public key"],
    ["an SSH public key of a token device", "sk-ssh-ed25519@openssh.com AAAA me", "an SSH public key"],
    [
      "an SSH2 public key",
      "---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----",
      "RFC 4716",
    ],
    ["an OpenSSH private key", block("OPENSSH PRIVATE KEY", "openssh-key-v1"), "an OpenSSH private key"],
    [
      "a PGP key",
      "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----",
      "PGP",
    ],
    ["a PuTTY key", "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none", "a PuTTY key"],
    ["a Java keystore", Buffer.from("feedfeed00000002", "hex"), "a Java keystore"],
    ["plain text", "hello world", "neither a JWK nor PEM nor DER"],
    ["a hexadecimal secret", "deadbeef".repeat(8), "neither a JWK nor PEM nor DER"],
    ["binary bytes", Buffer.from([0, 1, 2, 3, 255]), "neither DER nor text"],
    ["a revocation list", block("X509 CRL", "0"), 'a PEM block "X509 CRL" holds no key'],
    ["a BEGIN line with too few hyphens", EC_PEM.replaceAll("-----", "---"), "five hyphens"],
  ])("%s", async (_, content, message) => {
    const error = await refusal(read(content), "key_malformed");
    expect(error.message).toContain(message);
    expect(error.hints.join(" ")).not.toContain("undefined");
  });

  it.each<[string, string, string]>([
    ["a JSON array", '[{"kty":"oct"}]', "a JSON array"],
    ["an object that is no JWK", '{"a":1}', 'neither a JWK (no "kty") nor a key set (no "keys")'],
    ["a server's metadata", '{"jwks_uri":"https://x/jwks"}', "a server's metadata"],
    [
      "a service account file",
      JSON.stringify({ type: "x", private_key: EC_PEM }),
      'a PEM text in "private_key"',
    ],
    ["a JWE in JSON form", '{"ciphertext":"x","iv":"y"}', "a JWE in its JSON form"],
    ["JSON that is cut off", '{"kty":"EC",\n "crv":', "not whole JSON"],
    ["JSON with something after it", '{"kty":"oct","k":"YQ"} x', "(line 1, column 24)"],
  ])("%s", async (_, content, message) => {
    expect((await refusal(read(content), "key_malformed")).message).toContain(message);
  });

  it("a certificate request", async () => {
    // The outer form of PKCS#10: version 0, a name, a key, attributes; then an algorithm and a signature.
    const spki = EC.publicKey.export({ format: "der", type: "spki" });
    const inner = Buffer.concat([Buffer.from("0201003000", "hex"), spki, Buffer.from("a000", "hex")]);
    const body = Buffer.concat([Buffer.of(0x30, inner.length), inner]);
    const rest = Buffer.concat([
      Buffer.from("300a06082a8648ce3d040302", "hex"),
      Buffer.from("03020000", "hex"),
    ]);
    const csr = Buffer.concat([Buffer.of(0x30, 0x81, body.length + rest.length), body, rest]);
    const error = await refusal(read(block("CERTIFICATE REQUEST", csr)), "key_unusable");
    expect(error.message).toContain("a certificate request");
  });

  it("a PKCS#12 container", async () => {
    // Version 3, then a ContentInfo of type data.
    const p12 = Buffer.from("3010020103300b06092a864886f70d010701", "hex");
    expect((await refusal(read(p12), "key_unusable")).message).toContain("PKCS#12");
  });
});

describe("keys that cannot sign a JWS", () => {
  it.each<[string, () => Uint8Array, string]>([
    ["RSASSA-PSS", () => der("rsa-pss", { modulusLength: 1024 }), "restricted to RSASSA-PSS"],
    ["DSA", () => der("dsa", { modulusLength: 1024 }), "a DSA key"],
    ["X25519", () => der("x25519"), "agrees on secrets"],
    ["X448", () => der("x448"), "agrees on secrets"],
    ["Ed448", () => der("ed448"), "does not offer"],
    ["secp256k1", () => der("ec", { namedCurve: "secp256k1" }), "ES256K"],
    ["P-224", () => der("ec", { namedCurve: "P-224" }), "EC keys on the curve secp224r1"],
    ["brainpool", () => der("ec", { namedCurve: "brainpoolP256r1" }), "EC keys on the curve brainpoolP256r1"],
  ])("%s", async (_, make, message) => {
    expect((await refusal(read(make()), "key_unusable")).message).toContain(message);
  });

  it.each<[string, object, string]>([
    ["X25519", { kty: "OKP", crv: "X25519", x: "AA" }, "X25519 keys agree on secrets"],
    ["secp256k1", { kty: "EC", crv: "secp256k1", x: "AA", y: "AA" }, "ES256K"],
    ["P-256K", { kty: "EC", crv: "P-256K", x: "AA", y: "AA" }, "ES256K"],
    [
      "an Edwards curve under EC",
      { kty: "EC", crv: "Ed25519", x: "AA", y: "AA" },
      'EC keys on the curve "Ed25519"',
    ],
    ["an unknown type", { kty: "XYZ" }, 'keys of the type "XYZ"'],
    ["a type named like a method", { kty: "constructor" }, 'keys of the type "constructor"'],
    ["a curve named like a method", { kty: "EC", crv: "toString" }, 'EC keys on the curve "toString"'],
    ["an encryption key", { ...privateJwk("ES256"), use: "enc" }, '"use": "enc"'],
    ["an unknown use", { ...privateJwk("ES256"), use: "tls" }, 'its "use" is "tls"'],
    [
      "operations of encryption",
      { ...privateJwk("ES256"), key_ops: ["deriveKey"] },
      '"key_ops" allow neither',
    ],
    [
      "an encryption algorithm",
      { ...privateJwk("RS256"), alg: "RSA-OAEP" },
      '"RSA-OAEP", which is not a signature',
    ],
    ["alg none", { ...privateJwk("ES256"), alg: "none" }, '"none", which is not a signature'],
    [
      "the algorithm of another type",
      { ...privateJwk("ES256"), alg: "RS256" },
      "is RS256, but it is an EC key on P-256",
    ],
    [
      "the algorithm of another curve",
      { ...privateJwk("ES256"), alg: "ES384" },
      "is ES384, but it is an EC key",
    ],
    ["more than two primes", { ...privateJwk("RS256"), oth: [] }, "more than two primes"],
    ["an RSA private half without primes", without(privateJwk("RS256"), "p", "q"), '"p", "q" are missing'],
    ["an RSA key of 256 bits", { kty: "RSA", n: odd(32), e: "AQAB" }, "an RSA key of 256 bits"],
    ["an RSA key of a million bits", { kty: "RSA", n: odd(125_000), e: "AQAB" }, "jwtctl takes 512 to"],
    ["an empty secret", { kty: "oct", k: "" }, '"k" is empty'],
  ])("JWK: %s", async (_, jwk, message) => {
    expect((await refusal(read(JSON.stringify(jwk)), "key_unusable")).message).toContain(message);
  });

  it.each(UNSUPPORTED)("%s on a runtime without it, as JWK and as SPKI", async (alg) => {
    const size = { "ML-DSA-44": 1312, "ML-DSA-65": 1952, "ML-DSA-87": 2592 }[alg as string] ?? 0;
    const jwk = { kty: "AKP", alg, pub: Buffer.alloc(size).toString("base64url") };
    const error = await refusal(read(JSON.stringify(jwk)), "algorithm_unsupported");
    expect(error.message).toBe(`this Node has no ${alg}; Node 24.7 or later has`);
    const arc = { "ML-DSA-44": 0x11, "ML-DSA-65": 0x12, "ML-DSA-87": 0x13 }[alg as string] ?? 0;
    // SubjectPublicKeyInfo: the algorithm's OID and a BIT STRING.
    const oid = Buffer.from([0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, arc]);
    const spki = Buffer.concat([Buffer.of(0x30, 0x12), oid, Buffer.from([0x03, 0x03, 0x00, 0x01, 0x02])]);
    expect((await refusal(read(spki), "algorithm_unsupported")).message).toContain(alg);
  });

  it("an empty key set", async () => {
    expect((await refusal(read('{"keys":[]}'), "key_unusable")).message).toBe("the key set is empty");
  });

  it("in a set they are left out with a note each, and the usable ones remain (RFC 7517 section 5)", async () => {
    const good = { ...publicJwk(privateJwk("ES256")), kid: "good" };
    const set = { keys: [{ kty: "new" }, { ...good, kid: "bad", y: good.x }, 7, good] };
    const { keys, notes } = await read(JSON.stringify(set));
    expect(keys).toEqual([good]);
    expect(notes).toEqual([
      'key 1 was left out: jwtctl does not know keys of the type "new"',
      'key 2 ("bad") was left out: the numbers in this key do not make an EC key on P-256',
      "key 3 was left out: not a JSON object",
    ]);
  });
});

describe("damaged and dishonest keys", () => {
  const jwk = EC.privateKey.export({ format: "jwk" }) as Jwk;
  const rsa = privateJwk("RS256");
  const other = privateJwk("RS256");

  it.each<[string, object, string]>([
    ["no crv", without(jwk, "crv"), 'needs "crv"'],
    ["no y", without(jwk, "y"), 'has no "y"'],
    ["a coordinate that is a number", { ...jwk, x: 1 }, '"x" must be a string'],
    [
      "a coordinate without its leading zero",
      { ...jwk, x: jwk.x?.slice(0, 40) },
      '"x" has 30 bytes where P-256 takes 32',
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
      (await refusal(read(block("PRIVATE KEY", Buffer.from(mixed, "hex"))), "key_malformed")).message,
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
    ["without its BEGIN line", EC_PEM.split("\n").slice(1).join("\n"), "has no BEGIN line"],
    [
      "with another END line",
      EC_PEM.replace("END PRIVATE", "END PUBLIC"),
      'begins as "PRIVATE KEY" but ends as',
    ],
    ["with its second line missing", withoutLine(EC_PEM, 2), "48 of 138 bytes are missing"],
    ["with a strange character", EC_PEM.replace(/\n(.{10})/, "\n$1*"), 'it has the character "*"'],
    ["with a character missing", EC_PEM.replace(/\n(.{10})./, "\n$1"), "cut off or damaged"],
    ["with nothing in it", block("PRIVATE KEY", ""), 'the PEM block "PRIVATE KEY" is empty'],
    [
      "with something after the key",
      block("PRIVATE KEY", Buffer.concat([EC_DER, Buffer.of(0, 0)])),
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

describe("hostile files end in a refusal, soon", () => {
  const settled = async (content: Uint8Array) => {
    try {
      await read(content);
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
    }
  };

  it("random bytes", async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), settled), { numRuns: 500 });
  });

  it("random JSON objects with the members of a JWK", async () => {
    const members = [
      "kty",
      "crv",
      "x",
      "y",
      "d",
      "n",
      "e",
      "k",
      "alg",
      "use",
      "key_ops",
      "kid",
      "keys",
      "__proto__",
    ];
    const values = fc.oneof(
      fc.constantFrom("EC", "RSA", "OKP", "oct", "AKP", "P-256", "Ed25519", "sig"),
      fc.jsonValue(),
    );
    const objects = fc.array(fc.tuple(fc.constantFrom(...members), values), { maxLength: 8 });
    const text = objects.map(
      (pairs) => `{${pairs.map(([k, v]) => `"${k}":${JSON.stringify(v)}`).join(",")}}`,
    );
    await fc.assert(
      fc.asyncProperty(text, (json) => settled(bytes(json))),
      { numRuns: 500 },
    );
  });

  it("whole keys with one byte changed, in PEM and DER", async () => {
    const files = [
      Buffer.from(EC_PEM),
      EC_DER,
      keyPair("RS256").publicKey.export({ format: "der", type: "spki" }),
    ];
    const change = fc.tuple(fc.constantFrom(...files), fc.nat(), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(change, async ([file, position, mask]) => {
        const changed = Buffer.from(file);
        const at = position % changed.length;
        changed[at] = (changed[at] ?? 0) ^ mask;
        await settled(changed);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, string]>([
    ["line breaks", `-----BEGIN X-----${"\n".repeat(900_000)}-----END X-----`],
    ["BEGIN without KEY", "BEGIN ".repeat(170_000)],
    ["END lines", "-----END ".repeat(110_000)],
    ["BEGIN lines", "-----BEGIN X-----\n".repeat(55_000)],
    ["equals signs", `-----BEGIN X-----\n${"=".repeat(900_000)}\n-----END X-----`],
    ["header lines", `-----BEGIN X-----\n${"A: b\n".repeat(180_000)}-----END X-----`],
    ["open brackets", "[".repeat(900_000)],
    ["dots", `eyJ${".".repeat(900_000)}`],
    ["base64", `M${"A".repeat(900_000)}`],
  ])("a mebibyte of %s does not take quadratic time", async (_, content) => {
    await settled(bytes(content));
  });

  it("PBKDF2 with 10^9 rounds in an encrypted PKCS#8 key is refused before the passphrase is asked for", async () => {
    const locked = EC.privateKey.export({
      format: "der",
      type: "pkcs8",
      cipher: "aes-256-cbc",
      passphrase: "passphrase",
    });
    // INTEGER 2048 becomes INTEGER 10^9, which takes two bytes more.
    const hex = locked.toString("hex");
    expect(hex).toContain("02020800");
    const expensive = lengthened(Buffer.from(hex.replace("02020800", "02043b9aca00"), "hex"), 2);
    const attempt = tools.read(expensive, async () => {
      throw new Error("the passphrase was asked for");
    });
    expect((await refusal(attempt, "key_malformed")).message).toContain(
      "more key derivation than jwtctl spends",
    );
  });
});

function der(type: string, options: object = {}): Uint8Array {
  const make = generateKeyPairSync as unknown as (t: string, o: object) => ReturnType<typeof keyPair>;
  return make(type, options).privateKey.export({ format: "der", type: "pkcs8" });
}

function withoutLine(text: string, index: number): string {
  return text
    .split("\n")
    .filter((_, at) => at !== index)
    .join("\n");
}

/** An odd number of that many bytes, all bits set. */
function odd(length: number): string {
  return Buffer.alloc(length, 0xff).toString("base64url");
}

function without(jwk: Jwk, ...names: readonly string[]): object {
  return Object.fromEntries(Object.entries(jwk).filter(([name]) => !names.includes(name)));
}

/** Adds to the lengths of the nested SEQUENCEs that enclose the iteration count of an EncryptedPrivateKeyInfo. */
function lengthened(der: Buffer, by: number): Buffer {
  const changed = Buffer.from(der);
  let at = 0;
  // EncryptedPrivateKeyInfo, AlgorithmIdentifier, then past the OID: parameters, key derivation, past its OID: its own.
  const steps = ["enter", "enter", "skip", "enter", "enter", "skip", "enter"];
  for (const step of steps) {
    const long = (changed[at + 1] ?? 0) >= 0x80;
    const header = long ? 3 : 2;
    const lengthAt = at + header - 1;
    if (step === "enter") {
      changed[lengthAt] = (changed[lengthAt] ?? 0) + by;
      at += header;
    } else {
      at += header + (changed[lengthAt] ?? 0);
    }
  }
  return changed;
}
