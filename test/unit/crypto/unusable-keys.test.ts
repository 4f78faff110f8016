import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import {
  bytes,
  countingRandom,
  type keyPair,
  privateJwk,
  publicJwk,
  refusal,
  UNSUPPORTED,
  withoutMembers,
} from "./support.ts";

const tools = createKeyTools(countingRandom());
const read = (content: string | Uint8Array) =>
  tools.read(typeof content === "string" ? bytes(content) : content, async () => "passphrase");

describe("keys that cannot sign a JWS", () => {
  it.each<[string, () => Uint8Array, string]>([
    ["RSASSA-PSS", () => der("rsa-pss", { modulusLength: 1024 }), "restricted to RSASSA-PSS"],
    ["DSA", () => der("dsa", { modulusLength: 1024 }), "a DSA key"],
    ["X25519", () => der("x25519"), "agrees on secrets"],
    ["X448", () => der("x448"), "agrees on secrets"],
    ["P-224", () => der("ec", { namedCurve: "P-224" }), "EC keys on the curve secp224r1"],
    ["brainpool", () => der("ec", { namedCurve: "brainpoolP256r1" }), "EC keys on the curve brainpoolP256r1"],
  ])("%s", async (_, make, message) => {
    expect((await refusal(read(make()), "key_unusable")).message).toContain(message);
  });

  it.each<[string, object, string]>([
    ["X25519", { kty: "OKP", crv: "X25519", x: "AA" }, "X25519 keys agree on secrets"],
    ["P-256K", { kty: "EC", crv: "P-256K", x: "AA", y: "AA" }, 'is called "secp256k1"'],
    [
      "an Edwards curve under EC",
      { kty: "EC", crv: "Ed25519", x: "AA", y: "AA" },
      'EC keys on the curve "Ed25519"',
    ],
    ["an unknown type", { kty: "XYZ" }, 'keys of the type "XYZ"'],
    ["a type named like a method", { kty: "constructor" }, 'keys of the type "constructor"'],
    ["a curve named like a method", { kty: "EC", crv: "toString" }, 'EC keys on the curve "toString"'],
    ["an encryption key", { ...privateJwk("ES256"), use: "enc" }, '"use": "enc"'],
    ["an unknown use", { ...privateJwk("ES256"), use: "tls" }, 'its "use" is "tls"'],
    [
      "operations of encryption",
      { ...privateJwk("ES256"), key_ops: ["deriveKey"] },
      '"key_ops" allow neither',
    ],
    [
      "an encryption algorithm",
      { ...privateJwk("RS256"), alg: "RSA-OAEP" },
      '"RSA-OAEP", which is not a signature',
    ],
    ["alg none", { ...privateJwk("ES256"), alg: "none" }, '"none", which is not a signature'],
    [
      "the algorithm of another type",
      { ...privateJwk("ES256"), alg: "RS256" },
      "is RS256, but it is an EC key on P-256",
    ],
    [
      "the algorithm of another curve",
      { ...privateJwk("ES256"), alg: "ES384" },
      "is ES384, but it is an EC key",
    ],
    ["more than two primes", { ...privateJwk("RS256"), oth: [{ r: "Aw" }] }, "more than two primes"],
    [
      "an RSA private half without primes",
      withoutMembers(privateJwk("RS256"), "p", "q"),
      '"p", "q" are missing',
    ],
    ["an RSA key of 256 bits", { kty: "RSA", n: odd(32), e: "AQAB" }, "an RSA key of 256 bits"],
    ["an RSA key of a million bits", { kty: "RSA", n: odd(125_000), e: "AQAB" }, "jwtctl takes 512 to"],
    ["an empty secret", { kty: "oct", k: "" }, '"k" is empty'],
  ])("JWK: %s", async (_, jwk, message) => {
    expect((await refusal(read(JSON.stringify(jwk)), "key_unusable")).message).toContain(message);
  });

  it.each(UNSUPPORTED)("%s on a runtime without it, as JWK and as SPKI", async (alg) => {
    const size = { "ML-DSA-44": 1312, "ML-DSA-65": 1952, "ML-DSA-87": 2592 }[alg as string] ?? 0;
    const jwk = { kty: "AKP", alg, pub: Buffer.alloc(size).toString("base64url") };
    const error = await refusal(read(JSON.stringify(jwk)), "algorithm_unsupported");
    expect(error.message).toBe(`this Node has no ${alg}; Node 24.7 or later has`);
    const arc = { "ML-DSA-44": 0x11, "ML-DSA-65": 0x12, "ML-DSA-87": 0x13 }[alg as string] ?? 0;
    // SubjectPublicKeyInfo: the algorithm's OID and a BIT STRING.
    const oid = Buffer.from([0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, arc]);
    const spki = Buffer.concat([Buffer.of(0x30, 0x12), oid, Buffer.from([0x03, 0x03, 0x00, 0x01, 0x02])]);
    expect((await refusal(read(spki), "algorithm_unsupported")).message).toContain(alg);
  });

  it("an empty key set", async () => {
    expect((await refusal(read('{"keys":[]}'), "key_unusable")).message).toBe("the key set is empty");
  });

  it("in a set they are left out with a note each, and the usable ones remain (RFC 7517 section 5)", async () => {
    const good = { ...publicJwk(privateJwk("ES256")), kid: "good" };
    const set = { keys: [{ kty: "new" }, { ...good, kid: "bad", y: good.x }, 7, good] };
    const { keys, notes } = await read(JSON.stringify(set));
    expect(keys).toEqual([good]);
    expect(notes).toEqual([
      'key 1 was left out: jwtctl does not know keys of the type "new"',
      'key 2 ("bad") was left out: the numbers in this key do not make an EC key on P-256',
      "key 3 was left out: not a JSON object",
    ]);
  });
});

function der(type: string, options: object = {}): Uint8Array {
  const make = generateKeyPairSync as unknown as (t: string, o: object) => ReturnType<typeof keyPair>;
  return make(type, options).privateKey.export({ format: "der", type: "pkcs8" });
}

/** An odd number of that many bytes, all bits set. */
function odd(length: number): string {
  return Buffer.alloc(length, 0xff).toString("base64url");
}
