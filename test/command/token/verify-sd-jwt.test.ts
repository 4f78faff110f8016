import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";
import { segment } from "../../unit/token/make.ts";
import { secretKey, signed } from "../../unit/token/node-jws.ts";

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

const proofOf = (claims: object) => signed({ alg: "HS256", typ: "kb+jwt" }, claims, KEY, "HS256");

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

  it("does not verify the holder's proof, and says so; one about other disclosures is refused", async () => {
    const text = await presented([NAME]);
    const own = await verify(`${text}${await proofOf({ nonce: "n", sd_hash: sha256(text) })}`);
    expect([own.code, own.report.sd_jwt.key_binding]).toEqual([0, { verified: false, sd_hash_fits: true }]);
    expect(own.check("key_binding")).toMatchObject({ status: "skip" });
    const other = await verify(`${text}${await proofOf({ nonce: "n", sd_hash: sha256("other") })}`);
    expect([other.code, other.report.valid]).toEqual([1, false]);
    expect(other.check("key_binding")).toMatchObject({ status: "fail", code: "disclosure_invalid" });
    expect((await verify(`${text}neither.a.token`)).code).not.toBe(0);
  });

  it("gives the same verdicts with --lines", async () => {
    const proven = `${await presented([NAME])}${await proofOf({ nonce: "n" })}`;
    const lines = [await issued(), await presented([NAME]), await presented([STRANGER]), proven];
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
      { valid: true, sd_jwt: { key_binding: "not_verified" } },
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
