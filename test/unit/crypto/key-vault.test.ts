import { CompactEncrypt } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import type { PrivateMaterial } from "../../../src/core/authority/keys/signing-key.ts";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import { createKeyVault } from "../../../src/crypto/key-vault.ts";
import { bytes, countingRandom, privateJwk, refusal } from "./support.ts";

const tools = createKeyTools(countingRandom());
const vault = createKeyVault(tools);
const PASSPHRASE = "correct horse battery staple";

const encrypted = (jwe: string): PrivateMaterial => ({ form: "encrypted", jwe });
const jweOf = (material: PrivateMaterial) => (material.form === "encrypted" ? material.jwe : "");

/** A sealed key made with jose directly: few rounds, and a header that can be anything. */
async function sealedWith(jwk: Jwk, header: object = {}, passphrase = PASSPHRASE): Promise<PrivateMaterial> {
  const full = { alg: "PBES2-HS512+A256KW", enc: "A256GCM", cty: "jwk+json", ...header };
  const jwe = await new CompactEncrypt(bytes(JSON.stringify(jwk)))
    .setProtectedHeader(full)
    .setKeyManagementParameters({ p2c: 1000 })
    .encrypt(bytes(passphrase));
  return encrypted(jwe);
}

function withHeader(
  material: PrivateMaterial,
  change: (header: Record<string, unknown>) => object,
): PrivateMaterial {
  const [header = "", ...rest] = jweOf(material).split(".");
  const changed = change(JSON.parse(Buffer.from(header, "base64url").toString()));
  return encrypted([Buffer.from(JSON.stringify(changed)).toString("base64url"), ...rest].join("."));
}

