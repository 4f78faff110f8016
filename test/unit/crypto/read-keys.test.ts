import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import { ASYMMETRIC, bytes, countingRandom, keyPair, privateJwk, publicJwk, refusal } from "./support.ts";
import { rfc7517, rfc7520, rfc8037 } from "./vectors.ts";

const tools = createKeyTools(countingRandom());
const passphrase = async () => "correct horse battery staple";
const never = async (): Promise<string> => {
  throw new Error("the passphrase was asked for");
};

/** What is beside keys that stand there as they should. */
const BESIDE = { notes: [], repairs: [], leftOut: [] };

const read = (content: string | Uint8Array) =>
  tools.read(typeof content === "string" ? bytes(content) : content, never);
const pem = (label: string, der: Uint8Array, width = 64) =>
  [
    `-----BEGIN ${label}-----`,
    ...(Buffer.from(der)
      .toString("base64")
      .match(new RegExp(`.{1,${width}}`, "g")) ?? []),
    `-----END ${label}-----`,
    "",
  ].join("\n");

describe("every key in every encoding", () => {
  it.each(ASYMMETRIC)("%s: public key as SPKI and private key as PKCS#8, PEM and DER", async (alg) => {
    const { publicKey, privateKey } = keyPair(alg);
    const privateHalf = privateKey.export({ format: "jwk" }) as Jwk;
    const spki = { format: "pem", type: "spki" } as const;
    expect(await read(publicKey.export(spki))).toMatchObject({
      format: "pem-spki",
      keys: [publicJwk(privateHalf)],
      notes: [],
    });
    expect(await read(publicKey.export({ ...spki, format: "der" }))).toMatchObject({
      format: "der-spki",
      keys: [publicJwk(privateHalf)],
    });
    const pkcs8 = { format: "pem", type: "pkcs8" } as const;
    expect(await read(privateKey.export(pkcs8))).toMatchObject({ format: "pem-pkcs8", keys: [privateHalf] });
    expect(await read(privateKey.export({ ...pkcs8, format: "der" }))).toMatchObject({
      format: "der-pkcs8",
      keys: [privateHalf],
    });
  });

  it.each(ASYMMETRIC)("%s: JWK with its metadata, alone and in a set", async (alg) => {
    const key = { ...privateJwk(alg), kid: "k1", alg, use: "sig", key_ops: ["sign"] };
    expect(await read(JSON.stringify(key))).toEqual({ ...BESIDE, format: "jwk", keys: [key] });
    const set = { keys: [key, { ...publicJwk(key), key_ops: ["verify"] }] };
    expect(await read(JSON.stringify(set, null, 2))).toEqual({ ...BESIDE, format: "jwks", keys: set.keys });
  });

  it("an HMAC secret as a JWK", async () => {
    const key = { kty: "oct", k: "c2VjcmV0", kid: "hmac", alg: "HS256" };
    expect((await read(JSON.stringify(key))).keys).toEqual([key]);
  });

  it("RSA keys as PKCS#1 and EC keys as SEC1", async () => {
    const rsa = keyPair("RS256");
    const ec = keyPair("ES384");
    const rsaJwk = rsa.privateKey.export({ format: "jwk" });
    expect(await read(rsa.privateKey.export({ format: "pem", type: "pkcs1" }))).toMatchObject({
      format: "pem-pkcs1",
      keys: [rsaJwk],
    });
    expect(await read(rsa.publicKey.export({ format: "der", type: "pkcs1" }))).toMatchObject({
      format: "der-pkcs1",
      keys: [publicJwk(rsaJwk as Jwk)],
    });
    expect(await read(ec.privateKey.export({ format: "pem", type: "sec1" }))).toMatchObject({
      format: "pem-sec1",
      keys: [ec.privateKey.export({ format: "jwk" })],
    });
    expect((await read(ec.privateKey.export({ format: "der", type: "sec1" }))).format).toBe("der-sec1");
  });

  it("encrypted keys: PKCS#8 in PEM and DER, and the older PKCS#1 and SEC1", async () => {
    const { privateKey } = keyPair("ES256");
    const jwk = privateKey.export({ format: "jwk" });
    const lock = { cipher: "aes-256-cbc", passphrase: await passphrase() };
    const pkcs8 = privateKey.export({ format: "pem", type: "pkcs8", ...lock });
    expect(await tools.read(bytes(pkcs8 as string), passphrase)).toMatchObject({
      format: "pem-pkcs8-encrypted",
      keys: [jwk],
    });
    const der = privateKey.export({ format: "der", type: "pkcs8", ...lock });
    expect(await tools.read(der, passphrase)).toMatchObject({ format: "der-pkcs8-encrypted", keys: [jwk] });
    const sec1 = privateKey.export({ format: "pem", type: "sec1", ...lock });
    expect(await tools.read(bytes(sec1 as string), passphrase)).toMatchObject({
      format: "pem-sec1",
      keys: [jwk],
    });
    const rsa = keyPair("RS256").privateKey;
    const pkcs1 = rsa.export({ format: "pem", type: "pkcs1", ...lock }) as string;
    expect((await tools.read(bytes(pkcs1), passphrase)).keys).toEqual([rsa.export({ format: "jwk" })]);
    for (const locked of [pkcs8, sec1, pkcs1] as string[]) {
      await refusal(
        tools.read(bytes(locked), async () => "wrong"),
        "passphrase_wrong",
      );
      await refusal(tools.read(bytes(locked)), "input_required");
    }
  });

  it("a passphrase typed in decomposed letters opens what composed ones locked, and the reverse", async () => {
    const { privateKey } = keyPair("ES256");
    for (const locked of ["Zoë", "Zoe\u0308"]) {
      const lock = { cipher: "aes-256-cbc", passphrase: locked };
      const file = privateKey.export({ format: "pem", type: "pkcs8", ...lock }) as string;
      const opened = await tools.read(bytes(file), async () => "Zoe\u0308");
      expect(opened.keys).toHaveLength(1);
    }
  });

  it("a certificate gives its key, and says what was not checked (RFC 7517 appendix B)", async () => {
    const { x5c, kty, n, e } = rfc7517.B;
    const der = Buffer.from(x5c[0], "base64");
    const expected = {
      ...BESIDE,
      certificates: [der],
      keys: [{ kty, n, e }],
      notes: [expect.stringContaining("dates and issuer were not checked")],
    };
    expect(await read(pem("CERTIFICATE", der))).toEqual({ format: "pem-certificate", ...expected });
    expect(await read(der)).toEqual({ format: "der-certificate", ...expected });
  });

  it("a JWE of a JWK and of a key set, as published, opens with its passphrase", async () => {
    const sealed = rfc7517.C;
    // The key inside is for encryption, which can only be known once it has been opened.
    const attempt = tools.read(bytes(sealed.jwe), async () => sealed.passphrase);
    expect((await refusal(attempt, "key_unusable")).message).toBe('an encryption key ("use": "enc")');
    await refusal(
      tools.read(bytes(sealed.jwe), async () => "wrong"),
      "passphrase_wrong",
    );
    const set = rfc7520["5.3"];
    const error = await refusal(
      tools.read(bytes(`${set.jwe}\n`), async () => set.passphrase),
      "key_unusable",
    );
    expect(error.message).toBe("none of the 3 keys in this set can be used");
  });

  it("the published keys of RFC 7517, 7520 and 8037", async () => {
    const a2 = await read(JSON.stringify(rfc7517["A.2"]));
    expect(a2.keys.map(({ kid }) => kid)).toEqual(["2011-04-29"]);
    expect(a2.notes).toEqual(['key 1 ("1") was left out: an encryption key ("use": "enc")']);
    const a3 = await read(JSON.stringify(rfc7517["A.3"]));
    expect(a3.keys).toHaveLength(1);
    expect(a3.notes[0]).toContain('"A128KW", which is not a signature algorithm');
    for (const key of [...Object.values(rfc7520.keys), rfc8037["A.1"], rfc8037["A.2"]]) {
      expect((await read(JSON.stringify(key))).keys).toEqual([key]);
    }
  });
});

