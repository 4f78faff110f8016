import { describe, expect, it } from "vitest";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import type { CandidateKey } from "../../../src/core/jose/verification/key-choice.ts";
import type { VerificationOptions, VerificationReport } from "../../../src/core/jose/verification/report.ts";
import { MAX_VERIFY_LENGTH, verifyCompact } from "../../../src/core/jose/verification/verify.ts";
import rfc7515 from "../../fixtures/rfc/rfc7515.json" with { type: "json" };
import rfc7519 from "../../fixtures/rfc/rfc7519.json" with { type: "json" };
import rfc7520 from "../../fixtures/rfc/rfc7520.json" with { type: "json" };
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { segment, unsignedToken } from "./make.ts";
import { candidate, ecKey, nodeJws, rsaKey, secretKey, signed } from "./node-jws.ts";

const NOW = Date.UTC(2026, 2, 1, 12);
const seconds = NOW / 1000;
const strong = secretKey("a secret of thirty-two bytes, yes");
const ec = ecKey({ kid: "ec-1" });
const rsa = rsaKey({ kid: "rsa-1" });

type Change = Partial<VerificationOptions> & { readonly at?: number };

async function verify(
  text: string,
  keys: readonly (Jwk | CandidateKey)[],
  change: Change = {},
): Promise<VerificationReport> {
  const candidates = keys.map((key) => ("jwk" in key ? (key as CandidateKey) : candidate(key as Jwk)));
  return verifyCompact(
    text,
    candidates,
    {
      time: { now: change.at ?? NOW, utcOffset: () => 0 },
      leeway: 0,
      algorithms: [],
      types: [],
      issuers: [],
      audiences: [],
      require: [],
      tryAll: false,
      ...change,
    },
    nodeJws,
  );
}

function lines(report: VerificationReport, ...names: string[]): string[] {
  return report.checks
    .filter((check) => names.includes(check.name))
    .map((check) => [check.name, check.status, check.code].filter(Boolean).join(" "));
}

function failures(report: VerificationReport): string[] {
  return report.checks
    .filter((check) => check.status === "fail")
    .map((check) => `${check.name} ${check.code}`);
}

const detail = (report: VerificationReport, name: string) =>
  report.checks.find((check) => check.name === name)?.detail;
const hs = (claims: object | string, header: object | string = { alg: "HS256", typ: "JWT" }) =>
  signed(header, claims, strong, "HS256");

describe("verification of published tokens", () => {
  const signedExamples = rfc7515.examples.filter(
    (example) => example.alg !== "none" && example.section !== "A.4",
  );

  it.each(signedExamples.map((example) => [example.section, example] as const))(
    "accepts RFC 7515 %s at the time it was valid, and only the date fails now",
    async (_, example) => {
      const key = { ...example.key, kid: undefined } as unknown as Jwk;
      const then = await verify(example.compact, [key], { at: 1300819379_000 });
      expect([then.valid, then.verdict]).toEqual([true, undefined]);
      const now = await verify(example.compact, [key]);
      expect([now.valid, now.verdict, failures(now)]).toEqual([
        false,
        "token_expired",
        ["exp token_expired"],
      ]);
    },
  );

  it("verifies the signature of RFC 7515 A.4 and refuses its payload, which is no claims set", async () => {
    const example = rfc7515.examples.find(({ section }) => section === "A.4");
    const report = await verify(example?.compact ?? "", [
      { ...example?.key, kid: undefined } as unknown as Jwk,
    ]);
    expect(lines(report, "signature", "payload")).toEqual([
      "signature pass",
      "payload fail payload_not_claims",
    ]);
    expect([report.valid, report.verdict]).toEqual([false, "payload_not_claims"]);
  });

  it("refuses the unsecured tokens of RFC 7515 A.5 and RFC 7519 6.1", async () => {
    const unsecured = rfc7515.examples.find(({ section }) => section === "A.5");
    for (const text of [unsecured?.compact ?? "", rfc7519["6.1"].compact]) {
      const report = await verify(text, [strong], { at: 1300819379_000 });
      expect([report.valid, report.verdict]).toEqual([false, "algorithm_not_allowed"]);
    }
  });

  it("accepts RFC 7519 3.1 with its key", async () => {
    const { compact, key } = rfc7519["3.1"];
    expect(
      (await verify(compact, [{ ...key, kid: undefined } as unknown as Jwk], { at: 1300819379_000 })).valid,
    ).toBe(true);
  });

  it("accepts jwt.io's samples, and warns that the old secret is short", async () => {
    const recent = await verify(jwtIo.new.token, [secretKey(jwtIo.new.secret)]);
    expect([recent.valid, lines(recent, "key_size", "exp")]).toEqual([true, ["key_size pass", "exp warn"]]);
    const old = await verify(jwtIo.old.token, [secretKey(jwtIo.old.secret)]);
    expect([old.valid, lines(old, "key_size")]).toEqual([true, ["key_size warn key_too_weak"]]);
  });

  it("refuses a JWE as encrypted, with every check skipped that needs its content", async () => {
    const report = await verify(rfc7520["5.3"].jwe, [rsa]);
    expect([report.valid, report.verdict]).toEqual([false, "token_encrypted"]);
    expect(failures(report)).toEqual(["format token_encrypted"]);
    expect(lines(report, "signature", "key", "payload", "exp")).toEqual([
      "signature skip",
      "key skip",
      "payload skip",
      "exp skip",
    ]);
  });
});

