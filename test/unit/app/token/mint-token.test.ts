import { describe, expect, it } from "vitest";
import { givenCandidates } from "../../../../src/app/token/candidate-keys.ts";
import { mintWithKey, mintWithStore } from "../../../../src/app/token/mint-token.ts";
import { trustGivenKeys, trustStoreKeys, verifyToken } from "../../../../src/app/token/verify-token.ts";
import { writeJson } from "../../../../src/core/base/json/write.ts";
import type { MintRequest } from "../../../../src/core/jose/minting/mint.ts";
import type { VerificationOptions } from "../../../../src/core/jose/verification/report.ts";
import { ecKey, rsaKey, secretKey } from "../../token/node-jws.ts";
import { type Authority, interfered, makeAuthority } from "./authority.ts";

function request(change: Partial<MintRequest> = {}): MintRequest {
  const claims = [{ source: "--sub", members: [["sub", "bob"] as const] }];
  return {
    ...{ claims, header: [], typ: undefined, ttl: undefined },
    add: { iat: true, exp: true, iss: true, aud: true },
    ...change,
  };
}

function options(authority: Authority): VerificationOptions {
  return {
    ...{ time: { now: authority.clock.now(), utcOffset: () => 0 }, leeway: 0, algorithms: [], types: [] },
    ...{ issuers: [], audiences: [], require: [], tryAll: false },
  };
}

const verifyWithStore = (authority: Authority, text: string) =>
  verifyToken(
    { text, options: options(authority) },
    { trust: trustStoreKeys(authority, authority.clock.now()), jws: authority.jws },
  );

describe("mintWithStore", () => {
  it("signs with the active key what the store then verifies", async () => {
    const authority = await makeAuthority();
    const minted = await mintWithStore({ request: request(), algorithm: undefined }, authority);
    expect(writeJson(minted.header)).toBe(
      `{"alg":"ES256","typ":"JWT","kid":"${await authority.activeKid()}"}`,
    );
    const now = authority.clock.now() / 1000;
    expect(writeJson(minted.payload)).toBe(
      `{"iss":"https://jwtctl.localhost","sub":"bob","aud":"https://api.localhost","iat":${now},"exp":${now + 900}}`,
    );
    const report = await verifyWithStore(authority, minted.token);
    expect([report.valid, report.key]).toEqual([
      true,
      { kid: await authority.activeKid(), source: "the store" },
    ]);
  });

  it("notes the token's end on the key before it signs", async () => {
    const authority = await makeAuthority();
    await mintWithStore({ request: request({ ttl: 7200 }), algorithm: undefined }, authority);
    const [active] = (await authority.store.listKeys(authority.clock.now())).filter(
      (key) => key.state === "active",
    );
    expect(active?.maxExp).toBe(authority.clock.now() / 1000 + 7200);
  });

  it("signs with the new active key when a rotation comes in between (mint during rotate)", async () => {
    const authority = await makeAuthority();
    const before = await authority.activeKid();
    let rotated = false;
    const store = interfered(authority.store, {
      reserveSignature: async (kid: string, exp: number | null, now: number) => {
        if (!rotated) await authority.rotate();
        rotated = true;
        return authority.store.reserveSignature(kid, exp, now);
      },
    });
    const minted = await mintWithStore({ request: request(), algorithm: undefined }, { ...authority, store });
    expect(minted.header.get("kid")).toBe(await authority.activeKid());
    expect(minted.header.get("kid")).not.toBe(before);
    expect((await verifyWithStore(authority, minted.token)).valid).toBe(true);
  });

  it("finds the next key when a rotation destroys the private half it was about to read", async () => {
    const authority = await makeAuthority();
    let rotated = false;
    const store = interfered(authority.store, {
      readPrivateKey: async (kid: string) => {
        if (!rotated) await authority.rotate();
        rotated = true;
        return authority.store.readPrivateKey(kid);
      },
    });
    const minted = await mintWithStore({ request: request(), algorithm: undefined }, { ...authority, store });
    expect((await verifyWithStore(authority, minted.token)).valid).toBe(true);
  });

  it("gives up when the key is replaced each time", async () => {
    const authority = await makeAuthority();
    const store = interfered(authority.store, {
      reserveSignature: async () => "not_active",
    });
    const minting = mintWithStore({ request: request(), algorithm: undefined }, { ...authority, store });
    await expect(minting).rejects.toMatchObject({ code: "store_busy" });
  });

  it("opens the key with the passphrase, asked for only when the request makes sense", async () => {
    const authority = await makeAuthority({ passphrase: "correct horse" });
    const wrong = request({ ttl: 60, claims: [{ source: "--exp", members: [["exp", 1]] }] });
    await expect(mintWithStore({ request: wrong, algorithm: undefined }, authority)).rejects.toMatchObject({
      code: "usage",
    });
    expect(authority.asked).toBe(0);
    const minted = await mintWithStore({ request: request(), algorithm: undefined }, authority);
    expect(authority.asked).toBe(1);
    expect((await verifyWithStore(authority, minted.token)).valid).toBe(true);
  });

  it("refuses a wrong passphrase", async () => {
    const authority = await makeAuthority({ passphrase: "correct horse" });
    const ports = { ...authority, passphrase: async () => "wrong" };
    await expect(mintWithStore({ request: request(), algorithm: undefined }, ports)).rejects.toMatchObject({
      code: "passphrase_wrong",
    });
  });

  it("refuses another algorithm than the active key's", async () => {
    const authority = await makeAuthority();
    await expect(mintWithStore({ request: request(), algorithm: "RS256" }, authority)).rejects.toMatchObject({
      code: "usage",
      message: "the store signs with ES256, not RS256",
    });
  });

  it("takes Ed25519 and EdDSA for one algorithm", async () => {
    const authority = await makeAuthority({ alg: "Ed25519" });
    const minted = await mintWithStore({ request: request(), algorithm: "EdDSA" }, authority);
    expect((await verifyWithStore(authority, minted.token)).valid).toBe(true);
  });
});

