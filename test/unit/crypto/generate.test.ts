import { describe, expect, it } from "vitest";
import { ALGORITHM_TRAITS, pinnedAlgorithm } from "../../../src/core/jose/algorithms.ts";
import { createJws } from "../../../src/crypto/jws.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import { bytes, countingRandom, refusal, SUPPORTED, UNSUPPORTED } from "./support.ts";
import { split } from "./vectors.ts";

const tools = createKeyTools(countingRandom());
const jws = createJws();

describe("generating keys", () => {
  it.each(SUPPORTED)("%s: a pair that signs and verifies, named by its thumbprint", async (alg) => {
    const { kid, publicJwk, privateJwk } = await tools.generate(alg);
    expect(privateJwk).toMatchObject({ kid, alg, use: "sig", kty: ALGORITHM_TRAITS[alg].kty });
    expect(pinnedAlgorithm(privateJwk)).toBe(alg);
    const compact = await jws.sign({ header: "{}", payload: bytes("x"), alg, key: privateJwk });
    if (publicJwk === null) {
      expect(privateJwk.kty).toBe("oct");
      return;
    }
    expect(kid).toBe(await tools.thumbprint(publicJwk));
    expect(publicJwk).toMatchObject({ kid, alg, use: "sig" });
    expect(await jws.verify({ ...split(compact), alg, key: publicJwk })).toBe(true);
    expect((await tools.read(bytes(JSON.stringify(privateJwk)))).keys).toEqual([privateJwk]);
  });

  it("the sizes asked for", async () => {
    expect(tools.sizeOf((await tools.generate("RS256")).privateJwk)).toBe(2048);
    expect(tools.sizeOf((await tools.generate("PS256", { bits: 3072 })).privateJwk)).toBe(3072);
    expect(tools.sizeOf((await tools.generate("HS384")).privateJwk)).toBe(384);
    expect(tools.sizeOf((await tools.generate("HS256", { bits: 512 })).privateJwk)).toBe(512);
  });

  it.each([
    ["RS256", 1024, "RS256 needs at least 2048 bits (RFC 7518), not 1024"],
    ["HS512", 256, "HS512 needs at least 512 bits (RFC 7518), not 256"],
    ["HS256", 8, "HS256 needs at least 256 bits (RFC 7518), not 8"],
  ] as const)("%s with %i bits is too weak", async (alg, bits, message) => {
    expect((await refusal(tools.generate(alg, { bits }), "key_too_weak")).message).toBe(message);
  });

  it.each([
    ["RS256", 2049],
    ["RS256", 1e9],
    ["RS256", Number.NaN],
    ["RS256", -2048],
    ["HS256", 260],
    ["HS256", 1e6],
    ["ES256", 256],
    ["Ed25519", 256],
  ] as const)("%s with %d bits makes no sense", async (alg, bits) => {
    const attempt = tools.generate(alg, { bits });
    await refusal(attempt, bits === -2048 ? "key_too_weak" : "usage");
  });

  it("a secret's id is random: its thumbprint would let anyone test guesses (RFC 7638 section 7)", async () => {
    const first = await tools.generate("HS256");
    const second = await tools.generate("HS256");
    expect(first.kid).toMatch(/^[\w-]{22}$/);
    expect(first.kid).not.toBe(second.kid);
    expect(first.privateJwk.k).not.toBe(second.privateJwk.k);
    expect(first.kid).not.toBe(await tools.thumbprint(first.privateJwk));
    expect(await tools.kidOf(first.privateJwk)).not.toBe(await tools.thumbprint(first.privateJwk));
  });

  it("secrets and random ids come from the injected randomness, and so can be foreseen in tests", async () => {
    const [first, second] = await Promise.all(
      ["a", "a"].map((seed) => createKeyTools(countingRandom(seed)).generate("HS256")),
    );
    expect(first).toEqual(second);
  });

  it.each(UNSUPPORTED)("%s is refused by a runtime without it", async (alg) => {
    expect(await tools.supports(alg)).toBe(false);
    await refusal(tools.generate(alg), "algorithm_unsupported");
  });

  it.each(SUPPORTED)("%s is supported", async (alg) => {
    expect(await tools.supports(alg)).toBe(true);
  });
});
