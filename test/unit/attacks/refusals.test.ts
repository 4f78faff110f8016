import { describe, expect, it } from "vitest";
import { isOmission, type Tampering } from "../../../src/app/attacks/tamper.ts";
import { ATTACK_IDS, type AttackId } from "../../../src/core/analysis/attacks/attack.ts";
import type { ErrorCode } from "../../../src/core/base/errors.ts";
import type { JwsAlgorithm } from "../../../src/core/jose/algorithms.ts";
import type { CheckName } from "../../../src/core/jose/verification/check.ts";
import { ADMIN, forgedBy, honest, tamperWith } from "./honest.ts";

interface Expected {
  /** What decides when the verifier knows its keys by kid, and when it was given one bare key. */
  readonly byKid: ErrorCode;
  readonly bare: ErrorCode;
  /** The check that refuses, and what its reason says. */
  readonly check: readonly [name: CheckName, reason: RegExp];
  readonly alg: JwsAlgorithm;
}

const EXPECTED: Readonly<Record<AttackId, Expected>> = {
  edit: {
    byKid: "signature_invalid",
    bare: "signature_invalid",
    check: ["signature", /the token was changed/],
    alg: "ES256",
  },
  strip: {
    byKid: "signature_invalid",
    bare: "signature_invalid",
    check: ["signature", /doesn.t match/],
    alg: "ES256",
  },
  none: {
    byKid: "algorithm_not_allowed",
    bare: "algorithm_not_allowed",
    check: ["algorithm", /"none": an unsigned token is never accepted/],
    alg: "ES256",
  },
  "none-case": {
    byKid: "algorithm_not_allowed",
    bare: "algorithm_not_allowed",
    check: ["algorithm", /"nOnE": an unsigned token is never accepted/],
    alg: "RS256",
  },
  "duplicate-alg": {
    byKid: "algorithm_not_allowed",
    bare: "algorithm_not_allowed",
    check: ["duplicates", /alg/],
    alg: "ES256",
  },
  "hs-rs": {
    byKid: "algorithm_not_allowed",
    bare: "algorithm_not_allowed",
    check: ["algorithm", /a public key must never serve as an HMAC secret/],
    alg: "RS256",
  },
  "blank-secret": {
    byKid: "signature_invalid",
    bare: "signature_invalid",
    check: ["signature", /a different key signed it/],
    alg: "HS256",
  },
  kid: {
    byKid: "no_matching_key",
    bare: "algorithm_not_allowed",
    check: ["key", /dev\/null/],
    alg: "ES256",
  },
  "kid-sql": {
    byKid: "no_matching_key",
    bare: "algorithm_not_allowed",
    check: ["key", /UNION SELECT/],
    alg: "ES256",
  },
  "embedded-jwk": {
    byKid: "no_matching_key",
    bare: "signature_invalid",
    check: ["key", /names the key/],
    alg: "ES256",
  },
  jku: { byKid: "no_matching_key", bare: "signature_invalid", check: ["key", /names the key/], alg: "EdDSA" },
  x5u: { byKid: "no_matching_key", bare: "signature_invalid", check: ["key", /names the key/], alg: "ES512" },
  psychic: {
    byKid: "signature_invalid",
    bare: "signature_invalid",
    check: ["signature", /doesn.t match/],
    alg: "ES384",
  },
  respelled: {
    byKid: "token_malformed",
    bare: "token_malformed",
    check: ["format", /signature/],
    alg: "ES256",
  },
};