describe("verification against attacks on the algorithm", () => {
  it.each(["none", "None", "NONE", "nOnE"])("refuses alg %s, with and without a signature", async (alg) => {
    for (const signature of ["", "c2ln"]) {
      const report = await verify(unsignedToken({ alg }, { exp: seconds + 60 }, signature), [strong]);
      expect([report.valid, report.verdict]).toEqual([false, "algorithm_not_allowed"]);
      expect(lines(report, "signature", "algorithm", "exp")).toEqual([
        "signature skip",
        "algorithm fail algorithm_not_allowed",
        "exp pass",
      ]);
    }
  });

  it("refuses alg none although --alg and --try-all are given", async () => {
    const report = await verify(unsignedToken({ alg: "none" }, {}, ""), [strong, ec], {
      tryAll: true,
      algorithms: ["HS256"],
    });
    expect(report.verdict).toBe("algorithm_not_allowed");
  });

  it("refuses an HMAC made with the public key as its secret (HS/RS confusion)", async () => {
    for (const secret of [rsa.n ?? "", JSON.stringify({ kty: "RSA", n: rsa.n, e: rsa.e })]) {
      const forged = await signed(
        { alg: "HS256", kid: "rsa-1" },
        { sub: "admin" },
        secretKey(secret),
        "HS256",
      );
      const report = await verify(forged, [rsa]);
      expect([report.valid, report.verdict]).toEqual([false, "algorithm_not_allowed"]);
      expect(detail(report, "algorithm")).toBe(
        "the token says HS256, the key is pinned to RS256: a public key must never serve as an HMAC secret",
      );
    }
  });

  it("refuses a token whose alg is not the key's own (PS256 with an RS256 key)", async () => {
    const token = await signed({ alg: "PS256" }, {}, rsa, "PS256");
    expect((await verify(token, [{ ...rsa, kid: undefined, alg: "RS256" } as unknown as Jwk])).verdict).toBe(
      "algorithm_not_allowed",
    );
    expect((await verify(token, [rsa])).verdict).toBe("algorithm_not_allowed");
  });

  it("accepts another algorithm of the key only when the user names it", async () => {
    const token = await signed({ alg: "PS256" }, {}, rsa, "PS256");
    expect((await verify(token, [rsa], { algorithms: ["PS256"] })).valid).toBe(true);
    expect((await verify(token, [rsa], { algorithms: ["RS256", "PS256"] })).valid).toBe(true);
    expect((await verify(token, [rsa], { algorithms: ["RS512"] })).verdict).toBe("algorithm_not_allowed");
  });

  it("refuses a signature over another algorithm than the header names (RS256 signed, PS256 said)", async () => {
    const token = await signed({ alg: "PS256" }, {}, rsa, "RS256");
    expect((await verify(token, [rsa], { algorithms: ["PS256"] })).verdict).toBe("signature_invalid");
  });

  it("refuses an algorithm the key cannot be used with (ES256 demanded of an RSA key)", async () => {
    const report = await verify(await signed({ alg: "RS256" }, {}, rsa, "RS256"), [rsa], {
      algorithms: ["ES256"],
    });
    expect(detail(report, "algorithm")).toBe('the key cannot be used with "ES256"; the token says RS256');
  });

  it("takes EdDSA and Ed25519 for one algorithm", async () => {
    const { generateKeyPairSync } = await import("node:crypto");
    const key = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }) as Jwk;
    const token = await signed({ alg: "Ed25519" }, {}, key, "Ed25519");
    expect((await verify(token, [{ ...key, alg: "EdDSA" }])).valid).toBe(true);
  });

  it.each([
    ["missing", {}],
    ["a number", { alg: 256 }],
    ["null", { alg: null }],
    ["a list", { alg: ["HS256"] }],
    ["unknown", { alg: "ES256K" }],
    ["in another case", { alg: "hs256" }],
    ["empty", { alg: "" }],
  ])("refuses an alg that is %s", async (_, header) => {
    expect((await verify(await hs({ exp: seconds + 9 }, header), [strong])).verdict).toBe(
      "algorithm_not_allowed",
    );
  });
});

