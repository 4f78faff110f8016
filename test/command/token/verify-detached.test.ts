import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";

const SECRET = "a secret of thirty-two bytes, yes";
const b64 = (data: string | Uint8Array) => Buffer.from(data).toString("base64url");

/** A JWS with its payload taken out. */
function detached(header: object, payload: string | Uint8Array, isEncoded: boolean): string {
  const first = b64(JSON.stringify({ alg: "HS256", ...header }));
  const signed = Buffer.concat([Buffer.from(`${first}.`), Buffer.from(isEncoded ? b64(payload) : payload)]);
  return `${first}..${createHmac("sha256", SECRET).update(signed).digest("base64url")}`;
}

const AS_IT_IS = { b64: false, crit: ["b64"] };

interface Report {
  readonly code: number;
  readonly failed: readonly string[];
  readonly causes: readonly string[];
  readonly fix: string;
}

async function verify(
  token: string,
  payload: string | Uint8Array | undefined,
  ...more: string[]
): Promise<Report> {
  const cli = new Cli();
  const given = payload === undefined ? [] : ["--payload", cli.file("body", payload)];
  const { code, stdout } = await cli.run(["verify", token, "--secret", SECRET, "--json", ...given, ...more]);
  const { checks, diagnosis } = JSON.parse(stdout) as {
    checks: readonly { name: string; status: string; code?: string }[];
    diagnosis: readonly { cause: string; fix: string }[];
  };
  return {
    code,
    failed: checks.filter(({ status }) => status === "fail").map((check) => `${check.name}: ${check.code}`),
    causes: diagnosis.map(({ cause }) => cause),
    fix: diagnosis[0]?.fix ?? "",
  };
}

describe("verify --payload", () => {
  it.each<[string, object, string | Uint8Array, boolean]>([
    ["encoded", {}, '{"a":1}', true],
    ["encoded, as b64: true says", { b64: true, crit: ["b64"] }, '{"a":1}', true],
    ["as it is", AS_IT_IS, '{"a":1}', false],
    ["as it is, with dots", AS_IT_IS, "a.b.c", false],
    ["as it is, no text", AS_IT_IS, Uint8Array.of(0, 255, 46, 254), false],
    ["encoded, no text", {}, Uint8Array.of(0, 255, 46, 254), true],
    ["as it is, with a line break", AS_IT_IS, "hello\n", false],
    ["that looks like claims long expired", {}, '{"exp":1,"iss":7}', true],
  ])("verifies a payload that was signed %s", async (_, header, payload, isEncoded) => {
    const { code, failed } = await verify(detached(header, payload, isEncoded), payload);
    expect([code, failed]).toEqual([0, []]);
  });

  it("says that it is a JWS and no JWT", async () => {
    const cli = new Cli();
    const file = cli.file("body", "hello");
    const { stdout } = await cli.run([
      "verify",
      detached({}, "hello", true),
      "--secret",
      SECRET,
      "--payload",
      file,
    ]);
    expect(stdout).toContain("no JWT");
  });

  it.each<[string, object, boolean]>([
    ["encoded", {}, true],
    ["as it is", AS_IT_IS, false],
  ])("attack: another payload is refused (%s)", async (_, header, isEncoded) => {
    const token = detached(header, '{"amount":1}', isEncoded);
    const { code, failed } = await verify(token, '{"amount":1000}');
    expect([code, failed]).toEqual([1, ["signature: signature_invalid"]]);
  });

  it.each<[string, object, boolean]>([
    ["encoded", {}, true],
    ["as it is", AS_IT_IS, false],
  ])("payload_line_break: an editor added one, or took one away (%s)", async (_, header, isEncoded) => {
    expect((await verify(detached(header, "body", isEncoded), "body\n")).causes).toEqual([
      "payload_line_break",
    ]);
    expect((await verify(detached(header, "body", isEncoded), "body\r\n")).causes).toEqual([
      "payload_line_break",
    ]);
    expect((await verify(detached(header, "body\n", isEncoded), "body")).causes).toEqual([
      "payload_line_break",
    ]);
  });

  it("payload_detached: without it the fix names the option, and the option works", async () => {
    for (const [header, isEncoded] of [
      [{}, true],
      [AS_IT_IS, false],
    ] as const) {
      const token = detached(header, "body", isEncoded);
      const { code, causes, fix } = await verify(token, undefined);
      expect([code, causes]).toEqual([1, ["payload_detached"]]);
      expect(fix).toContain("--payload FILE");
      expect((await verify(token, "body")).code).toBe(0);
    }
  });

  it.each([
    ["b64: false without crit", { b64: false }],
    ["crit without b64", { crit: ["b64"] }],
    ["b64 of the wrong type", { b64: "false", crit: ["b64"] }],
    ["another extension beside it", { b64: false, crit: ["b64", "exp"], exp: 1 }],
  ])("refuses %s (RFC 7797 section 6)", async (_, header) => {
    const { code, failed } = await verify(detached(header, "body", false), "body");
    expect(code).toBe(1);
    expect(failed).toContain("crit: critical_header_unknown");
  });

  it("is refused for a token that has its payload, and with what asks for claims", async () => {
    const [first, , last] = detached({}, "{}", true).split(".");
    const cli = new Cli();
    const file = cli.file("body", "{}");
    const whole = await cli.refusal([
      "verify",
      `${first}.${b64("{}")}.${last}`,
      "--secret",
      SECRET,
      "--payload",
      file,
    ]);
    expect(whole).toMatchObject({ code: "usage" });
    for (const option of ["--iss", "--aud", "--require", "--scope"]) {
      const refusal = await cli.refusal([
        "verify",
        "a..b",
        "--secret",
        SECRET,
        "--payload",
        file,
        option,
        "x",
      ]);
      expect(refusal).toMatchObject({ code: "usage", message: expect.stringContaining("contradict") });
    }
  });

  it("works with a key pair, as payment interfaces use it", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const first = b64(JSON.stringify({ alg: "RS256", kid: "k", ...AS_IT_IS }));
    const signature = sign("sha256", Buffer.from(`${first}.{"Data":{}}`), privateKey).toString("base64url");
    const cli = new Cli();
    const key = cli.file("public.pem", publicKey.export({ type: "spki", format: "pem" }));
    const body = cli.file("body.json", '{"Data":{}}');
    const { code } = await cli.run([
      "verify",
      `${first}..${signature}`,
      "--key",
      key,
      "--payload",
      `@${body}`,
    ]);
    expect(code).toBe(0);
  });
});
