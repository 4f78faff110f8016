import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  identifierForm,
  isSecretName,
  personalForm,
  secretForm,
} from "../../../src/core/analysis/lint/sensitive-values.ts";
import { suspicionAboutKid } from "../../../src/core/analysis/lint/suspicious-kid.ts";
import { WELL_KNOWN_SECRETS } from "../../../src/core/analysis/lint/well-known-secrets.ts";
import rfc7515 from "../../fixtures/rfc/rfc7515.json" with { type: "json" };
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { segment } from "../token/make.ts";
import { findingsOf, made, rulesBrokenBy, signed } from "./examples.ts";

describe("a kid is told as suspicious when it is", () => {
  it.each([
    ["path traversal", "../../../../dev/null", "path"],
    ["Windows path traversal", "..\\..\\key.pem", "path"],
    ["an absolute path", "/etc/passwd", "path"],
    ["a drive", "C:\\keys\\key.pem", "path"],
    ["percent-encoded traversal", "%2e%2e%2fkey", "percent-encoded"],
    ["SQL injection by UNION", "x' UNION SELECT 'secret'--", "SQL"],
    ["SQL injection by OR", "' OR '1'='1", "SQL"],
    ["a stacked query", "1; DROP TABLE keys", "SQL"],
    ["a quote", "o'brien", "quotes"],
    ["command injection by $()", "key$(id)", "shell"],
    ["command injection by backticks", "key`id`", "shell"],
    ["command injection by a pipe", "key|id", "shell"],
    ["an address", "https://attacker.example/key", "address"],
    ["a file address", "file:///etc/passwd", "address"],
    ["a template", "{{7*7}}", "template"],
    ["an LDAP filter", "*)(uid=*", "LDAP"],
    ["a line break (header injection)", "a\r\nX-Admin: 1", "control"],
    ["a NUL byte", "key.pem\u0000.txt", "control"],
    ["bidirectional text", "key\u202egpj", "control"],
    ["more than 200 characters", "k".repeat(201), "longer"],
  ])("%s", (_, kid, word) => {
    expect(suspicionAboutKid(kid)).toContain(word);
  });

  it.each([
    "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
    "2011-04-29",
    "my key",
    "Bilbo.Baggins@hobbiton.example",
    "abc/def+ghi==",
    "/9j4AAQSkZJRg==",
    "a--b",
    "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "k".repeat(200),
  ])("and not when it is %s", (kid) => {
    expect(suspicionAboutKid(kid)).toBeUndefined();
  });

  it("a thumbprint never is", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        expect(suspicionAboutKid(segment(bytes))).toBeUndefined();
      }),
    );
  });
});

