import { describe, expect, it } from "vitest";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";
import { bytes, countingRandom, keyPair, refusal } from "./support.ts";

const tools = createKeyTools(countingRandom());
const read = (content: string) => tools.read(bytes(content));

const { privateKey } = keyPair("RS256");
const JWK = privateKey.export({ format: "jwk" }) as Jwk;
const PEM = withPlus();
const LINES = PEM.trim().split("\n");

/** A key whose base64 has a + in the middle of a line: almost every one has. */
function withPlus(): string {
  const text = privateKey.export({ format: "pem", type: "pkcs8" }) as string;
  expect(text).toMatch(/[A-Za-z0-9/]\+[A-Za-z0-9/]/);
  return text;
}

describe("damage that undoing it proves is undone, and named", () => {
  it.each<[string, string, string]>([
    [
      "a hyphen of BEGIN is missing",
      PEM.replace("-----BEGIN", "----BEGIN"),
      "BEGIN line has only 4 hyphens before it",
    ],
    [
      "a hyphen after BEGIN",
      PEM.replace("KEY-----\n", "KEY----\n"),
      "BEGIN line has only 4 hyphens after it",
    ],
    ["a hyphen of END", PEM.replace("-----END", "----END"), "END line has only 4 hyphens before it"],
    ["no hyphens before BEGIN", PEM.replace("-----BEGIN", "BEGIN"), "BEGIN line has no hyphens before it"],
    ["too few everywhere", PEM.replaceAll("-----", "---"), "only 3 hyphens"],
    ["blanks inside the line", PEM.replace("-----BEGIN", "----- BEGIN"), "BEGIN line"],
    ["small letters", PEM.replace("BEGIN PRIVATE KEY", "begin private key"), "not in capitals"],
    ["n for every line break", `${LINES.join("n")}n`, "the backslash of \\n was lost on the way"],
    ["rn for every line break", LINES.join("rn"), "the backslashes of \\r\\n were lost"],
    ["blanks for +", PEM.replaceAll("+", " "), "the + of the base64 have become blanks"],
    [
      "blanks for + and for line breaks",
      LINES.join(" ").replaceAll("+", " "),
      "the + of the base64 have become blanks",
    ],
    [
      "blanks for + on one line without breaks",
      `${LINES[0]}\n${LINES.slice(1, -1).join("\n")}\n${LINES.at(-1)}`.replaceAll("+", " "),
      "blanks",
    ],
    ["no = at the end", PEM.replace(/=+\n/, "\n"), "the = at the end"],
    [
      "the other alphabet",
      PEM.replace(/^[A-Za-z0-9+/=]+$/gm, (line) => line.replaceAll("+", "-").replaceAll("/", "_")),
      "alphabet of URLs",
    ],
    ["no END line", LINES.slice(0, -1).join("\n"), 'the END line of the PEM block "PRIVATE KEY" is missing'],
    ["no BEGIN line", LINES.slice(1).join("\n"), 'the BEGIN line of the PEM block "PRIVATE KEY" is missing'],
    [
      "another END line",
      PEM.replace("END PRIVATE", "END PUBLIC"),
      'begins as "PRIVATE KEY" but ends as "PUBLIC KEY"',
    ],
    [
      "text before the END line",
      PEM.replace("-----END", "exported by me\n-----END"),
      "text stood between the key and the END line",
    ],
  ])("%s", async (name, content, message) => {
    // A key without padding cannot lose it.
    if (name.startsWith("no =") && !PEM.includes("=")) return;
    const { keys, repairs } = await read(content);
    expect(keys).toEqual([JWK]);
    expect(repairs.map((repair) => repair.message).join("; ")).toContain(message);
  });
});

