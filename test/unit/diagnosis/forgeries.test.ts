import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/base/errors.ts";
import { ask, b64, ec, GOOD_CLAIMS, given, rsa, SECONDS, secret, token, unsigned } from "./bench.ts";

const pair = ec("P-256");
const rsaPair = rsa();
const SECRET = "a-long-enough-secret-for-hs256-that-nobody-knows";
/** All that a diagnosis may say of a token that is forged and nothing else. */
const HONEST = ["other_key_or_content", "other_key", "key_unknown"];

describe("a plain forgery gets no friendly explanation", () => {
  const claims = {
    ...GOOD_CLAIMS,
    sub: "root",
    iss: "https://auth.example.com/",
    aud: "api",
    exp: SECONDS - 5,
  };
  const options = { issuers: ["https://auth.example.com"], audiences: ["API"], types: ["at+jwt"] };

  it("signed with another key under the kid of the real one, its claims nearly right", async () => {
    const text = await token({ alg: "ES256", key: ec("P-256").privateJwk, header: { kid: "real" }, claims });
    const { causes, report } = await ask(text, { keys: [{ ...pair.publicJwk, kid: "real" }], options });
    expect(causes).toEqual(["other_key_or_content"]);
    expect(report.verdict).toBe("signature_invalid");
  });

  it("with the payload edited", async () => {
    const text = await token({ alg: "RS256", key: rsaPair.privateJwk, claims });
    const [header, , signature] = text.split(".");
    const { causes } = await ask(
      `${header}.${b64(JSON.stringify({ ...claims, sub: "mallory" }))}.${signature}`,
      {
        keys: [rsaPair.publicJwk],
        options,
      },
    );
    expect(causes).toEqual(["content_changed"]);
  });

  it("with a guessed secret that is wrong", async () => {
    const text = await token({
      alg: "HS256",
      key: secret("a secret of the attacker, and none of the known ones"),
      claims,
    });
    const { causes } = await ask(text, {
      keys: [secret(SECRET)],
      options,
      given: [given("--secret", "@s", SECRET)],
    });
    expect(causes).toEqual(["other_key_or_content"]);
  });

  it("with a signature of random bytes", async () => {
    const text = `${unsigned({ alg: "ES256" }, claims)}.${b64(Uint8Array.from({ length: 64 }, (_, i) => i + 1))}`;
    expect((await ask(text, { keys: [pair.publicJwk], options })).causes).toEqual(["other_key_or_content"]);
  });

  it("that brings its own key along: the key in the header is not even tried", async () => {
    const evil = ec("P-256");
    const header = { jwk: evil.publicJwk, jku: "https://evil.example/", kid: "evil" };
    const text = await token({ alg: "ES256", key: evil.privateJwk, header, claims });
    const { causes } = await ask(text, { keys: [pair.publicJwk] });
    expect(causes).toEqual(["other_key_or_content"]);
  });
});

