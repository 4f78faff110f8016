import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { START } from "../../support/fake-runtime.ts";
import { Cli } from "../../support/run.ts";

interface Report {
  readonly tokens: readonly {
    source: string | null;
    alg: string;
    typ: string;
    kid: string;
    length: number;
  }[];
  readonly findings: readonly {
    token: number;
    rule: string;
    severity: string;
    message: string;
    where: string;
  }[];
  readonly fail_on: string;
  readonly failed: boolean;
}

const SECONDS = START / 1000;
const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** An access token with nothing wrong but what is given. */
function token(claims: object = {}, secret?: string): string {
  const all = {
    ...{ iss: "https://auth.example.com", sub: "u-1", aud: "https://api.example.com", client_id: "shop" },
    ...{ iat: SECONDS, exp: SECONDS + 900, jti: "a1" },
    ...claims,
  };
  const alg = secret === undefined ? "ES256" : "HS256";
  const input = `${segment({ alg, typ: "at+jwt", kid: "k1" })}.${segment(all)}`;
  const signature =
    secret === undefined
      ? Buffer.alloc(64, 7).toString("base64url")
      : createHmac("sha256", secret).update(input).digest("base64url");
  return `${input}.${signature}`;
}

const rulesOf = (report: Report) => report.findings.map(({ rule }) => rule);

async function report(cli: Cli, words: readonly string[], exit: number): Promise<Report> {
  const { code, stdout } = await cli.run(["lint", ...words, "--json"]);
  expect(code).toBe(exit);
  return JSON.parse(stdout) as Report;
}

describe("jwtctl lint", () => {
  it("of a good token finds nothing, exit 0, and needs no store, key or network", async () => {
    const { code, stdout, stderr } = await new Cli().run(["lint", token()]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^nothing found by \d+ rules\n$/);
  });

  it("holds a token to the kind that is asked for", async () => {
    const found = await report(new Cli(), [token(), "--as", "dpop-proof"], 1);
    expect(
      found.findings.filter(({ rule }) => rule === "kind-missing").map(({ message }) => message),
    ).toEqual(["a DPoP proof needs jwk", "a DPoP proof needs htm", "a DPoP proof needs htu"]);
    const unknown = await new Cli().run(["lint", token(), "--as", "passport"]);
    expect(unknown.code).toBe(2);
    const both = await new Cli().run(["lint", token(), "--as", "id-token", "--access-token"]);
    expect(both.code).toBe(2);
  });

  it("of the tokens that jwtctl itself issues finds nothing grave", async () => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase");
    await cli.ok("users add alice --password-stdin", { stdin: "seven green kettles hum" });
    const login = await cli.json<{ access_token: string }>("login alice --password-stdin", {
      stdin: "seven green kettles hum",
    });
    expect((await report(cli, [login.access_token, "--fail-on", "info"], 0)).findings).toEqual([]);
  });

  it("of jwt.io's sample token finds the secret by trying, without being given one", async () => {
    const found = await report(new Cli(), [jwtIo.old.token], 1);
    expect(found.tokens).toEqual([
      {
        source: null,
        line: 1,
        kind: "jws",
        alg: "HS256",
        typ: "JWT",
        kid: null,
        length: jwtIo.old.token.length,
      },
    ]);
    expect(found.findings[0]).toEqual({
      token: 0,
      rule: "notorious-secret",
      severity: "error",
      message: 'the signature was made with the well-known secret "your-256-bit-secret"',
      where: "/signature",
      why: expect.any(String),
      reference: "RFC 8725 section 3.5",
    });
    expect(rulesOf(found)).toEqual([
      "notorious-secret",
      "no-exp",
      "missing-iss",
      "missing-aud",
      "shared-secret",
    ]);
  });

  it("judges the secret it is given, and never prints it", async () => {
    const cli = new Cli();
    const secret = "Tr0ub4dor&3";
    const words = [token({}, secret), "--secret", "env:SECRET"];
    const { code, stdout } = await cli.run(["lint", ...words, "--json"], { env: { SECRET: secret } });
    expect(code).toBe(1);
    expect(rulesOf(JSON.parse(stdout))).toContain("weak-hmac-secret");
    expect(stdout).not.toContain(secret);
    const other = await cli.run(["lint", ...words, "--json"], { env: { SECRET: `${secret}!`.repeat(4) } });
    expect(rulesOf(JSON.parse(other.stdout))).toContain("secret-mismatch");
  });

  it("takes the secret's bytes from a file as they are: with a line break at the end it is another", async () => {
    const cli = new Cli();
    const secret = "a secret of which only this test knows 1234";
    const words = [token({}, secret), "--fail-on", "error", "--secret-file"];
    expect(rulesOf(await report(cli, [...words, cli.file("exact", secret)], 0))).not.toContain(
      "secret-mismatch",
    );
    expect(rulesOf(await report(cli, [...words, cli.file("newline", `${secret}\n`)], 0))).toContain(
      "secret-mismatch",
    );
  });
});