describe("damage that cannot be undone is named for what it is", () => {
  const changed = (line: number, text: (old: string) => string) =>
    LINES.map((old, index) => (index === line ? text(old) : old)).join("\n");

  it.each<[string, string, string]>([
    [
      "a lost character",
      changed(5, (line) => line.slice(1)),
      "has lost 1 character: line 5 of its base64 has 63 characters, the others 64",
    ],
    ["two lost characters", changed(7, (line) => line.slice(2)), "has lost 2 characters: line 7"],
    [
      "a character too many",
      changed(3, (line) => `A${line}`),
      "has 1 character too many: line 3 of its base64 has 65",
    ],
    ["a lost line", LINES.filter((_, index) => index !== 4).join("\n"), "bytes are missing"],
    ["the end cut off", PEM.slice(0, PEM.length / 2), "is cut off: its END line is missing, and "],
    [
      "a strange character",
      changed(2, (line) => `${line.slice(0, 9)}?${line.slice(10)}`),
      'it has the character "?" in line 2',
    ],
    [
      "dots for the middle",
      [...LINES.slice(0, 3), "...", ...LINES.slice(-3)].join("\n"),
      'has "..." in it: it was shortened',
    ],
    [
      "an ellipsis",
      [...LINES.slice(0, 3), "\u2026", ...LINES.slice(-3)].join("\n"),
      "it was shortened or hidden",
    ],
    ["asterisks", `${LINES[0]}\n********\n${LINES.at(-1)}`, "it was shortened or hidden"],
  ])("%s", async (_, content, message) => {
    const error = await refusal(read(content), "key_malformed");
    expect(error.message).toContain(message);
    // Nothing of the key itself is told.
    for (const line of LINES.slice(1, -1)) expect(JSON.stringify(error)).not.toContain(line.slice(0, 20));
  });
});

describe("coordinates that are not at their full length", () => {
  const pair = () => {
    for (;;) {
      const jwk = keyPair("ES256").privateKey.export({ format: "jwk" }) as Jwk;
      if (Buffer.from(jwk.x ?? "", "base64url")[0] === 0) return jwk;
    }
  };
  const key = pair();
  const stripped = Buffer.from(key.x ?? "", "base64url")
    .subarray(1)
    .toString("base64url");
  const longer = Buffer.concat([Buffer.alloc(1), Buffer.from(key.x ?? "", "base64url")]).toString(
    "base64url",
  );
  const readJwk = (jwk: object) => read(JSON.stringify(jwk));

  it("a stripped zero is proven by the curve, and the right number is given", async () => {
    const { d: _, ...half } = key;
    const error = await refusal(readJwk({ ...half, x: stripped }), "key_malformed");
    expect(error.message).toBe(
      '"x" has 31 bytes where P-256 takes 32: the software that wrote it dropped the leading zero (with it the point is on the curve)',
    );
    expect(error.hints.join()).toContain(`meanwhile write "x": "${key.x}"`);
  });

  it("so is a sign byte before it", async () => {
    const error = await refusal(readJwk({ ...key, x: longer }), "key_malformed");
    expect(error.message).toContain(
      '"x" has 33 bytes where P-256 takes 32: the software that wrote it put a zero byte',
    );
  });

  it("a private number is proven too, and never shown", async () => {
    for (;;) {
      const other = keyPair("ES256").privateKey.export({ format: "jwk" }) as Jwk;
      const d = Buffer.from(other.d ?? "", "base64url");
      if (d[0] !== 0) continue;
      const error = await refusal(
        readJwk({ ...other, d: d.subarray(1).toString("base64url") }),
        "key_malformed",
      );
      expect(error.message).toContain(
        '"d" has 31 bytes where P-256 takes 32: the software that wrote it dropped',
      );
      expect(JSON.stringify([error.message, error.hints])).not.toContain(other.d?.slice(2, 20));
      return;
    }
  });

  it("a lost character is another thing than a lost zero", async () => {
    const other = keyPair("ES256").privateKey.export({ format: "jwk" }) as Jwk;
    const error = await refusal(readJwk({ ...other, y: other.y?.slice(1) }), "key_malformed");
    expect(error.message).toMatch(
      /^"y" has 42 characters, and the 32 bytes of P-256 take 43: 1 character was lost$/,
    );
  });

  it("a lost character of an RSA number shows in its length", async () => {
    const error = await refusal(readJwk({ kty: "RSA", n: JWK.n?.slice(1), e: "AQAB" }), "key_malformed");
    expect(error.message).toBe(
      '"n" has 341 characters, which no whole number of bytes makes: at least one was lost',
    );
  });

  it("a modulus that is a text is quoted as one", async () => {
    const istio = Buffer.from("Error-IstiodFailedToFetchJwksUri-https://x.test/0123456789").toString(
      "base64url",
    );
    const error = await refusal(readJwk({ kty: "RSA", n: istio, e: "AQAB" }), "key_malformed");
    expect(error.message).toContain('"n" is the text "Error-IstiodFailedToFetchJwksUri-https://x.test/01');
    expect(error.message).toContain("istiod could not fetch the issuer's keys");
    const other = Buffer.from("this is a placeholder for the real key").toString("base64url");
    expect((await refusal(readJwk({ kty: "RSA", n: other, e: "AQAB" }), "key_malformed")).message).toContain(
      "something wrote it in place of a key",
    );
  });
});
