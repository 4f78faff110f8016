import { describe, expect, it } from "vitest";
import rfc7515 from "../../fixtures/rfc/rfc7515.json" with { type: "json" };
import rfc7519 from "../../fixtures/rfc/rfc7519.json" with { type: "json" };
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { START } from "../../support/fake-runtime.ts";
import { Cli } from "../../support/run.ts";
import { segment, unsignedToken } from "../../unit/token/make.ts";
import { ecKey, rsaKey, secretKey, signed } from "../../unit/token/node-jws.ts";
import { Session } from "./session.ts";

const now = START / 1000;
const SECRET = "a secret of thirty-two bytes, yes";
const key = secretKey(SECRET);
const claims = { iss: "https://auth.example.com", sub: "bob", aud: "api", iat: now - 60, exp: now + 840 };
const token = await signed({ alg: "HS256", typ: "JWT" }, claims, key, "HS256");
const person = { terminal: true, columns: 80, env: { NO_COLOR: "1" } } as const;

interface Report {
  readonly valid: boolean;
  readonly key: { kid: string | null; source: string } | null;
  readonly checks: readonly { name: string; status: string; code?: string; detail: string }[];
}

async function report(cli: Cli, words: readonly string[], options = {}): Promise<Report & { exit: number }> {
  const { code, stdout } = await cli.run(["verify", ...words, "--json"], options);
  return { ...(JSON.parse(stdout) as Report), exit: code };
}

const failed = ({ checks }: Report) =>
  checks.filter(({ status }) => status === "fail").map(({ code }) => code);

describe("a token that was cut off", () => {
  const secret = ["--secret", `b64:${Buffer.from("a secret of thirty-two bytes, yes").toString("base64")}`];

  it.each([
    ["inside its header", (token: string) => token.slice(0, 10)],
    ["after its header", (token: string) => token.slice(0, token.indexOf("."))],
    ["at the start of its payload", (token: string) => token.slice(0, token.indexOf(".") + 1)],
    ["inside its payload", (token: string) => token.slice(0, token.indexOf(".") + 12)],
    ["before its signature", (token: string) => token.slice(0, token.lastIndexOf("."))],
    ["inside its signature", (token: string) => token.slice(0, -6)],
    ["in its last character", (token: string) => token.slice(0, -2)],
  ])("is malformed wherever it was cut: %s", async (_, cut) => {
    const cli = new Cli();
    const token = (await cli.ok(["mint", "--sub", "bob", ...secret])).trim();
    const { code, stdout, stderr } = await cli.run(["verify", cut(token), ...secret, "--json"]);
    expect({ code, text: stdout + stderr }).toEqual({
      code: 5,
      text: expect.stringContaining("token_malformed"),
    });
    expect(stdout).not.toContain("payload_not_claims");
  });
});

describe("jwtctl verify, as a person sees it", () => {
  it("puts the verdict where the eye is, good and bad, wide and narrow, and lists every check with --checks", async () => {
    const session = new Session();
    session.file("secret", `${SECRET}\n`);
    const withSecret = ["--secret", `@${session.path("secret")}`, "--no-diagnose"];
    const [header, , signature] = token.split(".");
    const forged = `${header}.${segment({ ...claims, sub: "admin", exp: now - 60 })}.${signature}`;
    await session.tell(
      ["verify", token, ...withSecret, "--iss", "https://auth.example.com", "--aud", "api"],
      person,
    );
    await session.tell(["verify", token, ...withSecret, "--at", "+1h"], { ...person, columns: 60 });
    await session.tell(["verify", token, ...withSecret, "--checks"], person);
    await session.tell(["verify", forged, ...withSecret, "--iss", "https://auth.example.com/"], person);
    await session.tell(["verify", forged, ...withSecret, "--checks"], person);
    await session.tell(
      ["verify", unsignedToken({ alg: "none", crit: ["x"] }, claims, ""), ...withSecret],
      person,
    );
    await expect(session.toString()).toMatchFileSnapshot("golden/verify.txt");
  });

  it("says good and bad without colour as with it", async () => {
    const session = new Session();
    const options = { terminal: true, columns: 100, env: { FORCE_COLOR: "1" } };
    await session.tell(
      ["verify", token, "--secret", `b64:${segment(SECRET)}`, "--aud", "other", "--no-diagnose"],
      options,
    );
    await expect(session.toString()).toMatchFileSnapshot("golden/verify-colour.txt");
  });
});

