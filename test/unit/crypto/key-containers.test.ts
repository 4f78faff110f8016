import { createPublicKey } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import { bytes, countingRandom, keyPair, publicJwk, refusal } from "./support.ts";
import { rfc7517 } from "./vectors.ts";

const tools = createKeyTools(countingRandom());
const read = (content: unknown) => tools.read(bytes(JSON.stringify(content)));

const { privateKey } = keyPair("RS256");
const JWK = privateKey.export({ format: "jwk" }) as Jwk;
const PUBLIC = publicJwk(JWK);
const PEM = privateKey.export({ format: "pem", type: "pkcs8" }) as string;
const SPKI_PEM = spki(PUBLIC);
const SPKI_BODY = body(SPKI_PEM);
const OTHER = publicJwk(keyPair("ES256").privateKey.export({ format: "jwk" }) as Jwk);
const CERTIFICATE = rfc7517.B.x5c[0];
const CERTIFIED = { kty: rfc7517.B.kty, n: rfc7517.B.n, e: rfc7517.B.e } as Jwk;
const CERTIFICATE_PEM = `-----BEGIN CERTIFICATE-----\n${CERTIFICATE.match(/.{1,64}/g)?.join("\n")}\n-----END CERTIFICATE-----\n`;
const SECRET = "0123456789abcdef0123456789abcdef";

function spki(jwk: Jwk): string {
  return createPublicKey({ key: { ...jwk }, format: "jwk" }).export({
    format: "pem",
    type: "spki",
  }) as string;
}

function body(pem: string): string {
  return pem.replace(/-----.*-----|\n/g, "");
}

