import { createPublicKey } from "node:crypto";
import { chmodSync, existsSync, lstatSync, readFileSync, symlinkSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";
import { isPlainPrivateKey, keyIn, keysOf, modeOf, plainStore } from "./support.ts";

describe("keys generate", () => {
  it("adds a standby of the store's algorithm, which signs nothing yet", async () => {
    const cli = await plainStore();
    await cli.ok("config set algorithm PS256");
    const before = await keyIn(cli, "active");
    const result = await cli.json<{ key: { kid: string } }>("keys generate");
    expect(result).toEqual({
      dry_run: false,
      changed: true,
      key: {
        kid: expect.stringMatching(/^[\w-]{43}$/),
        alg: "PS256",
        state: "standby",
        created_at: "2026-03-01T12:00:00.000Z",
        activated_at: null,
        retires_at: null,
        max_exp: null,
        has_private: true,
      },
      previous: null,
    });
    expect((await keysOf(cli)).map(({ kid }) => kid)).toContain(result.key.kid);
    expect(await keyIn(cli, "active")).toEqual(before);
  });

  it("signs with a new key at once when told to, and warns that nobody knows it yet", async () => {
    const cli = await plainStore();
    const before = await keyIn(cli, "active");
    const { stderr, stdout } = await cli.run("keys generate --activate --alg ES384 --json");
    expect(JSON.parse(stdout)).toMatchObject({
      key: { alg: "ES384", state: "active" },
      previous: { kid: before.kid, state: "retiring", has_private: false },
    });
    expect(stderr).toContain("not published ahead");
  });

  it("keeps the private half of the key it replaces when told to", async () => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "active");
    await cli.ok("keys generate --activate --keep-private");
    await cli.ok(["keys", "activate", kid]);
    expect((await keyIn(cli, "active")).kid).toBe(kid);
  });

  it.each([
    ["keys generate --alg RS256 --bits 1024", 1, "key_too_weak"],
    ["keys generate --alg RS256 --bits 2049", 2, "usage"],
    ["keys generate --alg ES256 --bits 512", 2, "usage"],
    ["keys generate --alg RS256 --bits many", 2, "usage"],
    ["keys generate --alg none", 2, "usage"],
    ["keys generate --alg RS256 --bits 1024 --dry-run", 1, "key_too_weak"],
    ["keys generate --out key.pem", 2, "usage"],
    ["keys generate --keep-private", 2, "usage"],
    ["keys generate --no-passphrase", 2, "usage"],
    ["keys generate --no-store", 2, "usage"],
    ["keys generate --no-store --out key.pem --activate", 2, "usage"],
    ["keys generate --no-store --out key.pem --no-passphrase --format xml", 2, "usage"],
    ["keys generate --no-store --out key.pem --no-passphrase --alg HS256", 2, "usage"],
    ["keys generate --no-store --out key.jwk --no-passphrase --alg HS256 --format pem", 2, "usage"],
    ["keys generate --no-store --out key.pem --alg HS256 --dry-run", 2, "usage"],
    ["keys generate --format pem", 2, "usage"],
  ])("refuses: %s", async (command, exit, code) => {
    const cli = await plainStore();
    const before = await keysOf(cli);
    const refusal = await cli.refusal(command);
    expect(refusal).toMatchObject({ exit, code, stdout: "" });
    expect(await keysOf(cli)).toEqual(before);
    expect(existsSync("key.pem")).toBe(false);
  });

  it("a dry run makes nothing", async () => {
    const cli = await plainStore();
    const before = await keysOf(cli);
    const plan = await cli.json("keys generate --activate --dry-run");
    expect(plan).toMatchObject({ dry_run: true, changed: true, key: { kid: null, state: "active" } });
    expect(await keysOf(cli)).toEqual(before);
    const words = ["keys", "generate", "--no-store", "--out", cli.path("k.pem"), "--dry-run"];
    expect(await cli.json(words)).toEqual({
      dry_run: true,
      changed: true,
      kid: null,
      alg: "ES256",
      format: "pem",
      encrypted: true,
      private_file: cli.path("k.pem"),
      public_file: cli.path("k.pem.pub"),
    });
    expect(await cli.ok(words)).toContain("would make a key pair for ES256");
    expect(existsSync(cli.path("k.pem"))).toBe(false);
  });

  it("makes no key whose kid would be taken for an option", async () => {
    const cli = await plainStore();
    for (let count = 0; count < 100; count++) await cli.ok("keys generate --alg EdDSA");
    for (const { kid } of await keysOf(cli)) expect(kid).toMatch(/^[A-Za-z0-9_]/);
  });
});

