import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import type { CandidateKey } from "../../../src/core/jose/verification/key-choice.ts";
import type { VerificationReport } from "../../../src/core/jose/verification/report.ts";
import { ask, b64, ec, GOOD_CLAIMS, keyTools, rsa, secret, signed, token, unsigned } from "./bench.ts";

const p256 = ec("P-256");
const other256 = ec("P-256");
const p384 = ec("P-384");
const rsaPair = rsa();
const named = (jwk: Jwk, kid: string): Jwk => ({ ...jwk, kid });
const detail = (report: VerificationReport, check: string) =>
  report.checks.find(({ name }) => name === check)?.detail;
const kept = (jwk: Jwk, state: NonNullable<CandidateKey["state"]>) => ({
  jwk,
  source: "the store",
  bits: undefined,
  state,
});

describe("which key", () => {
  const set = [named(other256.publicJwk, "one"), named(p256.publicJwk, "two")];

  it("key_id_missing: no kid, and one key of the set verifies it", async () => {
    const { causes, diagnosis } = await ask(await token({ alg: "ES256", key: p256.privateJwk }), {
      keys: set,
    });
    expect(causes).toEqual(["key_id_missing"]);
    expect(diagnosis[0]?.evidence).toContain('"two"');
  });

  it("key_left_out: the key that the token names was given, and cannot be used", async () => {
    const { causes, diagnosis } = await ask(
      await token({ alg: "ES256", key: p256.privateJwk, header: { kid: "two" } }),
      {
        keys: [named(other256.publicJwk, "one")],
        options: { leftOut: [{ kid: "two", reason: '"x" has 31 bytes where P-256 takes 32' }] },
      },
    );
    expect(causes[0]).toBe("key_left_out");
    expect(diagnosis[0]?.evidence).toContain("31 bytes");
  });

  it("key_id_shared: two keys have the kid; the one that fits is named by its thumbprint", async () => {
    const text = await token({ alg: "ES256", key: p256.privateJwk, header: { kid: "same" } });
    const keys = [named(other256.publicJwk, "same"), named(p256.publicJwk, "same")];
    const { causes, diagnosis, report } = await ask(text, { keys });
    expect(causes).toEqual(["key_id_shared"]);
    expect(diagnosis[0]?.evidence).toContain(await keyTools.thumbprint(p256.publicJwk));
    expect(diagnosis[0]?.fix).toContain("publishes the key set");
    expect(detail(report, "key")).toBe('2 keys have the kid "same"; --try-all tries each');
  });

  it("key_without_id: the token names its key, and the files given have no kid", async () => {
    const text = await token({ alg: "ES256", key: p256.privateJwk, header: { kid: "k1" } });
    const file = (jwk: Jwk, name: string) => ({ jwk, source: `key file ${name}`, bits: undefined });
    const { causes, diagnosis, report } = await ask(text, {
      keys: [file(other256.publicJwk, "ec2.pem"), file(p256.publicJwk, "ec.pem")],
    });
    expect(causes).toEqual(["key_without_id"]);
    expect(diagnosis[0]?.evidence).toContain("key file ec.pem");
    expect(diagnosis[0]?.fix).not.toContain("header");
    expect(detail(report, "key")).toContain('the token names the key "k1", but the keys given have no kid');
  });

  it("key_id_wrong: the files have no kid, and it is another, named key that fits", async () => {
    const text = await token({ alg: "ES256", key: p256.privateJwk, header: { kid: "k1" } });
    const nameless = [other256.publicJwk, ec("P-256").publicJwk];
    expect((await ask(text, { keys: [...nameless, named(p256.publicJwk, "k2")] })).causes).toEqual([
      "key_id_wrong",
    ]);
  });

  it("--try-all: a token that names another key than the one that fits is valid, with a warning", async () => {
    const text = await token({ alg: "ES256", key: p256.privateJwk, header: { kid: "one" } });
    const { report } = await ask(text, { keys: set, options: { tryAll: true } });
    expect(report.valid).toBe(true);
    expect(report.checks.find(({ name }) => name === "key")).toMatchObject({
      status: "warn",
      detail: '"two" from a test; the token names the key "one"',
    });
  });

  it.each(["one", "three"])("key_id_wrong: the kid is %s, and it is two that verifies it", async (kid) => {
    const text = await token({ alg: "ES256", key: p256.privateJwk, header: { kid } });
    const { causes, diagnosis, report } = await ask(text, { keys: set });
    expect(causes).toEqual(["key_id_wrong"]);
    expect(diagnosis[0]?.evidence).toContain(`"${kid}"`);
    expect(report.valid).toBe(false);
  });

  it("key_unknown: the kid is not in the set, and no key of it fits", async () => {
    const text = await token({ alg: "ES256", key: ec("P-256").privateJwk, header: { kid: "three" } });
    const { causes, diagnosis } = await ask(text, { keys: set });
    expect(causes).toEqual(["key_unknown"]);
    expect(diagnosis[0]?.fix).toContain("--refresh-jwks");
  });

  it.each(["revoked", "retired"] as const)(
    "key_withdrawn: it is signed with a key that is %s",
    async (state) => {
      const text = await token({
        alg: "ES256",
        key: p256.privateJwk,
        header: { kid: "old" },
        claims: { exp: 1 },
      });
      const { causes, report } = await ask(text, {
        keys: [kept(named(p256.publicJwk, "old"), state), kept(named(other256.publicJwk, "new"), "current")],
      });
      expect(causes).toEqual(["key_withdrawn"]);
      expect(report.valid).toBe(false);
    },
  );

  it("key_type_wrong: an RSA token and an EC key", async () => {
    const text = await token({ alg: "RS256", key: rsaPair.privateJwk });
    const { causes, diagnosis } = await ask(text, { keys: [p256.publicJwk] });
    expect(causes).toEqual(["key_type_wrong"]);
    expect(diagnosis[0]?.evidence).toContain("RS256 needs an RSA key");
  });

  it("key_type_wrong: an RSA token and a secret", async () => {
    const text = await token({ alg: "RS256", key: rsaPair.privateJwk });
    expect((await ask(text, { keys: [secret("0123456789abcdef0123456789abcdef")] })).causes).toEqual([
      "key_type_wrong",
    ]);
  });

  it("curve_wrong: the token needs P-384, the key is on P-256", async () => {
    const text = await token({ alg: "ES384", key: p384.privateJwk });
    const { causes, diagnosis } = await ask(text, { keys: [p256.publicJwk] });
    expect(causes).toEqual(["curve_wrong"]);
    expect(diagnosis[0]?.evidence).toContain("P-384");
    expect(diagnosis[0]?.evidence).toContain("P-256");
  });

  it("key_type_wrong: HMAC and only public keys may well be a forgery", async () => {
    const text = await token({ alg: "HS256", key: secret("some text that is no form of the public key") });
    const { causes, diagnosis } = await ask(text, { keys: [rsaPair.publicJwk] });
    expect(causes).toEqual(["key_type_wrong"]);
    expect(diagnosis[0]?.fix).toContain("do not accept the token");
  });

  it("curve_wrong: the header says ES256, the signature is as long as one of P-384", async () => {
    const input = unsigned({ alg: "ES256" });
    const signature = signed(input, "sha384", { key: p384.privateKey, dsaEncoding: "ieee-p1363" });
    const { causes, diagnosis } = await ask(`${input}.${b64(signature)}`, { keys: [p256.publicJwk] });
    expect(causes).toEqual(["curve_wrong"]);
    expect(diagnosis[0]?.evidence).toContain("the 96 bytes that ES384 makes");
  });

  it("curve_wrong: the header says ES384, the signature is ES256 of the key", async () => {
    const input = unsigned({ alg: "ES384" });
    const signature = signed(input, "sha256", { key: p256.privateKey, dsaEncoding: "ieee-p1363" });
    const { causes, diagnosis } = await ask(`${input}.${b64(signature)}`, { keys: [p256.publicJwk] });
    expect(causes).toEqual(["curve_wrong"]);
    expect(diagnosis[0]?.evidence).toContain("a good ES256 signature");
  });
});