describe("keys in JSON that is no JWK and no JWK Set", () => {
  it.each<[string, unknown, readonly object[]]>([
    [
      "a map from kid to certificate",
      { k1: CERTIFICATE_PEM, k2: spki(OTHER) },
      [
        { ...CERTIFIED, kid: "k1" },
        { ...OTHER, kid: "k2" },
      ],
    ],
    [
      "a map from kid to JWK",
      { "key-1": PUBLIC, "key-2": OTHER },
      [
        { ...PUBLIC, kid: "key-1" },
        { ...OTHER, kid: "key-2" },
      ],
    ],
    [
      "a service account",
      { type: "service_account", private_key_id: "k1", private_key: PEM, client_email: "a@b.test" },
      [{ ...JWK, kid: "k1" }],
    ],
    ["Hasura, a public key", { type: "RS512", key: SPKI_PEM }, [{ ...PUBLIC, alg: "RS512" }]],
    ["Hasura, a secret", { type: "HS256", key: SECRET }, [secretOf(SECRET, "HS256")]],
    ["a Keycloak realm", { realm: "demo", public_key: SPKI_BODY, "token-service": "https://x" }, [PUBLIC]],
    ["a Keycloak adapter", { realm: "demo", "realm-public-key": SPKI_BODY, resource: "app" }, [PUBLIC]],
    [
      "Keycloak's admin list of keys",
      {
        active: { RS256: "k1" },
        keys: [
          { kid: "k1", type: "RSA", algorithm: "RS256", use: "SIG", publicKey: SPKI_BODY },
          { kid: "k2", type: "RSA", algorithm: "RSA-OAEP", use: "ENC", publicKey: body(spki(OTHER)) },
        ],
      },
      [{ ...PUBLIC, kid: "k1", alg: "RS256" }],
    ],
    [
      "a Keycloak realm export",
      {
        realm: "demo",
        components: {
          "org.keycloak.keys.KeyProvider": [
            { name: "rsa", config: { privateKey: [body(PEM)], priority: ["100"] } },
          ],
        },
      },
      [JWK],
    ],
    [
      "UAA, without the numbers",
      { kty: "RSA", alg: "RS256", kid: "k1", value: SPKI_PEM },
      [{ ...PUBLIC, alg: "RS256", kid: "k1" }],
    ],
    ["UAA, with the numbers", { ...PUBLIC, kid: "k1", value: SPKI_PEM }, [{ ...PUBLIC, kid: "k1" }]],
    ["UAA's list", { keys: [{ kty: "RSA", kid: "k1", value: SPKI_PEM }] }, [{ ...PUBLIC, kid: "k1" }]],
    ["UAA, a secret", { kty: "MAC", alg: "HS256", value: SECRET }, [secretOf(SECRET, "HS256")]],
    [
      "client metadata",
      { client_id: "x", jwks: { keys: [{ ...PUBLIC, kid: "k1" }] } },
      [{ ...PUBLIC, kid: "k1" }],
    ],
    ["a confirmation", { cnf: { jwk: PUBLIC } }, [PUBLIC]],
    ["a bare list of JWKs", [PUBLIC, { ...OTHER, kid: "k2" }], [PUBLIC, { ...OTHER, kid: "k2" }]],
    ["a list of lists of JWKs", [[PUBLIC], [OTHER]], [PUBLIC, OTHER]],
    [
      "Supabase's list",
      [
        { ...OTHER, kid: "a" },
        { kty: "oct", k: "c2VjcmV0", alg: "HS256" },
      ],
      [
        { ...OTHER, kid: "a" },
        { kty: "oct", k: "c2VjcmV0", alg: "HS256" },
      ],
    ],
    [
      "Vault's transit keys",
      { data: { keys: { "1": { public_key: SPKI_PEM, name: "rsa-2048" } } } },
      [PUBLIC],
    ],
    ["Vault's KV", { request_id: "x", data: { data: { private_key: PEM } } }, [JWK]],
    [
      "Kong's credentials",
      { data: [{ algorithm: "RS256", rsa_public_key: SPKI_PEM, key: "issuer" }] },
      [{ ...PUBLIC, alg: "RS256" }],
    ],
    [
      "Kong's credentials with a secret",
      { data: [{ algorithm: "HS384", rsa_public_key: null, key: "iss", secret: SECRET }] },
      [secretOf(SECRET, "HS384")],
    ],
    [
      "Zitadel's key",
      { type: "serviceaccount", keyId: "123", key: PEM, userId: "4" },
      [{ ...JWK, kid: "123" }],
    ],
    [
      "a Kubernetes Secret",
      { kind: "Secret", data: { "tls.key": Buffer.from(PEM).toString("base64") } },
      [JWK],
    ],
    [
      "Auth0's signing keys",
      [{ kid: "k1", cert: CERTIFICATE_PEM, current: true }],
      [{ ...CERTIFIED, kid: "k1" }],
    ],
    ["AWS KMS", { KeyId: "arn:aws:kms:x", PublicKey: SPKI_BODY, KeyUsage: "SIGN_VERIFY" }, [PUBLIC]],
    ["Terraform's outputs", { private_key_pem: { sensitive: true, value: PEM } }, [JWK]],
    ["a JWK as text", { jwk: JSON.stringify(PUBLIC) }, [PUBLIC]],
    [
      "a JWK Set as base64",
      { jwks: Buffer.from(JSON.stringify({ keys: [PUBLIC] })).toString("base64") },
      [PUBLIC],
    ],
    ["lines of a PEM text", { key: SPKI_PEM.trim().split("\n") }, [PUBLIC]],
    ["a Buffer of Node", { type: "Buffer", data: [...Buffer.from(SPKI_PEM)] }, [PUBLIC]],
    ["both halves of a pair", { publicKey: SPKI_PEM, privateKey: PEM }, [JWK]],
    [
      ".NET's JsonWebKey",
      { Kty: "RSA", Kid: "k1", Alg: null, N: PUBLIC.n, E: PUBLIC.e, D: null, KeyOps: [] },
      [{ ...PUBLIC, kid: "k1" }],
    ],
    [
      ".NET's set",
      { Keys: [{ Kty: "RSA", Kid: "k1", N: PUBLIC.n, E: PUBLIC.e }] },
      [{ ...PUBLIC, kid: "k1" }],
    ],
    [".NET's RSAParameters", { Modulus: standard(PUBLIC.n), Exponent: "AQAB" }, [PUBLIC]],
  ])("%s", async (_, content, keys) => {
    const found = await read(content);
    expect(found.keys).toEqual(keys);
    if (!_.startsWith("UAA, with")) expect(found.repairs.length).toBeGreaterThan(0);
  });

  it("an encryption key of a list is left out, and remembered by its kid", async () => {
    const { notes, leftOut } = await read({
      keys: [
        { kid: "k1", publicKey: SPKI_BODY },
        { kid: "k2", use: "ENC", publicKey: SPKI_BODY },
      ],
    });
    expect(leftOut).toEqual([{ kid: "k2", reason: 'an encryption key ("use": "ENC")' }]);
    expect(notes).toEqual(['the key in "keys/2/publicKey" was left out: an encryption key ("use": "ENC")']);
  });

  it("a damaged key in a container is named for its damage", async () => {
    const error = await refusal(read({ private_key: PEM.slice(0, 900) }), "key_malformed");
    expect(error.message).toContain("is cut off");
  });

  it.each<[string, unknown, string]>([
    ["a response with tokens", { access_token: "eyJ.x.y", token_type: "Bearer" }, "tokens, not keys"],
    ["metadata", { jwks_uri: "https://x/jwks" }, "a server's metadata"],
    ["anything else", { a: 1, b: ["c"] }, "no value in it is a key"],
  ])("%s holds no key", async (_, content, message) => {
    expect((await refusal(read(content), "key_malformed")).message).toContain(message);
  });
});