describe("verification and the choice of the key", () => {
  const other = ecKey({ kid: "ec-2" });

  it("takes the key that the token names", async () => {
    const report = await verify(await signed({ alg: "ES256", kid: "ec-1" }, {}, ec, "ES256"), [
      other,
      ec,
      rsa,
    ]);
    expect([report.valid, report.key]).toEqual([true, { kid: "ec-1", source: "a test key" }]);
  });

  it("refuses a token that names another of the trusted keys than the one that signed (kid swap)", async () => {
    const report = await verify(await signed({ alg: "ES256", kid: "ec-2" }, {}, ec, "ES256"), [other, ec]);
    expect([report.verdict, report.key?.kid]).toEqual(["signature_invalid", "ec-2"]);
  });

  it("says that no key has the token's kid", async () => {
    const token = await signed({ alg: "ES256", kid: "gone" }, { exp: seconds - 5 }, ec, "ES256");
    const report = await verify(token, [other, ec]);
    expect([report.verdict, report.key]).toEqual(["no_matching_key", undefined]);
    expect(detail(report, "key")).toBe('the token names the key "gone"; given: "ec-2", "ec-1"');
    expect(lines(report, "signature")).toEqual(["signature skip"]);
  });

  it.each(["../../../../dev/null", "' OR 1=1 --", "\u0000", "x".repeat(5000)])(
    "only compares a kid, whatever it says (%j)",
    async (kid) => {
      expect((await verify(await signed({ alg: "ES256", kid }, {}, ec, "ES256"), [ec])).verdict).toBe(
        "no_matching_key",
      );
    },
  );

  it("uses a key without a kid for a token that has one: the user gave it", async () => {
    const report = await verify(await signed({ alg: "HS256", kid: "k" }, {}, strong, "HS256"), [strong]);
    expect(report.valid).toBe(true);
    expect(detail(report, "key")).toBe('a test key; the token names the key "k"');
  });

  it("refuses to guess among several keys when the token names none", async () => {
    const token = await signed({ alg: "ES256" }, {}, ec, "ES256");
    const report = await verify(token, [other, ec]);
    expect([report.verdict, report.key]).toEqual(["key_ambiguous", undefined]);
  });

  it("is not ambiguous when only one of the keys is for the token's algorithm", async () => {
    const report = await verify(await signed({ alg: "ES256" }, {}, ec, "ES256"), [rsa, ec]);
    expect([report.valid, report.key?.kid]).toEqual([true, "ec-1"]);
  });

  it("tries all keys when told to, and names the one that fits", async () => {
    const cases = [
      [{ alg: "ES256" }, "pass", '"ec-1" from a test key'],
      [{ alg: "ES256", kid: "gone" }, "warn", '"ec-1" from a test key; the token names the key "gone"'],
    ] as const;
    for (const [header, status, told] of cases) {
      const report = await verify(await signed(header, {}, ec, "ES256"), [other, rsa, ec], { tryAll: true });
      expect([report.valid, report.key?.kid]).toEqual([true, "ec-1"]);
      expect(report.checks.find(({ name }) => name === "key")).toMatchObject({ status, detail: told });
    }
  });

  it("says so when none of them fits", async () => {
    const report = await verify(await signed({ alg: "ES256" }, {}, ecKey(), "ES256"), [other, ec], {
      tryAll: true,
    });
    expect([report.verdict, report.key]).toEqual(["signature_invalid", undefined]);
    expect(detail(report, "signature")).toContain("none of 2 keys matches");
  });

  it("refuses two keys of one kid and algorithm, unless told to try both", async () => {
    const twin = ecKey({ kid: "ec-1" });
    const token = await signed({ alg: "ES256", kid: "ec-1" }, {}, ec, "ES256");
    expect((await verify(token, [twin, ec])).verdict).toBe("key_ambiguous");
    expect((await verify(token, [twin, ec], { tryAll: true })).valid).toBe(true);
  });

  it("refuses what a revoked key signed, and still says whether the signature fits", async () => {
    const report = await verify(await signed({ alg: "ES256", kid: "ec-1" }, {}, ec, "ES256"), [
      candidate(ec, { state: "revoked" }),
    ]);
    expect([report.valid, report.verdict]).toEqual([false, "key_revoked"]);
    expect(lines(report, "signature", "key")).toEqual(["signature pass", "key fail key_revoked"]);
  });

  it("never tries revoked or retired keys", async () => {
    const token = await signed({ alg: "ES256" }, {}, ec, "ES256");
    for (const state of ["revoked", "retired"] as const) {
      for (const tryAll of [true, false]) {
        expect((await verify(token, [candidate(ec, { state })], { tryAll })).verdict).toBe("no_matching_key");
      }
    }
  });

  it("finds no key where there is none", async () => {
    expect((await verify(await hs({}), [])).verdict).toBe("no_matching_key");
  });

  it.each(["jku", "x5u"])(
    "ignores where the token says its key is, and tells (%s injection)",
    async (name) => {
      const header = { alg: "ES256", [name]: "https://evil.example/keys" };
      const forged = await verify(await signed(header, {}, ecKey(), "ES256"), [ec]);
      expect(forged.verdict).toBe("signature_invalid");
      expect(lines(forged, "header_keys")).toEqual(["header_keys warn"]);
      expect((await verify(await signed(header, {}, ec, "ES256"), [ec])).valid).toBe(true);
    },
  );

  it("never uses a key that the token brings along (jwk injection, CVE-2018-0114)", async () => {
    const attacker = ecKey();
    const { d: _, ...jwk } = attacker;
    for (const tryAll of [true, false]) {
      const report = await verify(await signed({ alg: "ES256", jwk }, {}, attacker, "ES256"), [ec], {
        tryAll,
      });
      expect(report.verdict).toBe("signature_invalid");
    }
  });

  it("warns of an RSA key that can be factored", async () => {
    const weak = rsaKey({}, 1024);
    const report = await verify(await signed({ alg: "RS256" }, {}, weak, "RS256"), [weak]);
    expect([report.valid, lines(report, "key_size")]).toEqual([true, ["key_size warn key_too_weak"]]);
  });
});

