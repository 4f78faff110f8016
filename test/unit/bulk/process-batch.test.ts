import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BatchPorts, createBatchProcessor } from "../../../src/app/bulk/process-batch.ts";
import { type Trust, trustGivenKeys, verifyToken } from "../../../src/app/token/verify-token.ts";
import { failuresOf, type LineTask } from "../../../src/core/analysis/bulk/batch.ts";
import { AppError } from "../../../src/core/base/errors.ts";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import type { VerificationOptions } from "../../../src/core/jose/verification/report.ts";
import { textDigest } from "../../../src/crypto/digest.ts";
import { createJws } from "../../../src/crypto/jws.ts";
import { createBulkJws } from "../../../src/crypto/jws-bulk.ts";
import { ENTRIES } from "../../../src/output/bulk/entries.ts";
import { segment, unsignedToken } from "../token/make.ts";
import { candidate, ecKey, secretKey, signed } from "../token/node-jws.ts";

const NOW = Date.UTC(2026, 2, 1, 12);
const seconds = NOW / 1000;
const DECODE: LineTask = { kind: "decode" };
const OPTIONS: Omit<VerificationOptions, "time"> = {
  ...{ leeway: 0, algorithms: [], types: [], issuers: [], audiences: [], require: [], tryAll: false },
};
const VERIFY: LineTask = { kind: "verify", options: OPTIONS, at: undefined };

interface Entry {
  readonly line: number;
  readonly [member: string]: unknown;
}

const unasked: BatchPorts = {
  entries: ENTRIES,
  trust: async () => {
    throw new Error("nobody is to be trusted here");
  },
  jws: createBulkJws(),
  digest: textDigest,
};

async function run(
  task: LineTask,
  text: string | Uint8Array,
  ports: Partial<BatchPorts> = {},
  firstLine = 1,
) {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const work = createBatchProcessor(task, { ...unasked, ...ports });
  const { entries, tally } = await work({ firstLine, bytes, tooLong: false }, NOW);
  const lines = Buffer.from(entries).toString().split("\n");
  expect(lines.pop()).toBe("");
  return { tally, text: lines, entries: lines.map((line) => JSON.parse(line) as Entry) };
}

const token = unsignedToken({ alg: "HS256" }, { sub: "bob" }, segment(new Uint8Array(32)));

