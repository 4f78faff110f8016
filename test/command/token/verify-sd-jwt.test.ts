import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";
import { segment } from "../../unit/token/make.ts";
import { ecKey, rsaKey, secretKey, signed } from "../../unit/token/node-jws.ts";

const SECRET = "a secret of thirty-two bytes, yes";
const KEY = secretKey(SECRET);
const EXP = Date.UTC(2026, 2, 2) / 1000;
const sha256 = (text: string) => createHash("sha256").update(text).digest("base64url");

const NAME = segment(["salt-1", "given_name", "Alice"]);
const MAIL = segment(["salt-2", "email", "alice@example.com"]);
const STRANGER = segment(["salt-3", "admin", true]);

interface Issued {
  readonly claims?: object;
  readonly hashed?: readonly string[];
}

/** What an issuer signs, with hashes in place of claims. */
const issued = ({ claims = {}, hashed = [NAME, MAIL] }: Issued = {}) =>
  signed(
    { alg: "HS256", typ: "dc+sd-jwt" },
    { iss: "https://issuer.example", exp: EXP, _sd: hashed.map(sha256), _sd_alg: "sha-256", ...claims },
    KEY,
    "HS256",
  );

const presented = async (disclosures: readonly string[], issue: Issued = {}, proof = "") =>
  `${[await issued(issue), ...disclosures].join("~")}~${proof}`;

const HOLDER = ecKey();
const { d: _, ...HOLDER_PUBLIC } = HOLDER;
const BOUND = { claims: { cnf: { jwk: HOLDER_PUBLIC } } };
const NOW = Date.UTC(2026, 2, 1, 12) / 1000;

interface Proof {
  readonly header?: object;
  readonly key?: typeof HOLDER;
}

/** A Key Binding JWT, sound unless its claims or header say otherwise. */
const proofOf = (claims: object, { header = {}, key = HOLDER }: Proof = {}) =>
  signed(
    { alg: "ES256", typ: "kb+jwt", ...header },
    { iat: NOW - 60, aud: "https://shop.example", nonce: "n-1", ...claims },
    key,
    "ES256",
  );

interface Verified {
  readonly valid: boolean;
  readonly payload: object;
  readonly checks: readonly { name: string; status: string; code?: string; detail: string }[];
  readonly sd_jwt: Record<string, unknown>;
}

async function verify(text: string, ...options: string[]) {
  const cli = new Cli();
  const { code, stdout } = await cli.run(["verify", text, "--secret", SECRET, "--json", ...options]);
  const report = JSON.parse(stdout) as Verified;
  const check = (name: string) => report.checks.find((entry) => entry.name === name);
  return { code, report, check };
}