describe("keys generate --no-store", () => {
  const make = (cli: Cli, ...flags: string[]) =>
    cli.json<Record<string, unknown>>([
      ...["keys", "generate", "--no-store", "--no-passphrase", "--out", cli.path("k")],
      ...flags,
    ]);

  it.each(["pem", "der", "jwk"])(
    "writes a key pair as %s that belongs together, without a store",
    async (format) => {
      const cli = new Cli();
      const made = await make(cli, "--format", format);
      expect(made).toEqual({
        dry_run: false,
        changed: true,
        kid: expect.stringMatching(/^[\w-]{43}$/),
        alg: "ES256",
        format,
        encrypted: false,
        private_file: cli.path("k"),
        public_file: cli.path("k.pub"),
      });
      for (const file of ["k", "k.pub"]) {
        const { keys } = await cli.json<{ keys: { thumbprint: string }[] }>([
          "keys",
          "thumbprint",
          cli.path(file),
        ]);
        expect(keys[0]?.thumbprint).toBe(made["kid"]);
      }
      expect(existsSync(cli.path("data"))).toBe(false);
    },
  );

  it("the public file has no private half", async () => {
    const cli = new Cli();
    await make(cli);
    expect(isPlainPrivateKey(cli.read("k"))).toBe(true);
    expect(isPlainPrivateKey(cli.read("k.pub"))).toBe(false);
    expect(createPublicKey(cli.read("k.pub")).type).toBe("public");
  });

  it("makes no public file for a shared secret", async () => {
    const cli = new Cli();
    expect(await make(cli, "--alg", "HS256", "--format", "jwk")).toMatchObject({ public_file: null });
    expect(existsSync(cli.path("k.pub"))).toBe(false);
  });

  it.each([
    ["k.pem", [], "pem"],
    ["k.der", [], "der"],
    ["k.DER", [], "der"],
    ["k.jwk", [], "jwk"],
    ["k.json", [], "jwk"],
    ["k.key", [], "pem"],
    ["k", ["--alg", "HS256"], "jwk"],
    ["k.jwk", ["--alg", "HS256"], "jwk"],
    ["k.der", ["--format", "pem"], "pem"],
    ["k.pem", ["--alg", "HS512", "--format", "jwk"], "jwk"],
  ])("writes what the name of the file says, unless told otherwise: %s %j", async (name, flags, format) => {
    const cli = new Cli();
    const words = ["keys", "generate", "--no-store", "--no-passphrase", "--out", cli.path(name), ...flags];
    expect(await cli.json(words)).toMatchObject({ format });
    const starts = { pem: "-----BEGIN PRIVATE KEY", der: "0", jwk: "{" }[format];
    expect(cli.read(name).startsWith(starts ?? "?")).toBe(true);
  });

  it("encrypts under the passphrase, and import asks for it", async () => {
    const cli = await plainStore();
    const secret = cli.file("secret", "a red kite\n");
    const out = cli.path("k.pem");
    await cli.ok(["keys", "generate", "--no-store", "--out", out, "--key-passphrase-file", secret]);
    expect(cli.read("k.pem")).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    expect(await cli.refusal(["keys", "import", out])).toMatchObject({ code: "input_required", exit: 2 });
    const wrong = cli.file("wrong", "a black kite");
    expect(await cli.refusal(["keys", "import", out, "--key-passphrase-file", wrong])).toMatchObject({
      code: "passphrase_wrong",
      exit: 6,
    });
    const result = await cli.json(["keys", "import", out, "--key-passphrase-file", secret]);
    expect(result).toMatchObject({ keys: [{ outcome: "added", state: "standby" }] });
  });

  it("says nothing about a passphrase: nobody to ask is refused, and no file is left", async () => {
    const cli = new Cli();
    const refusal = await cli.refusal(["keys", "generate", "--no-store", "--out", cli.path("k")]);
    expect(refusal).toMatchObject({ exit: 2, code: "input_required" });
    expect(refusal.hints[0]).toContain("--key-passphrase-file FILE");
    expect(refusal.hints[0]).toContain("--no-passphrase");
    expect(existsSync(cli.path("k"))).toBe(false);
  });

  it("prints the private key when - is asked for, and nothing else", async () => {
    const cli = new Cli();
    const pem = await cli.ok("keys generate --no-store --no-passphrase --out -");
    expect(isPlainPrivateKey(pem)).toBe(true);
    const json = await cli.json("keys generate --no-store --no-passphrase --out - --format jwk");
    expect(json).toMatchObject({
      format: "jwk",
      encrypted: false,
      jwk: { kty: "EC", d: expect.any(String) },
    });
  });

  it("binary output on a terminal is refused", async () => {
    const cli = new Cli();
    const { code, stdout } = await cli.run("keys generate --no-store --no-passphrase --out - --format der", {
      terminal: true,
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });
});

describe("key files", () => {
  const umask = process.umask();
  afterEach(() => process.umask(umask));
  const generate = (cli: Cli, ...flags: string[]) =>
    cli.run(["keys", "generate", "--no-store", "--no-passphrase", "--out", cli.path("k"), ...flags]);

  it("a world-readable umask does not open a private key", async () => {
    process.umask(0);
    const cli = new Cli();
    await generate(cli);
    expect(modeOf(cli.path("k"))).toBe(0o600);
    expect(modeOf(cli.path("k.pub"))).toBe(0o644);
  });

  it.each(["k", "k.pub"])(
    "an existing file %s is not overwritten, and nothing is written beside it",
    async (name) => {
      const cli = new Cli();
      cli.file(name, "precious");
      const { code, stderr } = await generate(cli);
      expect(code).toBe(2);
      expect(stderr).toContain("--force");
      expect(cli.read(name)).toBe("precious");
      expect(existsSync(cli.path(name === "k" ? "k.pub" : "k"))).toBe(false);
    },
  );

  it("--force replaces both", async () => {
    const cli = new Cli();
    cli.file("k", "old");
    cli.file("k.pub", "old");
    expect((await generate(cli, "--force")).code).toBe(0);
    expect(isPlainPrivateKey(cli.read("k"))).toBe(true);
  });

  it("a file's permissions are never widened", async () => {
    const cli = new Cli();
    chmodSync(cli.file("k", "old"), 0o400);
    chmodSync(cli.file("k.pub", "old"), 0o600);
    await generate(cli, "--force");
    expect(modeOf(cli.path("k"))).toBe(0o400);
    expect(modeOf(cli.path("k.pub"))).toBe(0o600);
    chmodSync(cli.path("k"), 0o666);
    await generate(cli, "--force");
    expect(modeOf(cli.path("k"))).toBe(0o600);
  });

  it("a symbolic link as --out is not followed: its target stays as it is", async () => {
    const cli = new Cli();
    const target = cli.file("target", "precious");
    symlinkSync(target, cli.path("k"));
    expect((await generate(cli)).code).toBe(2);
    expect((await generate(cli, "--force")).code).toBe(0);
    expect(readFileSync(target, "utf8")).toBe("precious");
    expect(lstatSync(cli.path("k")).isSymbolicLink()).toBe(false);
    expect(modeOf(cli.path("k"))).toBe(0o600);
  });

  it("a dangling symbolic link as --out does not lead a private key elsewhere", async () => {
    const cli = new Cli();
    symlinkSync(cli.path("elsewhere"), cli.path("k"));
    const { code } = await generate(cli);
    expect(code).toBe(2);
    expect(existsSync(cli.path("elsewhere"))).toBe(false);
  });

  it("half a pair is not left behind when the public half cannot be written", async () => {
    const cli = new Cli();
    const { files } = await import("../../../src/runtime/files.ts").then(({ createFiles }) => ({
      files: createFiles(),
    }));
    const { AppError } = await import("../../../src/core/base/errors.ts");
    const { code } = await cli.run(
      ["keys", "generate", "--no-store", "--no-passphrase", "--out", cli.path("k")],
      {
        files: {
          write: async (path, content, options) => {
            if (path.endsWith(".pub")) throw new AppError("file_unwritable", "the disk is full");
            return files.write(path, content, options);
          },
        },
      },
    );
    expect(code).toBe(2);
    expect(existsSync(cli.path("k"))).toBe(false);
  });
});