describe("jwtctl lint --fail-on", () => {
  const warned = token({ iss: "http://auth.example.com" });
  const remarked = token({ email: "alice@example.com" });
  const wrong = token({ exp: undefined });

  it.each([
    [[wrong], 1],
    [[warned], 0],
    [[warned, "--fail-on", "warning"], 1],
    [[remarked, "--fail-on", "warning"], 0],
    [[remarked, "--fail-on", "info"], 1],
    [[wrong, "--fail-on", "never"], 0],
    [[wrong, "--ignore", "no-exp", "--ignore", "access-token-claims"], 0],
  ])("%# ends with its exit code", async (words, exit) => {
    const found = await report(new Cli(), words, exit);
    expect(found.failed).toBe(exit === 1);
  });

  it("says whether it failed, to a person", async () => {
    expect((await new Cli().run(["lint", wrong])).stdout).toContain("2 errors: failed (--fail-on error)");
    expect((await new Cli().run(["lint", warned])).stdout).toContain("1 warning: passed (--fail-on error)");
  });
});

describe("jwtctl lint, its circumstances", () => {
  it("--at moves the clock, --max-lifetime the limit, --access-token the profile", async () => {
    const cli = new Cli();
    expect(rulesOf(await report(cli, [token(), "--at", "-1h"], 0))).toEqual(["future-iat"]);
    expect(rulesOf(await report(cli, [token(), "--max-lifetime", "5m"], 0))).toEqual(["long-lifetime"]);
    const jwt = token({ client_id: undefined }).replace(
      /^[^.]*/,
      segment({ alg: "ES256", typ: "JWT", kid: "k" }),
    );
    expect(rulesOf(await report(cli, [jwt], 0))).toEqual([]);
    const demanded = rulesOf(await report(cli, [jwt, "--access-token"], 1));
    expect(demanded).toEqual(["access-token-typ", "access-token-claims"]);
  });

  it("takes several tokens, files and stdin, and tells them apart", async () => {
    const cli = new Cli();
    const file = cli.file("token.txt", `${token({ exp: undefined })}\n`);
    const { code, stdout } = await cli.run(["lint", token(), `@${file}`, "-", "--json"], {
      stdin: jwtIo.new.token,
    });
    expect(code).toBe(1);
    const found = JSON.parse(stdout) as Report;
    expect(found.tokens.map(({ source }) => source)).toEqual([null, file, "stdin"]);
    expect(new Set(found.findings.map((finding) => finding.token))).toEqual(new Set([1, 2]));
  });

  it("reads the pipe when there is no argument", async () => {
    expect((await new Cli().run("lint", { stdin: `Bearer ${token()}\n` })).code).toBe(0);
  });

  it("--sarif prints a SARIF log of the same findings, with the same exit code", async () => {
    const cli = new Cli();
    const { code, stdout } = await cli.run(["lint", jwtIo.old.token, "--sarif"]);
    expect(code).toBe(1);
    const log = JSON.parse(stdout);
    expect(log.version).toBe("2.1.0");
    expect(log.runs[0].results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(
      rulesOf(await report(cli, [jwtIo.old.token], 1)),
    );
  });

  it("--rules cuts nothing off, however narrow the terminal is", async () => {
    const cli = new Cli();
    const rules = await cli.json<readonly { title: string; reference: string }[]>("lint --rules");
    for (const columns of [40, 60, 80, 100]) {
      const text = await cli.ok("lint --rules", { terminal: true, columns, env: { NO_COLOR: "1" } });
      expect(text).not.toContain("…");
      expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(columns);
      const flowing = text.replace(/\s+/g, " ");
      for (const { title, reference } of rules) {
        expect(flowing).toContain(title);
        expect(flowing).toContain(`see ${reference}`);
      }
    }
  });

  it("--rules lists them all, for people and programs", async () => {
    const cli = new Cli();
    const text = await cli.ok("lint --rules");
    const rules = await cli.json<readonly { id: string; severity: string; why: string }[]>("lint --rules");
    expect(rules.length).toBeGreaterThan(50);
    for (const { id } of rules) expect(text).toContain(id);
  });

  it.each([
    [["--ignore", "no-expp"], 'there is no lint rule "no-expp"'],
    [["--fail-on", "fatal"], "--fail-on"],
    [["--sarif", "--json"], "contradict"],
    [["--secret", "a", "--secret-file", "b"], "contradict"],
    [["--max-lifetime", "soon"], "--max-lifetime"],
    [["--at", "someday"], "--at"],
  ])("refuses %j", async (words, message) => {
    expect(await new Cli().refusal(["lint", token(), ...words])).toMatchObject({
      exit: 2,
      code: "usage",
      message: expect.stringContaining(message),
    });
  });

  it.each([
    [["--secret", "-"]],
    [["--secret", "b64:-"]],
    [["-", "--secret", "hex:-"]],
    [["-", "--secret", "-"]],
    [["-", "-"]],
  ])("refuses to read stdin twice: %j", async (words) => {
    const refusal = await new Cli().refusal(["lint", ...words], { stdin: token() });
    expect(refusal).toMatchObject({ exit: 2, code: "usage", message: "stdin can only be read once" });
  });

  it.each([
    ["garbage", "nothing like a token"],
    ["a token that is cut in its payload", token().split(".").slice(0, 2).join(".").slice(0, -30)],
  ])("refuses %s, exit 5", async (_, text) => {
    expect(await new Cli().refusal(["lint", text])).toMatchObject({ exit: 5, code: "token_malformed" });
  });
});
