import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";
import { segment } from "../../unit/token/make.ts";
import { ecKey, secretKey, signed } from "../../unit/token/node-jws.ts";

const SECRET = "a secret of thirty-two bytes, yes";
const KEY = secretKey(SECRET);
const NOW = Date.UTC(2026, 2, 1, 12) / 1000;
const HEADER = { alg: "HS256", typ: "JWT" };
const CLAIMS = { iss: "https://idp.example", aud: "api", sub: "u", iat: NOW - 60, exp: NOW + 600 };

const token = (claims: object = {}, header: object = {}) =>
  signed({ ...HEADER, ...header }, { ...CLAIMS, ...claims }, KEY, "HS256");

async function asJson(more: object = {}): Promise<string> {
  const [header, payload, signature] = (await token()).split(".");
  return JSON.stringify({ payload, protected: header, signature, ...more });
}

/** Every kind of input that a verdict depends on, one line each. */
const INPUTS: Readonly<Record<string, () => Promise<string>>> = {
  "a good token": () => token(),
  "behind Bearer": async () => `Authorization: Bearer ${await token()}`,
  expired: () => token({ exp: NOW - 60 }),
  "not yet valid": () => token({ nbf: NOW + 60 }),
  "issued in the future": () => token({ iat: NOW + 600 }),
  "without exp": () => token({ exp: undefined }),
  "exp as text": () => token({ exp: `${NOW + 600}` }),
  "exp in milliseconds": () => token({ exp: (NOW + 600) * 1000 }),
  "another issuer": () => token({ iss: "https://other.example" }),
  "another audience": () => token({ aud: ["web", "app"] }),
  "audience of the wrong type": () => token({ aud: 7 }),
  "bound to a key": () => token({ cnf: { jkt: "x" } }),
  "cnf of the wrong type": () => token({ cnf: "x" }),
  "an access token without its claims": () => token({ jti: "1" }, { typ: "at+jwt" }),
  "an unknown critical extension": () => token({}, { crit: ["x"], x: 1 }),
  "a key in the header": () => token({}, { jwk: { ...ecKey(), d: undefined } }),
  "typ of the wrong type": () => token({}, { typ: 1 }),
  "kid of the wrong type": () => token({}, { kid: 1 }),
  "alg none": async () => `${segment({ alg: "none" })}.${segment(CLAIMS)}.`,
  "an unknown algorithm": async () => `${segment({ alg: "XS1" })}.${segment(CLAIMS)}.AAAA`,
  "a changed payload": async () => {
    const [header, , signature] = (await token()).split(".");
    return `${header}.${segment({ ...CLAIMS, sub: "root" })}.${signature}`;
  },
  "without its signature": async () => (await token()).split(".").slice(0, 2).join("."),
  padded: async () => `${await token()}=`,
  "a name twice": () => signed(HEADER, '{"sub":"a","sub":"b"}', KEY, "HS256"),
  "a payload that is a list": () => signed(HEADER, "[1]", KEY, "HS256"),
  "a payload that is text": () => signed(HEADER, "hello", KEY, "HS256"),
  encrypted: async () => `${segment({ alg: "dir", enc: "A256GCM" })}..AAAA.AAAA.AAAA`,
  "the JSON form": () => asJson(),
  "the JSON form with an unprotected header": () => asJson({ header: { kid: "k" } }),
  "two tokens": async () => `${await token()} ${await token({ sub: "v" })}`,
  "an SD-JWT": async () => `${await token()}~`,
  "an SD-JWT with a foreign disclosure": async () => `${await token()}~${segment(["s", "a", 1])}~`,
  "an SD-JWT with no proof": async () => `${await token()}~nothing.at.all`,
  "no token": async () => "undefined",
};

const ASKED: readonly (readonly string[])[] = [
  [],
  ["--iss", "https://idp.example", "--aud", "api"],
  ["--typ", "at+jwt"],
  ["--require", "jti", "--require", "exp"],
  ["--json-form", "--leeway", "2m"],
  ["--holder-nonce", "n"],
  ["--alg", "HS512"],
];

interface Verdict {
  readonly valid: boolean;
  readonly code?: string;
  readonly failed?: readonly string[];
  readonly warnings?: readonly string[];
}

/** What `verify` says of one token, in the words of `verify --lines`. */
async function alone(text: string, options: readonly string[]): Promise<Verdict> {
  const cli = new Cli();
  const { stdout, stderr } = await cli.run(["verify", text, ...options, "--no-diagnose", "--json"]);
  if (stdout === "") {
    const { error } = JSON.parse(stderr.slice(stderr.indexOf('{\n  "error"'))) as { error: { code: string } };
    return { valid: false, code: error.code };
  }
  const report = JSON.parse(stdout) as {
    valid: boolean;
    checks: readonly { name: string; status: string; code?: string }[];
  };
  const named = (status: string) => report.checks.filter((check) => check.status === status);
  const warnings = named("warn").map(({ name }) => name);
  return {
    valid: report.valid,
    ...(report.valid ? {} : { failed: named("fail").map(({ name, code }) => `${name}: ${code}`) }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

interface Entry {
  readonly valid: boolean;
  readonly code?: string;
  readonly failed?: readonly { check: string; code: string }[];
  readonly warnings?: readonly string[];
}

async function inLines(texts: readonly string[], options: readonly string[]): Promise<readonly Verdict[]> {
  const { stdout } = await new Cli().run(["verify", "--lines", ...options], { stdin: texts.join("\n") });
  const entries = stdout.trim().split("\n");
  return entries.map((line) => {
    const { valid, code, failed, warnings } = JSON.parse(line) as Entry;
    return {
      valid,
      ...(failed === undefined && code !== undefined ? { code } : {}),
      ...(failed === undefined ? {} : { failed: failed.map((each) => `${each.check}: ${each.code}`) }),
      ...(warnings === undefined ? {} : { warnings }),
    };
  });
}

describe("verify and verify --lines", () => {
  it.each(ASKED.map((options) => [options.join(" "), options] as const))(
    "agree on every input: %s",
    async (_, asked) => {
      const cli = new Cli();
      const options = ["--secret", `@${cli.file("secret", SECRET)}`, ...asked];
      const texts = await Promise.all(Object.values(INPUTS).map((make) => make()));
      const together = await inLines(texts, options);
      const names = Object.keys(INPUTS);
      expect(together).toHaveLength(names.length);
      for (const [index, text] of texts.entries()) {
        expect(await alone(text, options), names[index]).toEqual(together[index]);
      }
    },
  );

  it("agree on tokens of a key pair", async () => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const key = ecKey();
    const cli = new Cli();
    const options = ["--key", cli.file("other.pem", publicKey.export({ type: "spki", format: "pem" }))];
    const text = await signed({ alg: "ES256" }, CLAIMS, key, "ES256");
    expect((await inLines([text], options))[0]).toEqual(await alone(text, options));
  });
});