describe("verifying an SD-JWT", () => {
  it("verifies the issuer's part and that what is disclosed belongs to it, and says that it is no more", async () => {
    const text = await presented([NAME]);
    const { code, report, check } = await verify(text);
    expect([code, report.valid]).toEqual([0, true]);
    expect(check("disclosures")).toMatchObject({ status: "pass" });
    expect(check("key_binding")).toBeUndefined();
    expect(report.sd_jwt).toMatchObject({
      verified: "issuer_signature",
      hidden: 1,
      claims: { given_name: "Alice" },
      disclosures: [{ where: "/given_name", name: "given_name", value: "Alice" }],
      key_binding: null,
    });
    expect(report.payload).toMatchObject({ _sd: [sha256(NAME), sha256(MAIL)] });
    const cli = new Cli();
    const told = (await cli.run(["verify", text, "--secret", SECRET], { columns: 200 })).stdout;
    expect(told).toContain("of the SD-JWT only its issuer's signature was verified");
    expect(told).toMatch(/DISCLOSED[\s\S]*given_name +"Alice"/);
  });

  it("makes every check of the issuer's token", async () => {
    const text = await presented([NAME]);
    const other = await new Cli().run(["verify", text, "--secret", `${SECRET}!`, "--json"]);
    expect(other.code).toBe(1);
    expect((await verify(text, "--iss", "https://other.example")).code).toBe(1);
    expect((await verify(text, "--at", "+365d")).code).toBe(4);
    expect((await verify(text, "--require", "email")).code).toBe(1);
    expect((await verify(text, "--require", "given_name")).code).toBe(0);
  });

  it.each([
    ["that the issuer did not sign", [NAME, STRANGER]],
    ["that was changed", [NAME.slice(0, -1)]],
    ["that is no list", [segment({ admin: true })]],
    ["that is not base64url", [`${NAME}==`]],
  ])("attack: a disclosure %s is refused", async (_, disclosures) => {
    const { code, report, check } = await verify(await presented(disclosures));
    expect([code, report.valid]).toEqual([1, false]);
    expect(check("signature")).toMatchObject({ status: "pass" });
    expect(check("disclosures")).toMatchObject({ status: "fail", code: "disclosure_invalid" });
  });

  it("attack: a disclosed claim in place of one that is signed openly is refused, and does not count", async () => {
    const iss = segment(["salt", "iss", "https://evil.example"]);
    const { code, check } = await verify(
      await presented([iss], { hashed: [iss] }),
      "--iss",
      "https://evil.example",
    );
    expect(code).toBe(1);
    expect(check("disclosures")).toMatchObject({ status: "fail" });
    expect(check("iss")).toMatchObject({ status: "fail" });
  });

  it("attack: an expired exp that is disclosed counts like any other", async () => {
    const exp = segment(["salt", "exp", 1_000_000_000]);
    const { code, check } = await verify(
      await presented([exp], { claims: { exp: undefined }, hashed: [exp] }),
    );
    expect(code).toBe(4);
    expect(check("exp")).toMatchObject({ status: "fail", code: "token_expired" });
  });

  it("attack: a name twice inside a disclosure is refused", async () => {
    const twice = Buffer.from('["salt","address",{"country":"US","country":"DE"}]').toString("base64url");
    const { code, check } = await verify(await presented([twice], { hashed: [twice] }));
    expect([code, check("disclosures")?.code]).toEqual([1, "duplicate_member"]);
  });

  it("refuses a hash that it does not know, and one that stands there twice", async () => {
    expect((await verify(await presented([NAME], { claims: { _sd_alg: "md5" } }))).code).toBe(1);
    expect((await verify(await presented([NAME], { hashed: [NAME, NAME] }))).code).toBe(1);
  });

  it("refuses one whose end was cut off", async () => {
    const { code, check } = await verify((await presented([NAME, MAIL])).slice(0, -1));
    expect([code, check("disclosures")?.code]).toEqual([1, "disclosure_invalid"]);
  });

  it("verifies the holder's proof with the key of the credential", async () => {
    const text = await presented([NAME], BOUND);
    const { code, report, check } = await verify(`${text}${await proofOf({ sd_hash: sha256(text) })}`);
    expect([code, report.sd_jwt.verified, report.sd_jwt.key_binding]).toEqual([
      0,
      "issuer_and_holder",
      { verified: true, sd_hash_fits: true },
    ]);
    expect(check("key_binding")).toMatchObject({ status: "pass" });
    expect(check("holder_aud")).toMatchObject({ status: "skip" });
    expect(check("holder_nonce")).toMatchObject({ status: "skip" });
    expect(check("cnf")).toBeUndefined();
  });

  it.each<[string, object, Proof?]>([
    ["made with another key", {}, { key: ecKey() }],
    ["of another type", {}, { header: { typ: "JWT" } }],
    ["without a type", {}, { header: { typ: undefined } }],
    ["that says HS256", {}, { header: { alg: "HS256" } }],
    ["that says none", {}, { header: { alg: "none" } }],
    ["with an unknown critical extension", {}, { header: { crit: ["x"], x: 1 } }],
    ["made in the future", { iat: NOW + 3600 }],
    ["that has expired", { exp: NOW - 1 }],
    ["without iat", { iat: undefined }],
    ["without aud", { aud: undefined }],
    ["without nonce", { nonce: undefined }],
    ["without sd_hash", { sd_hash: undefined }],
  ])("attack: a holder's proof %s is refused", async (_, claims, how) => {
    const text = await presented([NAME], BOUND);
    const proof = await proofOf({ sd_hash: sha256(text), ...claims }, how);
    const { code, report, check } = await verify(`${text}${proof}`);
    expect([code, report.valid]).toEqual([1, false]);
    expect(check("signature")).toMatchObject({ status: "pass" });
    expect(check("key_binding")).toMatchObject({ status: "fail", code: "key_binding_invalid" });
  });

  it("takes a holder's proof in PS256 of an RSA key", async () => {
    const key = rsaKey();
    const { kty, n, e } = key;
    const text = await presented([NAME], { claims: { cnf: { jwk: { kty, n, e } } } });
    const claims = { iat: NOW, aud: "https://shop.example", nonce: "n-1", sd_hash: sha256(text) };
    const proof = await signed({ alg: "PS256", typ: "kb+jwt" }, claims, key, "PS256");
    expect((await verify(`${text}${proof}`)).check("key_binding")).toMatchObject({ status: "pass" });
  });

  it("attack: a proof about other disclosures is refused, and what is no token", async () => {
    const text = await presented([NAME], BOUND);
    const other = await verify(`${text}${await proofOf({ sd_hash: sha256("other") })}`);
    expect([other.code, other.check("key_binding")?.code]).toEqual([1, "disclosure_invalid"]);
    expect((await verify(`${text}neither.a.token`)).code).not.toBe(0);
  });

  it("attack: a key that the holder adds as a disclosure does not bind the credential", async () => {
    const mallory = ecKey();
    const cnf = segment(["salt", "cnf", { jwk: { ...mallory, d: undefined } }]);
    const text = await presented([cnf], { ...BOUND, hashed: [NAME] });
    const proof = await proofOf({ sd_hash: sha256(text) }, { key: mallory });
    const { code, report } = await verify(`${text}${proof}`);
    expect([code, report.valid]).toEqual([1, false]);
  });

  it.each([
    ["no key", {}],
    ["a key by its name", { cnf: { kid: "k" } }],
    ["a secret", { cnf: { jwk: { kty: "oct", k: "AAAA" } } }],
    ["half a key", { cnf: { jwk: { kty: "EC", crv: "P-256", x: "AAAA" } } }],
    ["cnf of the wrong type", { cnf: "k" }],
  ])(
    "a credential with %s: the proof is warned about, and refused where one is demanded",
    async (_, claims) => {
      const text = await presented([NAME], { claims });
      const whole = `${text}${await proofOf({ sd_hash: sha256(text) })}`;
      const { code, check } = await verify(whole);
      expect([code, check("key_binding")?.status]).toEqual([0, "warn"]);
      const asked = await verify(whole, "--holder-aud", "https://shop.example");
      expect([asked.code, asked.check("key_binding")?.code]).toEqual([1, "key_binding_invalid"]);
    },
  );

  it("--holder-aud and --holder-nonce: the proof must be there, for this verifier and this request", async () => {
    const text = await presented([NAME], BOUND);
    const whole = `${text}${await proofOf({ sd_hash: sha256(text) })}`;
    const asking = (aud: string, nonce: string) => ["--holder-aud", aud, "--holder-nonce", nonce];
    expect((await verify(whole, ...asking("https://shop.example", "n-1"))).code).toBe(0);
    const replayed = await verify(whole, ...asking("https://bank.example", "n-2"));
    expect(replayed.code).toBe(1);
    expect(replayed.check("holder_aud")?.code).toBe("audience_mismatch");
    expect(replayed.check("holder_nonce")?.code).toBe("nonce_mismatch");
    for (const without of [text, await issued()]) {
      const { code, check } = await verify(without, "--holder-nonce", "n-1");
      expect([code, check("key_binding")?.code]).toEqual([1, "key_binding_invalid"]);
    }
  });

  it("gives the same verdicts with --lines", async () => {
    const text = await presented([NAME], BOUND);
    const proven = `${text}${await proofOf({ sd_hash: sha256(text) })}`;
    const forged = `${text}${await proofOf({ sd_hash: sha256(text) }, { key: ecKey() })}`;
    const unbound = await presented([NAME]);
    const unproven = `${unbound}${await proofOf({ sd_hash: sha256(unbound) })}`;
    const lines = [await issued(), unbound, await presented([STRANGER]), proven, forged, unproven];
    const { code, stdout } = await new Cli().run(["verify", "--lines", "--secret", SECRET], {
      stdin: lines.join("\n"),
    });
    const entries = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(code).toBe(1);
    expect(entries).toMatchObject([
      { valid: true },
      { valid: true, sd_jwt: { disclosed: 1, hidden: 1, key_binding: null } },
      { valid: false, code: "disclosure_invalid", failed: [{ check: "disclosures" }] },
      { valid: true, sd_jwt: { key_binding: "verified" } },
      { valid: false, code: "key_binding_invalid", failed: [{ check: "key_binding" }] },
      { valid: true, sd_jwt: { key_binding: "not_verified" }, warnings: ["key_binding"] },
    ]);
    expect(entries[0]).not.toHaveProperty("sd_jwt");
  });

  it("refuses more than 1 MiB of disclosures", async () => {
    const cli = new Cli();
    const file = cli.file("token", await presented([segment(["salt", "x", "x".repeat(1024 * 1024)])]));
    expect(await cli.refusal(["verify", `@${file}`, "--secret", SECRET])).toMatchObject({
      code: "input_too_large",
    });
  });
});
