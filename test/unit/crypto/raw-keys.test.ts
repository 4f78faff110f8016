import { createECDH, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import { fullBudget, requireAffordable } from "../../../src/crypto/keys/passphrase-cost.ts";
import { bytes, countingRandom, keyPair, privateJwk, publicJwk, refusal } from "./support.ts";
import { rfc7517 } from "./vectors.ts";

const tools = createKeyTools(countingRandom());
const read = (content: string | Uint8Array) =>
  tools.read(typeof content === "string" ? bytes(content) : content);
const of = (member: string | undefined) => Buffer.from(member ?? "", "base64url");

describe("keys without any structure", () => {
  it.each(["ES256", "ES384", "ES512"] as const)(
    "a point of %s, as bytes, base64url, base64 and hexadecimal",
    async (alg) => {
      const jwk = publicJwk(privateJwk(alg));
      const point = Buffer.concat([Buffer.of(4), of(jwk.x), of(jwk.y)]);
      for (const content of [
        point,
        point.toString("base64url"),
        point.toString("base64"),
        point.toString("hex"),
        `0x${point.toString("hex")}`,
        `VAPID_PUBLIC_KEY=${point.toString("base64url")}\n`,
      ]) {
        const { keys, repairs } = await read(content);
        expect(keys).toEqual([jwk]);
        expect(repairs.at(-1)?.message).toBe(`the key is a raw point on ${jwk.crv}, as Web Push has it`);
      }
    },
  );

  it("a compressed point, where it lies on one curve only", async () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-384" });
    const jwk = publicKey.export({ format: "jwk" }) as Jwk;
    const compressed = Buffer.concat([Buffer.of(2 + ((of(jwk.y).at(-1) ?? 0) % 2)), of(jwk.x)]);
    expect((await read(compressed)).keys).toEqual([jwk]);
  });

  it("a compressed point that two curves have is not guessed at", async () => {
    for (;;) {
      const ecdh = createECDH("prime256v1");
      ecdh.generateKeys();
      const point = ecdh.getPublicKey(null, "compressed");
      const outcome = await read(point).catch((error: Error) => error.message);
      if (typeof outcome === "string") {
        expect(outcome).toContain("it lies on P-256 and on secp256k1");
        return;
      }
    }
  });

  it("65 bytes that lie on no curve are no key", async () => {
    const point = Buffer.alloc(65, 7);
    point[0] = 4;
    await refusal(read(point), "key_malformed");
  });

  it("an Ed25519 pair as libsodium keeps it is proven by its second half", async () => {
    const jwk = privateJwk("Ed25519");
    const pair = Buffer.concat([of(jwk.d), of(jwk.x)]);
    expect((await read(pair)).keys).toEqual([jwk]);
    expect((await read(pair.toString("base64"))).keys).toEqual([jwk]);
    pair[63] = (pair[63] ?? 0) ^ 1;
    await refusal(read(pair), "key_malformed");
  });

  it("32 bytes could be a secret: they are named, never taken for a public key, and never shown", async () => {
    const secret = of(privateJwk("Ed25519").d);
    for (const content of [
      secret,
      secret.toString("base64"),
      secret.toString("base64url"),
      secret.toString("hex"),
    ]) {
      const error = await refusal(read(content), "key_malformed");
      expect(error.message).toContain(
        "these 32 bytes could be a raw Ed25519 public key, a private one, or a shared secret",
      );
      const told = JSON.stringify([error.message, error.hints]);
      expect(told).not.toContain(secret.toString("base64").slice(0, 20));
      expect(told).not.toContain(secret.toString("base64url").slice(0, 20));
      expect(told).not.toContain(secret.toString("hex").slice(0, 20));
    }
  });
});