describe("what serialisers write although a key has no such thing", () => {
  it.each<[string, object, string]>([
    [
      "null members",
      { alg: null, use: null, d: null, p: null, x5t: null },
      '"alg", "use", "d", "p" are null',
    ],
    ["an empty use", { use: "" }, '"use" is null or empty and counts as absent'],
    ["empty key_ops", { key_ops: [] }, '"key_ops" is null'],
    ["an empty kid", { kid: "" }, '"kid" is null'],
  ])("%s count as absent, with a note", async (_, members, note) => {
    const { keys, notes } = await read({ ...PUBLIC, ...members });
    expect(keys).toEqual([PUBLIC]);
    expect(notes).toEqual([expect.stringContaining(note)]);
  });

  it("a null in place of a key's number is that number missing", async () => {
    expect((await refusal(read({ ...PUBLIC, n: null }), "key_malformed")).message).toBe(
      'this RSA key has no "n"',
    );
  });

  it.each<[string, string, string]>([
    ["a certificate", CERTIFICATE, "the certificate there"],
    ["an SPKI", body(spki(CERTIFIED)), "the public key (SPKI) there"],
    ["a certificate with PEM lines", CERTIFICATE_PEM, "the certificate there"],
  ])("a key that stands only in x5c is taken from %s", async (_, x5c, note) => {
    const { keys, notes } = await read({ keys: [{ kty: "RSA", kid: "k1", use: "sig", x5c: [x5c] }] });
    expect(keys).toEqual([{ ...CERTIFIED, kid: "k1", use: "sig" }]);
    expect(notes.join()).toContain(note);
  });

  it("x5c with something else in it, or with another type of key, is refused", async () => {
    const wrong = await refusal(read({ kty: "RSA", x5c: ["bm8ga2V5"] }), "key_malformed");
    expect(wrong.message).toContain("neither a certificate nor a public key");
    const other = await refusal(read({ kty: "EC", crv: "P-256", x5c: [CERTIFICATE] }), "key_malformed");
    expect(other.message).toContain("holds another type of key");
  });
});

describe("sets of very many keys", () => {
  it("are refused beyond 10,000 entries, whatever these are", async () => {
    const error = await refusal(read({ keys: Array(10_001).fill({}) }), "input_too_large");
    expect(error.message).toBe("the key set has 10001 entries");
  });

  it("tell only so many reasons", async () => {
    const error = await refusal(read({ keys: Array(5000).fill({ kty: "x" }) }), "key_unusable");
    expect(error.data["reasons"]).toHaveLength(20);
    const { notes, leftOut } = await read({ keys: [...Array(5000).fill({ kty: "x" }), OTHER] });
    expect(notes).toHaveLength(50);
    expect(notes.at(-1)).toBe("and 4951 more remarks of this kind");
    expect(leftOut).toHaveLength(5000);
  });
});

function secretOf(text: string, alg: string): object {
  return { kty: "oct", k: Buffer.from(text).toString("base64url"), alg };
}

function standard(text: string | undefined): string {
  return Buffer.from(text ?? "", "base64url").toString("base64");
}