describe("mintWithKey", () => {
  it("signs with a secret, a private JWK, and what each is pinned to", async () => {
    const authority = await makeAuthority();
    for (const [key, alg] of [
      [secretKey("a secret of thirty-two bytes, yes"), "HS256"],
      [ecKey({ kid: "mine" }), "ES256"],
      [rsaKey({ alg: "PS384" }), "PS384"],
    ] as const) {
      const minted = await mintWithKey(
        { request: request(), key, algorithm: undefined, allowWeak: false },
        authority,
      );
      expect([minted.header.get("alg"), minted.header.get("kid")]).toEqual([alg, key.kid]);
      expect(minted.payload.has("iss")).toBe(false);
      const trust = trustGivenKeys(givenCandidates([key], "a file", authority.keyTools));
      const report = await verifyToken(
        { text: minted.token, options: options(authority) },
        { trust, jws: authority.jws },
      );
      expect(report.valid).toBe(true);
    }
  });

  it("refuses a secret shorter than the hash and RSA below 2048 bits, unless told", async () => {
    const authority = await makeAuthority();
    for (const key of [secretKey("short"), rsaKey({}, 1024)]) {
      const input = { request: request(), key, algorithm: undefined };
      await expect(mintWithKey({ ...input, allowWeak: false }, authority)).rejects.toMatchObject({
        code: "key_too_weak",
      });
      expect((await mintWithKey({ ...input, allowWeak: true }, authority)).token).toMatch(/^eyJ/);
    }
  });

  it("refuses a secret that is long enough for HS256 but not for HS512", async () => {
    const authority = await makeAuthority();
    const input = {
      request: request(),
      key: secretKey("a secret of thirty-two bytes, yes"),
      allowWeak: false,
    };
    await expect(mintWithKey({ ...input, algorithm: "HS512" }, authority)).rejects.toMatchObject({
      code: "key_too_weak",
      data: { bits: 264, minimum_bits: 512 },
    });
  });

  it("refuses a public key, and a key of another type than the algorithm's", async () => {
    const authority = await makeAuthority();
    const { d: _, ...publicKey } = ecKey();
    const input = { request: request(), allowWeak: false };
    await expect(
      mintWithKey({ ...input, key: publicKey, algorithm: undefined }, authority),
    ).rejects.toMatchObject({
      code: "key_unusable",
    });
    await expect(
      mintWithKey({ ...input, key: ecKey(), algorithm: "RS256" }, authority),
    ).rejects.toMatchObject({
      code: "key_unusable",
      message: "the key cannot sign with RS256",
      hints: ["It can be used with: ES256"],
    });
  });
});
