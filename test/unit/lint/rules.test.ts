import { describe, expect, it } from "vitest";
import { SEVERITIES } from "../../../src/core/analysis/lint/rule.ts";
import { RULES, ruleNamed } from "../../../src/core/analysis/lint/rules.ts";
import { conformant } from "../kinds/conformant.ts";
import { segment } from "../token/make.ts";
import {
  type Circumstances,
  CLAIMS,
  findingsOf,
  HEADER,
  made,
  rulesBrokenBy,
  SECONDS,
  signed,
  written,
} from "./examples.ts";

type Example = readonly [token: string, where: string, circumstances?: Circumstances];

const STRONG = "an-hmac-secret-that-nobody-else-has-chosen-4f1d";
const json = JSON.stringify;
const encrypted = (header: object) => `${segment(header)}.AA.AA.AA.AA`;
const without = (name: string) => made({ claims: { [name]: undefined } });

/** For every rule a token that breaks it, and where. */
const BROKEN: Readonly<Record<string, readonly Example[]>> = {
  "kind-typ": [[made(conformant("dpop-proof", { header: { typ: "JWT" } })), "/header/typ"]],
  "kind-missing": [[made(conformant("dpop-proof", { claims: { htm: undefined } })), "/payload"]],
  "kind-forbidden": [[made(conformant("logout-token", { claims: { nonce: "n" } })), "/payload/nonce"]],
  "kind-value": [
    [made(conformant("dpop-proof", { claims: { htu: "https://a.example/?b" } })), "/payload/htu"],
    [made(conformant("dpop-proof", { header: { alg: "HS256" } })), "/header/alg"],
  ],
  "kind-advice": [[made(conformant("security-event", { header: { typ: undefined } })), "/header"]],
  "alg-none": [
    [made({ header: { alg: "none" }, signature: "" }), "/header/alg"],
    [made({ header: { alg: "NoNe" } }), "/header/alg"],
  ],
  "alg-missing": [
    [made({ header: { alg: undefined } }), "/header"],
    [made({ header: { alg: 256 } }), "/header"],
  ],
  "alg-unknown": [[made({ header: { alg: "es256" } }), "/header/alg"]],
  unsigned: [
    [made({ signature: "" }), "/signature"],
    [made().replace(/\.[^.]*$/, ""), "/signature"],
  ],
  "signature-length": [
    [made({ signature: new Uint8Array(63) }), "/signature"],
    [made({ signature: Uint8Array.of(0x30, 0x45, ...new Uint8Array(69)) }), "/signature"],
  ],
  "rsa-pkcs1-signature": [[made({ header: { alg: "RS256" } }), "/header/alg"]],
  "alg-polymorphic": [[made({ header: { alg: "EdDSA" } }), "/header/alg"]],
  "shared-secret": [[signed(STRONG), "/header/alg"]],
  "password-rounds": [
    [
      encrypted({ alg: "PBES2-HS256+A128KW", enc: "A128GCM", typ: "JWT", p2s: "AAAA", p2c: 2e9 }),
      "/header/p2c",
    ],
    [
      encrypted({ alg: "PBES2-HS256+A128KW", enc: "A128GCM", typ: "JWT", p2s: "AAAA", p2c: 100 }),
      "/header/p2c",
    ],
    [encrypted({ alg: "PBES2-HS256+A128KW", enc: "A128GCM", typ: "JWT", p2s: "AAAA" }), "/header/p2c"],
  ],
  "rsa1-5-encryption": [[encrypted({ alg: "RSA1_5", enc: "A256GCM", typ: "JWT" }), "/header/alg"]],
  compressed: [[encrypted({ alg: "RSA-OAEP-256", enc: "A256GCM", zip: "DEF" }), "/header/zip"]],
  "notorious-secret": [
    [signed("secret"), "/signature"],
    [signed("your-256-bit-secret"), "/signature"],
    [signed(""), "/signature"],
    [signed(Buffer.from("c2VjcmV0", "base64")), "/signature"],
    [made(), "/signature", { secret: "changeme" }],
  ],
  "weak-hmac-secret": [
    [signed("31 bytes are one less than enough"), "", { secret: "31 bytes are one less than eno" }],
    [signed(STRONG), "/signature", { secret: "abababababababababababababababababababab" }],
  ],
  "secret-mismatch": [
    [signed(STRONG), "/signature", { secret: `${STRONG}!` }],
    [made(), "/signature", { secret: STRONG }],
  ],
  "missing-typ": [[made({ header: { typ: undefined } }), "/header"]],
  "missing-kid": [[made({ header: { kid: undefined } }), "/header"]],
  "suspicious-kid": [[made({ header: { kid: "../../dev/null" } }), "/header/kid"]],
  "key-url-header": [
    [made({ header: { jku: "https://keys.example/jwks.json" } }), "/header/jku"],
    [made({ header: { x5u: "https://keys.example/cert.pem" } }), "/header/x5u"],
  ],
  "embedded-key": [
    [made({ header: { jwk: { kty: "EC" } } }), "/header/jwk"],
    [made({ header: { x5c: ["MIIB"] } }), "/header/x5c"],
  ],
  "certificate-hash": [
    [made({ header: { x5t: "D1ACDA28E9842D3F8A9B51C87AD2AE58E722D8DE" } }), "/header/x5t"],
    [made({ header: { x5t: segment("D1ACDA28E9842D3F8A9B51C87AD2AE58E722D8DE") } }), "/header/x5t"],
    [made({ header: { x5t: "0azaKOmELT+Km1HIetKuWOci2N4=" } }), "/header/x5t"],
    [made({ header: { x5t: "k1" } }), "/header/x5t"],
    [made({ header: { "x5t#S256": "0azaKOmELT-Km1HIetKuWOci2N4" } }), "/header/x5t#S256"],
    [made({ header: { x5t: 7 } }), "/header/x5t"],
  ],
  "graph-token": [
    [made({ header: { nonce: "n" }, claims: { iss: "https://sts.windows.net/t/" } }), "/header/nonce"],
    [
      made({ header: { nonce: "n" }, claims: { iss: "https://login.microsoftonline.com/t/v2.0" } }),
      "/header/nonce",
    ],
  ],
  "private-key-in-header": [
    [made({ header: { jwk: { kty: "EC", d: "AA" } } }), "/header/jwk/d"],
    [made({ header: { jwk: { kty: "oct", k: "AA" } } }), "/header/jwk/k"],
  ],
  "critical-extension": [
    [made({ header: { crit: ["http://example.com/x"], "http://example.com/x": 1 } }), "/header/crit"],
    [made({ header: { crit: ["absent"] } }), "/header/crit"],
    [made({ header: { crit: [] } }), "/header/crit"],
    [made({ header: { crit: "exp" } }), "/header/crit"],
  ],
  "unencoded-payload": [
    [`${segment({ ...HEADER, b64: false })}.${json(CLAIMS).replaceAll(".", "-")}.AA`, "/header/b64"],
  ],
  "replicated-claim-differs": [[made({ header: { iss: "https://other.example.com" } }), "/header/iss"]],
  "claim-type": [
    [made({ header: { kid: 7 } }), "/header/kid"],
    [made({ claims: { sub: 4711 } }), "/payload/sub"],
    [made({ claims: { aud: [1] } }), "/payload/aud"],
  ],
  "no-exp": [[without("exp"), "/payload"]],
  "long-lifetime": [
    [made({ claims: { exp: SECONDS + 86_400 } }), "/payload/exp"],
    [made({ claims: { iat: undefined, exp: SECONDS + 86_401 } }), "/payload/exp"],
    [made(), "/payload/exp", { options: { maxLifetime: 60 } }],
  ],
  "no-iat": [[without("iat"), "/payload"]],
  milliseconds: [
    [made({ claims: { exp: SECONDS * 1000 } }), "/payload/exp"],
    [made({ claims: { auth_time: SECONDS * 1000 } }), "/payload/auth_time"],
  ],
  "invalid-date": [
    [made({ claims: { exp: "tomorrow" } }), "/payload/exp"],
    [made({ claims: { nbf: null } }), "/payload/nbf"],
    [written(json(HEADER), json(CLAIMS).replace(/"exp":\d+/, '"exp":1e400')), "/payload/exp"],
    [made({ claims: { iat: -1 } }), "/payload/iat"],
  ],
  "exp-before-iat": [[made({ claims: { exp: SECONDS - 61 } }), "/payload/exp"]],
  "nbf-after-exp": [[made({ claims: { nbf: SECONDS + 840 } }), "/payload/exp"]],
  "future-iat": [[made({ claims: { iat: SECONDS + 1 } }), "/payload/iat"]],
  "missing-iss": [[without("iss"), "/payload"]],
  "missing-aud": [[without("aud"), "/payload"]],
  "missing-sub": [[without("sub"), "/payload"]],
  "http-issuer": [[made({ claims: { iss: "http://auth.example.com" } }), "/payload/iss"]],
  "issuer-with-query": [
    [made({ claims: { iss: "https://auth.example.com/?tenant=1" } }), "/payload/iss"],
    [made({ claims: { iss: "https://auth.example.com/#a" } }), "/payload/iss"],
  ],
  "wildcard-audience": [
    [made({ claims: { aud: "*" } }), "/payload/aud"],
    [made({ claims: { aud: ["https://*.example.com"] } }), "/payload/aud"],
    [made({ claims: { aud: "" } }), "/payload/aud"],
    [made({ claims: { aud: [] } }), "/payload/aud"],
  ],
  "several-audiences": [[made({ claims: { aud: ["a", "b"] } }), "/payload/aud"]],
  "access-token-typ": [
    [made({ header: { typ: "JWT" } }), "/header/typ", { options: { as: "access-token" } }],
    [made({ header: { typ: undefined } }), "/header", { options: { as: "access-token" } }],
  ],
  "access-token-claims": ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"].map((name) => [
    without(name),
    "/payload",
  ]),
  "access-token-shared-secret": [[signed(STRONG), "/header/alg"]],
  "id-token-as-access-token": [
    [made({ claims: { nonce: "n-0S6_WzA2Mj" } }), "/payload/nonce"],
    [made({ header: { typ: "JWT" }, claims: { at_hash: "MTIzNDU2Nzg5MDEyMzQ1Ng" } }), "/payload/at_hash"],
    [made({ claims: { aud: "shop" } }), "/payload/aud"],
  ],
  "scope-form": [
    [made({ claims: { scope: ["read", "write"] } }), "/payload/scope"],
    [made({ claims: { scope: "read,write" } }), "/payload/scope"],
  ],
  "sensitive-claim": [
    [made({ claims: { password: "hunter2" } }), "/payload/password"],
    [made({ claims: { user: { "api-key": "x" } } }), "/payload/user/api-key"],
    [made({ claims: { dbPassword: "x" } }), "/payload/dbPassword"],
    [made({ claims: { list: [{ client_secret: "x" }] } }), "/payload/list/0/client_secret"],
    [made({ claims: { pin: 1234 } }), "/payload/pin"],
  ],
  "secret-value": [[made({ claims: { note: "AKIAIOSFODNN7EXAMPLE" } }), "/payload/note"]],
  "personal-identifier": [[made({ claims: { ref: "4111 1111 1111 1111" } }), "/payload/ref"]],
  "personal-data": [
    [made({ claims: { email: "alice@example.com" } }), "/payload/email"],
    [made({ claims: { contacts: ["bob@example.com"] } }), "/payload/contacts/0"],
    [made({ claims: { address: { country: "FR" } } }), "/payload/address"],
  ],
  "oversized-header": [[made({ claims: { groups: "g".repeat(8192) } }), ""]],
  "oversized-cookie": [[made({ claims: { groups: "g".repeat(3072) } }), ""]],
  "not-claims": [
    [written(json(HEADER), "Hello"), "/payload"],
    [written(json(HEADER), "[]"), "/payload"],
  ],
  "duplicate-member": [
    [written(json(HEADER), json(CLAIMS).replace("{", '{"sub":"admin",')), "/payload/sub"],
    [written('{"alg":"ES256","kid":"a","kid":"b","typ":"at+jwt"}', json(CLAIMS)), "/header/kid"],
  ],
  "non-canonical": [
    [`${made()}==`, "/signature"],
    [`${made().slice(0, -1)}x`, "/signature"],
    [made({ signature: "+/".repeat(43) }), "/signature"],
  ],
  "invisible-characters": [
    [made({ claims: { sub: "admin\u202e" } }), "/payload/sub"],
    [made({ claims: { sub: "ad\u200bmin" } }), "/payload/sub"],
    [made({ claims: { note: "\u001b]52;c;\u0007" } }), "/payload/note"],
    [made({ claims: { "a\u0000b": 1 } }), "/payload/a\u0000b"],
    [made({ header: { kid: "a\u0007" } }), "/header/kid"],
  ],
  "unsafe-integer": [
    [written(json(HEADER), json(CLAIMS).replace("{", '{"id":9007199254740993,')), "/payload/id"],
  ],
  "prototype-name": [
    [written(json(HEADER), json(CLAIMS).replace("{", '{"__proto__":{},')), "/payload/__proto__"],
  ],
};