describe("jwtctl verify on published tokens", () => {
  it.each(
    rfc7515.examples
      .filter(({ key }) => key !== undefined)
      .map((example) => [example.section, example] as const),
  )("gives the verdict of RFC 7515 %s", async (section, { compact, key }) => {
    const cli = new Cli();
    const file = cli.file("key.jwk", JSON.stringify({ ...key, kid: undefined }));
    const then = await report(cli, [compact, "--key", file, "--at", "2011-03-22T18:42:59Z"]);
    if (section === "A.4") expect([then.exit, failed(then)]).toEqual([1, ["payload_not_claims"]]);
    else expect([then.exit, then.valid]).toEqual([0, true]);
    const signature = then.checks.find(({ name }) => name === "signature");
    expect(signature?.status).toBe("pass");
    if (section !== "A.4") expect((await report(cli, [compact, "--key", file])).exit).toBe(4);
  });

  it("never accepts the unsecured tokens of RFC 7515 A.5 and RFC 7519 6.1", async () => {
    const cli = new Cli();
    for (const text of [rfc7515.examples.at(-1)?.compact ?? "", rfc7519["6.1"].compact]) {
      const verdict = await report(cli, [text, "--secret", "hex:00", "--at", "2011-03-22T18:42:59Z"]);
      expect([verdict.exit, failed(verdict)]).toEqual([1, ["algorithm_not_allowed"]]);
    }
  });

  it("accepts jwt.io's samples with the secrets shown beside them", async () => {
    const cli = new Cli();
    for (const { token, secret } of [jwtIo.old, jwtIo.new]) {
      expect(await report(cli, [token, "--secret", `env:S`], { env: { S: secret } })).toMatchObject({
        exit: 0,
        valid: true,
      });
    }
  });
});