describe("decoding a batch of lines", () => {
  it("makes one entry of each line, with its number", async () => {
    const { entries, tally } = await run(DECODE, `${token}\n${token}\n`, {}, 41);
    const header = { alg: "HS256" };
    expect(entries).toEqual([
      { line: 41, header, payload: { sub: "bob" } },
      { line: 42, header, payload: { sub: "bob" } },
    ]);
    expect(tally).toEqual({ tokens: 2, failures: {} });
  });

  it("counts empty lines and has no entry for them", async () => {
    const { entries, tally } = await run(DECODE, `\n${token}\n  \t\r\n\n${token}`);
    expect(entries.map(({ line }) => line)).toEqual([2, 5]);
    expect(tally.tokens).toBe(2);
  });

  it("takes the line breaks of Windows, the mark at the beginning of its files, and a last line without a break", async () => {
    const { entries } = await run(DECODE, `\ufeff${token}\r\n${token}\r\n${token}`);
    expect(entries).toHaveLength(3);
    for (const entry of entries) expect(entry).not.toHaveProperty("repairs");
  });

  it("takes the mark off at the beginning of the input only", async () => {
    const [entry] = (await run(DECODE, `\ufeff${token}\n`, {}, 2)).entries;
    expect(entry).toMatchObject({ line: 2, repairs: ["white_space_removed"] });
  });

  it("makes an entry of a line that is no token", async () => {
    const { entries, tally } = await run(DECODE, `garbage\n${token}\na.b.c\n`);
    expect(entries[0]).toEqual({
      line: 1,
      error: { code: "token_malformed", message: "this is not a token: it has no dots" },
    });
    expect(entries[1]).not.toHaveProperty("error");
    expect(entries[2]).toMatchObject({ line: 3, error: { code: "token_malformed" } });
    expect(tally).toEqual({ tokens: 3, failures: { token_malformed: 2 } });
  });

  it("shows what is left of a token that was cut, and says so", async () => {
    const cut = `${segment({ alg: "HS256" })}.${segment({ sub: "bob", name: "Bob" }).slice(0, 20)}`;
    const { entries, tally } = await run(DECODE, `${cut}\n`);
    expect(entries[0]).toMatchObject({
      header: { alg: "HS256" },
      payload: null,
      payload_text: '{"sub":"bob","n',
      error: { code: "token_malformed", message: "the token is cut off inside its payload" },
    });
    expect(tally.failures).toEqual({ token_malformed: 1 });
  });

  it("says what was taken off around a token, what is odd about it, and how many more there are", async () => {
    const unsigned = unsignedToken({ alg: "none" }, {}, "");
    const { entries } = await run(
      DECODE,
      `Bearer ${unsigned}\n{"access_token":"${token}","id_token":"${token}"}\n`,
    );
    expect(entries[0]).toMatchObject({ repairs: ["scheme_removed"], warnings: ["unsigned"] });
    expect(entries[1]).toMatchObject({ repairs: ["picked_from_json"], others: 1 });
  });

  it("shows payloads that are no JSON as text or bytes", async () => {
    const header = segment({ alg: "HS256" });
    const { entries } = await run(
      DECODE,
      `${header}.${segment("plain text")}.c2ln\n${header}.${segment(Uint8Array.of(0xff, 0xfe))}.c2ln\n`,
    );
    expect(entries[0]).toMatchObject({ payload: null, payload_text: "plain text" });
    expect(entries[1]).toMatchObject({ payload: null, payload_base64url: "__4" });
  });

  it("knows an encrypted token", async () => {
    const jwe = `${segment({ alg: "dir", enc: "A256GCM" })}..aXY.Y2lwaGVy.dGFn`;
    const [entry] = (await run(DECODE, `${jwe}\n`)).entries;
    expect(entry).toMatchObject({ header: { enc: "A256GCM" }, payload: null, encrypted: true });
  });

  it("loses no digit, no member and no order", async () => {
    const payload = '{"10":1,"2":12345678901234567890,"__proto__":1.0,"2":-0}';
    const { text } = await run(DECODE, `${unsignedToken({ alg: "HS256" }, payload)}\n`);
    expect(text[0]).toContain(`"payload":${payload}`);
  });

  it("OSC 52, bidi and control characters in a token or around it stay escaped", async () => {
    const hostile = "\u001b]52;c;aGk=\u0007\u202e\u009b31m\u200b\ufeff\u2028";
    const lines = [
      unsignedToken({ alg: hostile, [hostile]: 1 }, { [hostile]: hostile }),
      unsignedToken({ alg: "HS256" }, `{"x":"${hostile.replace(/[\u0000-\u001f]/g, "")}"}`),
      `${segment({ alg: "HS256" })}.${segment(hostile)}.c2ln`,
      hostile,
    ];
    const { text } = await run(DECODE, `${lines.join("\n")}\n`);
    expect(text).toHaveLength(4);
    expect(text.join("")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b\u2028\u202e\ufeff]/);
  });

  it("is there for each token of a file in UTF-16, as PowerShell writes them", async () => {
    const lines = Buffer.from(`\ufeff${token}\r\n\r\n${token}\r\n`, "utf16le");
    const { entries } = await run(DECODE, lines);
    expect(entries.map(({ line }) => line)).toEqual([1, 3]);
    for (const { header } of entries) expect(header).not.toBeNull();
  });

  it("is one JSON document for each line that is not empty, whatever the bytes", async () => {
    // An empty line in UTF-16 has NULs in it.
    const isBlank = (text: string) => text.trim() === "" || /^\0[\0\s]*$/.test(text);
    const line = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constant(token),
      fc.nat(token.length).map((length) => token.slice(0, length)),
      fc.base64String(),
      fc.constantFrom("", " ", "\r", "{}", '{"token":1}', "..", "a.b.c.d.e"),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 8 }),
        fc.uint8Array({ maxLength: 40 }),
        async (lines, tail) => {
          const bytes = Buffer.concat([Buffer.from(`${lines.join("\n")}\n`), tail]);
          const { entries, tally } = await run(DECODE, bytes);
          const numbers = new TextDecoder()
            .decode(bytes)
            .split("\n")
            .flatMap((content, index) => (isBlank(content) ? [] : [index + 1]));
          expect(entries.map(({ line: number }) => number)).toEqual(numbers);
          expect(tally.tokens).toBe(numbers.length);
          const failed = entries.filter((entry) => "error" in entry).length;
          expect(failuresOf(tally).reduce((sum, [, count]) => sum + count, 0)).toBe(failed);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("an over-long line is an entry, and none of it is kept", async () => {
    const work = createBatchProcessor(DECODE, unasked);
    const batch = { firstLine: 7, bytes: new Uint8Array(), tooLong: true };
    const { entries, tally } = await work(batch, NOW);
    expect(JSON.parse(Buffer.from(entries).toString())).toEqual({
      line: 7,
      error: { code: "input_too_large", message: "the line is longer than 1048576 bytes" },
    });
    expect(tally).toEqual({ tokens: 1, failures: { input_too_large: 1 } });
  });
});

