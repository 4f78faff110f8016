import { constants, createHash, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ask, b64, ec, GOOD_CLAIMS, rsa, signed, token, unsigned } from "./bench.ts";

const pair = rsa();
const other = rsa();
const large = rsa(4096);
const keys = [pair.publicJwk];
const edited = (text: string) => {
  const [header, , signature] = text.split(".");
  return `${header}.${b64(JSON.stringify({ ...GOOD_CLAIMS, sub: "mallory" }))}.${signature}`;
};

describe("an RS* signature tells whose it is", () => {
  it.each(["RS256", "RS384", "RS512"] as const)("content_changed: an edited %s token", async (alg) => {
    const text = edited(await token({ alg, key: pair.privateJwk }));
    const { causes, diagnosis, report } = await ask(text, { keys: [{ ...pair.publicJwk, alg }] });
    expect(causes).toEqual(["content_changed"]);
    expect(diagnosis[0]?.evidence).toContain(`did make this signature (${alg}`);
    expect(diagnosis[0]?.fix).toContain("do not accept the token");
    expect(report.valid).toBe(false);
  });

  it("content_changed: names the key of a set that made it", async () => {
    const text = edited(await token({ alg: "RS256", key: pair.privateJwk, header: { kid: "two" } }));
    const { causes, diagnosis } = await ask(text, {
      keys: [
        { ...other.publicJwk, kid: "one" },
        { ...pair.publicJwk, kid: "two" },
      ],
    });
    expect(causes).toEqual(["content_changed"]);
    expect(diagnosis[0]?.evidence).toContain('"two"');
  });

  it("content_changed: the header was edited, so that it names another hash", async () => {
    const [, payload, signature] = (await token({ alg: "RS256", key: pair.privateJwk })).split(".");
    const text = `${b64('{"alg":"RS512"}')}.${payload}.${signature}`;
    const { causes, diagnosis } = await ask(text, { keys });
    expect(causes).toEqual(["content_changed"]);
    expect(diagnosis[0]?.evidence).toContain("RS256");
  });

  it("other_key: another key of the same size", async () => {
    const text = await token({ alg: "RS256", key: other.privateJwk });
    const { causes, diagnosis } = await ask(text, { keys });
    expect(causes).toEqual(["other_key"]);
    expect(diagnosis[0]?.evidence).not.toContain("cannot tell");
  });

  it("other_key: an edited token, and another key as well: whose it was cannot be seen", async () => {
    const text = edited(await token({ alg: "RS256", key: other.privateJwk }));
    expect((await ask(text, { keys })).causes).toEqual(["other_key"]);
  });

  it("a PS* signature does not tell: its padding depends on its content", async () => {
    const text = edited(await token({ alg: "PS256", key: pair.privateJwk }));
    const { causes, diagnosis } = await ask(text, { keys: [{ ...pair.publicJwk, alg: "PS256" }] });
    expect(causes).toEqual(["other_key_or_content"]);
    expect(diagnosis[0]?.evidence).toContain("cannot tell");
  });

  it("hash_mixed_up: signed with SHA-1, which JWS does not know", async () => {
    const input = unsigned({ alg: "RS256" });
    const text = `${input}.${b64(signed(input, "sha1", pair.privateKey))}`;
    const { causes, diagnosis, report } = await ask(text, { keys });
    expect(causes).toEqual(["hash_mixed_up"]);
    expect(diagnosis[0]?.evidence).toContain("SHA-1");
    expect(report.valid).toBe(false);
  });

  it("a signature of noise, of the right length, is no key's", async () => {
    const noise = Uint8Array.from({ length: 256 }, (_, index) => (index * 89 + 7) & 0x7f);
    const { causes } = await ask(`${unsigned({ alg: "RS256" })}.${b64(noise)}`, { keys });
    expect(causes).toEqual(["other_key"]);
  });
});

