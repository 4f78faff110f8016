import { constants, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ask, b64, ec, GOOD_CLAIMS, rsa, unsigned } from "./bench.ts";

const CURVES = [
  ["P-256", "ES256", "sha256", 32],
  ["P-384", "ES384", "sha384", 48],
  ["P-521", "ES512", "sha512", 66],
] as const;

/** A token whose r and s have what a spelling needs, with them spelled so. */
function spelled(
  [curve, alg, hash, width]: (typeof CURVES)[number],
  spell: (r: Buffer, s: Buffer) => readonly Buffer[] | undefined,
) {
  const pair = ec(curve);
  for (let round = 0; ; round++) {
    const input = unsigned({ alg }, { ...GOOD_CLAIMS, round });
    const raw = sign(hash, Buffer.from(input), { key: pair.privateKey, dsaEncoding: "ieee-p1363" });
    const parts = spell(raw.subarray(0, width), raw.subarray(width));
    if (parts !== undefined) return { pair, alg, text: `${input}.${b64(Buffer.concat([...parts]))}` };
  }
}

/** As java.math.BigInteger.toByteArray writes a number: no zeros before it but one where the first bit is set. */
function toByteArray(number: Buffer): Buffer {
  const bare = number.subarray(number.findIndex((byte) => byte !== 0));
  return (bare[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.alloc(1), bare]) : bare;
}
const withoutZeros = (number: Buffer) => number.subarray(number.findIndex((byte) => byte !== 0));

describe.each(CURVES.map((curve) => [curve[0], curve] as const))(
  "signature_length: ECDSA on %s",
  (_, curve) => {
    const width = curve[3];
    it.each([
      [
        "r without its leading zero",
        (r: Buffer, s: Buffer) => (r[0] === 0 && s[0] !== 0 ? [withoutZeros(r), s] : undefined),
      ],
      [
        "s without its leading zero",
        (r: Buffer, s: Buffer) => (s[0] === 0 && r[0] !== 0 ? [r, withoutZeros(s)] : undefined),
      ],
      ["a sign byte before r", (r: Buffer, s: Buffer) => [Buffer.alloc(1), r, s]],
      ["a sign byte before s", (r: Buffer, s: Buffer) => [r, Buffer.alloc(1), s]],
      ["sign bytes before both", (r: Buffer, s: Buffer) => [Buffer.alloc(1), r, Buffer.alloc(1), s]],
      [
        "both as Java writes big integers",
        (r: Buffer, s: Buffer) => {
          const parts = [toByteArray(r), toByteArray(s)];
          return parts.every(({ length }) => length === width) ? undefined : parts;
        },
      ],
      [
        "both padded to 80 bytes",
        (r: Buffer, s: Buffer) => [Buffer.alloc(80 - width), r, Buffer.alloc(80 - width), s],
      ],
    ])("%s", async (_what, spell) => {
      const { pair, alg, text } = spelled(curve, spell);
      const { causes, diagnosis, report } = await ask(text, { keys: [pair.publicJwk] });
      expect(causes).toEqual(["signature_length"]);
      expect(diagnosis[0]?.evidence).toContain(`a good ${alg} signature`);
      expect(report.valid).toBe(false);
    });
  },
);

describe("signature_length: what has the right length by chance", () => {
  it("a sign byte before r, and s without its leading zero", async () => {
    const { pair, text } = spelled(CURVES[0], (r, s) =>
      s[0] === 0 && (s[1] ?? 0) > 0x7f ? [Buffer.alloc(1), r, s.subarray(1)] : undefined,
    );
    const { causes, diagnosis } = await ask(text, { keys: [pair.publicJwk] });
    expect(causes).toEqual(["signature_length"]);
    expect(diagnosis[0]?.evidence).toContain("r has 33 bytes and s has 31 bytes where the curve takes 32");
  });

  it("a token that is really cut is called so, and that zeros were tried", async () => {
    const { pair, text } = spelled(CURVES[0], (r, s) => [r, s]);
    const { causes, diagnosis } = await ask(text.slice(0, -2), { keys: [pair.publicJwk] });
    expect(causes).toEqual(["token_cut"]);
    expect(diagnosis[0]?.evidence).toContain("with zeros before its numbers it fits no key either");
  });
});

describe("signature_length: RSA", () => {
  const pair = rsa();
  it.each([
    [
      "without its leading zero",
      (signature: Buffer) => (signature[0] === 0 ? withoutZeros(signature) : undefined),
    ],
    ["with a sign byte", (signature: Buffer) => Buffer.concat([Buffer.alloc(1), signature])],
  ])("%s", async (_, spell) => {
    for (let round = 0; ; round++) {
      const input = unsigned({ alg: "PS256" }, { ...GOOD_CLAIMS, round });
      const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
      const signature = spell(sign("sha256", Buffer.from(input), { key: pair.privateKey, ...padding }));
      if (signature === undefined) continue;
      const { causes } = await ask(`${input}.${b64(signature)}`, { keys: [pair.publicJwk] });
      expect(causes).toEqual(["signature_length"]);
      return;
    }
  });
});