describe("verification against forged and malformed tokens", () => {
  it("refuses a payload that was changed after it was signed", async () => {
    const [header, , signature] = (await hs({ sub: "bob", exp: seconds + 60 })).split(".");
    const report = await verify(`${header}.${segment({ sub: "admin", exp: seconds + 60 })}.${signature}`, [
      strong,
    ]);
    expect([report.verdict, failures(report)]).toEqual([
      "signature_invalid",
      ["signature signature_invalid"],
    ]);
  });

  it("refuses every token in which one bit of the signature is changed", async () => {
    const token = await hs({ sub: "bob" });
    const [header, payload, signature = ""] = token.split(".");
    const bytes = Buffer.from(signature, "base64url");
    for (let bit = 0; bit < bytes.length * 8; bit += 7) {
      const forged = Buffer.from(bytes);
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect((await verify(`${header}.${payload}.${segment(forged)}`, [strong])).verdict).toBe(
        "signature_invalid",
      );
    }
  });

  it.each([
    ["empty", ""],
    ["one byte", "AA"],
    ["all zero (psychic signature, CVE-2022-21449)", segment(new Uint8Array(64))],
  ])("refuses a signature that is %s", async (_, signature) => {
    expect((await verify(unsignedToken({ alg: "ES256" }, {}, signature), [ec])).verdict).toBe(
      "signature_invalid",
    );
  });

  it("says that a forged token which has also expired is forged", async () => {
    const [header, payload] = (await hs({ exp: seconds - 60 })).split(".");
    const report = await verify(`${header}.${payload}.${segment("x".repeat(32))}`, [strong]);
    expect([report.verdict, failures(report)]).toEqual([
      "signature_invalid",
      ["signature signature_invalid", "exp token_expired"],
    ]);
  });

  it("refuses padding (malleability)", async () => {
    const [header, payload, signature] = (await hs({ a: 1 })).split(".");
    const report = await verify(`${header}.${payload}=.${signature}=`, [strong]);
    expect([report.verdict, failures(report)]).toEqual(["token_malformed", ["format token_malformed"]]);
    expect(lines(report, "signature")).toEqual(["signature skip"]);
  });

  it("refuses the base64 alphabet in place of base64url (malleability)", async () => {
    const token = await hs({ text: "???>>>~~~" });
    const twin = token.replaceAll("-", "+").replaceAll("_", "/");
    expect(twin).not.toBe(token);
    expect((await verify(twin, [strong])).verdict).toBe("token_malformed");
  });

  it("refuses unused bits that are set in any of the three segments (trailing-bits malleability)", async () => {
    const token = await hs('{"a":12}', '{"alg": "HS256"}');
    expect((await verify(token, [strong])).valid).toBe(true);
    const parts = token.split(".");
    for (const index of [0, 1, 2]) {
      const part = parts[index] ?? "";
      expect(part.length % 4).not.toBe(0);
      const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
      const twin = part.slice(0, -1) + alphabet[alphabet.indexOf(part.slice(-1)) + 1];
      expect(Buffer.from(twin, "base64url")).toEqual(Buffer.from(part, "base64url"));
      const report = await verify(parts.with(index, twin).join("."), [strong]);
      expect([report.valid, report.verdict]).toEqual([false, "token_malformed"]);
    }
  });

  it("refuses a token without its signature as malformed", async () => {
    const [header, payload] = (await hs({})).split(".");
    expect((await verify(`${header}.${payload}`, [strong])).verdict).toBe("token_malformed");
  });

  it("refuses a second exp that only some readers see (duplicate claim)", async () => {
    const report = await verify(await hs(`{"exp":${seconds - 60},"exp":${seconds + 60}}`), [strong]);
    expect([report.valid, report.verdict]).toEqual([false, "duplicate_member"]);
    expect(lines(report, "signature", "duplicates")).toEqual([
      "signature pass",
      "duplicates fail duplicate_member",
    ]);
  });

  it("refuses a name that is hidden twice behind an escape, deep in the claims", async () => {
    const report = await verify(await hs('{"a":[{"role":"user","r\\u006fle":"admin"}]}'), [strong]);
    expect(detail(report, "duplicates")).toBe('more than once: "payload /a/0/role"');
  });

  it("does not verify under a header that says alg twice", async () => {
    const report = await verify(await hs({}, '{"alg":"none","alg":"HS256"}'), [strong]);
    expect(report.verdict).toBe("duplicate_member");
    expect(lines(report, "signature")).toEqual(["signature skip"]);
  });

  it.each([
    ["unknown", ["exp"]],
    ["b64", ["b64"]],
    ["an empty list", []],
    ["no list", "exp"],
    ["a list of something else", [1]],
    ["null", null],
  ])("refuses a crit that is %s", async (_, crit) => {
    const report = await verify(await hs({}, { alg: "HS256", crit }), [strong]);
    expect([report.verdict, lines(report, "signature")]).toEqual([
      "critical_header_unknown",
      ["signature skip"],
    ]);
  });

  it("refuses b64: false without crit (RFC 7797 section 6)", async () => {
    expect((await verify(await hs({}, { alg: "HS256", b64: false }), [strong])).verdict).toBe(
      "critical_header_unknown",
    );
  });

  it("refuses a kid that is not a string", async () => {
    expect((await verify(await hs({}, { alg: "HS256", kid: 1 }), [strong])).verdict).toBe("token_malformed");
  });

  it("refuses nesting of 100,000 levels as no claims set", async () => {
    const report = await verify(await hs(`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`), [strong]);
    expect([report.verdict, lines(report, "signature")]).toEqual(["payload_not_claims", ["signature pass"]]);
  });

  it.each([
    ["an array", "[]"],
    ["a string", '"x"'],
    ["null", "null"],
    ["text", "hello"],
    ["empty", ""],
    ["a byte order mark before an object", '\ufeff{"a":1}'],
  ])("refuses a payload that is %s after verifying its signature", async (_, payload) => {
    const report = await verify(await hs(payload), [strong]);
    expect([report.verdict, lines(report, "signature", "exp")]).toEqual([
      "payload_not_claims",
      ["signature pass", "exp skip"],
    ]);
  });

  it("refuses tokens over 1 MiB before reading them", async () => {
    await expect(verify("a".repeat(MAX_VERIFY_LENGTH + 1), [strong])).rejects.toMatchObject({
      code: "input_too_large",
    });
  });

  it("refuses what is no token at all", async () => {
    await expect(verify("garbage", [strong])).rejects.toMatchObject({ code: "token_malformed" });
  });

  it("reports on a token whose header is garbage as far as it can", async () => {
    const [, payload, signature] = (await hs({ exp: seconds - 1 })).split(".");
    const report = await verify(`!.${payload}.${signature}`, [strong]);
    expect([report.verdict, failures(report)]).toEqual([
      "token_malformed",
      ["format token_malformed", "exp token_expired"],
    ]);
  });
});