describe("jwtctl's own verification refuses a token forged by", () => {
  it.each(ATTACK_IDS)("%s, with keys known by kid", async (id) => {
    const { alg, byKid, check } = EXPECTED[id];
    const target = await honest(alg);
    const { verdict } = await forgedBy(target, {
      attack: id,
      claims: id === "respelled" ? [] : [ADMIN],
      ...(target.publicKey ? { publicKey: target.publicKey.pem } : {}),
    });
    expect(verdict).toMatchObject({ valid: false, verdict: byKid, stopped: true });
    const found = verdict?.checks.find(({ name }) => name === check[0]);
    expect(found).toMatchObject({ status: "fail", detail: expect.stringMatching(check[1]) });
  });

  it.each(ATTACK_IDS)("%s, with one bare key", async (id) => {
    const { alg, bare } = EXPECTED[id];
    const target = await honest(alg, { nameless: true });
    const { verdict } = await forgedBy(target, {
      attack: id,
      claims: id === "respelled" ? [] : [ADMIN],
      ...(target.publicKey ? { publicKey: target.publicKey.pem } : {}),
    });
    expect(verdict).toMatchObject({ valid: false, verdict: bare, stopped: true });
  });

  it.each(["pem", "der", "jwk"] as const)("hs-rs, the public key taken as %s", async (form) => {
    for (const alg of ["RS256", "ES256", "EdDSA"] as const) {
      const target = await honest(alg);
      const publicKey = target.publicKey?.[form] ?? new Uint8Array();
      const { verdict } = await forgedBy(target, { attack: "hs-rs", claims: [ADMIN], publicKey });
      expect(verdict).toMatchObject({ valid: false, verdict: "algorithm_not_allowed" });
    }
  });
});

describe("the honest token", () => {
  it.each(["ES256", "RS256", "PS256", "EdDSA", "HS256"] as const)(
    "of %s was accepted before anyone touched it, and no attack on it succeeds",
    async (alg) => {
      const target = await honest(alg);
      const publicKey = target.publicKey?.pem;
      const { original, tamperings } = await tamperWith(target, publicKey ? { publicKey } : {});
      expect(original).toMatchObject({ valid: true, stopped: false });
      expect(tamperings.map(({ attack }) => attack.id)).toEqual([...ATTACK_IDS]);
      const tried = tamperings.filter((entry): entry is Tampering => !isOmission(entry));
      expect(tried.length).toBeGreaterThanOrEqual(12);
      for (const entry of tried) expect(entry.verdict, entry.attack.id).toMatchObject({ stopped: true });
    },
  );

  it("that has expired does not let the clock take the credit for stopping a forgery", async () => {
    const target = await honest("HS256", { claims: { exp: 1 } });
    const forged = await forgedBy(target, { attack: "edit", claims: [ADMIN] });
    expect(forged.verdict).toMatchObject({ verdict: "signature_invalid", stopped: true });
  });
});

describe("a careless verifier", () => {
  it("with an empty secret is shown to accept a forged token", async () => {
    const target = await honest("HS256");
    const careless = { ...target, candidates: [{ jwk: { kty: "oct", k: "" }, source: "the test", bits: 0 }] };
    const forged = await forgedBy(careless, { attack: "blank-secret", claims: [ADMIN] });
    expect(forged.verdict).toMatchObject({ valid: true, stopped: false });
  });

  it("with an empty secret is not saved by the token's being expired", async () => {
    const target = await honest("HS256", { claims: { exp: 1 } });
    const careless = { ...target, candidates: [{ jwk: { kty: "oct", k: "" }, source: "the test", bits: 0 }] };
    const forged = await forgedBy(careless, { attack: "blank-secret", claims: [ADMIN] });
    expect(forged.verdict).toMatchObject({ valid: false, verdict: "token_expired", stopped: false });
  });

  it("with an empty secret is not saved by an issuer that a forger can write", async () => {
    const target = await honest("HS256", { claims: { iss: "https://elsewhere.example" } });
    const careless = { ...target, candidates: [{ jwk: { kty: "oct", k: "" }, source: "the test", bits: 0 }] };
    const forged = await forgedBy(careless, { attack: "blank-secret", claims: [ADMIN] });
    expect(forged.verdict).toMatchObject({ valid: false, verdict: "issuer_mismatch", stopped: false });
  });

  it("with the public key as its HMAC secret is shown to accept a forged token", async () => {
    const target = await honest("RS256");
    const pem = target.publicKey?.pem ?? new Uint8Array();
    const k = Buffer.from(pem).toString("base64url");
    const careless = { ...target, candidates: [{ jwk: { kty: "oct", k }, source: "the test", bits: 3600 }] };
    const forged = await forgedBy(careless, { attack: "hs-rs", claims: [ADMIN], publicKey: pem });
    expect(forged.verdict).toMatchObject({ valid: true, stopped: false });
  });
});