describe("jwtctl verify and its keys", () => {
  it("takes secrets from @file, env:, b64:, hex:, stdin, --secret-file, and warns of one in the clear", async () => {
    const cli = new Cli();
    const file = cli.file("secret", `${SECRET}\n`);
    const bare = cli.file("bare", SECRET);
    for (const words of [
      ["--secret", `@${file}`],
      ["--secret", "env:S"],
      ["--secret", `b64:${segment(SECRET)}`],
      ["--secret", `hex:${Buffer.from(SECRET).toString("hex")}`],
      ["--secret", "-"],
      ["--secret-file", bare],
    ]) {
      const { code, stderr } = await cli.run(["verify", token, ...words], {
        stdin: SECRET,
        env: { S: SECRET },
      });
      expect([words, code, stderr]).toEqual([words, 0, ""]);
    }
    const literal = await cli.run(["verify", token, "--secret", SECRET]);
    expect([literal.code, literal.stderr]).toEqual([
      0,
      expect.stringContaining("warning: a secret on the command line"),
    ]);
  });

  it("takes the bytes as they are with --raw-secret and --secret-file", async () => {
    const cli = new Cli();
    const file = cli.file("secret", `${SECRET}\n`);
    for (const words of [
      ["--secret", `@${file}`, "--raw-secret"],
      ["--secret-file", file],
    ]) {
      expect(failed(await report(cli, [token, ...words]))).toEqual(["signature_invalid"]);
    }
  });

  it("refuses a public key in place of a secret (HS/RS confusion by the verifier's own hand)", async () => {
    const cli = new Cli();
    const { d: _, ...publicJwk } = ecKey();
    for (const text of [
      "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n",
      JSON.stringify(publicJwk),
    ]) {
      const file = cli.file("public", text);
      for (const words of [
        ["--secret", `@${file}`],
        ["--secret-file", file],
      ]) {
        expect(await cli.refusal(["verify", token, ...words])).toMatchObject({
          exit: 2,
          hints: ["Give it with --key"],
        });
      }
    }
  });

  it("tries several key files and a JWK set, and says which was used", async () => {
    const cli = new Cli();
    const [one, two] = [ecKey({ kid: "one" }), ecKey({ kid: "two" })];
    const files = [cli.file("1.jwk", JSON.stringify(one)), cli.file("2.jwk", JSON.stringify(two))];
    const set = cli.file("jwks.json", JSON.stringify({ keys: [one, two] }));
    const named = await signed({ alg: "ES256", kid: "two" }, claims, two, "ES256");
    const nameless = await signed({ alg: "ES256" }, claims, two, "ES256");
    const both = ["--key", files[0] ?? "", "--key", files[1] ?? ""];
    expect(await report(cli, [named, ...both])).toMatchObject({
      exit: 0,
      key: { kid: "two", source: files[1] },
    });
    expect(await report(cli, [named, "--jwks", set])).toMatchObject({
      exit: 0,
      key: { kid: "two", source: set },
    });
    expect(await report(cli, [nameless, "--jwks", set])).toMatchObject({ exit: 1, key: null });
    expect(await report(cli, [nameless, "--jwks", set, "--try-all"])).toMatchObject({
      exit: 0,
      key: { kid: "two" },
    });
    const stranger = await signed({ alg: "ES256", kid: "three" }, claims, two, "ES256");
    expect(await report(cli, [stranger, "--jwks", set])).toMatchObject({ exit: 3, key: null });
  });

  it("pins the algorithm to the key; --alg names another, once or more", async () => {
    const cli = new Cli();
    const rsa = rsaKey();
    const file = cli.file("rsa.jwk", JSON.stringify(rsa));
    const ps = await signed({ alg: "PS256" }, claims, rsa, "PS256");
    expect(failed(await report(cli, [ps, "--key", file]))).toEqual(["algorithm_not_allowed"]);
    expect((await report(cli, [ps, "--key", file, "--alg", "PS256"])).exit).toBe(0);
    expect((await report(cli, [ps, "--key", file, "--alg", "RS256", "--alg", "PS256"])).exit).toBe(0);
    expect(await cli.refusal(["verify", ps, "--key", file, "--alg", "none"])).toMatchObject({ exit: 2 });
  });

  it("refuses keys that are named in two ways, and stdin for both", async () => {
    const cli = new Cli();
    for (const words of [
      ["--secret", "hex:00", "--jwks", "x"],
      ["--key", "-", "--secret", "hex:00"],
      ["--secret-file", "x", "--secret", "hex:00"],
    ]) {
      expect(await cli.refusal(["verify", token, ...words])).toMatchObject({ exit: 2, code: "usage" });
    }
    expect(await cli.refusal(["verify", "--secret", "-"], { stdin: SECRET })).toMatchObject({ exit: 2 });
    expect(await cli.refusal(["verify", "-", "--key", "-"], { stdin: SECRET })).toMatchObject({ exit: 2 });
    expect(await cli.refusal(["verify", token, "--refresh-jwks", "--secret", "hex:00"])).toMatchObject({
      exit: 2,
    });
  });

  it("says how to name a key when there is no store", async () => {
    const refused = await new Cli().refusal(["verify", token]);
    expect(refused).toMatchObject({ exit: 3, code: "store_not_found" });
    expect(refused.hints[0]).toBe("Name the key with --key, --secret, --jwks or --issuer-url");
  });

  it.each([
    ["no key", "garbage", 5],
    ["a key that is missing", undefined, 2],
  ])("refuses a key file that is %s", async (_, content, exit) => {
    const cli = new Cli();
    const file = content === undefined ? cli.path("missing") : cli.file("key", content);
    expect(await cli.refusal(["verify", token, "--key", file])).toMatchObject({ exit });
  });
});

