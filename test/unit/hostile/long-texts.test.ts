import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { findTokenToVerify } from "../../../src/app/token/find-token.ts";
import { spellingDifference } from "../../../src/core/analysis/diagnosis/uri-difference.ts";
import { findTokens } from "../../../src/core/analysis/extraction/find-tokens.ts";
import { suspicionAboutKid } from "../../../src/core/analysis/lint/suspicious-kid.ts";
import { AppError } from "../../../src/core/base/errors.ts";
import { readJson } from "../../../src/core/base/json/read.ts";
import { JsonObject } from "../../../src/core/base/json/value.ts";
import { withoutEnding } from "../../../src/core/base/text/wording.ts";
import { applyDisclosures } from "../../../src/core/jose/token/disclosures.ts";

// What is pasted was written by somebody else. Where work grows with the square of its length, a text of a megabyte
// takes hours: these tests end long before their time is up, or never.

const MANY = 1_000_000;

function base64url(value: unknown): string {
  return Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
}

const HEADER = base64url({ alg: "HS256" });
const PAYLOAD = base64url({ sub: "alice" });

/** The code of the refusal, or "read". */
function outcome(text: string): string {
  try {
    findTokens(text);
    return "read";
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe("attack: a text that takes a careless pattern hours", () => {
  it.each([
    ["quotes in the middle", `x ${'"'.repeat(MANY)} x`, "token_malformed"],
    ["padding in front of a last character", `${HEADER}.${PAYLOAD}.${"=".repeat(MANY)}x`, "read"],
    [
      "padding in a member of a token response",
      JSON.stringify({ token: `${HEADER}.${PAYLOAD}.${"=".repeat(MANY)}x` }),
      "read",
    ],
    ["blanks in a wrapped token", `eyJ\nabc${" ".repeat(MANY)}a\nx`, "token_malformed"],
    ["a line that could begin a token at each character", `e${"wy".repeat(MANY)}=\n!`, "token_malformed"],
    ["quotation marks of a mail", `eyJabcdef\n${">".repeat(MANY)}!`, "token_malformed"],
  ])("%s", (_, text, expected) => {
    expect(outcome(text)).toBe(expected);
  });
});

describe("attack: a text that exhausts the stack of a careless pattern", () => {
  it.each([
    ["nothing but dots", ".".repeat(16 * MANY), "token_malformed"],
    ["millions of segments", `a${".a".repeat(7 * MANY)}`, "token_malformed"],
    ["millions of segments behind a word", `see eyJabcd${".a".repeat(7 * MANY)}`, "token_malformed"],
    ["millions of disclosures behind a word", `see eyJabcd..${"~a".repeat(2 * MANY)}`, "input_too_large"],
  ])("%s", (_, text, expected) => {
    expect(outcome(text)).toBe(expected);
  });
});

describe("attack: a document in which there are too many tokens to tell of each where the others are", () => {
  it("hundreds of thousands of members", () => {
    const members = Array.from(
      { length: 200_000 },
      (_, index) => `"m${index}":"${base64url({ index })}.e30."`,
    );
    const { tokens } = findTokens(`{${members.join(",")}}`);
    expect(tokens).toHaveLength(1000);
    expect(tokens[0].repairs[0]?.message).toMatch(/\(also there: m1, m2, m3, m4, m5 and 994 more\)$/);
  });

  it("under names that add up to gigabytes", () => {
    const leaves = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`m${index}`, `${base64url({ index })}.e30.`]),
    );
    let document: Record<string, unknown> = leaves;
    for (let depth = 0; depth < 120; depth++) document = { ["k".repeat(3000)]: document };
    const { tokens } = findTokens(JSON.stringify(document));
    expect(tokens).toHaveLength(1000);
    expect(tokens[0].where?.length).toBeLessThan(10_000);
  });

  it("a JWS of fifty thousand signatures, of which one is to be chosen", () => {
    const signatures = Array.from({ length: 50_000 }, () => ({ protected: HEADER, signature: "c2ln" }));
    const text = JSON.stringify({ payload: PAYLOAD, signatures });
    expect(() => findTokenToVerify(text, { jsonForm: true })).toThrow("the input holds 50000 signatures");
    expect(findTokenToVerify(text, { jsonForm: true, pick: "50000" }).token.text).toBe(
      `${HEADER}.${PAYLOAD}.c2ln`,
    );
  });
});

describe("attack: disclosures of an SD-JWT that take for ever", () => {
  const digest = (_: string, text: string) => createHash("sha256").update(text).digest("base64url");

  function claimsOf(value: unknown): JsonObject {
    const reading = readJson(JSON.stringify(value));
    if (!reading.ok || !(reading.value instanceof JsonObject)) throw new Error("not an object");
    return reading.value;
  }

  it("a hundred thousand side by side", () => {
    const disclosures = Array.from({ length: 100_000 }, (_, index) => base64url(["salt", `n${index}`, 1]));
    const claims = claimsOf({ _sd: disclosures.map((text) => digest("sha-256", text)) });
    const disclosed = applyDisclosures(claims, { disclosures, keyBinding: undefined }, digest);
    expect(disclosed.claims.members).toHaveLength(100_000);
    expect(disclosed.warnings).toEqual([]);
  });

  it("twenty thousand, each inside the one before", () => {
    const disclosures: string[] = [base64url(["salt", "n", 1])];
    for (let depth = 0; depth < 20_000; depth++) {
      disclosures.push(base64url(["salt", "n", { _sd: [digest("", disclosures[depth] ?? "")] }]));
    }
    const claims = claimsOf({ _sd: [digest("", disclosures.at(-1) ?? "")] });
    const disclosed = applyDisclosures(claims, { disclosures, keyBinding: undefined }, digest);
    expect(disclosed.warnings.map(({ code }) => code)).toContain("disclosure_conflict");
  });
});

describe("attack: a value that takes a careless rule hours", () => {
  it.each([
    ["quotes", "'".repeat(MANY), "has quotes that could end a string in a query"],
    ["the word union", "union ".repeat(MANY / 5), "is longer than 200 characters"],
  ])("a kid of nothing but %s", (_, kid, says) => {
    expect(suspicionAboutKid(kid)).toBe(says);
  });

  it("SQL is told however far its words stand apart", () => {
    expect(suspicionAboutKid(`x' ${"y".repeat(MANY)} or 1=1`)).toBe("looks like SQL");
    expect(suspicionAboutKid("a union b select c")).toBe("looks like SQL");
    expect(suspicionAboutKid("a select b union c")).toBeUndefined();
  });

  it("an issuer of nothing but slashes", () => {
    const issuer = `https://a${"/".repeat(MANY)}b`;
    expect(spellingDifference(issuer, `${issuer}//`)).toEqual(["the final slash"]);
  });

  it("an ending is taken off, and nothing else", () => {
    expect(withoutEnding("a=b==", "=")).toBe("a=b");
    expect(withoutEnding("==", "=")).toBe("");
    expect(withoutEnding("", "=")).toBe("");
    expect(withoutEnding(`${"=".repeat(MANY)}a`, "=")).toHaveLength(MANY + 1);
  });
});