describe("for any input at all", () => {
  const keys = [pair.publicJwk, { ...rsaPair.publicJwk, kid: "rsa" }, secret(SECRET)];
  const alg = fc.constantFrom("ES256", "RS256", "PS512", "HS256", "HS512", "EdDSA", "none", "x", 7, null);
  const header = fc.record(
    { alg, kid: fc.option(fc.string()), typ: fc.option(fc.string()) },
    { requiredKeys: [] },
  );
  const date = fc.oneof(fc.double(), fc.integer(), fc.string(), fc.constant(null));
  const claims = fc.record(
    {
      iss: fc.webUrl(),
      aud: fc.oneof(fc.string(), fc.array(fc.string())),
      exp: date,
      nbf: date,
      iat: date,
      typ: fc.string(),
    },
    { requiredKeys: [] },
  );
  const signature = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map(b64),
    fc.base64String(),
    fc.string(),
    fc.constant(""),
  );
  const text = fc.oneof(
    fc.tuple(header, claims, signature).map(([head, body, tail]) => `${unsigned(head, body)}.${tail}`),
    fc
      .tuple(header, fc.string(), signature)
      .map(([head, body, tail]) => `${b64(JSON.stringify(head))}.${body}.${tail}`),
    fc.string(),
  );

  it("the diagnosis never crashes, never makes a token valid and never claims a fit", async () => {
    const unproven = new Set([
      ...[...HONEST, "token_encrypted", "token_unsigned", "signature_zero", "token_cut", "ecdsa_der"],
      ...["signature_encoded_twice", "key_type_wrong", "curve_wrong", "other_environment"],
      ...["token_damaged", "payload_detached", "key_size_wrong", "hash_mixed_up", "member_type_wrong"],
    ]);
    await fc.assert(
      fc.asyncProperty(text, async (input) => {
        const answer = await ask(input, { keys, given: [given("--secret", "env:X", SECRET)] }).catch(
          (error: unknown) => error,
        );
        // What is no token is refused before anything is verified.
        if (answer instanceof AppError) return;
        const { report, causes } = answer as Awaited<ReturnType<typeof ask>>;
        expect(report.valid).toBe(false);
        for (const cause of causes) expect(unproven).toContain(cause);
      }),
      { numRuns: 300 },
    );
  });

  /** What a changed header says of itself: another algorithm, or none that is written like that. */
  const OF_THE_HEADER = ["key_type_wrong", "curve_wrong", "algorithm_name"];

  it("a good token with one changed character is never explained as another form of the right one", async () => {
    const good = await token({ alg: "ES256", key: pair.privateJwk });
    const position = fc.nat(good.length - 1);
    await fc.assert(
      fc.asyncProperty(position, fc.constantFrom(..."ABCxyz019-_"), async (at, character) => {
        fc.pre(good[at] !== "." && good[at] !== character);
        const changed = good.slice(0, at) + character + good.slice(at + 1);
        const answer = await ask(changed, { keys: [pair.publicJwk] }).catch((error: unknown) => error);
        if (answer instanceof AppError) return;
        const { report, causes } = answer as Awaited<ReturnType<typeof ask>>;
        expect(report.valid).toBe(false);
        // The one exception is another spelling of the very same signature.
        if (causes.includes("token_respelled")) expect(at).toBe(good.length - 1);
        else
          for (const cause of causes) expect([...HONEST, ...OF_THE_HEADER, "token_damaged"]).toContain(cause);
      }),
      { numRuns: 150 },
    );
  });
});

describe("the work is bounded", () => {
  const many = Array.from({ length: 120 }, (_, index) => ({ ...pair.publicJwk, kid: `key-${index}` }));

  it("a thousand keys and a token of a megabyte are not tried in every combination", async () => {
    const counted = { calls: 0, bytes: 0 };
    const text = await token({
      alg: "ES256",
      key: ec("P-256").privateJwk,
      header: { kid: "none of them" },
      claims: { pad: "x".repeat(600_000) },
    });
    const { diagnose } = await import("../../../src/app/diagnosis/diagnose.ts");
    const { keyTools, probe } = await import("./bench.ts");
    const { report } = await ask(text, { keys: [pair.publicJwk] });
    const jws = {
      verify: async ({ signingInput }: { signingInput: string }) => {
        counted.calls++;
        counted.bytes += signingInput.length;
        return false;
      },
    };
    const candidates = many.map((jwk) => ({ jwk, source: "a test", bits: undefined }));
    const options = {
      time: { now: 0, utcOffset: () => 0 },
      leeway: 0,
      algorithms: [],
      types: [],
      tryAll: false,
    };
    await diagnose(
      { report, candidates, options: { ...options, issuers: [], audiences: [], require: [] }, given: [] },
      { jws, probe, keyTools, peek: async () => undefined, unpack: async () => () => undefined },
    );
    expect(counted.calls).toBeGreaterThan(10);
    expect(counted.bytes).toBeLessThan(32 * 1024 * 1024);
  });
});
