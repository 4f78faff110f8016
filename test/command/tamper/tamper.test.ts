import { createHmac, createSign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { PUBLIC_FORMS } from "../../../src/app/keys/public-forms.ts";
import jwtIo from "../../fixtures/tokens/jwt-io.json" with { type: "json" };
import { Cli } from "../../support/run.ts";

const PASSWORD = "seven green kettles hum";
const ALICE = ["users", "add", "alice", "--claim", "role=reader", "--password-stdin"];

interface Verification {
  readonly valid: boolean;
  readonly code: string | null;
  readonly checks: readonly { name: string; status: string; code?: string; detail: string }[];
}

interface Forged {
  readonly token: string;
  readonly attack: string;
  readonly changed: readonly { where: string; from?: unknown; to?: unknown }[];
  readonly signature: string;
  readonly verification: Verification | null;
  readonly original: Verification | null;
}

async function loggedIn(): Promise<{ cli: Cli; token: string }> {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  await cli.ok(ALICE, { stdin: PASSWORD });
  const login = await cli.json<{ access_token: string }>("login alice --password-stdin", { stdin: PASSWORD });
  return { cli, token: login.access_token };
}

const parts = (token: string) => token.trim().split(".");
const claimsOf = (token: string) => JSON.parse(Buffer.from(parts(token)[1] ?? "", "base64url").toString());

describe("jwtctl tamper --claim", () => {
  it("prints the forged token and nothing else on stdout, and the lesson on stderr", async () => {
    const { cli, token } = await loggedIn();
    const { code, stdout, stderr } = await cli.run(["tamper", token, "--claim", "role=admin"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(claimsOf(stdout)).toMatchObject({ sub: "alice", role: "admin" });
    expect(stderr).toContain('payload role: "reader" → "admin"');
    expect(stderr).toContain("signature_invalid: the signature doesn't match");
  });

  it("with --quiet says nothing but the token, and looks for no key: not even for a store", async () => {
    const { token } = await loggedIn();
    const other = new Cli();
    const { code, stdout, stderr } = await other.run(["tamper", token, "--claim", "role=admin", "--quiet"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(claimsOf(stdout)).toMatchObject({ role: "admin" });
  });

  it("takes JSON values, several claims and removals, from stdin too", async () => {
    const cli = new Cli();
    const forged = await cli.json<Forged>("tamper - --claim admin:=true --claim level:=3 --remove name", {
      stdin: jwtIo.old.token,
    });
    expect(claimsOf(forged.token)).toEqual({ sub: "1234567890", iat: 1516239022, admin: true, level: 3 });
    expect(forged.changed).toEqual([
      { where: "/payload/name", from: "John Doe" },
      { where: "/payload/admin", to: true },
      { where: "/payload/level", to: 3 },
    ]);
  });

  it("without any key says what it would take, and null in JSON", async () => {
    const cli = new Cli();
    const words = ["tamper", jwtIo.old.token, "--claim", "admin:=true"];
    expect((await cli.run(words)).stderr).toContain(
      "there is no store, and no key was given; --key, --jwks or",
    );
    expect(await cli.json<Forged>(words)).toMatchObject({
      attack: "edit",
      verification: null,
      original: null,
    });
  });

  it("reports the verification it really made, of the forged token and of the original", async () => {
    const { cli, token } = await loggedIn();
    const forged = await cli.json<Forged>(["tamper", token, "--claim", "role=admin"]);
    expect(forged.original).toMatchObject({ valid: true, code: null });
    expect(forged.verification).toMatchObject({ valid: false, code: "signature_invalid" });
    const signature = forged.verification?.checks.find(({ name }) => name === "signature");
    expect(signature).toMatchObject({ status: "fail", code: "signature_invalid" });
  });

  it("colours the segments on a terminal only", async () => {
    const cli = new Cli();
    const words = ["tamper", jwtIo.old.token, "--claim", "admin:=true"];
    expect((await cli.run(words, { terminal: true })).stdout).toContain("\u001b[31m");
    expect((await cli.run([...words, "--color", "always"])).stdout).not.toContain("\u001b");
    expect((await cli.run([...words, "--quiet"], { terminal: true })).stdout).not.toContain("\u001b");
  });
});

/** An RSA key in files, and a forgery of a token that it has signed. */
async function rsaForgery(): Promise<{ cli: Cli; words: string[] }> {
  const cli = new Cli();
  await cli.ok([
    "keys",
    "generate",
    "--no-store",
    "--alg",
    "RS256",
    "--no-passphrase",
    "--out",
    cli.path("rsa"),
  ]);
  const token = signedWith(cli.read("rsa"));
  const words = ["tamper", token, "--attack", "hs-rs", "--claim", "role=admin", "--key", cli.path("rsa.pub")];
  return { cli, words };
}

describe("jwtctl tamper --attack", () => {
  it("hs-rs signs with the bytes of the key file as they are, and the verifier that has the key refuses it", async () => {
    const { cli, words } = await rsaForgery();
    const forged = await cli.json<Forged>(words);
    const [header, payload, signature] = parts(forged.token);
    const expected = createHmac("sha256", cli.read("rsa.pub"))
      .update(`${header}.${payload}`)
      .digest("base64url");
    expect(signature).toBe(expected);
    expect(forged.original).toMatchObject({ valid: true });
    expect(forged.verification).toMatchObject({ valid: false, code: "algorithm_not_allowed" });
    const algorithm = forged.verification?.checks.find(({ name }) => name === "algorithm");
    expect(algorithm?.detail).toContain("a public key must never serve as an HMAC secret");
    for (const form of ["pem", "der", "jwk"]) {
      const other = await cli.json<Forged>([...words, "--key-form", form]);
      expect(other.verification, form).toMatchObject({ code: "algorithm_not_allowed" });
      if (form !== "pem") expect(other.token).not.toBe(forged.token);
    }
  });

  it("hs-rs writes the public key in every form that the diagnosis looks for, and the diagnosis finds each", async () => {
    const { cli, words } = await rsaForgery();
    const seen = new Set<string>();
    for (const form of PUBLIC_FORMS) {
      const { token } = await cli.json<Forged>([...words, "--key-form", form]);
      seen.add(token);
      const { stdout } = await cli.run(["verify", token, "--key", cli.path("rsa.pub"), "--json"]);
      const { diagnosis } = JSON.parse(stdout) as { diagnosis: { cause: string }[] };
      expect(
        diagnosis.map(({ cause }) => cause),
        form,
      ).toContain("public_key_as_secret");
    }
    expect(seen.size).toBe(PUBLIC_FORMS.length);
  });

  it("hs-rs refuses a form that the key cannot have", async () => {
    const { cli, token } = await loggedIn();
    const words = ["tamper", token, "--attack", "hs-rs", "--key-form", "pkcs1"];
    expect(await cli.refusal(words)).toMatchObject({ exit: 2, code: "usage" });
  });

  it("hs-rs takes the public key from the store when none is given", async () => {
    const { cli, token } = await loggedIn();
    const forged = await cli.json<Forged>(["tamper", token, "--attack", "hs-rs"]);
    expect(forged.verification).toMatchObject({ valid: false, code: "algorithm_not_allowed" });
  });

  it("hs-rs without a public key is a usage error that says how to give one", async () => {
    const token = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln";
    expect(await new Cli().refusal(["tamper", token, "--attack", "hs-rs"])).toMatchObject({
      exit: 2,
      code: "usage",
      message: expect.stringContaining("it needs the verifier's public key"),
      hints: [expect.stringContaining("--key FILE")],
    });
  });

  it("an accepted forgery is exit 1: this verifier's secret is the one the attacker put into the query", async () => {
    const words = ["tamper", jwtIo.old.token, "--attack", "kid-sql", "--claim", "admin:=true"];
    const { code, stdout, stderr } = await new Cli().run([...words, "--secret", "env:S"], {
      env: { S: "secret" },
    });
    expect(code).toBe(1);
    expect(stderr).toContain("ACCEPTED");
    expect(claimsOf(stdout)).toMatchObject({ admin: true });
  });

  it("reads the keys once, whatever the forged headers say", async () => {
    const cli = new Cli();
    await cli.ok(["init", "--no-passphrase", "--alg", "HS256"]);
    await cli.ok(ALICE, { stdin: PASSWORD });
    const login = await cli.json<{ access_token: string }>("login alice --password-stdin", {
      stdin: PASSWORD,
    });
    const { attacks } = await cli.json<{ attacks: readonly Forged[] }>(["tamper", login.access_token]);
    for (const { attack, verification } of attacks.filter(({ token }) => token !== undefined)) {
      expect(verification?.valid, attack).toBe(false);
    }
  });

  it("a name that is no attack is refused with the list", async () => {
    expect(await new Cli().refusal(["tamper", jwtIo.old.token, "--attack", "magic"])).toMatchObject({
      exit: 2,
      hints: [expect.stringContaining("hs-rs"), expect.stringContaining("--list")],
    });
  });
});

describe("jwtctl tamper, every attack", () => {
  interface All {
    readonly original: Verification | null;
    readonly attacks: readonly (Forged & { not_tried?: string })[];
  }

  it("is refused by the store whose token it is, each with its reason", async () => {
    const { cli, token } = await loggedIn();
    const { original, attacks } = await cli.json<All>(["tamper", token]);
    expect(original).toMatchObject({ valid: true });
    expect(attacks.filter(({ not_tried }) => not_tried !== undefined)).toEqual([]);
    expect(
      Object.fromEntries(attacks.map(({ attack, verification }) => [attack, verification?.code])),
    ).toEqual({
      edit: "signature_invalid",
      strip: "signature_invalid",
      none: "algorithm_not_allowed",
      "none-case": "algorithm_not_allowed",
      "duplicate-alg": "algorithm_not_allowed",
      "hs-rs": "algorithm_not_allowed",
      "blank-secret": "algorithm_not_allowed",
      kid: "no_matching_key",
      "kid-sql": "no_matching_key",
      "embedded-jwk": "no_matching_key",
      jku: "no_matching_key",
      x5u: "no_matching_key",
      psychic: "signature_invalid",
      respelled: "token_malformed",
    });
    for (const { attack, verification } of attacks) {
      const failed = verification?.checks.filter(({ status }) => status === "fail") ?? [];
      expect(failed.length, attack).toBeGreaterThan(0);
      for (const { detail } of failed) expect(detail.length).toBeGreaterThan(10);
    }
  });

  it("is a table for people, exit 0", async () => {
    const { cli, token } = await loggedIn();
    const { code, stdout } = await cli.run(["tamper", token]);
    expect(code).toBe(0);
    expect(stdout).toContain("All 14 forgeries were refused.");
  });

  it("takes the claims that were asked for with --all", async () => {
    const { cli, token } = await loggedIn();
    const { attacks } = await cli.json<All>(["tamper", token, "--all", "--claim", "role=owner"]);
    for (const { attack, token: forged } of attacks) {
      expect(claimsOf(forged)["role"], attack).toBe(attack === "respelled" ? "reader" : "owner");
    }
  });

  it("never fetches the addresses it writes into headers: this runtime has no network", async () => {
    const { cli, token } = await loggedIn();
    const { attacks } = await cli.json<All>(["tamper", token]);
    expect(attacks.some(({ attack }) => attack === "jku")).toBe(true);
  });
});

describe("jwtctl tamper | jwtctl verify -", () => {
  const EXITS = {
    signature_invalid: 1,
    algorithm_not_allowed: 1,
    no_matching_key: 3,
    token_malformed: 5,
  } as const;

  it.each([
    ["edit", "signature_invalid"],
    ["strip", "signature_invalid"],
    ["none", "algorithm_not_allowed"],
    ["none-case", "algorithm_not_allowed"],
    ["duplicate-alg", "algorithm_not_allowed"],
    ["hs-rs", "algorithm_not_allowed"],
    ["blank-secret", "algorithm_not_allowed"],
    ["kid", "no_matching_key"],
    ["kid-sql", "no_matching_key"],
    ["embedded-jwk", "no_matching_key"],
    ["jku", "no_matching_key"],
    ["x5u", "no_matching_key"],
    ["psychic", "signature_invalid"],
    ["respelled", "token_malformed"],
  ] as const)("%s is refused with %s", async (attack, code) => {
    const { cli, token } = await loggedIn();
    const edits = attack === "respelled" ? [] : ["--claim", "role=admin"];
    const forged = await cli.ok(["tamper", token, "--attack", attack, "--quiet", ...edits]);
    const { code: exit, stdout } = await cli.run("verify - --json", { stdin: forged });
    const report = JSON.parse(stdout) as Verification;
    expect(exit).toBe(EXITS[code]);
    expect(report.valid).toBe(false);
    expect(report.checks.filter(({ status }) => status === "fail").map((check) => check.code)).toContain(
      code,
    );
  });

  it("an honest token passes the same pipe", async () => {
    const { cli, token } = await loggedIn();
    expect((await cli.run("verify -", { stdin: token })).code).toBe(0);
  });
});

describe("jwtctl tamper, as it is asked", () => {
  it("--list explains every attack, and needs no token", async () => {
    const cli = new Cli();
    const text = await cli.ok("tamper --list");
    const list = await cli.json<readonly { id: string; needs: string | null }[]>("tamper --list");
    expect(list).toHaveLength(14);
    for (const { id } of list) expect(text).toContain(`${id} `);
  });

  it.each([
    [["--all", "--attack", "none"], "contradict"],
    [["--claim", "role"], "there is no ="],
    [["--claim", "a=1", "--claim", "a=2"], "given twice"],
    [["--remove", "nothing"], 'there is no claim "nothing"'],
    [["--claim", "name=John Doe"], "nothing would change"],
    [["--claim", "a=1", "--key-form", "pkcs12"], "--key-form"],
    [["--claim", "a=1", "--key", "a", "--jwks", "b"], "contradict"],
  ])("refuses %j", async (words, message) => {
    const refusal = await new Cli().refusal(["tamper", jwtIo.old.token, ...words]);
    expect(refusal).toMatchObject({ exit: 2, code: "usage", message: expect.stringContaining(message) });
  });

  it("refuses to guess among several tokens, unless one is picked", async () => {
    const both = JSON.stringify({ access_token: jwtIo.old.token, id_token: jwtIo.new.token });
    const words = ["tamper", both, "--claim", "a=1"];
    expect(await new Cli().refusal(words)).toMatchObject({ exit: 2, code: "token_ambiguous" });
    const forged = await new Cli().json<Forged>([...words, "--pick", "id_token"]);
    expect(claimsOf(forged.token)).toEqual({ ...claimsOf(jwtIo.new.token), a: "1" });
  });

  it("refuses to read key and token from the same stdin", async () => {
    const refusal = await new Cli().refusal("tamper - --claim a=1 --secret -", { stdin: jwtIo.old.token });
    expect(refusal).toMatchObject({ exit: 2, code: "usage", message: expect.stringContaining("stdin") });
  });

  it.each([
    ["garbage", "nothing like a token", 5, "token_malformed"],
    ["a JWE", "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..a.b.c", 1, "token_encrypted"],
  ])("refuses %s", async (_, token, exit, code) => {
    expect(await new Cli().refusal(["tamper", token, "--claim", "a=1"])).toMatchObject({ exit, code });
  });
});

/** A token of the role reader, signed with a private key in a file. */
function signedWith(privateKey: string): string {
  const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${segment({ alg: "RS256" })}.${segment({ role: "reader" })}`;
  return `${input}.${createSign("sha256").update(input).sign(privateKey, "base64url")}`;
}
