import { createPrivateKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import { PRIVATE_JWK_MEMBERS } from "../../../src/core/jose/jwk.ts";
import type { KeyEncoding } from "../../../src/core/jose/ports/crypto.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import { readDer } from "../../../src/crypto/keys/der.ts";
import { CHEAP_KDF } from "../../support/cheap-kdf.ts";
import { ASYMMETRIC, countingRandom, keyPair, privateJwk, publicJwk, refusal, SUPPORTED } from "./support.ts";
import { rfc7638, rfc8037, rfc9964 } from "./vectors.ts";

const tools = createKeyTools(countingRandom(), CHEAP_KDF);
/** As dear as jwtctl promises. */
const dearTools = createKeyTools(countingRandom());
const ENCODINGS: readonly KeyEncoding[] = ["pem", "der", "jwk"];
const PASSPHRASE = "correct horse battery staple";
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");
const cases = ASYMMETRIC.flatMap((alg) => ENCODINGS.map((encoding) => ({ alg, encoding })));

describe("writing and reading again", () => {
  it.each(cases)("$alg private key as $encoding", async ({ alg, encoding }) => {
    const key = privateJwk(alg);
    const read = await tools.read(await tools.writePrivate(key, encoding));
    expect(read.keys).toEqual([key]);
    expect(read.format).toBe({ pem: "pem-pkcs8", der: "der-pkcs8", jwk: "jwk" }[encoding]);
  });

  it.each(cases)("$alg public key as $encoding", async ({ alg, encoding }) => {
    const key = privateJwk(alg);
    const read = await tools.read(await tools.writePublic(key, encoding));
    expect(read.keys).toEqual([publicJwk(key)]);
    expect(read.format).toBe({ pem: "pem-spki", der: "der-spki", jwk: "jwk" }[encoding]);
  });

  it.each(ENCODINGS)("a private key under a passphrase as %s", async (encoding) => {
    const key = privateJwk("ES256");
    const file = await tools.writePrivate(key, encoding, PASSPHRASE);
    const read = await tools.read(file, async () => PASSPHRASE);
    expect(read.keys).toEqual([key]);
    expect(read.format).toBe(
      { pem: "pem-pkcs8-encrypted", der: "der-pkcs8-encrypted", jwk: "jwe" }[encoding],
    );
    await refusal(
      tools.read(file, async () => "wrong"),
      "passphrase_wrong",
    );
    await refusal(tools.read(file), "input_required");
    expect(text(file)).not.toContain(key.d ?? "?");
  });

  it("the JWK keeps its metadata, and a secret can be written as JWK and JWE", async () => {
    const secret = {
      kty: "oct",
      k: "c2VjcmV0",
      kid: "s",
      alg: "HS256",
      use: "sig",
      key_ops: ["sign", "verify"],
    };
    expect((await tools.read(await tools.writePrivate(secret, "jwk"))).keys).toEqual([secret]);
    const sealed = await tools.writePrivate(secret, "jwk", PASSPHRASE);
    expect((await tools.read(sealed, async () => PASSPHRASE)).keys).toEqual([secret]);
  });

  it("PEM is as node:crypto writes it", async () => {
    const { publicKey, privateKey } = keyPair("ES384");
    const key = privateKey.export({ format: "jwk" }) as ReturnType<typeof privateJwk>;
    expect(text(await tools.writePrivate(key, "pem"))).toBe(
      privateKey.export({ format: "pem", type: "pkcs8" }),
    );
    expect(text(await tools.writePublic(key, "pem"))).toBe(publicKey.export({ format: "pem", type: "spki" }));
  });

  it("JWK files are indented, end with a line end, and escape what could act on a terminal", async () => {
    const file = text(
      await tools.writePublic({ ...privateJwk("ES256"), kid: "a\u001b]0;x\u0007\u202e" }, "jwk"),
    );
    expect(file).toMatch(/^\{\n {2}"kty": "EC",\n/);
    expect(file.endsWith("}\n")).toBe(true);
    expect(file).toContain('"kid": "a\\u001b]0;x\\u0007\\u202e"');
  });
});

describe("keys under a passphrase cost an attacker as much as promised", () => {
  it("PKCS#8 is derived with 600,000 rounds, not the 2,048 of node:crypto", async () => {
    const file = await dearTools.writePrivate(privateJwk("Ed25519"), "der", PASSPHRASE);
    expect(readDer(file).ok).toBe(true);
    // INTEGER 600000, then the PRF hmacWithSHA256; AES-256-CBC.
    expect(Buffer.from(file).toString("hex")).toContain("02030927c0300c06082a864886f70d02090500");
    expect(Buffer.from(file).toString("hex")).toContain("060960864801650304012a");
  });

  it("the JWE header says PBES2-HS512+A256KW, A256GCM and 600,000 rounds", async () => {
    const file = text(await dearTools.writePrivate(privateJwk("Ed25519"), "jwk", PASSPHRASE));
    const header = JSON.parse(Buffer.from(file.split(".")[0] ?? "", "base64url").toString());
    expect(header).toMatchObject({
      alg: "PBES2-HS512+A256KW",
      enc: "A256GCM",
      p2c: 600_000,
      cty: "jwk+json",
    });
  });

  it("salt and IV are new every time", async () => {
    const key = privateJwk("Ed25519");
    const [first, second] = [
      await tools.writePrivate(key, "der", "p"),
      await tools.writePrivate(key, "der", "p"),
    ];
    expect(Buffer.from(first).equals(second)).toBe(false);
  });

  it("node:crypto opens the encrypted PEM", async () => {
    const key = privateJwk("RS256");
    const pem = text(await tools.writePrivate(key, "pem", PASSPHRASE));
    expect(pem).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/);
    expect(createPrivateKey({ key: pem, passphrase: PASSPHRASE }).export({ format: "jwk" })).toEqual(key);
  });

  it("the empty passphrase, which protects nothing, is refused", async () => {
    for (const encoding of ENCODINGS) {
      await refusal(tools.writePrivate(privateJwk("ES256"), encoding, ""), "input_required");
    }
  });
});

describe("public output never holds private material", () => {
  it.each(SUPPORTED)("%s: no private member and nothing unknown gets into the public half", async (alg) => {
    const extra = Object.fromEntries(PRIVATE_JWK_MEMBERS.map((name) => [name, "c2VjcmV0"]));
    const key = {
      ...extra,
      ...privateJwk(alg),
      kid: "k",
      alg,
      use: "sig",
      x5c: ["AAAA"],
      secret: "c2VjcmV0",
    };
    const half = await tools.publicOf(key);
    if (half === null) {
      expect(key.kty).toBe("oct");
      return;
    }
    const allowed = ["kty", "crv", "x", "y", "n", "e", "pub", "kid", "alg", "use"];
    expect(Object.keys(half).filter((name) => !allowed.includes(name))).toEqual([]);
    expect(half).toMatchObject({ kid: "k", alg, use: "sig" });
    for (const encoding of ENCODINGS) {
      const file = await tools.writePublic(key, encoding);
      const [read] = (await tools.read(file)).keys;
      for (const name of PRIVATE_JWK_MEMBERS) expect(read).not.toHaveProperty(name);
      expect(text(file)).not.toContain("c2VjcmV0");
    }
  });

  it("key_ops of the public half allow verification only", async () => {
    expect(await tools.publicOf({ ...privateJwk("ES256"), key_ops: ["sign"] })).toMatchObject({
      key_ops: ["verify"],
    });
  });

  it("a secret and an unknown key type have no public half", async () => {
    expect(await tools.publicOf({ kty: "oct", k: "c2VjcmV0" })).toBeNull();
    await refusal(tools.writePublic({ kty: "oct", k: "c2VjcmV0" }, "jwk"), "key_unusable");
    await refusal(tools.publicOf({ kty: "XYZ", d: "c2VjcmV0" }), "key_unusable");
    await refusal(tools.publicOf({ kty: "__proto__" }), "key_unusable");
  });

  it("a public key is not written as a private one, nor a secret as PEM", async () => {
    for (const encoding of ENCODINGS) {
      await refusal(tools.writePrivate(publicJwk(privateJwk("ES256")), encoding), "key_unusable");
    }
    await refusal(tools.writePrivate({ kty: "oct", k: "c2VjcmV0" }, "pem"), "key_unusable");
    await refusal(tools.writePrivate({ kty: "oct", k: "c2VjcmV0" }, "der"), "key_unusable");
  });
});

describe("thumbprints", () => {
  it("RFC 7638 section 3.1", async () => {
    expect(await tools.thumbprint(rfc7638.key)).toBe(rfc7638.thumbprint);
    expect(await tools.kidOf(rfc7638.key)).toBe(rfc7638.thumbprint);
  });

  it("RFC 8037 appendix A.3, of the public and of the private key", async () => {
    expect(await tools.thumbprint(rfc8037["A.2"])).toBe(rfc8037["A.3"]);
    expect(await tools.thumbprint(rfc8037["A.1"])).toBe(rfc8037["A.3"]);
  });

  it.each(rfc9964.examples)("RFC 9964 $alg, on every runtime", async ({ alg, pub, thumbprint }) => {
    expect(await tools.thumbprint({ kty: "AKP", alg, pub })).toBe(thumbprint);
  });

  it.each(SUPPORTED)("%s: as jose computes it, with each hash", async (alg) => {
    const { calculateJwkThumbprint } = await import("jose");
    const key = { ...privateJwk(alg), kid: "other members", use: "sig" };
    const kty = key.kty === "AKP" ? { alg } : {};
    for (const hash of ["sha256", "sha384", "sha512"] as const) {
      const expected = await calculateJwkThumbprint(
        { ...key, ...kty } as Parameters<typeof calculateJwkThumbprint>[0],
        hash,
      );
      expect(await tools.thumbprint({ ...key, ...kty }, hash)).toBe(expected);
    }
  });

  it("a key without the members has none", async () => {
    expect(
      (await refusal(tools.thumbprint({ kty: "EC", crv: "P-256", x: "AA" }), "key_unusable")).message,
    ).toBe('an EC key on P-256 without "y" has no thumbprint');
    await refusal(tools.thumbprint({ kty: "XYZ" }), "key_unusable");
  });
});