describe("lint rules", () => {
  it("find nothing in a token in which everything is as it should be", async () => {
    expect(await findingsOf(made())).toEqual([]);
  });

  it("each have a token that breaks them, and no two have the same id", () => {
    expect(RULES.map(({ id }) => id).sort()).toEqual(Object.keys(BROKEN).sort());
  });

  it.each(RULES.map((rule) => [rule.id, rule] as const))(
    "%s is explained",
    (id, { title, why, reference, severity }) => {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(SEVERITIES).toContain(severity);
      expect(reference).toMatch(/\b(?:RFC \d{4}|OpenID Connect)/);
      for (const text of [title, why]) expect(text).toMatch(/^\S.*[^.\s]$/);
      expect(why.length).toBeGreaterThan(40);
    },
  );

  it.each(
    Object.entries(BROKEN).flatMap(([rule, examples]) =>
      examples.map(([token, where, circumstances], index) => ({ rule, index, token, where, circumstances })),
    ),
  )("$rule is broken (example $index) at $where", async ({ rule, token, where, circumstances }) => {
    const findings = (await findingsOf(token, circumstances)).filter((finding) => finding.rule === rule);
    expect(findings.length).toBeGreaterThan(0);
    if (where !== "") expect(findings.map((finding) => finding.where)).toContain(where);
    for (const { severity, why, reference } of findings) {
      expect({ severity, why, reference }).toEqual({
        severity: ruleNamed(rule).severity,
        why: ruleNamed(rule).why,
        // What a kind of token demands is in the specification of the kind.
        reference: rule.startsWith("kind-") ? expect.stringMatching(/RFC|OpenID/) : ruleNamed(rule).reference,
      });
    }
  });
});

