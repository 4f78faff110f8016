import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  X509Certificate,
} from "node:crypto";
import { statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createCertificate } from "../../support/certificate.ts";
import { Cli } from "../../support/run.ts";

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const PEM = privateKey.export({ format: "pem", type: "pkcs8" }) as string;
const PUBLIC_PEM = createPublicKey(privateKey).export({ format: "pem", type: "spki" }) as string;
const JWK = privateKey.export({ format: "jwk" });
const { d: _, ...PUBLIC_JWK } = JWK;

describe("keys convert", () => {
  it("goes from every form to every other, and back to what it was", async () => {
    const cli = new Cli();
    const file = cli.file("key.pem", PEM);
    for (const to of ["jwk", "der", "pem"]) {
      await cli.ok(["keys", "convert", file, "--to", to, "--out", cli.path(`key.${to}`), "--force"]);
      expect(await cli.ok(["keys", "convert", cli.path(`key.${to}`), "--to", "pem"])).toBe(PEM);
      expect(JSON.parse(await cli.ok(["keys", "convert", cli.path(`key.${to}`), "--to", "jwk"]))).toEqual(
        JWK,
      );
      expect(await cli.ok(["keys", "convert", cli.path(`key.${to}`), "--public"])).toBe(PUBLIC_PEM);
      expect(statSync(cli.path(`key.${to}`)).mode & 0o077).toBe(0);
    }
  });

  it("takes the form from the name of the file that it writes", async () => {
    const cli = new Cli();
    const said = await cli.ok([
      "keys",
      "convert",
      cli.file("key.pem", PEM),
      "--public",
      "--out",
      cli.path("pub.jwk"),
    ]);
    expect(JSON.parse(cli.read("pub.jwk"))).toEqual(PUBLIC_JWK);
    expect(said).toContain("1 public key as JWK");
  });

  it("keeps an encrypted key encrypted under its passphrase, unless it is told otherwise", async () => {
    const cli = new Cli();
    const lock = { cipher: "aes-256-cbc", passphrase: "a passphrase of its own" };
    const file = cli.file("key.pem", privateKey.export({ format: "pem", type: "pkcs8", ...lock }) as string);
    const opening = ["--key-passphrase-file", cli.file("p", lock.passphrase)];
    const again = await cli.ok(["keys", "convert", file, "--to", "pem", ...opening]);
    expect(again).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    const opened = createPrivateKey({ key: again, passphrase: lock.passphrase });
    expect(opened.export({ format: "jwk" })).toEqual(JWK);
    const sealed = await cli.ok(["keys", "convert", file, "--to", "jwk", ...opening]);
    expect(sealed).toMatch(/^eyJ[\w-]*(\.[\w-]*){4}\n$/);
    expect(await cli.ok(["keys", "convert", file, ...opening, "--no-passphrase"])).toBe(PEM);
    expect(await cli.ok(["keys", "convert", file, ...opening, "--public"])).toBe(PUBLIC_PEM);
  });

  it("writes several keys as a set or as PEM blocks, and one of them by its kid", async () => {
    const cli = new Cli();
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
    const set = [
      { ...PUBLIC_JWK, kid: "a" },
      { ...other.export({ format: "jwk" }), kid: "b", use: "enc" },
    ];
    const file = cli.file("set", JSON.stringify(set));
    expect(JSON.parse(await cli.ok(["keys", "convert", file, "--to", "jwk"]))).toEqual({ keys: set });
    const pem = await cli.ok(["keys", "convert", file, "--to", "pem"]);
    expect(pem).toBe(PUBLIC_PEM + other.export({ format: "pem", type: "spki" }));
    expect(await cli.ok(["keys", "convert", file, "--to", "pem", "--kid", "a"])).toBe(PUBLIC_PEM);
    const der = await cli.run(["keys", "convert", file, "--to", "der", "--out", cli.path("x")]);
    expect(der.stderr).toContain("the file holds 2 keys, and this form holds one");
    expect((await cli.run(["keys", "convert", file, "--kid", "c"])).code).toBe(3);
  });

  it("mends a damaged file and says what it mended", async () => {
    const cli = new Cli();
    const file = cli.file("key.pem", PEM.replaceAll("-----", "\u2013\u2013\u2013"));
    const { stdout, stderr } = await cli.run(["keys", "convert", file]);
    expect(stdout).toBe(PEM);
    expect(stderr).toContain("have become other dashes");
  });

  it("a shared secret is a JWK", async () => {
    const cli = new Cli();
    const file = cli.file("s", '{"kty":"oct","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQ"}');
    expect(JSON.parse(await cli.ok(["keys", "convert", file]))).toMatchObject({ kty: "oct" });
    expect((await cli.run(["keys", "convert", file, "--to", "pem"])).code).toBe(2);
    expect((await cli.run(["keys", "convert", file, "--public"])).code).toBe(5);
  });
});

describe("keys thumbprint of other things than signing keys", () => {
  it("of encryption keys", async () => {
    const cli = new Cli();
    const x25519 = generateKeyPairSync("x25519").publicKey;
    const rsa = {
      ...generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" }),
      use: "enc",
    };
    for (const content of [
      x25519.export({ format: "pem", type: "spki" }) as string,
      JSON.stringify(x25519.export({ format: "jwk" })),
      JSON.stringify({ ...rsa, alg: "RSA-OAEP-256" }),
      JSON.stringify({ keys: [rsa, { ...PUBLIC_JWK, key_ops: ["deriveKey"] }] }),
    ]) {
      expect(await cli.ok(["keys", "thumbprint", cli.file("k", content)])).toMatch(/^[\w-]{43}/);
    }
  });

  it("of certificates, as headers name them", async () => {
    const cli = new Cli();
    const { cert, key } = createCertificate({ name: "x" });
    const der = new X509Certificate(cert).raw;
    const hash = (name: string) => createHash(name).update(der).digest("base64url");
    for (const content of [cert, der, key + cert]) {
      const [only] = (
        await cli.json<{ certificates: object[] }>(["keys", "thumbprint", cli.file("c", content), "--x5t"])
      ).certificates;
      expect(only).toEqual({ x5t: hash("sha1"), x5t_s256: hash("sha256") });
    }
    const { code, stderr } = await cli.run(["keys", "thumbprint", cli.file("k", PEM), "--x5t"]);
    expect(code).toBe(5);
    expect(stderr).toContain("there is no certificate");
  });

  it("of the public key as DER, as GitHub shows it", async () => {
    const cli = new Cli();
    const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
    const expected = `SHA256:${createHash("sha256").update(spki).digest("base64")}\n`;
    expect(await cli.ok(["keys", "thumbprint", cli.file("k", PEM), "--spki"])).toBe(expected);
  });
});