describe("verification of dates", () => {
  const exp = (value: string) => hs(`{"exp":${value}}`);

  it("takes exp for the first second that is too late", async () => {
    const token = await exp(String(seconds));
    expect((await verify(token, [strong], { at: NOW - 1 })).valid).toBe(true);
    expect((await verify(token, [strong], { at: NOW })).verdict).toBe("token_expired");
  });

  it("grants the leeway exactly", async () => {
    const token = await exp(String(seconds));
    expect((await verify(token, [strong], { at: NOW + 59_999, leeway: 60 })).valid).toBe(true);
    expect((await verify(token, [strong], { at: NOW + 60_000, leeway: 60 })).verdict).toBe("token_expired");
    const nbf = await hs({ nbf: seconds + 60, exp: seconds + 99 });
    expect((await verify(nbf, [strong], { leeway: 60 })).valid).toBe(true);
    expect((await verify(nbf, [strong], { leeway: 59 })).verdict).toBe("token_not_yet_valid");
    const iat = await hs({ iat: seconds + 60, exp: seconds + 99 });
    expect((await verify(iat, [strong], { leeway: 60 })).valid).toBe(true);
    expect((await verify(iat, [strong], { leeway: 59 })).verdict).toBe("token_issued_in_future");
  });

  it("compares fractions of a second", async () => {
    const token = await exp(`${seconds}.5`);
    expect((await verify(token, [strong], { at: NOW + 499 })).valid).toBe(true);
    expect((await verify(token, [strong], { at: NOW + 500 })).verdict).toBe("token_expired");
  });

  it.each([
    ["a string", '"1900000000"', 'exp must be a number of seconds, not the text "1900000000"'],
    ["infinite (1e999)", "1e999", "exp is not a finite number"],
    ["minus infinite", "-1e999", "exp is not a finite number"],
    ["null", "null", "exp must be a number of seconds, not null"],
    ["true", "true", "exp must be a number of seconds, not true"],
    ["a list", "[1900000000]", "exp must be a number of seconds, not a list"],
    ["an object", "{}", "exp must be a number of seconds, not an object"],
  ])("refuses an exp that is %s", async (_, value, reason) => {
    const report = await verify(await exp(value), [strong]);
    expect([report.verdict, detail(report, "exp")]).toEqual(["claim_invalid", reason]);
  });

  it.each(["nbf", "iat"])("refuses a %s that is infinite or a string", async (name) => {
    for (const value of ["1e999", '"1"', "-1e999"]) {
      expect((await verify(await hs(`{"${name}":${value},"exp":9999999999}`), [strong])).verdict).toBe(
        "claim_invalid",
      );
    }
  });

  it("takes a negative exp for a date before 1970, long expired", async () => {
    expect((await verify(await exp("-1"), [strong])).verdict).toBe("token_expired");
  });

  it("takes a huge but finite exp as it is and warns that it looks like milliseconds", async () => {
    for (const value of [`${NOW + 60_000}`, "1e300"]) {
      const report = await verify(await exp(value), [strong]);
      expect([report.valid, lines(report, "exp")]).toEqual([true, ["exp warn"]]);
    }
  });

  it("warns that a token without exp never expires, and fails when it is required", async () => {
    const token = await hs({ sub: "x" });
    expect(lines(await verify(token, [strong]), "exp")).toEqual(["exp warn"]);
    expect((await verify(token, [strong], { require: ["exp"] })).verdict).toBe("claim_missing");
  });

  it("demands exp of an access token, whether its typ says so or the user", async () => {
    const claims = { iss: "i", sub: "s", aud: "a", client_id: "c", jti: "j", iat: seconds };
    const byType = await verify(await hs(claims, { alg: "HS256", typ: "application/AT+JWT" }), [strong]);
    expect([byType.verdict, lines(byType, "exp", "profile")]).toEqual([
      "claim_missing",
      ["exp fail claim_missing", "profile pass"],
    ]);
    const byUser = await verify(await hs(claims, { alg: "HS256", typ: "JWT" }), [strong], {
      types: ["at+jwt"],
    });
    expect(failures(byUser)).toEqual(["typ type_mismatch", "exp claim_missing"]);
  });

  it("writes the times it reports in the offset asked for", async () => {
    const report = await verify(await exp(String(seconds + 870)), [strong], {
      time: { now: NOW, utcOffset: () => 60 },
    });
    expect(detail(report, "exp")).toBe("expires in 15 minutes (2026-03-01 13:14:30 +01:00)");
  });
});