describe("how it was signed", () => {
  it("rsa_padding_mixed_up: the header says RS256, the signature is PS256", async () => {
    const input = unsigned({ alg: "RS256" });
    const signature = signed(input, "sha256", { key: rsaPair.privateKey, padding: 6, saltLength: 32 });
    const { causes, diagnosis } = await ask(`${input}.${b64(signature)}`, { keys: [rsaPair.publicJwk] });
    expect(causes).toEqual(["rsa_padding_mixed_up"]);
    expect(diagnosis[0]?.evidence).toContain("a good PS256 signature");
  });

  it("rsa_padding_mixed_up: the header says PS384, the signature is RS384", async () => {
    const input = unsigned({ alg: "PS384" });
    const { causes } = await ask(`${input}.${b64(signed(input, "sha384", rsaPair.privateKey))}`, {
      keys: [{ ...rsaPair.publicJwk, alg: "PS384" }],
    });
    expect(causes).toEqual(["rsa_padding_mixed_up"]);
  });

  it("hash_mixed_up: the header says RS256, the signature is RS512", async () => {
    const input = unsigned({ alg: "RS256" });
    const { causes } = await ask(`${input}.${b64(signed(input, "sha512", rsaPair.privateKey))}`, {
      keys: [rsaPair.publicJwk],
    });
    expect(causes).toEqual(["hash_mixed_up"]);
  });

  it("hash_mixed_up: the signature is as long as HS512 makes it, and the secret is another as well", async () => {
    const input = unsigned({ alg: "HS256" });
    const signature = createHmac("sha512", "not the secret").update(input).digest();
    const { causes, diagnosis } = await ask(`${input}.${b64(signature)}`, {
      keys: [secret("0123456789abcdef0123456789abcdef")],
    });
    expect(causes).toEqual(["hash_mixed_up"]);
    expect(diagnosis[0]?.evidence).toContain("the 64 bytes that HS512 makes");
  });

  it.each(["es256", "Es256", "ES-256", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"])(
    "algorithm_name: %s",
    async (alg) => {
      const input = unsigned({ alg });
      const signature = signed(input, "sha256", { key: p256.privateKey, dsaEncoding: "ieee-p1363" });
      const { causes, diagnosis, report } = await ask(`${input}.${b64(signature)}`, {
        keys: [p256.publicJwk],
      });
      expect(causes).toEqual(["algorithm_name"]);
      expect(diagnosis[0]?.evidence).toContain("as ES256 it is a good signature");
      expect(detail(report, "algorithm")).toContain("the name is ES256");
      expect(report.verdict).toBe("algorithm_not_allowed");
    },
  );

  it("algorithm_name of a signature that fits no key: says both", async () => {
    const input = unsigned({ alg: "hs256" });
    const { causes, diagnosis } = await ask(`${input}.${b64(new Uint8Array(32).fill(7))}`, {
      keys: [secret("0123456789abcdef0123456789abcdef")],
    });
    expect(causes).toEqual(["algorithm_name"]);
    expect(diagnosis[0]?.evidence).toContain("it fits none of the keys");
  });

  it("algorithm_pin: a good PS256 token, and a key that is taken for RS256", async () => {
    const text = await token({ alg: "PS256", key: rsaPair.privateJwk });
    const { causes, diagnosis, report } = await ask(text, { keys: [rsaPair.publicJwk] });
    expect(causes).toEqual(["algorithm_pin"]);
    expect(diagnosis[0]?.fix).toContain("--alg PS256");
    expect(report.verdict).toBe("algorithm_not_allowed");
  });

  it("algorithm_pin: a good ES256 token, and --alg RS256", async () => {
    const text = await token({ alg: "ES256", key: p256.privateJwk });
    const { causes, diagnosis } = await ask(text, {
      keys: [p256.publicJwk],
      options: { algorithms: ["RS256"] },
    });
    expect(causes).toEqual(["algorithm_pin"]);
    expect(diagnosis[0]?.evidence).toContain("--alg demands RS256");
  });

  it.each([
    ["P-256", "ES256", "sha256"],
    ["P-384", "ES384", "sha384"],
    ["P-521", "ES512", "sha512"],
  ] as const)("ecdsa_der: %s", async (curve, alg, hash) => {
    const pair = ec(curve);
    for (let round = 0; round < 8; round++) {
      const input = unsigned({ alg }, { ...GOOD_CLAIMS, round });
      const { causes, diagnosis, report } = await ask(
        `${input}.${b64(signed(input, hash, pair.privateKey))}`,
        {
          keys: [pair.publicJwk],
        },
      );
      expect(causes).toEqual(["ecdsa_der"]);
      expect(diagnosis[0]?.evidence).toContain(`a good ${alg} signature`);
      expect(report.valid).toBe(false);
    }
  });

  it("ecdsa_der of another key: DER is named, and that it does not fit either", async () => {
    const input = unsigned({ alg: "ES256" });
    const { causes, diagnosis } = await ask(`${input}.${b64(signed(input, "sha256", other256.privateKey))}`, {
      keys: [p256.publicJwk],
    });
    expect(causes).toEqual(["ecdsa_der"]);
    expect(diagnosis[0]?.evidence).toContain("fit none of the keys");
  });
});

describe("other_key_or_content", () => {
  it("key pair mismatch: says whose signature it is not, by thumbprint", async () => {
    const text = await token({ alg: "ES256", key: other256.privateJwk });
    const { causes, diagnosis } = await ask(text, { keys: [p256.publicJwk] });
    expect(causes).toEqual(["other_key_or_content"]);
    expect(diagnosis[0]?.evidence).toContain(await keyTools.thumbprint(p256.publicJwk));
    expect(diagnosis[0]?.fix).toContain("jwtctl keys thumbprint");
  });

  it("says when the kid is the thumbprint of another key", async () => {
    const kid = await keyTools.thumbprint(other256.publicJwk);
    const text = await token({ alg: "ES256", key: other256.privateJwk, header: { kid } });
    const { diagnosis } = await ask(text, { keys: [p256.publicJwk] });
    expect(diagnosis[0]?.evidence).toContain(`names a key of another thumbprint, ${kid}`);
  });

  it("says when the kid is the thumbprint of the very key: then it is the content that was changed", async () => {
    const kid = await keyTools.thumbprint(p256.publicJwk);
    const text = await token({ alg: "ES256", key: p256.privateJwk, header: { kid } });
    const [header, , signature] = text.split(".");
    const { causes, diagnosis } = await ask(`${header}.${b64('{"sub":"root"}')}.${signature}`, {
      keys: [p256.publicJwk],
    });
    expect(causes).toEqual(["other_key_or_content"]);
    expect(diagnosis[0]?.evidence).toContain("does name this very key");
  });

  it("never shows the thumbprint of a secret, which would give it away to guessing", async () => {
    const key = secret("a-long-enough-secret-for-hs256-that-nobody-knows");
    const { diagnosis } = await ask(
      await token({ alg: "HS256", key: secret("another secret of some length, yes") }),
      {
        keys: [key],
      },
    );
    expect(diagnosis[0]?.cause).toBe("other_key_or_content");
    expect(JSON.stringify(diagnosis)).not.toContain(await keyTools.thumbprint(key));
  });
});

describe("a signature that was encoded twice", () => {
  it.each([
    ["hexadecimal", (bytes: Buffer) => bytes.toString("hex")],
    ["base64", (bytes: Buffer) => bytes.toString("base64")],
    ["base64", (bytes: Buffer) => bytes.toString("base64url")],
  ] as const)("signature_encoded_twice: %s", async (form, encode) => {
    const input = unsigned({ alg: "RS256" });
    const text = `${input}.${b64(encode(signed(input, "sha256", rsaPair.privateKey)))}`;
    const { causes, diagnosis } = await ask(text, { keys: [rsaPair.publicJwk] });
    expect(causes).toEqual(["signature_encoded_twice"]);
    expect(diagnosis[0]?.evidence).toContain(form);
  });

  it.each([
    ["of the key", p256, "fit the key"],
    ["of another key", other256, "fit none of the keys"],
  ])("signature_hex: the third part is hexadecimal, %s", async (_, signer, words) => {
    const input = unsigned({ alg: "ES256" });
    const signature = signed(input, "sha256", { key: signer.privateKey, dsaEncoding: "ieee-p1363" });
    const { causes, diagnosis } = await ask(`${input}.${signature.toString("hex")}`, {
      keys: [p256.publicJwk],
    });
    expect(causes).toEqual(["signature_hex"]);
    expect(diagnosis[0]?.evidence).toContain(words);
  });
});
