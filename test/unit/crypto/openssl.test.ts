import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import { describeWith } from "../../support/needs.ts";
import { bytes, countingRandom, privateJwk, publicJwk, refusal } from "./support.ts";

const tools = createKeyTools(countingRandom());
const PASSPHRASE = "correct horse battery staple";
const withPassphrase = (content: Uint8Array) => tools.read(content, async () => PASSPHRASE);

describeWith("key files of the openssl command", ["openssl", "version"], () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "jwtctl-openssl-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const path = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  /** The output file of an openssl command that is told it with -out. */
  const made = (name: string, ...args: string[]) => {
    openssl(...args, "-out", name);
    return readFileSync(path(name));
  };

  it("ecparam -genkey, with its EC PARAMETERS block", async () => {
    const file = made("ec.pem", "ecparam", "-name", "prime256v1", "-genkey");
    expect(file.toString()).toContain("BEGIN EC PARAMETERS");
    expect(await tools.read(file)).toMatchObject({ format: "pem-sec1", keys: [{ crv: "P-256" }], notes: [] });
  });

  it("genpkey for every type, and pkey -pubout of it", async () => {
    const types = [
      ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
      ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
      ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
      ["-algorithm", "ED25519"],
    ];
    for (const type of types) {
      const [key] = (await tools.read(made("key.pem", "genpkey", ...type))).keys;
      const [half] = (await tools.read(made("public.pem", "pkey", "-in", "key.pem", "-pubout"))).keys;
      expect(half).toEqual(publicJwk(key as Jwk));
      const [der] = (await tools.read(made("key.der", "pkey", "-in", "key.pem", "-outform", "DER"))).keys;
      expect(der).toEqual(key);
    }
  });

  it("pkcs8 -topk8 with each cipher and derivation it offers", async () => {
    writeFileSync(path("plain.pem"), await tools.writePrivate(privateJwk("ES256"), "pem"));
    const [key] = (await tools.read(readFileSync(path("plain.pem")))).keys;
    const ways = [
      ["-v2", "aes-256-cbc"],
      ["-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA512", "-iter", "5000"],
      ["-v2", "des3"],
      ["-scrypt"],
      ["-v1", "PBE-SHA1-3DES"],
    ];
    for (const way of ways) {
      const args = ["pkcs8", "-topk8", "-in", "plain.pem", ...way, "-passout", `pass:${PASSPHRASE}`];
      const read = await withPassphrase(made("locked.pem", ...args));
      expect(read).toMatchObject({ format: "pem-pkcs8-encrypted", keys: [key] });
      await refusal(
        tools.read(readFileSync(path("locked.pem")), async () => "wrong"),
        "passphrase_wrong",
      );
    }
  });

  it("scrypt that would take hours is refused before it begins", async () => {
    writeFileSync(path("plain.pem"), await tools.writePrivate(privateJwk("ES256"), "pem"));
    const args = ["pkcs8", "-topk8", "-in", "plain.pem", "-scrypt", "-outform", "DER"];
    const locked = made("scrypt.der", ...args, "-passout", `pass:${PASSPHRASE}`);
    // N = 2^14, r = 8, p = 1 becomes N = 2^14, r = 127, p = 127.
    const hex = locked.toString("hex");
    expect(hex).toContain("02024000020108020101");
    const expensive = Buffer.from(hex.replace("02024000020108020101", "0202400002017f02017f"), "hex");
    const error = await refusal(withPassphrase(expensive), "key_malformed");
    expect(error.message).toContain("more key derivation than jwtctl spends");
  });

  it("rsa -aes256 -traditional, encrypted in the way before PKCS#8", async () => {
    writeFileSync(path("rsa.pem"), await tools.writePrivate(privateJwk("RS256"), "pem"));
    const args = ["rsa", "-in", "rsa.pem", "-aes256", "-traditional", "-passout", `pass:${PASSPHRASE}`];
    const file = made("old.pem", ...args);
    expect(file.toString()).toContain("Proc-Type: 4,ENCRYPTED");
    expect(await withPassphrase(file)).toMatchObject({ format: "pem-pkcs1", keys: [{ kty: "RSA" }] });
  });

  it("a certificate chain gives the first certificate's key", async () => {
    const make = (name: string, ...more: string[]) => {
      openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", `${name}.key`);
      return made(
        `${name}.pem`,
        "req",
        "-x509",
        "-new",
        "-key",
        `${name}.key`,
        "-subj",
        `/CN=${name}`,
        ...more,
      );
    };
    const root = make("root");
    const leaf = make("leaf", "-CA", "root.pem", "-CAkey", "root.key");
    const [leafKey] = (await tools.read(readFileSync(path("leaf.key")))).keys;
    const chain = await tools.read(Buffer.concat([leaf, root]));
    expect(chain.keys).toEqual([publicJwk(leafKey as Jwk)]);
    expect(chain.notes).toContain("a certificate that only vouches for the one before it was left out");
    const withKey = await tools.read(Buffer.concat([leaf, root, readFileSync(path("leaf.key"))]));
    expect(withKey.keys).toEqual([leafKey]);
    const unrelated = await tools.read(Buffer.concat([root, make("other")]));
    expect(unrelated.keys).toHaveLength(2);
  });

  it("a certificate request and a PKCS#12 container are named, with the way out", async () => {
    openssl("genpkey", "-algorithm", "ED25519", "-out", "ed.key");
    const request = made("request.pem", "req", "-new", "-key", "ed.key", "-subj", "/CN=x");
    expect((await refusal(tools.read(request), "key_unusable")).message).toContain("a certificate request");
    openssl("req", "-x509", "-new", "-key", "ed.key", "-subj", "/CN=x", "-out", "ed.pem");
    const args = ["pkcs12", "-export", "-inkey", "ed.key", "-in", "ed.pem", "-passout", "pass:x"];
    const error = await refusal(tools.read(made("ed.p12", ...args)), "key_unusable");
    expect(error.hints[0]).toContain("openssl pkcs12");
  });

  it("RSASSA-PSS keys are not usable", async () => {
    const pss = made("pss.pem", "genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:1024");
    expect((await refusal(tools.read(pss), "key_unusable")).message).toContain("restricted to RSASSA-PSS");
  });

  it("curve parameters written out are taken only when they are a known curve's (CVE-2020-0601)", async () => {
    const args = ["-name", "prime256v1", "-genkey", "-noout", "-param_enc", "explicit", "-outform", "DER"];
    const explicit = made("explicit.der", "ecparam", ...args);
    const [key] = (await tools.read(explicit)).keys;
    expect(key?.crv).toBe("P-256");
    // The forger's own generator: with the public point in its place, the private key would be 1 for anyone.
    const hex = explicit.toString("hex");
    const generator = "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
    const point = `04${hexOf(key?.x)}${hexOf(key?.y)}`;
    const start = hex.indexOf(generator);
    expect(start).toBeGreaterThan(0);
    const forged = hex.slice(0, start) + point + hex.slice(start + point.length);
    await expect(tools.read(Buffer.from(forged, "hex"))).rejects.toMatchObject({
      code: expect.stringMatching(/^key_(?:unusable|malformed)$/),
    });
  });

  it("opens what jwtctl writes: PKCS#8, encrypted PKCS#8 with 600,000 rounds, SPKI", async () => {
    for (const alg of ["ES256", "RS256", "Ed25519"] as const) {
      const key = privateJwk(alg);
      writeFileSync(path("ours.pem"), await tools.writePrivate(key, "pem"));
      writeFileSync(path("ours.locked.pem"), await tools.writePrivate(key, "pem", PASSPHRASE));
      writeFileSync(path("ours.pub.der"), await tools.writePublic(key, "der"));
      const plain = openssl("pkey", "-in", "ours.pem", "-pubout").toString();
      expect(
        openssl("pkey", "-in", "ours.locked.pem", "-passin", `pass:${PASSPHRASE}`, "-pubout").toString(),
      ).toBe(plain);
      expect(openssl("pkey", "-pubin", "-inform", "DER", "-in", "ours.pub.der", "-pubout").toString()).toBe(
        plain,
      );
      expect((await tools.read(bytes(plain))).keys).toEqual([publicJwk(key)]);
    }
    const dump = openssl("asn1parse", "-in", "ours.locked.pem").toString();
    for (const part of ["PBES2", "PBKDF2", "0927C0", "hmacWithSHA256", "aes-256-cbc"])
      expect(dump).toContain(part);
  });
});

function hexOf(member: string | undefined): string {
  return Buffer.from(member ?? "", "base64url").toString("hex");
}
