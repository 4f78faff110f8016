import { execFileSync } from "node:child_process";
import { createHmac, generateKeyPairSync } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { createFiles } from "../../../src/runtime/files.ts";
import { Cli, type RunOptions } from "../../support/run.ts";

const SECRET = "a-long-enough-secret-for-hs256-that-nobody-knows";

interface Report {
  readonly valid: boolean;
  readonly diagnosis: readonly { cause: string; evidence: string; fix: string }[];
}

let cli: Cli;
beforeEach(() => {
  cli = new Cli();
});

async function verify(
  token: string,
  flags: readonly string[],
  options: RunOptions = {},
): Promise<{ code: number; causes: readonly string[]; report: Report; stderr: string }> {
  const { code, stdout, stderr } = await cli.run(["verify", token, ...flags, "--json"], options);
  const report = JSON.parse(stdout) as Report;
  expect(report.valid).toBe(code === 0);
  return { code, report, stderr, causes: report.diagnosis.map(({ cause }) => cause) };
}

const b64 = (data: string | Buffer) => Buffer.from(data).toString("base64url");

async function minted(flags = ""): Promise<string> {
  const secret = cli.file("issuer.txt", SECRET);
  return (await cli.ok(`mint --sub bob --ttl 10m --secret @${secret} ${flags}`)).trim();
}

describe("jwtctl verify names the cause", () => {
  it("nothing for a token that is valid", async () => {
    const { causes } = await verify(await minted(), ["--secret", `@${cli.file("s", `${SECRET}\n`)}`]);
    expect(causes).toEqual([]);
  });

  it("secret_line_break: --secret-file takes every byte", async () => {
    const { code, causes } = await verify(await minted(), ["--secret-file", cli.file("s", `${SECRET}\n`)]);
    expect({ code, causes }).toEqual({ code: 1, causes: ["secret_line_break"] });
  });

  it("secret_base64: b64: in front of a secret that the issuer uses as text", async () => {
    const text = Buffer.from(SECRET).toString("base64");
    cli.file("issuer-b64.txt", text);
    const token = await cli.ok(`mint --sub bob --secret @${cli.path("issuer-b64.txt")}`);
    const { causes } = await verify(token.trim(), ["--secret", `b64:${text}`]);
    expect(causes).toEqual(["secret_base64"]);
  });

  it.each([
    ["b64:", "base64"],
    ["hex:", "hex"],
  ] as const)(
    "%s before a file, a variable or stdin decodes what is there, and nothing is in argv",
    async (mark, encoding) => {
      const token = await minted();
      const text = Buffer.from(SECRET).toString(encoding);
      const wrapped = `${text.slice(0, 40)}\n${text.slice(40)}\n`;
      const ways: readonly (readonly [string, RunOptions])[] = [
        [`${mark}@${cli.file("encoded.txt", wrapped)}`, {}],
        [`${mark}env:ENCODED`, { env: { ENCODED: text } }],
        [`${mark}-`, { stdin: wrapped }],
      ];
      for (const [secret, options] of ways) {
        const { code, stderr } = await verify(token, ["--secret", secret], options);
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      }
    },
  );

  it("content_changed: an edited RS256 token, with the right key", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const key = cli.file("private.pem", privateKey.export({ type: "pkcs8", format: "pem" }));
    const [header, , signature] = (await cli.ok(`mint --sub bob --key ${key}`)).trim().split(".");
    const edited = `${header}.${b64('{"sub":"root"}')}.${signature}`;
    const file = cli.file("public.pem", publicKey.export({ type: "spki", format: "pem" }));
    const { code, causes } = await verify(edited, ["--key", file]);
    expect({ code, causes }).toEqual({ code: 1, causes: ["content_changed"] });
  });

  it("secret_is_file_name: the @ was forgotten", async () => {
    const path = cli.file("secret.txt", `${SECRET}\n`);
    const { causes, report } = await verify(await minted(), ["--secret", path]);
    expect(causes).toEqual(["secret_is_file_name"]);
    expect(JSON.stringify(report)).not.toContain(SECRET);
  });

  it("public_key_as_secret: the forged token is refused as an algorithm that is not allowed", async () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = publicKey.export({ type: "spki", format: "pem" });
    const input = `${b64('{"alg":"HS256"}')}.${b64('{"sub":"admin"}')}`;
    const forged = `${input}.${b64(createHmac("sha256", pem).update(input).digest())}`;
    const { code, causes } = await verify(forged, ["--key", cli.file("public.pem", pem)]);
    expect({ code, causes }).toEqual({ code: 1, causes: ["public_key_as_secret"] });
  });

  it("clock_skew: exit 4 stays exit 4", async () => {
    const token = await minted("--nbf +42s");
    const { code, causes, report } = await verify(token, ["--secret", `@${cli.path("issuer.txt")}`]);
    expect({ code, causes }).toEqual({ code: 4, causes: ["clock_skew"] });
    expect(report.diagnosis[0]?.fix).toContain("--leeway 42");
    expect((await verify(token, ["--secret", `@${cli.path("issuer.txt")}`, "--leeway", "42s"])).code).toBe(0);
  });

  it("issuer_spelling and audience_spelling together, in the order of the claims", async () => {
    const token = await minted("--iss https://auth.example.com/ --aud https://api.example.com");
    const flags = ["--iss", "https://auth.example.com", "--aud", "https://API.example.com"];
    const { causes } = await verify(token, ["--secret", `@${cli.path("issuer.txt")}`, ...flags]);
    expect(causes).toEqual(["issuer_spelling", "audience_spelling"]);
  });

  it("key_id_wrong: another key of the file verifies it", async () => {
    const jwk = (kid: string) => {
      const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      return [
        { ...publicKey.export({ format: "jwk" }), kid },
        { ...privateKey.export({ format: "jwk" }), kid },
      ] as const;
    };
    const [[one], [two, twoPrivate]] = [jwk("one"), jwk("two")];
    const key = cli.file("private.json", JSON.stringify({ ...twoPrivate, kid: "one" }));
    const token = await cli.ok(`mint --sub bob --key ${key}`);
    const set = cli.file("jwks.json", JSON.stringify({ keys: [one, two] }));
    const { code, causes } = await verify(token.trim(), ["--jwks", set]);
    expect({ code, causes }).toEqual({ code: 1, causes: ["key_id_wrong"] });
  });

  it("key_withdrawn: the store's key has been retired, and its issuer is the store", async () => {
    await cli.ok("init --no-passphrase");
    const token = (await cli.ok("mint --sub bob --ttl 1m")).trim();
    await cli.ok("keys rotate");
    cli.clock.advance(30 * 86_400);
    const { code, causes } = await verify(token, []);
    expect(causes[0]).toBe("key_withdrawn");
    expect(code).not.toBe(0);
  });

  it("foreign_characters: soft line breaks that are no white space", async () => {
    const token = await minted();
    const wrapped = `${token.slice(0, 76)}\u00b7\n${token.slice(76)}`;
    const { causes } = await verify(wrapped, ["--secret", `@${cli.path("issuer.txt")}`]);
    expect(causes).toEqual(["foreign_characters"]);
  });
});