const EC = ecKey({ kid: "ec" });
const SECRET = secretKey("a secret of thirty-two bytes, yes", { kid: "hs" });
const candidates = [candidate(EC), candidate(SECRET)];
const claims = { sub: "bob", iat: seconds - 60, exp: seconds + 60 };

async function samples(): Promise<readonly string[]> {
  const ec = (header: object, body: object | string = claims) =>
    signed({ alg: "ES256", kid: "ec", ...header }, body, EC, "ES256");
  const good = await ec({});
  const [head, body, signature] = good.split(".");
  return [
    good,
    await signed({ alg: "HS256", kid: "hs" }, claims, SECRET, "HS256"),
    await ec({}, { ...claims, exp: seconds }),
    await ec({}, { ...claims, nbf: seconds + 10 }),
    await ec({}, { ...claims, iat: seconds + 10 }),
    await ec({}, { sub: "bob" }),
    await ec({}, { ...claims, exp: "soon" }),
    await ec({}, '{"sub":"bob","sub":"admin"}'),
    await ec({}, "[1]"),
    await ec({ crit: ["exp"] }),
    await ec({ kid: "unknown" }),
    await ec({ alg: "ES384" }),
    await ec({ jku: "https://evil.example.com" }),
    await ec({ typ: "at+jwt" }),
    await signed({ alg: "HS256", kid: "ec" }, claims, SECRET, "HS256"),
    unsignedToken({ alg: "none" }, claims, ""),
    `${head}.${segment({ ...claims, sub: "admin" })}.${signature}`,
    `${head}.${body}.${segment(new Uint8Array(64))}`,
    `${head}.${body}.${signature}=`,
    `${head}.${body}`,
    `${head}.${body}.`,
    `Bearer ${good}`,
    `${segment({ alg: "dir", enc: "A256GCM" })}..aXY.Y2lwaGVy.dGFn`,
    "garbage",
    "a.b.c",
  ];
}

