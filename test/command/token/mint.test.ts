import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { START } from "../../support/fake-runtime.ts";
import { Cli } from "../../support/run.ts";
import { segment } from "../../unit/token/make.ts";
import { ecKey, rsaKey } from "../../unit/token/node-jws.ts";
import { Session } from "./session.ts";

const now = START / 1000;
const SECRET = "a secret of thirty-two bytes, yes";
const withSecret = ["--secret", `b64:${segment(SECRET)}`];

interface Minted {
  readonly token: string;
  readonly header: Record<string, unknown>;
  readonly payload: Record<string, unknown>;
}

const mint = (cli: Cli, ...words: readonly string[]) => cli.json<Minted>(["mint", ...words]);

/** Header and payload as they were signed, byte for byte. */
function signedText(token: string): [header: string, payload: string] {
  const [header = "", payload = ""] = token.trim().split(".");
  return [Buffer.from(header, "base64url").toString(), Buffer.from(payload, "base64url").toString()];
}

describe("jwtctl mint, as a person sees it", () => {
  it("prints the token, and what is worth knowing on stderr", async () => {
    const session = new Session();
    await session.tell(["mint", "--sub", "bob", ...withSecret]);
    await session.tell([
      "mint",
      "--sub",
      "bob",
      "--claim",
      "role=admin",
      "--claim",
      "level:=3",
      ...withSecret,
      "--json",
    ]);
    await session.tell(["mint", "--sub", "bob", "--ttl", "30 days", ...withSecret]);
    await session.tell(["mint", "--sub", "bob", "--no-exp", ...withSecret]);
    await session.tell(["mint", "--sub", "bob", "--typ", "at+jwt", "--jti", "1", ...withSecret]);
    await session.tell(["mint", "--sub", "bob", "--secret", "hex:00"]);
    await session.tell(["mint", "--sub", "bob", "--secret", "hex:00", "--allow-weak"]);
    await session.tell(["mint", '{"exp":1}', "--ttl", "5m", ...withSecret]);
    await session.tell(["mint", "--claim", "role", ...withSecret]);
    await session.tell(["mint", "--sub", "bob", "--ttl", "5 months", ...withSecret]);
    await session.tell(["mint", "--sub", "bob"]);
    await expect(session.toString()).toMatchFileSnapshot("golden/mint.txt");
  });
});

