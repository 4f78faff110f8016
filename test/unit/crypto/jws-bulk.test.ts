import {
  createPrivateKey,
  constants as cryptoConstants,
  generateKeyPairSync,
  sign as nodeSign,
} from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/base/errors.ts";
import { ALGORITHM_TRAITS, type JwsAlgorithm } from "../../../src/core/jose/algorithms.ts";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import type { Jws, SignatureVerifier } from "../../../src/core/jose/ports/crypto.ts";
import { createJws } from "../../../src/crypto/jws.ts";
import { createBulkJws } from "../../../src/crypto/jws-bulk.ts";
import { bytes, privateJwk, publicJwk, SUPPORTED } from "./support.ts";
import { rfc7515, rfc7519, rfc7520, rfc8037, split } from "./vectors.ts";

// Single tokens and bulk runs are verified by two implementations of one operation. Here both meet the same published
// examples and the same forgeries, and must never differ.

const single = createJws();
const bulk = createBulkJws();

interface Question {
  readonly signingInput: string;
  readonly signature: Uint8Array;
  readonly alg: JwsAlgorithm;
  readonly key: Jwk;
}

type Answer = boolean | string;

async function answerOf(jws: SignatureVerifier | Pick<Jws, "verify">, question: Question): Promise<Answer> {
  try {
    return await jws.verify(question);
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** The one answer of both. Asked twice in bulk, where the second question meets a key that was imported before. */
async function agreed(question: Question): Promise<Answer> {
  const expected = await answerOf(single, question);
  expect(await answerOf(bulk, question)).toBe(expected);
  expect(await answerOf(bulk, question)).toBe(expected);
  return expected;
}

const examples: readonly (readonly [name: string, Question])[] = [
  ...rfc7515.examples.flatMap(({ section, alg, compact, key }) =>
    key === undefined ? [] : [[`RFC 7515 ${section}`, { ...split(compact), alg, key }] as const],
  ),
  ["RFC 7519 3.1", { ...split(rfc7519["3.1"].compact), alg: rfc7519["3.1"].alg, key: rfc7519["3.1"].key }],
  ...rfc7520.signatures.map(({ section, alg, compact, publicKey }) => {
    const key = rfc7520.keys[publicKey];
    if (key === undefined) throw new Error(`RFC 7520 has no key ${publicKey}`);
    return [`RFC 7520 ${section}`, { ...split(compact), alg, key }] as const;
  }),
  ["RFC 8037 A.4", { ...split(rfc8037["A.4"].compact), alg: rfc8037["A.4"].alg, key: rfc8037["A.2"] }],
];

const SIGNING_INPUT = "eyJhbGciOiJ4In0.eyJzdWIiOiJhbGljZSJ9";
const own = new Map<JwsAlgorithm, { question: Question; privateKey: Jwk }>();

beforeAll(async () => {
  for (const alg of SUPPORTED) {
    const privateKey = privateJwk(alg);
    const payload = bytes('{"sub":"alice"}');
    const compact = await single.sign({ header: `{"alg":"${alg}"}`, payload, alg, key: privateKey });
    own.set(alg, { privateKey, question: { ...split(compact), alg, key: publicJwk(privateKey) } });
  }
});

function ownOf(alg: JwsAlgorithm) {
  const found = own.get(alg);
  if (found === undefined) throw new Error(`no key was made for ${alg}`);
  return found;
}

/** Ways to spoil a signature, named after what they are. */
const SPOILED: readonly (readonly [name: string, (signature: Buffer) => Uint8Array])[] = [
  ["empty", () => new Uint8Array()],
  ["without its first byte", (signature) => signature.subarray(1)],
  ["without its last byte", (signature) => signature.subarray(0, -1)],
  ["half", (signature) => signature.subarray(0, signature.length / 2)],
  ["with a zero before it", (signature) => Buffer.concat([Buffer.of(0), signature])],
  ["with a zero after it", (signature) => Buffer.concat([signature, Buffer.of(0)])],
  ["twice", (signature) => Buffer.concat([signature, signature])],
  ["all zeros", (signature) => new Uint8Array(signature.length)],
  ["all ones", (signature) => new Uint8Array(signature.length).fill(0xff)],
  ["backwards", (signature) => Buffer.from(signature).reverse()],
  ["with its halves swapped", (signature) => Buffer.concat([halves(signature)[1], halves(signature)[0]])],
];

function halves(signature: Uint8Array): readonly [Buffer, Buffer] {
  const middle = signature.length / 2;
  return [Buffer.from(signature.subarray(0, middle)), Buffer.from(signature.subarray(middle))];
}

describe("both ways to verify a signature answer the same", () => {
  it.each(examples)("%s is verified", async (_, question) => {
    expect(await agreed(question)).toBe(true);
  });

  it.each(examples)("%s, with any one bit changed, is not", async (_, question) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(question.signature.length * 8 - 1), async (bit) => {
        const signature = Buffer.from(question.signature);
        signature.writeUInt8(signature.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(await agreed({ ...question, signature })).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it.each(SUPPORTED)("%s: what it signed is verified, and nothing that was spoiled", async (alg) => {
    const { question } = ownOf(alg);
    expect(await agreed(question)).toBe(true);
    expect(await agreed({ ...question, signingInput: `${question.signingInput}A` })).toBe(false);
    for (const [name, spoil] of SPOILED) {
      const signature = spoil(Buffer.from(question.signature));
      expect([name, await agreed({ ...question, signature })]).toEqual([name, false]);
    }
  });

  it.each(SUPPORTED)("%s: any bytes as a signature", async (alg) => {
    const { question } = ownOf(alg);
    const length = question.signature.length;
    const signatures = fc.oneof(
      fc.uint8Array({ maxLength: length + 40 }),
      fc.uint8Array({ minLength: length, maxLength: length }),
    );
    await fc.assert(
      fc.asyncProperty(signatures, async (signature) => {
        expect(await agreed({ ...question, signature })).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  it.each(SUPPORTED)(
    "%s: a key of every other kind, and the signatures of every other algorithm",
    async (alg) => {
      for (const other of SUPPORTED) {
        const { question } = ownOf(other);
        await agreed({ ...question, alg });
        await agreed({ ...question, key: ownOf(alg).question.key, alg });
      }
    },
  );
});

const CURVES = [
  ["ES256", "P-256", "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"],
  [
    "ES384",
    "P-384",
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
  ],
  [
    "ES512",
    "P-521",
    "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
  ],
] as const;

describe.each(CURVES)("forged and respelled %s signatures", (alg, _curve, orderHex) => {
  const order = BigInt(`0x${orderHex}`);
  const size = orderHex.length / 2;
  const encode = (number: bigint) => Buffer.from(number.toString(16).padStart(size * 2, "0"), "hex");
  const decode = (half: Uint8Array) => BigInt(`0x${Buffer.from(half).toString("hex")}`);

  it("r or s of 0, or of the order of the curve and beyond (CVE-2022-21449)", async () => {
    const { question } = ownOf(alg);
    const [r, s] = halves(question.signature);
    const numbers = [0n, order, order + 1n, decode(r), decode(s)];
    for (const first of numbers) {
      for (const second of numbers) {
        const isItself = first === decode(r) && second === decode(s);
        const signature = Buffer.concat([encode(first), encode(second)]);
        expect(await agreed({ ...question, signature })).toBe(isItself);
      }
    }
  });

  it("the other s (order - s) is as good: ECDSA knows two signatures where it makes one", async () => {
    const { question } = ownOf(alg);
    const [r, s] = halves(question.signature);
    const signature = Buffer.concat([r, encode(order - decode(s))]);
    expect(await agreed({ ...question, signature })).toBe(true);
  });

  it("r and s in DER, with and without filling up to the length of the JWS form", async () => {
    const { question, privateKey } = ownOf(alg);
    const key = createPrivateKey({ key: { ...privateKey }, format: "jwk" });
    const der = nodeSign(`sha${alg.slice(2)}`, bytes(question.signingInput), { key, dsaEncoding: "der" });
    for (const signature of [der, der.subarray(0, size * 2), Buffer.concat([der, Buffer.alloc(size * 2)])]) {
      expect(await agreed({ ...question, signature })).toBe(false);
    }
  });

  it("r and s without their leading zeros", async () => {
    const { question } = ownOf(alg);
    const [r, s] = halves(question.signature);
    for (const cut of [r.subarray(1), Buffer.concat([Buffer.of(0), r])]) {
      expect(await agreed({ ...question, signature: Buffer.concat([cut, s]) })).toBe(false);
      expect(await agreed({ ...question, signature: Buffer.concat([r, cut]) })).toBe(false);
    }
  });
});

describe.each(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] as const)(
  "respelled %s signatures",
  (alg) => {
    it("a signature that begins with a zero, without it: a second spelling of the token", async () => {
      const { privateKey, question } = ownOf(alg);
      const found = await signatureBeginningWithZero(alg, privateKey);
      expect(await agreed({ ...question, ...found })).toBe(true);
      expect(await agreed({ ...question, ...found, signature: found.signature.subarray(1) })).toBe(false);
    });

    it("the same number plus the modulus", async () => {
      const { question } = ownOf(alg);
      const modulus = BigInt(`0x${Buffer.from(question.key.n ?? "", "base64url").toString("hex")}`);
      const sum = BigInt(`0x${Buffer.from(question.signature).toString("hex")}`) + modulus;
      const hex = sum.toString(16);
      const signature = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
      expect(await agreed({ ...question, signature })).toBe(false);
    });
  },
);

async function signatureBeginningWithZero(alg: JwsAlgorithm, key: Jwk) {
  for (let attempt = 0; attempt < 20_000; attempt++) {
    const payload = bytes(`{"attempt":${attempt}}`);
    const made = split(await single.sign({ header: `{"alg":"${alg}"}`, payload, alg, key }));
    if (made.signature[0] === 0) return { signingInput: made.signingInput, signature: made.signature };
  }
  throw new Error("no signature began with a zero");
}

describe("RSASSA-PSS with another salt than RFC 7518 section 3.5 demands", () => {
  it.each([
    ["no salt", 0],
    ["a short salt", 20],
    ["the longest salt", cryptoConstants.RSA_PSS_SALTLEN_MAX_SIGN],
  ])("%s", async (_, saltLength) => {
    const { privateKey, question } = ownOf("PS256");
    const key = createPrivateKey({ key: { ...privateKey }, format: "jwk" });
    const signature = nodeSign("sha256", bytes(SIGNING_INPUT), {
      key,
      padding: cryptoConstants.RSA_PKCS1_PSS_PADDING,
      saltLength,
    });
    expect(await agreed({ ...question, signingInput: SIGNING_INPUT, signature })).toBe(false);
  });
});

describe.each(["HS256", "HS384", "HS512"] as const)("truncated %s", (alg) => {
  it("no beginning of the right code is enough", async () => {
    const { question } = ownOf(alg);
    for (let length = 0; length < question.signature.length; length++) {
      expect(await agreed({ ...question, signature: question.signature.subarray(0, length) })).toBe(false);
    }
  });

  it("a secret of no or one byte is used as it is", async () => {
    for (const k of ["", "YQ"]) {
      const key = { kty: "oct", k };
      const compact = await single.sign({ header: "{}", payload: bytes("{}"), alg, key });
      expect(await agreed({ ...split(compact), alg, key })).toBe(true);
    }
  });
});

describe("Ed25519 signatures of small order", () => {
  it("the neutral element as R with s = 0", async () => {
    const { question } = ownOf("Ed25519");
    const neutral = Buffer.alloc(64);
    neutral.writeUInt8(1, 0);
    await agreed({ ...question, signature: neutral });
    const x = neutral.subarray(0, 32).toString("base64url");
    await agreed({ ...question, signature: neutral, key: { kty: "OKP", crv: "Ed25519", x } });
  });

  it("s plus the order of the group (RFC 8032 section 5.1.7)", async () => {
    const { question } = ownOf("Ed25519");
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const [r, s] = halves(question.signature);
    const sum = BigInt(`0x${Buffer.from(s).reverse().toString("hex")}`) + order;
    const encoded = Buffer.from(sum.toString(16).padStart(64, "0"), "hex").reverse();
    expect(await agreed({ ...question, signature: Buffer.concat([r, encoded]) })).toBe(false);
  });
});

describe("keys that are none", () => {
  const { x, y } = publicJwk(privateJwk("ES256"));
  const rsa = publicJwk(privateJwk("RS256"));

  it.each<[string, JwsAlgorithm, Jwk]>([
    ["a point that is not on the curve", "ES256", { kty: "EC", crv: "P-256", x: x ?? "", y: x ?? "" }],
    ["the point at infinity", "ES256", { kty: "EC", crv: "P-256", x: zeros(32), y: zeros(32) }],
    ["a coordinate that is missing", "ES256", { kty: "EC", crv: "P-256", x: x ?? "" }],
    ["a coordinate that is empty", "ES256", { kty: "EC", crv: "P-256", x: x ?? "", y: "" }],
    ["a point of another curve", "ES384", { kty: "EC", crv: "P-384", x: x ?? "", y: y ?? "" }],
    ["an Ed25519 key that is too short", "EdDSA", { kty: "OKP", crv: "Ed25519", x: zeros(31) }],
    ["an X25519 key", "EdDSA", { kty: "OKP", crv: "X25519", x: zeros(32) }],
    ["an RSA key without its modulus", "RS256", { kty: "RSA", e: "AQAB" }],
    ["an RSA key without its exponent", "RS256", { kty: "RSA", n: rsa.n ?? "" }],
    ["a secret that is gone", "HS256", { kty: "oct" }],
    ["an unknown type", "ES256", { kty: "XX" }],
  ])("%s", async (_, alg, key) => {
    const { signature } = ownOf(alg).question;
    expect(await agreed({ signingInput: SIGNING_INPUT, signature, alg, key })).toMatch(/^key_unusable: /);
  });

  it.each<[string, Jwk]>([
    ["a modulus of one bit", { kty: "RSA", n: "AQ", e: "AQAB" }],
    ["an exponent of 1", { kty: "RSA", n: rsa.n ?? "", e: "AQ" }],
    ["an even modulus", { kty: "RSA", n: Buffer.alloc(256, 0xfe).toString("base64url"), e: "AQAB" }],
    ["an empty modulus", { kty: "RSA", n: "", e: "AQAB" }],
  ])("an RSA key with %s verifies nothing", async (_, key) => {
    for (const alg of ["RS256", "PS256"] as const) {
      const answer = await agreed({ ...ownOf(alg).question, key });
      expect(answer === false || String(answer).startsWith("key_unusable: ")).toBe(true);
    }
  });

  it("an RSA key of 1024 bits", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const key = privateKey.export({ format: "jwk" }) as Jwk;
    for (const alg of ["RS256", "RS512", "PS256"] as const) {
      const compact = await single.sign({ header: "{}", payload: bytes("{}"), alg, key });
      expect(await agreed({ ...split(compact), alg, key: publicJwk(key) })).toBe(true);
    }
    await agreed({ ...ownOf("PS512").question, alg: "PS512", key: publicJwk(key) });
  });
});

describe("the keys that bulk verification remembers", () => {
  it("are remembered for one algorithm each: RS256 does not stand in for PS256", async () => {
    const { question } = ownOf("RS256");
    expect(await agreed(question)).toBe(true);
    expect(await agreed({ ...question, alg: "PS256" })).toBe(false);
    expect(await agreed(question)).toBe(true);
  });

  it("are told apart when they have the same kid", async () => {
    const first = { ...ownOf("ES256").question.key, kid: "same" };
    const second = { ...publicJwk(privateJwk("ES256")), kid: "same" };
    const { signingInput, signature } = ownOf("ES256").question;
    expect(await agreed({ signingInput, signature, alg: "ES256", key: first })).toBe(true);
    expect(await agreed({ signingInput, signature, alg: "ES256", key: second })).toBe(false);
  });

  it("do not stand in for verifying: the same token with another signature is refused", async () => {
    for (const alg of SUPPORTED) {
      const { question } = ownOf(alg);
      expect(await bulk.verify(question)).toBe(true);
      const { signatureBytes = question.signature.length } = ALGORITHM_TRAITS[alg];
      expect(await bulk.verify({ ...question, signature: new Uint8Array(signatureBytes) })).toBe(false);
    }
  });
});

function zeros(length: number): string {
  return Buffer.alloc(length).toString("base64url");
}
