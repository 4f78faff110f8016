import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import rfc7515 from "../../fixtures/rfc/rfc7515.json" with { type: "json" };
import rfc7519 from "../../fixtures/rfc/rfc7519.json" with { type: "json" };
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { Sandbox } from "../../support/spawn.ts";

/** The claims of RFC 7519 section 3.1, which RFC 7515 signs in appendix A.1 to A.3 and leaves unsigned in A.5. */
const JOE = { iss: "joe", exp: 1_300_819_380, "http://example.com/is_root": true };
const BEFORE = "2011-03-22T18:42:59Z";
const AT_EXP = "2011-03-22T18:43:00Z";

const [a1, a2, a3, a4, a5] = rfc7515.examples;
if (!a1 || !a2 || !a3 || !a4 || !a5) throw new Error("RFC 7515 has five examples");

const signedForJoe = [
  ["RFC 7519 section 3.1", rfc7519["3.1"]],
  ["RFC 7515 A.1 (HS256)", a1],
  ["RFC 7515 A.2 (RS256)", a2],
  ["RFC 7515 A.3 (ES256)", a3],
] as const;

const unsigned = [
  ["RFC 7519 section 6.1", rfc7519["6.1"].compact],
  ["RFC 7515 A.5", a5.compact],
] as const;

interface Verdict {
  readonly valid: boolean;
  readonly checks: readonly { readonly name: string; readonly status: string; readonly code?: string }[];
}

/** A key file as a verifier would have it: without the private members. */
function keyFile(sandbox: Sandbox, key: object | undefined): string {
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...half } = { ...key } as Record<string, string>;
  const path = sandbox.path(`${half["kty"]}.jwk`);
  writeFileSync(path, JSON.stringify(half));
  return path;
}

async function decode(token: string): Promise<{ code: number | null; payload: unknown; text: string }> {
  const sandbox = new Sandbox({ processes: false });
  const { code, stdout } = await sandbox.jwtctl(["decode", token, "--json"]);
  const { payload, payload_text: text } = JSON.parse(stdout);
  return { code, payload, text };
}

async function verify(sandbox: Sandbox, token: string, ...options: readonly string[]) {
  const { code, stdout } = await sandbox.jwtctl(["verify", token, "--json", ...options]);
  const { valid, checks } = JSON.parse(stdout) as Verdict;
  const failures = checks.filter(({ status }) => status === "fail").map((check) => check.code);
  const signature = checks.find(({ name }) => name === "signature")?.status;
  return { code, valid, signature, failures };
}

describe.each(signedForJoe)("the token of %s", (_, { compact, key }) => {
  it("decodes to its published claims", async () => {
    expect(await decode(compact)).toMatchObject({ code: 0, payload: JOE });
  });

  it("was valid until its last second, and is expired from then on", async () => {
    const sandbox = new Sandbox({ processes: false });
    const file = keyFile(sandbox, key);
    expect(await verify(sandbox, compact, "--key", file, "--at", BEFORE)).toEqual({
      code: 0,
      valid: true,
      signature: "pass",
      failures: [],
    });
    for (const time of [["--at", AT_EXP], []]) {
      expect(await verify(sandbox, compact, "--key", file, ...time)).toEqual({
        code: 4,
        valid: false,
        signature: "pass",
        failures: ["token_expired"],
      });
    }
  });

  it("is refused with one bit changed, and that it has expired as well changes nothing", async () => {
    const sandbox = new Sandbox({ processes: false });
    const [header, payload = "", signature] = compact.split(".");
    const root = Buffer.from(payload, "base64url").toString().replace('"joe"', '"jof"');
    const forged = [header, Buffer.from(root).toString("base64url"), signature].join(".");
    const outcome = await verify(sandbox, forged, "--key", keyFile(sandbox, key));
    expect(outcome).toMatchObject({ code: 1, signature: "fail" });
    expect(outcome.failures).toEqual(["signature_invalid", "token_expired"]);
  });
});

describe("the token of RFC 7515 A.4 (ES512), whose payload is the word Payload", () => {
  it("decodes", async () => {
    expect(await decode(a4.compact)).toEqual({ code: 0, payload: null, text: "Payload" });
  });

  it("is rightly signed, and no JWT", async () => {
    const sandbox = new Sandbox({ processes: false });
    expect(await verify(sandbox, a4.compact, "--key", keyFile(sandbox, a4.key))).toEqual({
      code: 1,
      valid: false,
      signature: "pass",
      failures: ["payload_not_claims"],
    });
  });
});

describe.each(unsigned)("the unsecured token of %s", (_, compact) => {
  it("decodes to its published claims", async () => {
    expect(await decode(compact)).toMatchObject({ code: 0, payload: JOE });
  });

  it.each([
    ["HS256", a1.key],
    ["RS256", a2.key],
    ["ES256", a3.key],
  ])("is never accepted, with a key for %s neither", async (_alg, key) => {
    const sandbox = new Sandbox({ processes: false });
    const outcome = await verify(sandbox, compact, "--key", keyFile(sandbox, key), "--at", BEFORE);
    expect(outcome).toMatchObject({ code: 1, valid: false, signature: "skip" });
    expect(outcome.failures).toContain("algorithm_not_allowed");
  });
});

describe.each([
  ["until 2025", jwtIo.old, "warn"],
  ["since then", jwtIo.new, "pass"],
])("the HS256 sample that jwt.io has shown %s", (_, { token, secret }, size) => {
  it("decodes", async () => {
    expect(await decode(token)).toMatchObject({ code: 0, payload: { name: "John Doe", iat: 1_516_239_022 } });
  });

  it("is valid with the secret beside it, and only with that", async () => {
    const sandbox = new Sandbox({ processes: false });
    const env = { SECRET: secret, OTHER: `${secret}.` };
    const words = ["verify", token, "--json", "--secret"];
    const { code, stdout } = await sandbox.jwtctl([...words, "env:SECRET"], { env });
    const { valid, checks } = JSON.parse(stdout) as Verdict;
    expect({ code, valid }).toEqual({ code: 0, valid: true });
    expect(checks.find(({ name }) => name === "key_size")?.status).toBe(size);
    expect((await sandbox.jwtctl([...words, "env:OTHER"], { env })).code).toBe(1);
  });
});

describe("a key of another example", () => {
  it("does not verify a token, whatever the token says about its algorithm", async () => {
    const sandbox = new Sandbox({ processes: false });
    const rsa = keyFile(sandbox, a2.key);
    const secret = keyFile(sandbox, a1.key);
    expect((await verify(sandbox, a1.compact, "--key", rsa, "--at", BEFORE)).failures).toEqual([
      "algorithm_not_allowed",
    ]);
    expect((await verify(sandbox, a2.compact, "--key", secret, "--at", BEFORE)).failures).toEqual([
      "algorithm_not_allowed",
    ]);
  });
});