describe("what is all right", () => {
  it.each([
    ["an aud list of one", made({ claims: { aud: ["https://api.example.com"] } })],
    ["an expired token: it is a matter of time", made({ claims: { iat: 1000, exp: 1900 } })],
    ["a life of exactly a day", made({ claims: { iat: SECONDS, exp: SECONDS + 86_400 } })],
    ["fractions of seconds", made({ claims: { iat: SECONDS - 0.5, exp: SECONDS + 0.5 } })],
    ["http on this machine", made({ claims: { iss: "http://localhost:8080/realms/dev" } })],
    ["an issuer that is no address", made({ claims: { iss: "accounts.example.com" } })],
    [
      "auth_time, acr and amr of an access token",
      made({ claims: { auth_time: SECONDS - 60, acr: "1", amr: ["pwd"] } }),
    ],
    ["a flag named like a password", made({ claims: { must_change_password: true, password: null } })],
    ["a long id that passes no check of cards", made({ claims: { ref: "4111111111111112" } })],
    ["a number of 16 digits outside the ranges of cards", made({ claims: { ref: "9000000000000001" } })],
    [
      "a signature of ES512 of its length",
      made({ header: { alg: "ES512" }, signature: new Uint8Array(132) }),
    ],
    ["the largest exact integer", made({ claims: { id: 9007199254740991 } })],
    ["a header that repeats the issuer", made({ header: { iss: CLAIMS.iss } })],
    ["4096 bytes", made({ claims: { groups: "g".repeat(3072 - 320) } })],
  ])("%s", async (_, token) => {
    expect(await findingsOf(token)).toEqual([]);
  });

  it("a strong secret that made the signature", async () => {
    const broken = await rulesBrokenBy(signed(STRONG), { secret: STRONG });
    expect(broken).toEqual(["access-token-shared-secret", "shared-secret"]);
  });

  it("an ID token that is used as one: nonce and at_hash, no scope", async () => {
    const claims = { scope: undefined, client_id: undefined, nonce: "n", at_hash: "h", aud: "shop" };
    expect(await findingsOf(made({ header: { typ: "JWT" }, claims }))).toEqual([]);
  });

  it("an encrypted token: its claims cannot be judged", async () => {
    expect(
      await findingsOf(encrypted({ alg: "RSA-OAEP-256", enc: "A256GCM", typ: "JWT", kid: "k" })),
    ).toEqual([]);
  });
});

describe("milliseconds are told once, not as a long life too", () => {
  it("for exp alone and for all dates", async () => {
    expect(await rulesBrokenBy(made({ claims: { exp: SECONDS * 1000 } }))).toEqual(["milliseconds"]);
    const all = { iat: (SECONDS - 60) * 1000, exp: (SECONDS + 60) * 1000 };
    expect(await rulesBrokenBy(made({ claims: all }))).toEqual(["milliseconds"]);
  });
});
