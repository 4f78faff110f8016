import { describe, expect, it } from "vitest";
import { pinnedAlgorithm } from "../../../src/core/jose/algorithms.ts";
import { createJws } from "../../../src/crypto/jws.ts";
import { privateJwk, publicJwk, refusal, SUPPORTED, UNSUPPORTED } from "./support.ts";
import { rfc7515, rfc7519, rfc7520, rfc8037, rfc9964, split } from "./vectors.ts";

const jws = createJws();
const PAYLOAD = new TextEncoder().encode('{"sub":"alice"}');

const signedExamples = [
  ...rfc7515.examples.flatMap(({ key, ...example }) =>
    key ? [{ ...example, rfc: "RFC 7515", privateKey: key, publicKey: publicJwk(key) }] : [],
  ),
  ...rfc7520.signatures.map((example) => ({
    ...example,
    rfc: "RFC 7520",
    privateKey: rfc7520.keys[example.privateKey] ?? { kty: "" },
    publicKey: rfc7520.keys[example.publicKey] ?? { kty: "" },
  })),
  {
    rfc: "RFC 8037",
    section: "A.4",
    alg: rfc8037["A.4"].alg,
    header: rfc8037["A.4"].header,
    deterministic: true,
    compact: rfc8037["A.4"].compact,
    privateKey: rfc8037["A.1"],
    publicKey: rfc8037["A.2"],
  },
];

describe("published JWS examples", () => {
  it.each(signedExamples)("$rfc $section ($alg) verifies", async ({ alg, compact, publicKey }) => {
    expect(await jws.verify({ ...split(compact), alg, key: publicKey })).toBe(true);
  });

  it.each(signedExamples)(
    "$rfc $section ($alg) verifies with the whole key",
    async ({ alg, compact, privateKey }) => {
      expect(await jws.verify({ ...split(compact), alg, key: privateKey })).toBe(true);
    },
  );

  it.each(signedExamples.filter((example) => example.deterministic))(
    "$rfc $section ($alg) is signed byte for byte",
    async ({ alg, header, compact, privateKey }) => {
      const { payload } = split(compact);
      expect(await jws.sign({ header, payload, alg, key: privateKey })).toBe(compact);
    },
  );

  it.each(signedExamples)("$rfc $section ($alg) can be signed again", async (example) => {
    const { alg, header, compact, privateKey, publicKey } = example;
    const again = await jws.sign({ header, payload: split(compact).payload, alg, key: privateKey });
    expect(split(again).signingInput).toBe(split(compact).signingInput);
    expect(await jws.verify({ ...split(again), alg, key: publicKey })).toBe(true);
  });

  it.each(signedExamples)(
    "$rfc $section ($alg) fails with one bit changed",
    async ({ alg, compact, publicKey }) => {
      const { signingInput, signature } = split(compact);
      const flipped = Uint8Array.from(signature);
      flipped[3] = (flipped[3] ?? 0) ^ 1;
      expect(await jws.verify({ signingInput, signature: flipped, alg, key: publicKey })).toBe(false);
      const edited = `${signingInput.slice(0, -1)}${signingInput.endsWith("A") ? "B" : "A"}`;
      expect(await jws.verify({ signingInput: edited, signature, alg, key: publicKey })).toBe(false);
    },
  );

  it("RFC 7519 section 3.1 verifies", async () => {
    const { alg, key, compact } = rfc7519["3.1"];
    expect(await jws.verify({ ...split(compact), alg, key })).toBe(true);
  });

  it("RFC 7515 A.5 is unsecured: it has no signature and no algorithm a key could be pinned to", () => {
    const unsecured = rfc7515.examples.find(({ section }) => section === "A.5");
    expect(unsecured?.compact).toMatch(/\.$/);
    expect(unsecured?.compact).toBe(rfc7519["6.1"].compact);
    expect(pinnedAlgorithm({ kty: "oct", k: "", alg: "none" })).toBeUndefined();
  });

  it.each(rfc9964.examples.filter(({ alg }) => SUPPORTED.includes(alg)))(
    "RFC 9964 $alg verifies, and the seed makes the same key",
    async ({ alg, pub, seed, jws: compact }) => {
      const key = { kty: "AKP", alg, pub };
      expect(await jws.verify({ ...split(compact), alg, key })).toBe(true);
      const again = await jws.sign({ header: "{}", payload: PAYLOAD, alg, key: { ...key, priv: seed } });
      expect(await jws.verify({ ...split(again), alg, key })).toBe(true);
    },
  );
});

