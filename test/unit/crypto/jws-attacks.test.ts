import { generateKeyPairSync, sign as nodeSign } from "node:crypto";
import fc from "fast-check";
import { CompactSign, compactVerify, importJWK, type JWK } from "jose";
import { describe, expect, it } from "vitest";
import type { JwsAlgorithm } from "../../../src/core/jose/algorithms.ts";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import { createJws } from "../../../src/crypto/jws.ts";
import { bytes, privateJwk, publicJwk, refusal, SUPPORTED } from "./support.ts";
import { split } from "./vectors.ts";

const jws = createJws();
const EC = privateJwk("ES256");
const RSA = privateJwk("RS256");
const ED = privateJwk("Ed25519");
const SECRET: Jwk = { kty: "oct", k: "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0" };

const token = (alg: JwsAlgorithm, key: Jwk) =>
  jws.sign({ header: `{"alg":"${alg}"}`, payload: bytes('{"sub":"alice"}'), alg, key });

describe("attacks on the signature", () => {
  it("HS/RS confusion: a token signed with the public key as an HMAC secret does not verify as RS256", async () => {
    const pem = bytes(JSON.stringify(publicJwk(RSA)));
    const forged = await token("HS256", { kty: "oct", k: Buffer.from(pem).toString("base64url") });
    expect(await jws.verify({ ...split(forged), alg: "RS256", key: publicJwk(RSA) })).toBe(false);
  });

  it.each<[JwsAlgorithm, Jwk, string]>([
    ["HS256", publicJwk(RSA), "HS256 needs an HMAC secret, but this is an RSA key"],
    ["RS256", SECRET, "RS256 needs an RSA key, but this is an HMAC secret"],
    ["RS256", EC, "RS256 needs an RSA key, but this is an EC key on P-256"],
    ["ES384", EC, "ES384 needs an EC key on P-384, but this is an EC key on P-256"],
    ["ES256", ED, "ES256 needs an EC key on P-256, but this is an Ed25519 key"],
    ["EdDSA", EC, "EdDSA needs an Ed25519 key, but this is an EC key on P-256"],
    [
      "EdDSA",
      { kty: "OKP", crv: "X25519", x: "AA" },
      "EdDSA needs an Ed25519 key, but this is an X25519 key",
    ],
    ["ES256", { kty: "toString" }, 'but this is a key of the unknown type "toString"'],
  ])("%s refuses a key of another type", async (alg, key, message) => {
    const use = { signingInput: "e30.e30", signature: bytes("x"), alg, key };
    expect((await refusal(jws.verify(use), "key_unusable")).message).toContain(message);
    await refusal(jws.sign({ header: "{}", payload: bytes(""), alg, key }), "key_unusable");
  });

  it("an RS256 signature does not pass as PS256 of the same key, nor the other way", async () => {
    const key = publicJwk(RSA);
    expect(await jws.verify({ ...split(await token("RS256", RSA)), alg: "PS256", key })).toBe(false);
    expect(await jws.verify({ ...split(await token("PS256", RSA)), alg: "RS256", key })).toBe(false);
    expect(await jws.verify({ ...split(await token("RS256", RSA)), alg: "RS512", key })).toBe(false);
  });

  it("a DER-encoded ECDSA signature is not the JWS form (RFC 7518 section 3.4)", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const der = nodeSign("sha256", bytes("e30.e30"), { key: privateKey, dsaEncoding: "der" });
    const raw = nodeSign("sha256", bytes("e30.e30"), { key: privateKey, dsaEncoding: "ieee-p1363" });
    const key = publicKey.export({ format: "jwk" }) as Jwk;
    expect(await jws.verify({ signingInput: "e30.e30", signature: der, alg: "ES256", key })).toBe(false);
    expect(await jws.verify({ signingInput: "e30.e30", signature: raw, alg: "ES256", key })).toBe(true);
  });

  it("an all-zero ECDSA signature does not verify (CVE-2022-21449)", async () => {
    for (const [alg, size] of [
      ["ES256", 64],
      ["ES384", 96],
      ["ES512", 132],
    ] as const) {
      const key = publicJwk(privateJwk(alg));
      const signature = new Uint8Array(size);
      expect(await jws.verify({ signingInput: "e30.e30", signature, alg, key })).toBe(false);
    }
  });

  it.each(SUPPORTED)("%s: an empty, a cut and a lengthened signature fail without throwing", async (alg) => {
    const key = privateJwk(alg);
    const { signingInput, signature } = split(await token(alg, key));
    for (const wrong of [
      new Uint8Array(),
      signature.subarray(0, -1),
      signature.subarray(1),
      Buffer.concat([signature, Buffer.of(0)]),
      new Uint8Array(4096),
    ]) {
      expect(await jws.verify({ signingInput, signature: wrong, alg, key: publicJwk(key) })).toBe(false);
    }
  });

  it("any bytes as a signature are a no, never a crash", async () => {
    const keys = SUPPORTED.map((alg) => ({ alg, key: publicJwk(privateJwk(alg)) }));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.string(), async (signature, signingInput) => {
        for (const { alg, key } of keys) {
          expect(await jws.verify({ signingInput, signature, alg, key })).toBe(false);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("keys that policy warns about still work here", () => {
  it("a secret of one byte, and the empty one", async () => {
    for (const k of ["", "YQ"]) {
      const key = { kty: "oct", k };
      expect(await jws.verify({ ...split(await token("HS256", key)), alg: "HS256", key })).toBe(true);
    }
  });

  it.each(["RS256", "PS256", "RS512"] as const)("%s with an RSA key of 1024 bits", async (alg) => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const key = privateKey.export({ format: "jwk" }) as Jwk;
    expect(await jws.verify({ ...split(await token(alg, key)), alg, key: publicJwk(key) })).toBe(true);
  });

  it("PS512 cannot be made with 1024 bits, and says so", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const key = privateKey.export({ format: "jwk" }) as Jwk;
    expect((await refusal(token("PS512", key), "key_unusable")).message).toBe(
      "this key is too small for PS512",
    );
    const use = { signingInput: "e30.e30", signature: new Uint8Array(128), alg: "PS512" as const, key };
    expect(await jws.verify(use)).toBe(false);
  });

  it.each<[string, Jwk, JwsAlgorithm]>([
    ["a point off the curve", { ...publicJwk(EC), y: publicJwk(EC).x ?? "" }, "ES256"],
    ["an empty coordinate", { ...publicJwk(EC), y: "" }, "ES256"],
    ["a missing member", { kty: "OKP", crv: "Ed25519" }, "EdDSA"],
    ["a missing secret", { kty: "oct" }, "HS256"],
  ])("%s is a broken key, not a bad signature", async (_, key, alg) => {
    await refusal(jws.verify({ signingInput: "e30.e30", signature: bytes("x"), alg, key }), "key_unusable");
  });
});

// jose's own functions are an implementation of the whole of RFC 7515: what it makes must pass here and the reverse.
describe("agreement with jose's CompactSign and compactVerify", () => {
  const viaJose = SUPPORTED.filter((alg) => !alg.startsWith("ML-DSA"));

  it.each(viaJose)("%s both ways, and on forgeries", async (alg) => {
    const key = privateJwk(alg);
    const joseKey = await importJWK({ ...key } as JWK, alg);
    const joseVerifyKey = await importJWK({ ...publicJwk(key) } as JWK, alg);
    const theirs = await new CompactSign(bytes("payload")).setProtectedHeader({ alg }).sign(joseKey);
    const ours = await token(alg, key);
    const forged = `${ours.slice(0, ours.lastIndexOf("."))}.${theirs.slice(theirs.lastIndexOf(".") + 1)}`;
    for (const compact of [theirs, ours, forged]) {
      const here = await jws.verify({ ...split(compact), alg, key: publicJwk(key) });
      const there = await compactVerify(compact, joseVerifyKey).then(
        () => true,
        () => false,
      );
      expect(here).toBe(there);
      expect(here).toBe(compact !== forged);
    }
  });
});