describe("what surrounds a key in real files", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwk = privateKey.export({ format: "jwk" }) as Jwk;
  const text = privateKey.export({ format: "pem", type: "pkcs8" }) as string;
  const spki = publicKey.export({ format: "der", type: "spki" });

  it.each<[string, string, ...string[]]>([
    ["CRLF line ends", text.replaceAll("\n", "\r\n"), "line_ends"],
    ["old Mac line ends", text.replaceAll("\n", "\r"), "line_ends"],
    ["a byte order mark", `\ufeff${text}`, "byte_order_mark"],
    [
      "text before and after",
      `Bag Attributes\n    friendlyName: me\nKey Attributes: <No Attributes>\n${text}\nthe end`,
    ],
    ["indentation, as in YAML", text.replace(/^/gm, "    "), "indented"],
    ["line breaks written as \\n, as in .env files", text.trim().replaceAll("\n", "\\n"), "escaped"],
    ["all on one line", text.replaceAll("\n", " "), "line_breaks_missing"],
    ["a header line inside the block", text.replace("-----\n", "-----\nComment: my key\n\n")],
    ["no line end at the end", text.trimEnd()],
  ])("%s", async (_, content, ...codes) => {
    const { repairs, ...found } = await read(content);
    expect(found).toEqual({ format: "pem-pkcs8", keys: [jwk], notes: [], leftOut: [] });
    expect(repairs.map(({ code }) => code)).toEqual(codes);
  });

  it("UTF-16 with a byte order mark, as PowerShell writes it", async () => {
    expect((await read(Buffer.from(`\ufeff${text}`, "utf16le"))).keys).toEqual([jwk]);
  });

  it("an EC PARAMETERS block before the key, as openssl ecparam writes it", async () => {
    const sec1 = privateKey.export({ format: "pem", type: "sec1" }) as string;
    const parameters = pem("EC PARAMETERS", Buffer.from("06082a8648ce3d030107", "hex"));
    expect(await read(parameters + sec1)).toEqual({ ...BESIDE, format: "pem-sec1", keys: [jwk] });
    const error = await refusal(read(parameters), "key_malformed");
    expect(error.message).toBe("this file has the parameters of a curve, but no key");
  });

  it("the base64 of DER without BEGIN and END lines, as some consoles show it", async () => {
    const { keys, format, repairs } = await read(`${spki.toString("base64")}\n`);
    expect({ keys, format }).toEqual({ keys: [publicJwk(jwk)], format: "der-spki" });
    expect(repairs.map(({ message }) => message)).toEqual([
      "the file is the base64 of DER without BEGIN and END lines",
    ]);
  });

  it("the content decides, not the label of the block", async () => {
    const pkcs1 = keyPair("RS256").publicKey.export({ format: "der", type: "pkcs1" });
    expect((await read(pem("PUBLIC KEY", pkcs1))).format).toBe("pem-pkcs1");
  });

  it("several keys in file order", async () => {
    const other = privateJwk("Ed25519");
    const otherPem = createPublicKey({ key: { ...other }, format: "jwk" }).export({
      format: "pem",
      type: "spki",
    });
    const { keys } = await read(`${otherPem}${text}`);
    expect(keys).toEqual([publicJwk(other), jwk]);
  });

  it("a private key and its public half are one key, in either order", async () => {
    const publicPem = pem("PUBLIC KEY", spki);
    expect((await read(text + publicPem)).keys).toEqual([jwk]);
    expect((await read(publicPem + text)).keys).toEqual([jwk]);
  });

  it("a key that cannot sign is left out beside one that can, with the reason", async () => {
    const x25519 = generateKeyPairSync("x25519").privateKey.export({ format: "pem", type: "pkcs8" });
    const { keys, notes } = await read(`${x25519}${text}`);
    expect(keys).toEqual([jwk]);
    expect(notes).toEqual([
      "block 1 (PRIVATE KEY) was left out: this is an X25519 key, which agrees on secrets and cannot sign",
    ]);
  });

  it("a damaged block beside a whole one is refused: it might have been the one that matters", async () => {
    const cut = `${text}${text.slice(0, 80)}`;
    expect((await refusal(read(cut), "key_malformed")).message).toContain("cut off");
  });
});