describe("jwtctl mint", () => {
  it("prints the token and nothing else on stdout", async () => {
    const cli = new Cli();
    for (const alias of ["mint", "sign", "encode"]) {
      const { code, stdout, stderr } = await cli.run([alias, "--sub", "bob", ...withSecret]);
      expect([code, stdout, stderr]).toEqual([0, expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/), ""]);
    }
  });

  it("signs what it shows: HMAC over exactly these bytes", async () => {
    const { token, header, payload } = await mint(new Cli(), "--sub", "bob", ...withSecret);
    const [first, second, signature] = token.split(".");
    expect(createHmac("sha256", SECRET).update(`${first}.${second}`).digest("base64url")).toBe(signature);
    expect(signedText(token).map((text) => JSON.parse(text))).toEqual([header, payload]);
  });

  it("puts header and claims in their conventional order", async () => {
    const { token } = await mint(
      new Cli(),
      ...[
        "--jti",
        "j",
        "--claim",
        "role=x",
        "--nbf",
        "now",
        "--aud",
        "a",
        "--aud",
        "b",
        "--sub",
        "s",
        "--iss",
        "i",
      ],
      ...["--header", "cty=JWT", "--header", "kid=k", "--ttl", "5m", ...withSecret],
    );
    expect(signedText(token)).toEqual([
      '{"alg":"HS256","typ":"JWT","kid":"k","cty":"JWT"}',
      `{"iss":"i","sub":"s","aud":["a","b"],"role":"x","nbf":${now},"iat":${now},"exp":${now + 300},"jti":"j"}`,
    ]);
  });

  it("takes claims as JSON from an argument, a file and stdin, pretty-printed and digit for digit", async () => {
    const cli = new Cli();
    const json = '{\n  "sub": "bob",\n  "id": 9007199254740993,\n  "ratio": 1.0\n}\n';
    const file = cli.file("claims.json", json);
    for (const [given, stdin] of [
      [json, ""],
      [`@${file}`, ""],
      ["-", json],
    ] as const) {
      const stdout = await cli.ok(["mint", given, "--no-iat", "--no-exp", ...withSecret, "-q"], { stdin });
      expect(signedText(stdout)[1]).toBe('{"sub":"bob","id":9007199254740993,"ratio":1.0}');
    }
  });

  it("does not wait for stdin when no claims are given", async () => {
    const cli = new Cli();
    expect((await cli.run(["mint", "--sub", "bob", ...withSecret], { stdin: '{"sub":"eve"}' })).code).toBe(0);
  });

  it("takes edited output of decode back and signs it as it is", async () => {
    const cli = new Cli();
    const original = await cli.ok([
      ...[
        "mint",
        '{"z":1,"exp":5,"sub":"bob"}',
        "--header",
        "x5t=a",
        "--header",
        "kid=old",
        "--typ",
        "custom",
        ...withSecret,
      ],
    ]);
    const decoded = await cli.ok(["decode", original.trim(), "--json"]);
    const edited = decoded.replace('"sub": "bob"', '"sub": "admin"');
    const again = await cli.ok(["mint", "-", ...withSecret], { stdin: edited });
    expect(signedText(again)).toEqual([
      '{"alg":"HS256","typ":"custom","x5t":"a"}',
      `{"z":1,"exp":5,"sub":"admin","iat":${now}}`,
    ]);
  });

  it("adds nothing to a decoded token that is given back", async () => {
    const cli = new Cli();
    const document = '{"header":{"alg":"none"},"payload":{"sub":"x"}}';
    expect(signedText(await cli.ok(["mint", document, ...withSecret, "-q"]))).toEqual([
      '{"alg":"HS256"}',
      '{"sub":"x"}',
    ]);
    const withTtl = await cli.ok(["mint", document, "--ttl", "1m", ...withSecret]);
    expect(signedText(withTtl)[1]).toBe(`{"sub":"x","exp":${now + 60}}`);
  });

  it.each([
    ["two claims", ["--claim", "a=1", "--claim", "a:=2"]],
    ["a flag", ["--sub", "x", "--sub", "y"]],
    ["a date", ["--exp", "+1h", "--exp", "+2h"]],
    ["a flag and a claim", ["--sub", "x", "--claim", "sub=y"]],
    ["JSON and a flag", ['{"sub":"x"}', "--sub", "y"]],
    ["JSON and a claim", ['{"a":1}', "--claim", "a=2"]],
    ["JSON in itself", ['{"exp":1,"exp":2}']],
    ["--ttl and --exp", ["--ttl", "5m", "--exp", "+5m"]],
    ["--ttl and exp in JSON", ['{"exp":5}', "--ttl", "5m"]],
    ["--typ and --header", ["--typ", "JWT", "--header", "typ=x"]],
  ])("refuses a claim that is given twice: %s", async (_, words) => {
    const refused = await new Cli().refusal(["mint", ...words, ...withSecret]);
    expect(refused).toMatchObject({ exit: 2, code: "usage", stdout: "" });
    expect(refused.message).toContain("twice");
  });

  it("says how a decoded token loses what is to be set anew", async () => {
    const cli = new Cli();
    const document = '{"header":{"alg":"none"},"payload":{"exp":5,"iat":1,"a b":1}}';
    const hintsOf = async (...words: readonly string[]) =>
      (await cli.refusal(["mint", document, ...words, ...withSecret])).hints.at(-1);
    expect(await hintsOf("--ttl", "5m")).toMatch(/jq 'del\(\.payload\.exp, \.payload\.iat\)'$/);
    expect(await hintsOf("--exp", "+5m")).toMatch(/jq 'del\(\.payload\.exp\)'$/);
    expect(await hintsOf("--no-exp")).toMatch(/jq 'del\(\.payload\.exp\)'$/);
    expect(await hintsOf("--claim", "a b=2")).toMatch(/jq 'del\(\.payload\["a b"\]\)'$/);
  });

  it("says when a date that was typed loses its part of a second, and not of one that is relative", async () => {
    const cli = new Cli();
    cli.clock.advance(0.25);
    const told = async (...words: readonly string[]) =>
      (await cli.run(["mint", ...words, ...withSecret])).stderr;
    expect(await told("--iat", "0", "--exp", "1.5")).toContain("note: --exp was cut to whole seconds: 1\n");
    expect(await told("--exp", "2026-03-01T12:30:00.5Z")).toContain("--exp was cut to whole seconds");
    expect(await told("--exp", "+5m", "--nbf", "now", "--iat", "-1h")).toBe("");
    expect(await told("--exp", "2026-03-01T12:30:00Z")).toBe("");
  });

  it("refuses what contradicts itself", async () => {
    const cli = new Cli();
    for (const words of [
      ["--ttl", "5m", "--no-exp", ...withSecret],
      ["--key", "x", ...withSecret],
      ["--secret-file", "x", ...withSecret],
      ["-", "--secret", "-"],
      ["--header", "alg=none", ...withSecret],
    ]) {
      expect(await cli.refusal(["mint", ...words])).toMatchObject({ exit: 2, code: "usage" });
    }
  });

  it.each([
    ["--no-aud --aud x", "--no-aud and --aud"],
    ["--aud a --no-aud --aud b", "--aud and --no-aud"],
    ["--iss a --no-iss", "--iss and --no-iss"],
    ["--exp 2030-01-01 --no-exp", "--exp and --no-exp"],
    ["--no-exp --exp +5m", "--no-exp and --exp"],
    ["--no-iat --iat now", "--no-iat and --iat"],
  ])("refuses a claim that is set and left out, in whichever order: %s", async (typed, both) => {
    expect(await new Cli().refusal(["mint", ...typed.split(" "), ...withSecret])).toMatchObject({
      exit: 2,
      code: "usage",
      message: `${both} contradict each other`,
    });
  });

  it.each(["iss", "aud", "exp", "iat"])(
    "does not keep a %s that --no-%s leaves out, nor drop what the JSON or --claim gives",
    async (name) => {
      const cli = new Cli();
      for (const given of [[`{"${name}":5}`], ["--claim", `${name}:=5`]]) {
        expect(await cli.refusal(["mint", ...given, `--no-${name}`, ...withSecret])).toMatchObject({
          exit: 2,
          code: "usage",
          message: expect.stringContaining(`--no-${name} leaves ${name} out`),
        });
      }
    },
  );

  it("refuses JSON that is none, with the place", async () => {
    expect(await new Cli().refusal(["mint", "{sub:1}", ...withSecret])).toMatchObject({
      exit: 5,
      code: "json_malformed",
    });
    expect(await new Cli().refusal(["mint", "[1]", ...withSecret])).toMatchObject({ exit: 2, code: "usage" });
  });

  it("reads dates in every form, and refuses milliseconds", async () => {
    const { payload } = await mint(
      new Cli(),
      ...["--iat", "-2h", "--nbf", "2026-03-01T10:00:00Z", "--exp", "1772370000", ...withSecret],
    );
    expect(payload).toEqual({ nbf: now - 7200, iat: now - 7200, exp: 1_772_370_000 });
    expect(await new Cli().refusal(["mint", "--exp", "1772370000000", ...withSecret])).toMatchObject({
      exit: 2,
    });
  });

  it("leaves out what is unwanted", async () => {
    const cli = new Cli();
    const options = { stdin: "" };
    await cli.ok("init --no-passphrase", options);
    expect((await mint(cli, "--no-iss", "--no-aud", "--no-iat", "--no-exp")).payload).toEqual({});
    expect((await mint(cli, "--sub", "x")).payload).toEqual({
      ...{
        iss: "https://jwtctl.localhost",
        sub: "x",
        aud: "https://api.localhost",
        iat: now,
        exp: now + 900,
      },
    });
    expect((await mint(cli, "--typ", "")).header).not.toHaveProperty("typ");
  });

  it("lives as long as the store's access_ttl", async () => {
    const cli = new Cli();
    await cli.ok("init --no-passphrase");
    await cli.ok("config set access_ttl 1h");
    expect((await mint(cli)).payload["exp"]).toBe(now + 3600);
  });

  it("signs with key files, and refuses public, weak and several keys", async () => {
    const cli = new Cli();
    const ec = ecKey({ kid: "mine" });
    const { d: _, ...publicJwk } = ec;
    const file = (name: string, value: object) => cli.file(name, JSON.stringify(value));
    expect((await mint(cli, "--key", file("ec.jwk", ec))).header).toEqual({
      alg: "ES256",
      typ: "JWT",
      kid: "mine",
    });
    expect((await mint(cli, "--key", file("rsa.jwk", rsaKey()), "--alg", "PS384")).header).toMatchObject({
      alg: "PS384",
    });
    const refusals = [
      [["--key", file("public.jwk", publicJwk)], 5, "key_unusable"],
      [["--key", file("ec.jwk", ec), "--alg", "RS256"], 5, "key_unusable"],
      [["--key", file("weak.jwk", rsaKey({}, 1024))], 1, "key_too_weak"],
      [["--key", file("set.jwk", { keys: [ec, ecKey()] })], 1, "key_ambiguous"],
      [["--key", cli.path("missing")], 2, "file_unreadable"],
    ] as const;
    for (const [words, exit, code] of refusals) {
      expect(await cli.refusal(["mint", ...words])).toMatchObject({ exit, code, stdout: "" });
    }
  });

  it("never shows the secret", async () => {
    const cli = new Cli();
    const canary = "canary-secret-of-thirty-two-bytes!";
    const outcomes = [
      await cli.run(["mint", "--sub", "x", "--secret", canary, "--verbose"]),
      await cli.run(["mint", "--sub", "x", "--secret", "env:S", "--alg", "HS512"], { env: { S: canary } }),
      await cli.run(["mint", "--sub", "x", "--secret", "env:S", "--json"], { env: { S: canary } }),
    ];
    for (const { stdout, stderr } of outcomes) {
      expect(stdout + stderr).not.toContain(canary);
      expect(stdout + stderr).not.toContain(segment(canary));
    }
  });
});