describe("--no-diagnose", () => {
  it("leaves the search and its section out", async () => {
    const token = await minted();
    const flags = ["--secret-file", cli.file("s", `${SECRET}\n`), "--no-diagnose"];
    expect((await verify(token, flags)).report.diagnosis).toEqual([]);
    const { code, stdout } = await cli.run(["verify", token, ...flags]);
    expect(code).toBe(1);
    expect(stdout).not.toContain("Diagnosis");
  });
});

describe("the report on a terminal", () => {
  it.each([60, 80, 120])("%d columns wide", async (columns) => {
    const token = await minted("--nbf +42s --iss https://auth.example.com/");
    const flags = ["--secret-file", cli.file("s", `${SECRET}\n`), "--iss", "https://auth.example.com"];
    const { stdout } = await cli.run(["verify", token, ...flags], {
      terminal: true,
      columns,
      env: { NO_COLOR: "1" },
    });
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
    await expect(stdout).toMatchFileSnapshot(`golden/diagnosis-${columns}.txt`);
  });

  it("escapes what the token says: OSC 52, title, C1 and bidi in iss, aud and kid", async () => {
    const evil = "https://auth.example.com/\u001b]52;c;AAAA\u0007\u009b2J\u202e";
    const input = `${b64(JSON.stringify({ alg: "HS256", kid: evil }))}.${b64(JSON.stringify({ iss: `${evil}/`, aud: evil.toUpperCase() }))}`;
    const token = `${input}.${b64(createHmac("sha256", `${SECRET}\n`).update(input).digest())}`;
    const flags = ["--secret", `@${cli.file("s", SECRET)}`, "--iss", evil, "--aud", evil];
    for (const more of [[], ["--json"]]) {
      const { stdout, stderr } = await cli.run(["verify", token, ...flags, ...more], { terminal: true });
      expect(stdout).toContain("issuer_spelling");
      expect(stdout + stderr).not.toMatch(/[\u0007\u009b\u202e]|\u001b\]/);
    }
  });
});

describe("looking whether a secret is the name of a file", () => {
  it("does not wait for a pipe, and reads no directory and nothing huge", async () => {
    const files = createFiles();
    const pipe = cli.path("pipe");
    execFileSync("mkfifo", [pipe]);
    expect(await files.peek(pipe, 100)).toBeUndefined();
    expect(await files.peek(cli.directory, 100)).toBeUndefined();
    expect(await files.peek("/dev/zero", 100)).toBeUndefined();
    expect(await files.peek(cli.path("nothing"), 100)).toBeUndefined();
    const file = cli.file("f", "12345");
    expect(await files.peek(file, 4)).toBeUndefined();
    expect(Buffer.from((await files.peek(file, 5)) ?? []).toString()).toBe("12345");
  });
});