describe("size", () => {
  it("a file of more than 1 MiB is refused without a look at it", async () => {
    const error = await refusal(read(Buffer.alloc(1024 * 1024 + 1, "{")), "input_too_large");
    expect(error.message).toBe("the key file is larger than 1 MiB");
  });

  it("sizeOf tells the bits of RSA keys and secrets", () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({
      format: "jwk",
    }) as Jwk;
    expect(tools.sizeOf(rsa)).toBe(1024);
    expect(
      tools.sizeOf({ kty: "RSA", n: Buffer.from("00017f", "hex").toString("base64url"), e: "AQAB" }),
    ).toBe(9);
    expect(tools.sizeOf({ kty: "oct", k: "c2VjcmV0" })).toBe(48);
    expect(tools.sizeOf({ kty: "oct", k: "" })).toBe(0);
    expect(tools.sizeOf(privateJwk("ES256"))).toBeUndefined();
  });

  it("a PKCS#8 EC key without its public half gets it computed", async () => {
    const full = privateJwk("ES256");
    const sec1 = Buffer.concat([
      Buffer.from("30310201010420", "hex"),
      Buffer.from(full.d ?? "", "base64url"),
      Buffer.from("a00a06082a8648ce3d030107", "hex"),
    ]);
    expect((await read(sec1)).keys).toEqual([full]);
    expect(createPrivateKey({ key: sec1, format: "der", type: "sec1" }).asymmetricKeyType).toBe("ec");
  });
});