describe("jwtctl verify and the claims", () => {
  const check = (words: readonly string[], text = token) =>
    report(new Cli(), [text, "--secret", `b64:${segment(SECRET)}`, ...words]);

  it("tells by its exit code: refused 1, not found 3, time 4, malformed 5", async () => {
    expect((await check([])).exit).toBe(0);
    expect((await check(["--iss", "x"])).exit).toBe(1);
    expect((await check(["--at", "+1d"])).exit).toBe(4);
    expect((await check(["--at", "-1d"])).exit).toBe(4);
    expect((await check([], `${token}=`)).exit).toBe(5);
    expect((await check(["--at", "+1d", "--iss", "x"])).exit).toBe(1);
    expect((await new Cli().run(["verify", "garbage", "--secret", "hex:00"])).code).toBe(5);
  });

  it("grants a leeway up to five minutes", async () => {
    expect((await check(["--at", "+15m", "--leeway", "2m"])).exit).toBe(0);
    expect((await check(["--at", "+15m", "--leeway", "59s"])).exit).toBe(4);
    expect(await new Cli().refusal(["verify", token, "--leeway", "6m"])).toMatchObject({ exit: 2 });
    expect(await new Cli().refusal(["verify", token, "--leeway", "-1m"])).toMatchObject({ exit: 2 });
  });

  it("takes --iss, --aud, --typ and --require repeatedly", async () => {
    expect(
      (await check(["--iss", "x", "--iss", "https://auth.example.com", "--aud", "y", "--aud", "api"])).exit,
    ).toBe(0);
    expect(
      (await check(["--typ", "at+jwt", "--typ", "jwt", "--require", "sub", "--require", "exp"])).exit,
    ).toBe(0);
    expect(failed(await check(["--typ", "JOSE", "--require", "jti", "--require", "sub"]))).toEqual([
      "type_mismatch",
      "claim_missing",
    ]);
  });

  it("has the documented JSON shape", async () => {
    const document = await check(["--iss", "x"]);
    expect(Object.keys(document)).toEqual([
      "valid",
      "code",
      "message",
      "header",
      "payload",
      "key",
      "checks",
      "unchecked",
      "diagnosis",
      "exit",
    ]);
    expect(document).toMatchObject({
      valid: false,
      code: "issuer_mismatch",
      message: expect.stringContaining('expected "x"'),
      unchecked: ["typ", "aud"],
      payload: { sub: "bob" },
      key: { kid: null, source: "the secret given" },
    });
    for (const { name, status, code, detail } of document.checks) {
      expect([typeof name, typeof detail, code === undefined || typeof code === "string"]).toEqual([
        "string",
        "string",
        true,
      ]);
      expect(["pass", "fail", "skip", "warn"]).toContain(status);
      if (status === "fail") expect(code).toBeDefined();
    }
  });

  it("reports times in UTC in JSON and in local time to a person", async () => {
    const cli = new Cli();
    const words = [token, "--secret", `b64:${segment(SECRET)}`];
    const json = await report(cli, words, { utcOffset: 120 });
    expect(json.checks.find(({ name }) => name === "exp")?.detail).toBe(
      "expires in 14 minutes (2026-03-01 12:14:00 UTC)",
    );
    expect(await cli.ok(["verify", ...words], { utcOffset: 120 })).toContain("2026-03-01 14:14:00 +02:00");
    expect(await cli.ok(["verify", ...words, "--utc"], { utcOffset: 120 })).toContain(
      "2026-03-01 12:14:00 UTC",
    );
  });

  it("unwraps what was pasted and notes it, on stderr", async () => {
    const cli = new Cli();
    const { code, stdout, stderr } = await cli.run([
      "verify",
      `"Bearer ${token}"`,
      "--secret",
      `b64:${segment(SECRET)}`,
    ]);
    expect([code, stdout.startsWith("✓ VALID ")]).toEqual([0, true]);
    expect(stderr).toBe(
      "note: quotes around the token were removed\nnote: the word Bearer before the token was removed\n",
    );
  });
});

describe("jwtctl verify with the store", () => {
  it("checks signature, issuer and audience of what the store has minted, with nothing but the answer on stdout", async () => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase");
    const minted = await cli.ok("mint --sub bob --ttl 5m");
    expect(minted).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { code, stdout, stderr } = await cli.run("verify -", { stdin: minted });
    expect([code, stderr, stdout.split("\n")[0]]).toEqual([
      0,
      "",
      expect.stringMatching(/^✓ VALID {3}signed by key [\w-]{43} \(ES256, the store\); expires in 5 minutes/),
    ]);
  });

  it("refuses what another authority has signed", async () => {
    const [cli, other] = [new Cli({ seed: "one" }), new Cli({ seed: "two" })];
    await cli.ok("init --no-passphrase");
    await other.ok("init --no-passphrase");
    expect(await report(cli, [(await other.ok("mint --sub bob")).trim()])).toMatchObject({
      exit: 3,
      valid: false,
    });
  });
});