describe("private keys at rest", () => {
  const first: Jwk = privateJwk("ES256");
  const second: Jwk = privateJwk("Ed25519");
  const secret: Jwk = { kty: "oct", k: "c2VjcmV0", kid: "random-id", alg: "HS256" };
  let firstKid = "";
  let secondKid = "";
  let sealedFirst: PrivateMaterial;
  let sealedSecond: PrivateMaterial;

  beforeAll(async () => {
    firstKid = await tools.thumbprint(first);
    secondKid = await tools.thumbprint(second);
    sealedFirst = await vault.seal({ ...first, kid: firstKid, alg: "ES256" }, PASSPHRASE);
    sealedSecond = await sealedWith(second);
  });

  it("what was sealed opens, whole, with its passphrase", async () => {
    const opened = await vault.open(sealedFirst, firstKid, PASSPHRASE);
    expect(opened).toEqual({ ...first, kid: firstKid, alg: "ES256" });
    expect(await vault.open(sealedSecond, secondKid, PASSPHRASE)).toEqual(second);
  });

  it("is sealed as promised and shows nothing of the key", () => {
    const header = JSON.parse(Buffer.from(jweOf(sealedFirst).split(".")[0] ?? "", "base64url").toString());
    expect(header).toMatchObject({
      alg: "PBES2-HS512+A256KW",
      enc: "A256GCM",
      p2c: 600_000,
      cty: "jwk+json",
    });
    expect(Object.keys(header).sort()).toEqual(["alg", "cty", "enc", "p2c", "p2s"]);
    expect(JSON.stringify(sealedFirst)).not.toContain(first.d);
  });

  it("a wrong passphrase is told from a missing one", async () => {
    await refusal(vault.open(sealedSecond, secondKid, "wrong"), "passphrase_wrong");
    await refusal(vault.open(sealedSecond, secondKid, undefined), "input_required");
    await refusal(vault.open(sealedSecond, secondKid, ""), "input_required");
    await refusal(vault.seal(first, ""), "input_required");
  });

  it("a passphrase typed in decomposed letters is the same passphrase", async () => {
    const sealed = await sealedWith(second, {}, "Zo\u00eb");
    expect(await vault.open(sealed, secondKid, "Zoe\u0308")).toEqual(second);
    expect(await vault.open(await vault.seal(second, "Zoe\u0308"), secondKid, "Zo\u00eb")).toEqual(second);
  });

  it("plain keys open without a passphrase and whatever it is", async () => {
    for (const passphrase of [undefined, "", PASSPHRASE]) {
      expect(await vault.open({ form: "plain", jwk: second }, secondKid, passphrase)).toBe(second);
    }
  });

  it("ciphertexts swapped between rows are noticed", async () => {
    const error = await refusal(vault.open(sealedSecond, firstKid, PASSPHRASE), "store_corrupt");
    expect(error.message).toContain("belongs to another key");
    expect(error.data).toEqual({ kid: firstKid });
    await refusal(vault.open({ form: "plain", jwk: second }, firstKid, undefined), "store_corrupt");
  });

  it("a secret is tied to its row by the kid sealed with it", async () => {
    const sealed = await sealedWith(secret);
    expect(await vault.open(sealed, "random-id", PASSPHRASE)).toEqual(secret);
    await refusal(vault.open(sealed, "another-id", PASSPHRASE), "store_corrupt");
    await refusal(vault.open({ form: "plain", jwk: secret }, "another-id", undefined), "store_corrupt");
    await expect(vault.seal({ kty: "oct", k: "c2VjcmV0" }, PASSPHRASE)).rejects.toThrow(TypeError);
  });

  it("a secret in place of a key pair, under the pair's kid, is not taken for it by its own word", async () => {
    const planted = { kty: "oct", k: "c2VjcmV0", kid: "x" };
    await refusal(vault.open({ form: "plain", jwk: planted }, firstKid, undefined), "store_corrupt");
  });

  it.each([1_200_001, 1e9, 2 ** 40])(
    "p2c of %d is refused at once, before anything is derived",
    async (p2c) => {
      const expensive = withHeader(sealedFirst, (header) => ({ ...header, p2c }));
      const error = await refusal(vault.open(expensive, firstKid, PASSPHRASE), "store_corrupt");
      expect(error.message).toContain(`asks for ${p2c} rounds, and 1200000 is the most jwtctl spends`);
    },
  );

  it.each<[string, (header: Record<string, unknown>) => object]>([
    ["alg dir", (header) => ({ ...header, alg: "dir" })],
    ["alg PBES2-HS256+A128KW", (header) => ({ ...header, alg: "PBES2-HS256+A128KW" })],
    ["no alg", ({ alg, ...header }) => header],
    ["enc A128CBC-HS256", (header) => ({ ...header, enc: "A128CBC-HS256" })],
    ["another cty", (header) => ({ ...header, cty: "jwk-set+json" })],
    ["p2c zero", (header) => ({ ...header, p2c: 0 })],
    ["p2c as text", (header) => ({ ...header, p2c: "600000" })],
    ["p2c with a fraction", (header) => ({ ...header, p2c: 1000.5 })],
    ["no p2c", ({ p2c, ...header }) => header],
    ["crit", (header) => ({ ...header, crit: ["exp"] })],
    ["compression", (header) => ({ ...header, zip: "DEF" })],
    ["a salt that is too short", (header) => ({ ...header, p2s: "AAAA" })],
  ])("a header with %s is a damaged store, not a wrong passphrase", async (_, change) => {
    await refusal(vault.open(withHeader(sealedFirst, change), firstKid, PASSPHRASE), "store_corrupt");
  });

  it("a header that says p2c twice is refused: readers differ on which one counts", async () => {
    const [header = "", ...rest] = jweOf(sealedFirst).split(".");
    const twice = Buffer.from(header, "base64url").toString().replace("{", '{"p2c":1,');
    const material = encrypted([Buffer.from(twice).toString("base64url"), ...rest].join("."));
    await refusal(vault.open(material, firstKid, PASSPHRASE), "store_corrupt");
  });

  it.each(["", ".", "a.b.c.d.e", "eyJ", "{}", "....", "e30...."])("%j in place of a JWE", async (jwe) => {
    await refusal(vault.open(encrypted(jwe), firstKid, PASSPHRASE), "store_corrupt");
  });

  it("any part of the JWE changed is refused", async () => {
    const cheap = await sealedWith(second);
    expect(await vault.open(cheap, secondKid, PASSPHRASE)).toEqual(second);
    const parts = jweOf(cheap).split(".");
    for (const index of [1, 2, 3, 4]) {
      const changed = parts.map((part, at) => (at === index ? flipped(part) : part)).join(".");
      await refusal(vault.open(encrypted(changed), secondKid, PASSPHRASE), "passphrase_wrong");
    }
    const cut = parts.slice(0, 4).join(".");
    await refusal(vault.open(encrypted(cut), secondKid, PASSPHRASE), "store_corrupt");
  });

  it("a public half is that of a kid when its thumbprint is, and its numbers make a key", async () => {
    const publicOf = async (jwk: Jwk) => (await tools.publicOf(jwk)) ?? jwk;
    expect(await vault.isPublicHalfOf(await publicOf(first), firstKid)).toBe(true);
    expect(await vault.isPublicHalfOf(await publicOf(second), firstKid)).toBe(false);
    expect(await vault.isPublicHalfOf({ kty: "EC" }, firstKid)).toBe(false);
    const nowhere = { kty: "EC", crv: "P-256", x: "AAAA", y: "AAAA" };
    expect(await vault.isPublicHalfOf(nowhere, await tools.thumbprint(nowhere))).toBe(false);
  });

  it("a public half sealed under the kid is not a private key", async () => {
    const planted = await sealedWith({ kty: "EC" });
    await refusal(vault.open(planted, firstKid, PASSPHRASE), "store_corrupt");
  });
});

function flipped(part: string): string {
  const changed = Buffer.from(part, "base64url");
  changed[0] = (changed[0] ?? 0) ^ 1;
  return changed.toString("base64url");
}
