import { constants, createHash, privateEncrypt, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ask, b64, ec, rsa, signed, unsigned } from "./bench.ts";

const CURVES = [
  ["P-256", "ES256", "sha256"],
  ["P-384", "ES384", "sha384"],
  ["P-521", "ES512", "sha512"],
  ["secp256k1", "ES256K", "sha256"],
] as const;

const back = (bytes: Uint8Array) => Buffer.from(bytes).reverse();

/** r and s of a good signature over `input`. */
function numbers(input: string, hash: string, key: Parameters<typeof sign>[2] & object) {
  const raw = sign(hash, Buffer.from(input), { key: key as never, dsaEncoding: "ieee-p1363" });
  return [raw.subarray(0, raw.length / 2), raw.subarray(raw.length / 2)] as const;
}

describe.each(CURVES)("the bytes of an ECDSA signature on %s", (curve, alg, hash) => {
  const pair = ec(curve);
  const input = unsigned({ alg });
  const [r, s] = numbers(input, hash, pair.privateKey);
  const der = signed(input, hash, pair.privateKey);
  it.each([
    ["signature_byte_order", "s before r", [s, r], "s is before r"],
    ["signature_byte_order", "little-endian numbers", [back(r), back(s)], "little-endian"],
    ["signature_byte_order", "both", [back(s), back(r)], "and both have their last byte first"],
    ["signature_recovery_id", "a recovery id after", [r, s, Buffer.of(1)], "is after r and s"],
    ["signature_recovery_id", "Ethereum's recovery id after", [r, s, Buffer.of(28)], "is after r and s"],
    ["signature_recovery_id", "Bitcoin's recovery id before", [Buffer.of(31), r, s], "is before r and s"],
    ["signature_encoded_twice", "DER in hexadecimal", [Buffer.from(der.toString("hex"))], "text of DER"],
    ["signature_encoded_twice", "DER in base64", [Buffer.from(der.toString("base64"))], "text of DER"],
  ])("%s: %s", async (cause, _, parts, words) => {
    const { causes, diagnosis, report } = await ask(`${input}.${b64(Buffer.concat(parts))}`, {
      keys: [pair.publicJwk],
    });
    expect(causes).toEqual([cause]);
    expect(diagnosis[0]?.evidence).toContain(words);
    expect(report.valid).toBe(false);
  });

  it("signature_hex: DER in hexadecimal is the third part", async () => {
    const { causes, diagnosis } = await ask(`${input}.${der.toString("hex")}`, { keys: [pair.publicJwk] });
    expect(causes).toEqual(["signature_hex"]);
    expect(diagnosis[0]?.evidence).toContain("hexadecimal of DER");
  });

  it("a byte more that is no recovery id is not taken for one", async () => {
    const { causes } = await ask(`${input}.${b64(Buffer.concat([r, s, Buffer.of(200)]))}`, {
      keys: [pair.publicJwk],
    });
    expect(causes).not.toContain("signature_recovery_id");
  });
});

describe("hash_mixed_up: ECDSA with another hash than the curve's", () => {
  it.each([
    ["P-256", "ES256", "SHA-384"],
    ["P-256", "ES256", "SHA-512"],
    ["P-256", "ES256", "SHA-1"],
    ["P-384", "ES384", "SHA-256"],
    ["P-521", "ES512", "SHA-256"],
    ["secp256k1", "ES256K", "SHA-512"],
  ])("%s, %s with %s", async (curve, alg, hash) => {
    const pair = ec(curve);
    const input = unsigned({ alg });
    const name = hash.replace("-", "").toLowerCase();
    const raw = Buffer.concat(numbers(input, name, pair.privateKey));
    for (const [form, signature] of [
      ["", raw],
      ["in DER", signed(input, name, pair.privateKey)],
    ] as const) {
      const { causes, diagnosis, report } = await ask(`${input}.${b64(signature)}`, {
        keys: [pair.publicJwk],
      });
      expect(causes).toEqual(["hash_mixed_up"]);
      expect(diagnosis[0]?.evidence).toContain(`signed with ${hash}`);
      expect(diagnosis[0]?.evidence).toContain(form);
      expect(report.valid).toBe(false);
    }
  });
});

describe("signature_byte_order: RSA, as Microsoft's CryptoAPI writes it", () => {
  const pair = rsa();
  it.each(["RS256", "RS384", "RS512"])("%s", async (alg) => {
    const input = unsigned({ alg });
    const signature = signed(input, `sha${alg.slice(2)}`, pair.privateKey);
    const { causes, diagnosis, report } = await ask(`${input}.${b64(back(signature))}`, {
      keys: [{ ...pair.publicJwk, alg }],
    });
    expect(causes).toEqual(["signature_byte_order"]);
    expect(diagnosis[0]?.evidence).toContain("last byte first");
    expect(diagnosis[0]?.fix).toContain("On the issuing side: reverse");
    expect(report.valid).toBe(false);
  });
});

describe("digest_info_missing: RSA over the bare hash", () => {
  const pair = rsa();
  const bare = (input: string, content: string, hash: string) => {
    const key = { key: pair.privateKey, padding: constants.RSA_PKCS1_PADDING };
    return `${input}.${b64(privateEncrypt(key, createHash(hash).update(content).digest()))}`;
  };

  it.each(["RS256", "RS384", "RS512"])("%s", async (alg) => {
    const input = unsigned({ alg });
    const { causes, diagnosis, report } = await ask(bare(input, input, `sha${alg.slice(2)}`), {
      keys: [{ ...pair.publicJwk, alg }],
    });
    expect(causes).toEqual(["digest_info_missing"]);
    expect(diagnosis[0]?.evidence).toContain(`the SHA-${alg.slice(2)} hash of this very content`);
    expect(diagnosis[0]?.fix).toMatch(/^On the issuing side: /);
    expect(report.valid).toBe(false);
  });

  it("of other content it is content_changed: the padding shows whose it is", async () => {
    const { causes } = await ask(bare(unsigned({ alg: "RS256" }), "other", "sha256"), {
      keys: [pair.publicJwk],
    });
    expect(causes).toEqual(["content_changed"]);
  });
});
