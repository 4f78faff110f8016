import { describe, expect, it } from "vitest";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import { hasSmallOrder } from "../../../src/crypto/keys/small-order.ts";
import { bytes, countingRandom, pemBlock, privateJwk, publicJwk, refusal } from "./support.ts";

const tools = createKeyTools(countingRandom());

/** Curve25519 has eight points of small order; some have several encodings (RFC 8032 section 5.1.3). */
const ENCODINGS = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000080",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];

const asJwk = (hex: string) => ({
  kty: "OKP",
  crv: "Ed25519",
  x: Buffer.from(hex, "hex").toString("base64url"),
});

// Node 22 takes the signature of a neutral point and 0 for every message under the neutral point; 24 no longer does.
describe("attack: an Ed25519 key under which anybody can sign", () => {
  it.each(ENCODINGS)("%s is refused as a JWK", async (hex) => {
    const error = await refusal(tools.read(bytes(JSON.stringify(asJwk(hex)))), "key_malformed");
    expect(error.message).toContain("can be forged by everybody");
  });

  it("is refused as a PEM, too", async () => {
    const der = Buffer.concat([
      Buffer.from("302a300506032b6570032100", "hex"),
      Buffer.from(ENCODINGS[2] ?? "", "hex"),
    ]);
    await refusal(tools.read(bytes(pemBlock("PUBLIC KEY", der))), "key_malformed");
  });

  it("is left out of a set, and the others are taken", async () => {
    const set = {
      keys: [
        { ...asJwk(ENCODINGS[0] ?? ""), kid: "bad" },
        { ...publicJwk(privateJwk("Ed25519")), kid: "good" },
      ],
    };
    const { keys, notes } = await tools.read(bytes(JSON.stringify(set)));
    expect(keys.map(({ kid }) => kid)).toEqual(["good"]);
    expect(notes.join()).toContain('("bad") was left out');
  });

  it("a key that was made is none of them", () => {
    expect(hasSmallOrder(Buffer.from(publicJwk(privateJwk("Ed25519")).x ?? "", "base64url"))).toBe(false);
  });
});