describe("signing", () => {
  it.each(SUPPORTED)("%s: what was signed verifies, with the public half too", async (alg) => {
    const key = privateJwk(alg);
    const compact = await jws.sign({ header: `{"alg":"${alg}"}`, payload: PAYLOAD, alg, key });
    expect(await jws.verify({ ...split(compact), alg, key: publicJwk(key) })).toBe(true);
    expect(await jws.verify({ ...split(compact), alg, key: publicJwk(privateJwk(alg)) })).toBe(false);
  });

  it.each([
    '{"typ":"JWT",\r\n "alg":"ES256"}',
    '{"typ":"at+JWT","alg":"RS256","kid":"RjEwOwOA"}',
    '{ "alg" : "ES256", "n": 12345678901234567890.0, "2": 1, "1": 2 }',
    '{"alg":"ES256","kid":"schlüssel 🔑","alg":"ES256"}',
    "not even JSON",
  ])("signs the header text byte for byte: %s", async (header) => {
    const key = privateJwk("ES256");
    const compact = await jws.sign({ header, payload: PAYLOAD, alg: "ES256", key });
    expect(Buffer.from(compact.split(".")[0] ?? "", "base64url").toString("utf8")).toBe(header);
    expect(await jws.verify({ ...split(compact), alg: "ES256", key })).toBe(true);
  });

  it.each([0, 1, 255, 100_000])("signs a payload of %i bytes of any value", async (length) => {
    const payload = Uint8Array.from({ length }, (_, index) => index & 0xff);
    const key = privateJwk("Ed25519");
    const compact = await jws.sign({ header: "{}", payload, alg: "Ed25519", key });
    expect(split(compact).payload).toEqual(Buffer.from(payload));
    expect(await jws.verify({ ...split(compact), alg: "Ed25519", key })).toBe(true);
  });

  it("takes a view into a larger buffer for what it shows, not for the buffer", async () => {
    const payload = Buffer.from("xxpayloadxx").subarray(2, 9);
    const compact = await jws.sign({
      header: "{}",
      payload,
      alg: "HS256",
      key: { kty: "oct", k: "c2VjcmV0" },
    });
    expect(Buffer.from(split(compact).payload).toString()).toBe("payload");
  });

  it.each(SUPPORTED.filter((alg) => !alg.startsWith("HS")))("%s: a public key cannot sign", async (alg) => {
    const attempt = jws.sign({ header: "{}", payload: PAYLOAD, alg, key: publicJwk(privateJwk(alg)) });
    expect((await refusal(attempt, "key_unusable")).message).toContain("public half");
  });

  it("no algorithm makes Node print a warning about experimental features", async () => {
    const warnings: string[] = [];
    const listen = (warning: Error) => warnings.push(warning.message);
    process.on("warning", listen);
    for (const alg of SUPPORTED) {
      const key = privateJwk(alg);
      const compact = await jws.sign({ header: "{}", payload: PAYLOAD, alg, key });
      await jws.verify({ ...split(compact), alg, key: publicJwk(key) });
    }
    // Warnings are emitted on the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", listen);
    expect(warnings).toEqual([]);
  });

  it.each(UNSUPPORTED)("%s is refused by a runtime without it, naming the one that has it", async (alg) => {
    const key = { kty: "AKP", alg, pub: "AAAA", priv: "AAAA" };
    const error = await refusal(
      jws.sign({ header: "{}", payload: PAYLOAD, alg, key }),
      "algorithm_unsupported",
    );
    expect(error.message).toBe(`this Node has no ${alg}; Node 24.7 or later has`);
    await refusal(
      jws.verify({ signingInput: "e30.e30", signature: PAYLOAD, alg, key }),
      "algorithm_unsupported",
    );
  });
});