describe("the length of an RSA signature tells the size of its key", () => {
  it.each([
    ["a smaller key", pair, large, 2048, 4096],
    ["a larger key", large, pair, 4096, 2048],
  ])("key_size_wrong: the token is of %s than the one given", async (_, signer, given, made, has) => {
    for (const alg of ["RS256", "PS256"] as const) {
      const text = await token({ alg, key: signer.privateJwk });
      const { causes, diagnosis } = await ask(text, { keys: [{ ...given.publicJwk, alg }] });
      expect(causes).toEqual(["key_size_wrong"]);
      expect(diagnosis[0]?.evidence).toContain(`of a ${made}-bit key`);
      expect(diagnosis[0]?.evidence).toContain(`has ${has} bits`);
    }
  });

  it("key_size_wrong is not said when one of several keys has that size", async () => {
    const text = await token({ alg: "RS256", key: other.privateJwk });
    const { causes } = await ask(text, { keys: [pair.publicJwk, large.publicJwk] });
    expect(causes).toEqual(["other_key"]);
  });

  it("key_unknown stays the answer when the token names a key that is not there", async () => {
    const text = await token({ alg: "RS256", key: pair.privateJwk, header: { kid: "a" } });
    const { causes } = await ask(text, { keys: [{ ...large.publicJwk, kid: "b" }] });
    expect(causes).toEqual(["key_unknown"]);
  });

  it("token_cut: a part of a signature is no whole signature of a smaller key", async () => {
    const text = await token({ alg: "RS256", key: large.privateJwk });
    const { causes, diagnosis } = await ask(text.slice(0, -300), { keys: [large.publicJwk] });
    expect(causes).toEqual(["token_cut"]);
    expect(diagnosis[0]?.evidence).toContain("of the 512 bytes");
  });
});

describe("pss_salt_length", () => {
  const key = { ...pair.publicJwk, alg: "PS256" };
  const withSalt = (saltLength: number) => {
    const input = unsigned({ alg: "PS256" });
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    return `${input}.${b64(sign("sha256", Buffer.from(input), { key: pair.privateKey, padding, saltLength }))}`;
  };

  it.each([
    ["as long as possible, Node.js's default", constants.RSA_PSS_SALTLEN_MAX_SIGN],
    ["none at all", 0],
    ["20 bytes, the default of PKCS #1", 20],
  ])("%s", async (_, saltLength) => {
    const { causes, diagnosis, report } = await ask(withSalt(saltLength), { keys: [key] });
    expect(causes).toEqual(["pss_salt_length"]);
    expect(diagnosis[0]?.evidence).toContain("than 32 bytes");
    expect(report.valid).toBe(false);
  });

  it("a right salt is valid, and there is nothing to say", async () => {
    expect((await ask(withSalt(32), { keys: [key] })).report.valid).toBe(true);
  });
});

describe("what was signed is not header.payload", () => {
  const p256 = ec("P-256");
  const input = unsigned({ alg: "ES256" });
  const [header = "", payload = ""] = input.split(".");
  const decoded = (text: string) => Buffer.from(text, "base64url").toString();
  const es256 = (message: string | Buffer) =>
    sign("sha256", Buffer.from(message), { key: p256.privateKey, dsaEncoding: "ieee-p1363" });

  it.each([
    ["signing_input_wrong", "the payload alone", payload],
    ["signing_input_wrong", "the payload alone, decoded", decoded(payload)],
    ["signing_input_wrong", "decoded, with a dot", `${decoded(header)}.${decoded(payload)}`],
    ["signing_input_wrong", "decoded, one after the other", decoded(header) + decoded(payload)],
    ["signing_input_wrong", "a line break", `${input}\n`],
    ["hashed_twice", "over the hash", createHash("sha256").update(input).digest()],
    ["hashed_twice", "in hexadecimal", createHash("sha256").update(input).digest("hex")],
  ])("%s: %s", async (cause, words, message) => {
    const text = `${input}.${b64(es256(message))}`;
    const { causes, diagnosis, report } = await ask(text, { keys: [p256.publicJwk] });
    expect(causes).toEqual([cause]);
    expect(diagnosis[0]?.evidence).toContain(words);
    expect(report.valid).toBe(false);
  });

  it("hashed_twice with RSA, whose signature shows by itself that the hash inside is another", async () => {
    const signingInput = unsigned({ alg: "RS256" });
    const digest = createHash("sha256").update(signingInput).digest();
    const text = `${signingInput}.${b64(sign("sha256", digest, pair.privateKey))}`;
    expect((await ask(text, { keys })).causes).toEqual(["hashed_twice"]);
  });
});