describe("verification of issuer, audience, type and required claims", () => {
  const claims = { iss: "https://a.example", aud: ["api", "web"], sub: "s", exp: seconds + 60 };
  const check = async (change: Change, body: object | string = claims) =>
    verify(await hs(body), [strong], change);

  it("skips what nobody asked for", async () => {
    expect(lines(await check({}), "iss", "aud", "typ")).toEqual(["typ skip", "iss skip", "aud skip"]);
  });

  it("compares iss exactly: case, trailing slash and blanks count", async () => {
    expect((await check({ issuers: ["https://a.example"] })).valid).toBe(true);
    expect((await check({ issuers: ["https://b.example", "https://a.example"] })).valid).toBe(true);
    for (const iss of ["https://a.example/", "https://A.example", " https://a.example", "https://a.exampl"]) {
      expect((await check({ issuers: [iss] })).verdict).toBe("issuer_mismatch");
    }
  });

  it.each([
    ["missing", {}, "issuer_mismatch"],
    ["a list that holds it", { iss: ["https://a.example"] }, "claim_invalid"],
    ["null", { iss: null }, "claim_invalid"],
  ])("refuses an iss that is %s", async (_, body, verdict) => {
    const report = await check({ issuers: ["https://a.example"] }, { exp: seconds + 60, ...body });
    expect(failures(report)).toContain("iss issuer_mismatch");
    expect(report.verdict).toBe(verdict);
  });

  it("finds the audience in a string or a list", async () => {
    expect((await check({ audiences: ["web"] })).valid).toBe(true);
    expect((await check({ audiences: ["x", "web"] })).valid).toBe(true);
    expect((await check({ audiences: ["api"] }, { ...claims, aud: "api" })).valid).toBe(true);
    expect((await check({ audiences: ["ap"] }, { ...claims, aud: "api" })).verdict).toBe("audience_mismatch");
    expect((await check({ audiences: ["api"] }, { ...claims, aud: [] })).verdict).toBe("audience_mismatch");
    expect((await check({ audiences: ["api"] }, { exp: seconds + 9 })).verdict).toBe("audience_mismatch");
    expect(failures(await check({ audiences: ["api"] }, { ...claims, aud: ["api", 1] }))).toEqual([
      "claim_types claim_invalid",
      "aud audience_mismatch",
    ]);
  });

  it("refuses registered claims of another type than they are defined with", async () => {
    for (const body of [{ sub: 1 }, { jti: {} }, { iss: 1 }, { aud: 1 }, { aud: [null] }]) {
      expect((await check({}, { exp: seconds + 60, ...body })).verdict).toBe("claim_invalid");
    }
  });

  it.each([
    ["JWT", "JWT", true],
    ["jwt", "JWT", true],
    ["application/jwt", "JWT", true],
    ["at+jwt", "JWT", false],
    ["text/jwt", "JWT", false],
    ["at+jwt", "application/at+jwt", true],
  ])("compares typ as a media type: %s asked, %s found", async (asked, typ, valid) => {
    const body = { ...claims, client_id: "c", iat: seconds, jti: "j" };
    const report = await verify(await hs(body, { alg: "HS256", typ }), [strong], { types: [asked] });
    expect([report.valid, report.verdict]).toEqual([valid, valid ? undefined : "type_mismatch"]);
  });

  it("refuses a missing or strange typ when one was asked for", async () => {
    for (const header of [{ alg: "HS256" }, { alg: "HS256", typ: 1 }]) {
      const report = await verify(await hs(claims, header), [strong], { types: ["JWT"] });
      expect(report.verdict).toBe("type_mismatch");
    }
  });

  it("demands each required claim, with a line of its own; null says nothing", async () => {
    const report = await check({ require: ["sub", "email", "exp", "sub", "x"] }, { ...claims, x: null });
    expect(lines(report, "require")).toEqual([
      "require pass",
      "require fail claim_missing",
      "require fail claim_missing",
    ]);
    expect((await check({ require: ["__proto__"] })).verdict).toBe("claim_missing");
  });

  it("demands the whole profile when the user asks for at+jwt, and warns when only the token claims it", async () => {
    const token = await hs({ exp: seconds + 60, sub: "s" }, { alg: "HS256", typ: "at+jwt" });
    expect((await verify(token, [strong], { types: ["at+jwt"] })).verdict).toBe("claim_missing");
    expect((await verify(token, [strong], { types: ["at+jwt", "JWT"] })).verdict).toBe("claim_missing");
    const other = await hs({ exp: seconds + 60, sub: "s" }, { alg: "HS256", typ: "JWT" });
    expect((await verify(other, [strong], { types: ["at+jwt", "JWT"] })).verdict).toBeUndefined();
    const report = await verify(token, [strong]);
    expect([report.valid, lines(report, "profile")]).toEqual([true, ["profile warn claim_missing"]]);
    expect(detail(report, "profile")).toBe(
      "an access token (RFC 9068) also has: iss, aud, client_id, iat, jti",
    );
  });
});