describe("secrets are known by their form", () => {
  it.each([
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE"],
    ["a private key", "-----BEGIN PRIVATE KEY-----\nMIIE"],
    ["an AWS access key", "AKIAIOSFODNN7EXAMPLE"],
    ["a GitHub token", `ghp_${"a1".repeat(18)}`],
    ["a GitLab token", "glpat-abcdefghij0123456789"],
    ["a Stripe key", `sk_live_${"4eC39HqLyjWDarjt"}`],
    ["a Slack token", "xoxb-123456789012-abcdef"],
    ["a Google API key", `AIza${"a".repeat(35)}`],
    ["an npm token", `npm_${"a".repeat(36)}`],
    ["a refresh token", "jwtctl_rt_0123456789"],
    ["another token", jwtIo.old.token],
    ["the hash of a password", "$2b$12$abcdefghijklmnopqrstuv"],
    ["the hash of a password", "$argon2id$v=19$m=19456,t=2,p=1$AA$AA"],
    ["an address with a password in it", "postgres://app:hunter2@db.example/app"],
  ])("%s: %s", (what, text) => {
    expect(secretForm(text)).toBe(what);
  });

  it.each(["sk-learn", "https://user@example.com/", "eyJust a word", "AKIA", "ghp_short", "$5 off"])(
    "%s is none",
    (text) => {
      expect(secretForm(text)).toBeUndefined();
    },
  );

  it.each([
    "password",
    "Passwd",
    "db_password",
    "client-secret",
    "apiKey",
    "cvv",
    "SSN",
    "private_key",
    "userPassword",
  ])("a claim named %s holds one", (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each([
    "pass",
    "secretary",
    "pwd_exp",
    "pwd_url",
    "password_changed_at",
    "token_type",
    "key_ops",
    "at_hash",
  ])("a claim named %s does not", (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe("numbers of cards, accounts and persons", () => {
  it.each([
    ["4111111111111111", "a payment card number"],
    ["4111-1111-1111-1111", "a payment card number"],
    ["5555 5555 5555 4444", "a payment card number"],
    ["378282246310005", "a payment card number"],
    ["3782 822463 10005", "a payment card number"],
    ["2223003122003222", "a payment card number"],
    ["078-05-1120", "a US social security number"],
    ["DE89 3704 0044 0532 0130 00", "a bank account number (IBAN)"],
    ["GB82WEST12345698765432", "a bank account number (IBAN)"],
  ])("%s is %s", (text, what) => {
    expect(identifierForm(text)).toBe(what);
  });

  it.each([
    "4111111111111112",
    "1772366400",
    "1772366400000",
    "000-12-3456",
    "666-12-3456",
    "900-12-3456",
    "078-00-1120",
    "DE89370400440532013001",
    "01JD0Z3V9GQ6Y8",
    "12345678-1234-1234-1234-123456789012",
  ])("%s is none", (text) => {
    expect(identifierForm(text)).toBeUndefined();
  });

  it("an e-mail address is one by its form, wherever it stands", () => {
    expect(personalForm("preferred_username", "alice@example.com")).toBe("an e-mail address");
    expect(personalForm("note", "@alice")).toBeUndefined();
    expect(personalForm("iss", "https://a@example.com/x")).toBeUndefined();
  });
});

describe("a finding never gives away what it is about", () => {
  it.each([
    ["password", "correct-horse-9"],
    ["note", "AKIAIOSFODNN7EXAMPLE"],
    ["ref", "4111111111111111"],
    ["ref", "078-05-1120"],
    ["email", "alice@example.com"],
  ])("%s: %s", async (name, value) => {
    const findings = await findingsOf(made({ claims: { [name]: value } }));
    expect(findings.length).toBeGreaterThan(0);
    expect(JSON.stringify(findings)).not.toContain(value);
  });

  it("nor the secret that was given, unless everybody knows it", async () => {
    const findings = await findingsOf(signed("Tr0ub4dor&3"), { secret: "Tr0ub4dor&3" });
    expect(findings.map(({ rule }) => rule)).toContain("weak-hmac-secret");
    expect(JSON.stringify(findings)).not.toContain("Tr0ub4dor");
  });
});

describe("the secrets of tutorials are found by trying", () => {
  it.each([jwtIo.old, jwtIo.new])("jwt.io's sample token: $secret", async ({ token, secret }) => {
    const findings = await findingsOf(token);
    const [found] = findings.filter(({ rule }) => rule === "notorious-secret");
    expect(found?.message).toBe(`the signature was made with the well-known secret "${secret}"`);
    expect(found?.severity).toBe("error");
  });

  it("the HMAC key of RFC 7515 A.1, which is written in base64url", async () => {
    const example = rfc7515.examples.find(({ section }) => section === "A.1");
    expect(await rulesBrokenBy(example?.compact ?? "")).toContain("notorious-secret");
  });

  it("each of the dictionary, for HS256, HS384 and HS512 of the same text", async () => {
    const { createHmac } = await import("node:crypto");
    for (const [index, secret] of WELL_KNOWN_SECRETS.entries()) {
      const bits = [256, 384, 512][index % 3];
      const input = `${segment({ alg: `HS${bits}` })}.${segment({ sub: "a" })}`;
      const signature = createHmac(`sha${bits}`, secret).update(input).digest("base64url");
      const findings = await findingsOf(`${input}.${signature}`);
      const [found] = findings.filter(({ rule }) => rule === "notorious-secret");
      expect(found?.message, secret).toContain(secret === "" ? "the empty secret" : "well-known");
    }
  });

  it("a token that any other secret signed is not accused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 33, maxLength: 64 }), async (secret) => {
        expect(await rulesBrokenBy(signed(secret))).not.toContain("notorious-secret");
      }),
      { numRuns: 20 },
    );
  });

  it("a token whose signature was taken off is not accused of one either", async () => {
    expect(await rulesBrokenBy(signed("secret").replace(/\.[^.]*$/, "."))).not.toContain("notorious-secret");
  });
});

describe("the limits of size are exact", () => {
  const ofLength = (length: number) => {
    const rest = made({ claims: { pad: "" } }).length;
    for (let pad = Math.floor(((length - rest) * 3) / 4) - 4; ; pad++) {
      const token = made({ claims: { pad: "g".repeat(pad) } });
      // A payload grows by one or two characters at a time; the rest is taken from the signature.
      if (token.length >= length) return token.slice(0, length);
    }
  };

  it.each([
    [4096, []],
    [4097, ["oversized-cookie"]],
    [8192, ["oversized-cookie"]],
    [8193, ["oversized-header"]],
  ])("%i bytes", async (length, expected) => {
    const token = ofLength(length);
    expect(token.length).toBe(length);
    const broken = await rulesBrokenBy(token);
    expect(broken.filter((rule) => rule.startsWith("oversized"))).toEqual(expected);
  });
});

describe("any token at all", () => {
  it("is reviewed without a crash, and every place that is named is a JSON Pointer", async () => {
    const object = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ maxDepth: 4 }));
    const algorithm = fc.constantFrom("ES256", "HS256", "none", "RS256");
    await fc.assert(
      fc.asyncProperty(algorithm, object, object, async (alg, header, claims) => {
        for (const { where } of await findingsOf(made({ header: { alg, ...header }, claims }))) {
          expect(where).toMatch(/^(\/(?:[^~/]|~[01])*)*$/su);
        }
      }),
      { numRuns: 200 },
    );
  });
});