describe("verifying a batch of lines", () => {
  it("comes to the verdict that verify comes to for each token alone, with the same failures", async () => {
    const lines = await samples();
    const { entries } = await run(VERIFY, lines.join("\n"), { trust: trustGivenKeys(candidates) });
    expect(entries).toHaveLength(lines.length);
    const verdicts = new Set<unknown>();
    for (const [index, text] of lines.entries()) {
      const alone = await verifyAlone(text);
      const { valid, code, failed } = entries[index] ?? { line: 0 };
      expect({ text, valid, code, failed }).toEqual({ text, ...alone });
      verdicts.add(code);
    }
    expect(verdicts.size).toBeGreaterThan(9);
  });

  it("names the key that verified a token, and what is doubtful about it", async () => {
    const text = await signed({ alg: "ES256", kid: "ec" }, { sub: "bob" }, EC, "ES256");
    const { entries } = await run(VERIFY, `"${text}"\n`, { trust: trustGivenKeys(candidates) });
    expect(entries).toEqual([
      { line: 1, valid: true, kid: "ec", repairs: ["quotes_removed"], warnings: ["exp"] },
    ]);
  });

  it("takes the time at which a batch is read, so that a token can expire while the input goes on", async () => {
    const work = createBatchProcessor(VERIFY, { ...unasked, trust: trustGivenKeys(candidates) });
    const text = await signed({ alg: "ES256", kid: "ec" }, claims, EC, "ES256");
    const batch = () => ({ firstLine: 1, bytes: Buffer.from(text), tooLong: false });
    expect((await work(batch(), NOW)).tally.failures).toEqual({});
    expect((await work(batch(), NOW + 60_000)).tally.failures).toEqual({ token_expired: 1 });
  });

  it("takes the time of --at for all of them", async () => {
    const task: LineTask = { ...VERIFY, at: NOW + 60_000 };
    const text = await signed({ alg: "ES256", kid: "ec" }, claims, EC, "ES256");
    const { tally } = await run(task, text, { trust: trustGivenKeys(candidates) });
    expect(tally.failures).toEqual({ token_expired: 1 });
  });

  it("expects the issuer and audience that go with the keys", async () => {
    const trust = async (): Promise<Trust> => ({
      ...{ candidates, issuers: ["https://a"], audiences: ["api"], holdsFor: "this_kid" },
    });
    const good = await signed(
      { alg: "ES256", kid: "ec" },
      { ...claims, iss: "https://a", aud: "api" },
      EC,
      "ES256",
    );
    const other = await signed(
      { alg: "ES256", kid: "ec" },
      { ...claims, iss: "https://b", aud: "api" },
      EC,
      "ES256",
    );
    const { entries } = await run(VERIFY, `${good}\n${other}\n`, { trust });
    expect(entries).toMatchObject([{ valid: true }, { valid: false, code: "issuer_mismatch" }]);
  });

  it("asks about each key once, not about each token", async () => {
    const asked: unknown[] = [];
    const trust = async (hint: unknown): Promise<Trust> => {
      asked.push(hint);
      return { candidates, issuers: [], audiences: [], holdsFor: "this_kid" };
    };
    const lines = await samples();
    await run(VERIFY, [...lines, ...lines, ...lines].join("\n"), { trust });
    expect(asked).toHaveLength(new Set(asked.map((hint) => JSON.stringify(hint))).size);
  });

  it("stops when nobody can say whom to trust: the next token would fare no better", async () => {
    const trust = async (): Promise<Trust> => {
      throw new AppError("network_timeout", "the server does not answer");
    };
    await expect(run(VERIFY, `garbage\n${token}\n`, { trust })).rejects.toMatchObject({
      code: "network_timeout",
    });
  });

  it("a key in the set that is broken fails the tokens that name it, and no others", async () => {
    const broken: Jwk = { kty: "EC", crv: "P-256", x: "AA", y: "AA", kid: "broken", alg: "ES256" };
    const text = await signed({ alg: "ES256", kid: "ec" }, claims, EC, "ES256");
    const named = await signed({ alg: "ES256", kid: "broken" }, claims, EC, "ES256");
    const { entries } = await run(VERIFY, `${named}\n${text}\n`, {
      trust: trustGivenKeys([...candidates, candidate(broken)]),
    });
    expect(entries).toMatchObject([
      { valid: false, code: "key_unusable", error: { code: "key_unusable" } },
      { valid: true },
    ]);
  });

  it("a mistake of ours is not taken for a bad token", async () => {
    const jws = {
      verify: () => {
        throw new TypeError("undefined is not a function");
      },
    };
    const text = await signed({ alg: "ES256", kid: "ec" }, claims, EC, "ES256");
    await expect(run(VERIFY, text, { trust: trustGivenKeys(candidates), jws })).rejects.toThrow(TypeError);
  });
});

/** What an entry says of a token, from `verify`'s own report of it. */
async function verifyAlone(text: string) {
  const options = { ...OPTIONS, time: { now: NOW, utcOffset: () => 0 } };
  try {
    const report = await verifyToken(
      { text, options },
      { trust: trustGivenKeys(candidates), jws: createJws(), digest: async () => textDigest },
    );
    const failed = report.checks.filter(({ status }) => status === "fail");
    return {
      valid: report.valid,
      code: report.verdict,
      failed: report.valid
        ? undefined
        : failed.map(({ name, code, detail }) => ({ check: name, code, detail })),
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { valid: false, code: error.code, failed: undefined };
  }
}
