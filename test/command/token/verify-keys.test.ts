import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createJws } from "../../../src/crypto/jws.ts";
import { createCertificate } from "../../support/certificate.ts";
import { Cli } from "../../support/run.ts";

const b64 = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

function signed(header: object, key: KeyObject, hash: string | null = "sha256"): string {
  const input = `${b64(header)}.${b64({ sub: "u", exp: 2_000_000_000 })}`;
  const signature = sign(hash, Buffer.from(input), { key, dsaEncoding: "ieee-p1363" });
  return `${input}.${signature.toString("base64url")}`;
}

function hmac(secret: string | Uint8Array): string {
  const input = `${b64({ alg: "HS256" })}.${b64({ sub: "u", exp: 2_000_000_000 })}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

const publicOf = (key: KeyObject, extra: object = {}) => ({
  ...createPublicKey(key).export({ format: "jwk" }),
  ...extra,
});

interface Verdict {
  readonly valid: boolean;
  readonly checks: readonly { name: string; status: string; code?: string; detail: string }[];
  readonly diagnosis: readonly { cause: string; evidence: string; fix: string }[];
}

async function verdict(cli: Cli, ...words: readonly string[]): Promise<Verdict & { exit: number }> {
  const { stdout, code } = await cli.run(["verify", "--json", ...words]);
  return { ...(JSON.parse(stdout) as Verdict), exit: code };
}

describe("a key that was left out of a set is the one the token names", () => {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const shortKey = () => {
    for (;;) {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const x = Buffer.from(String(publicOf(privateKey)["x" as never]), "base64url");
      if (x[0] === 0) return { key: privateKey, x: x.subarray(1).toString("base64url") };
    }
  };

  it("for a stripped zero: the key check and the diagnosis say so", async () => {
    const cli = new Cli();
    const { key, x } = shortKey();
    const set = { keys: [publicOf(key, { kid: "kz", x }), publicOf(rsa, { kid: "k1" })] };
    const token = signed({ alg: "ES256", kid: "kz" }, key);
    const result = await verdict(cli, token, "--key", cli.file("set", JSON.stringify(set)));
    const check = result.checks.find(({ name }) => name === "key");
    expect(check?.detail).toContain(
      'the key "kz" is among those given, but cannot be used: "x" has 31 bytes',
    );
    expect(result.diagnosis[0]).toMatchObject({ cause: "key_left_out" });
    expect(result.diagnosis[0]?.evidence).toContain("dropped the leading zero");
    expect(result.exit).toBe(3);
  });

  it("for encryption: the fix speaks to the issuer", async () => {
    const cli = new Cli();
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    const set = { keys: [publicOf(rsa, { kid: "k1", use: "enc" }), publicOf(other, { kid: "k2" })] };
    const token = signed({ alg: "RS256", kid: "k1" }, rsa);
    const { diagnosis } = await verdict(cli, token, "--jwks", cli.file("set", JSON.stringify(set)));
    expect(diagnosis[0]).toMatchObject({ cause: "key_left_out" });
    expect(diagnosis[0]?.fix).toContain("sign with a key that is published for signatures");
  });

  it("another key under the same name verifies all the same", async () => {
    const cli = new Cli();
    const set = { keys: [publicOf(rsa, { kid: "k1", use: "enc" }), publicOf(rsa, { kid: "k1" })] };
    const token = signed({ alg: "RS256", kid: "k1" }, rsa);
    expect((await verdict(cli, token, "--key", cli.file("set", JSON.stringify(set)))).valid).toBe(true);
  });
});

describe("keys that prove nothing are refused", () => {
  it("RSA of 512 bits, and not of 1024", async () => {
    const cli = new Cli();
    for (const [modulusLength, exit] of [
      [512, 1],
      [1024, 0],
    ] as const) {
      const { privateKey } = generateKeyPairSync("rsa", { modulusLength });
      const file = cli.file(`k${modulusLength}`, JSON.stringify(publicOf(privateKey)));
      const token = signed({ alg: "RS256" }, privateKey);
      const result = await verdict(cli, token, "--key", file);
      expect(result.exit).toBe(exit);
      if (exit === 0) continue;
      expect(result.checks.find(({ name }) => name === "key_size")).toMatchObject({
        status: "fail",
        code: "key_too_weak",
      });
      expect((await verdict(cli, token, "--key", file, "--allow-weak")).exit).toBe(0);
    }
  });

  it("secrets of 13 bytes, and not of 14", async () => {
    const cli = new Cli();
    const [short, long] = ["0123456789abc", "0123456789abcd"];
    expect((await verdict(cli, hmac(short), "--secret", short)).exit).toBe(1);
    expect((await verdict(cli, hmac(short), "--secret", short, "--allow-weak")).exit).toBe(0);
    expect((await verdict(cli, hmac(long), "--secret", long)).exit).toBe(0);
  });

  it('a public key whose key_ops are ["sign"]', async () => {
    const cli = new Cli();
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const file = cli.file("k", JSON.stringify(publicOf(privateKey, { key_ops: ["sign"] })));
    const { code, stderr } = await cli.run(["verify", signed({ alg: "ES256" }, privateKey), "--key", file]);
    expect(code).toBe(5);
    expect(stderr).toContain('its "key_ops" allow "sign" alone, and it is the public half');
  });
});

describe("algorithms that are only verified with", () => {
  const cases = [
    ["ES256K", "ES256K", () => generateKeyPairSync("ec", { namedCurve: "secp256k1" }).privateKey, "sha256"],
    ["Ed448", "Ed448", () => generateKeyPairSync("ed448").privateKey, null],
    ["EdDSA with an Ed448 key", "EdDSA", () => generateKeyPairSync("ed448").privateKey, null],
  ] as const;

  it.each(cases)(
    "%s: verified, one by one and in bulk; refused when the content was changed",
    async (_, alg, make, hash) => {
      const cli = new Cli();
      const key = make();
      const token = signed({ alg }, key, hash);
      const pem = createPublicKey(key).export({ format: "pem", type: "spki" }) as string;
      for (const file of [cli.file("pem", pem), cli.file("jwk", JSON.stringify(publicOf(key)))]) {
        expect(await verdict(cli, token, "--key", file)).toMatchObject({ valid: true, exit: 0 });
        const [header, , signature] = token.split(".");
        const forged = `${header}.${b64({ sub: "admin", exp: 2_000_000_000 })}.${signature}`;
        expect(await verdict(cli, forged, "--key", file)).toMatchObject({ valid: false, exit: 1 });
        const bulk = await cli.run(["verify", "--lines", "--key", file], { stdin: `${token}\n${forged}\n` });
        expect(bulk.stdout.split("\n").map((line) => line.includes('"valid":true'))).toEqual([
          true,
          false,
          false,
        ]);
      }
      const decoded = await cli.run(["decode", token]);
      expect(decoded.stdout).toContain(alg);
    },
  );

  it.each(cases)(
    "%s: no key is made, nothing is signed, nothing is taken to sign with",
    async (_, alg, make) => {
      const cli = new Cli();
      const key = make();
      const file = cli.file("key", key.export({ format: "pem", type: "pkcs8" }) as string);
      const minted = await cli.run(["mint", "--sub", "x", "--key", file]);
      expect(minted.stdout).toBe("");
      expect(minted.stderr).toMatch(/jwtctl verifies (?:ES256K|Ed448), but signs nothing with it/);
      if (alg === "EdDSA") return;
      const made = await cli.run([
        "keys",
        "generate",
        "--no-store",
        "--no-passphrase",
        "--alg",
        alg,
        "--out",
        cli.path("new"),
      ]);
      expect(made.code).toBe(2);
      expect(made.stderr).toContain(`jwtctl verifies ${alg}, but makes no keys for it`);
      await cli.ok("init --no-passphrase");
      expect((await cli.run(["config", "set", "algorithm", alg])).code).toBe(2);
      const imported = await cli.run(["keys", "import", file]);
      expect(imported.code).toBe(1);
      expect(imported.stderr).toContain("--as retiring");
      await cli.ok(["keys", "import", file, "--as", "retiring"]);
      const jws = createJws();
      await expect(
        jws.sign({
          header: "{}",
          payload: new Uint8Array(),
          alg,
          key: key.export({ format: "jwk" }) as never,
        }),
      ).rejects.toMatchObject({ code: "algorithm_unsupported" });
    },
  );
});

describe("a certificate and the hash of one in the header", () => {
  it("are compared, and a hash that cannot be one is named", async () => {
    const cli = new Cli();
    const { cert, key } = createCertificate({ name: "x" });
    const [certificate, private_] = [cli.file("c.pem", cert), cli.file("k.pem", key)];
    const { certificates } = await cli.json<{ certificates: { x5t: string }[] }>(
      `keys thumbprint ${certificate} --x5t`,
    );
    const x5t = certificates[0]?.x5t ?? "";
    const warned = async (hash: string) => {
      const token = await cli.ok(`mint --sub x --key ${private_} --header x5t=${hash}`);
      const { checks } = await verdict(cli, token.trim(), "--key", certificate);
      const check = checks.find(({ name }) => name === "header_keys");
      return check?.status === "warn" ? check.detail : undefined;
    };
    expect(await warned(x5t)).toBeUndefined();
    expect(await warned(`${x5t.slice(1)}A`)).toContain(
      `another certificate than the one given, which has ${x5t}`,
    );
    expect(await warned(Buffer.from(x5t, "base64url").toString("hex"))).toContain(`it should be ${x5t}`);
  });
});