describe("keys in XML", () => {
  const jwk = privateJwk("RS256");
  const b64 = (member: unknown) => of(String(member)).toString("base64");
  const publicXml = `<RSAKeyValue><Modulus>${b64(jwk.n)}</Modulus><Exponent>${b64(jwk.e)}</Exponent></RSAKeyValue>`;
  const names = { P: "p", Q: "q", DP: "dp", DQ: "dq", InverseQ: "qi", D: "d" };
  const privateXml = publicXml.replace(
    "</RSAKeyValue>",
    `${Object.entries(names)
      .map(([tag, name]) => `<${tag}>${b64(jwk[name])}</${tag}>`)
      .join("")}</RSAKeyValue>`,
  );

  it.each<[string, string, object]>([
    ["a public key of .NET", publicXml, publicJwk(jwk)],
    ["a private key of .NET", privateXml, jwk],
    ["with a declaration", `<?xml version="1.0" encoding="utf-8"?>\n${publicXml}`, publicJwk(jwk)],
    ["of XML Signature, with a namespace", publicXml.replace(/<(\/?)/g, "<$1ds:"), publicJwk(jwk)],
    ["with line breaks", publicXml.replace(/.{60}/g, "$&\n").replace(/<([^>]*)\n/g, "<$1"), publicJwk(jwk)],
    ["escaped as HTML", publicXml.replaceAll("<", "&lt;").replaceAll(">", "&gt;"), publicJwk(jwk)],
    [
      "a certificate of SAML metadata",
      `<md:EntityDescriptor><ds:X509Certificate>\n${rfc7517.B.x5c[0]}\n</ds:X509Certificate></md:EntityDescriptor>`,
      { kty: rfc7517.B.kty, n: rfc7517.B.n, e: rfc7517.B.e },
    ],
  ])("%s", async (_, content, key) => {
    expect(await read(content)).toMatchObject({ format: "xml", keys: [key] });
  });

  it("other XML is still no key", async () => {
    expect((await refusal(read("<html><body>Log in</body></html>"), "key_malformed")).message).toContain(
      "HTML or XML",
    );
  });
});

describe("keys of PuTTY", () => {
  const u32 = (value: number) =>
    Buffer.from([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]);
  const string = (content: Uint8Array | string) => {
    const data = Buffer.from(content);
    return Buffer.concat([u32(data.length), data]);
  };
  const number = (member: unknown) => {
    const data = of(String(member));
    return string((data[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), data]) : data);
  };
  const lines = (name: string, data: Buffer) => {
    const text = data.toString("base64").match(/.{1,64}/g) ?? [];
    return `${name}-Lines: ${text.length}\n${text.join("\n")}\n`;
  };
  const file = (type: string, publicHalf: Buffer, secret: Buffer, encryption = "none") =>
    `PuTTY-User-Key-File-3: ${type}\nEncryption: ${encryption}\nComment: me\n${lines("Public", publicHalf)}${lines("Private", secret)}Private-MAC: 00\n`;

  it("Ed25519, RSA and ECDSA", async () => {
    const ed = privateJwk("Ed25519");
    const edFile = file(
      "ssh-ed25519",
      Buffer.concat([string("ssh-ed25519"), string(of(ed.x))]),
      string(of(ed.d)),
    );
    expect(await read(edFile)).toMatchObject({ format: "putty", keys: [ed] });
    const rsa = privateJwk("RS256");
    const rsaFile = file(
      "ssh-rsa",
      Buffer.concat([string("ssh-rsa"), number(rsa.e), number(rsa.n)]),
      Buffer.concat(["d", "p", "q", "qi"].map((name) => number(rsa[name]))),
    );
    expect((await read(rsaFile)).keys).toEqual([rsa]);
    const ec = privateJwk("ES256");
    const point = Buffer.concat([Buffer.of(4), of(ec.x), of(ec.y)]);
    const name = "ecdsa-sha2-nistp256";
    const ecFile = file(name, Buffer.concat([string(name), string("nistp256"), string(point)]), number(ec.d));
    expect((await read(ecFile.replaceAll("\n", "\r\n"))).keys).toEqual([ec]);
  });

  it("one under a passphrase is named with its conversion", async () => {
    const error = await refusal(
      read(file("ssh-ed25519", Buffer.alloc(1), Buffer.alloc(1), "aes256-cbc")),
      "key_malformed",
    );
    expect(error.message).toBe("this is a PuTTY key under a passphrase");
    expect(error.hints.join()).toContain("puttygen FILE -O private-openssh");
  });
});

describe("encrypted keys of one file share what opening may cost", () => {
  it("many that are each affordable are refused together", () => {
    const lock = { cipher: "aes-256-cbc", passphrase: "p" };
    const der = keyPair("ES256").privateKey.export({ format: "der", type: "pkcs8", ...lock });
    // INTEGER 2048 becomes INTEGER 32767.
    const costly = Buffer.from(der.toString("hex").replace("02020800", "02027fff"), "hex");
    const budget = fullBudget();
    const most = Math.floor(10_000_000 / 32_767);
    for (let opened = 0; opened < most; opened++) requireAffordable(costly, budget);
    expect(() => requireAffordable(costly, budget)).toThrow("more key derivation than jwtctl spends");
  });
});