describe("the report", () => {
  it("has every check, the signature first, each once", async () => {
    const token = await hs({ exp: seconds + 60 });
    const names = (await verify(token, [strong])).checks.map((check) => check.name);
    expect(names).toEqual([
      "signature",
      "algorithm",
      "key",
      "key_size",
      "format",
      "duplicates",
      "crit",
      "header_keys",
      "typ",
      "payload",
      "claim_types",
      "exp",
      "nbf",
      "iat",
      "iss",
      "aud",
    ]);
    const refused = (await verify(rfc7520["5.3"].jwe, [strong])).checks.map((check) => check.name);
    expect(refused).toEqual(names);
  });

  it("gives every failure a code", async () => {
    const report = await verify(
      unsignedToken({ alg: "none", crit: [] }, '{"exp":"x","aud":1,"a":1,"a":2}', ""),
      [strong],
      {
        issuers: ["i"],
        audiences: ["a"],
        types: ["JWT"],
        require: ["sub"],
      },
    );
    expect(failures(report)).toEqual([
      "algorithm algorithm_not_allowed",
      "duplicates duplicate_member",
      "crit critical_header_unknown",
      "typ type_mismatch",
      "claim_types claim_invalid",
      "exp claim_invalid",
      "iss issuer_mismatch",
      "aud audience_mismatch",
      "require claim_missing",
    ]);
  });

  it("is never valid unless the signature was verified", async () => {
    const lying = { verify: async () => true };
    const report = await verifyCompact(
      unsignedToken({ alg: "none" }, {}, ""),
      [candidate(strong)],
      {
        time: { now: NOW, utcOffset: () => 0 },
        leeway: 0,
        algorithms: [],
        types: [],
        issuers: [],
        audiences: [],
        require: [],
        tryAll: true,
      },
      lying,
    );
    expect(report.valid).toBe(false);
  });
});
