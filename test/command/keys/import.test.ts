import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Cli } from "../../support/run.ts";
import { ecKey, jwkOf, jwksOf, keyIn, keysOf, pemOf, plainStore, sealedStore, UNLOCKED } from "./support.ts";

interface Imported {
  readonly changed: boolean;
  readonly keys: readonly {
    outcome: string;
    kid: string;
    alg: string;
    state: string;
    former_kid: string | null;
  }[];
}

const importing = (cli: Cli, content: string | Uint8Array, ...flags: string[]) =>
  cli.json<Imported>(["keys", "import", cli.file("in", content), ...flags]);
const refusal = (cli: Cli, content: string | Uint8Array, ...flags: string[]) =>
  cli.refusal(["keys", "import", cli.file("in", content), ...flags]);
const publicPem = (key: KeyObject) => createPublicKey(key).export({ type: "spki", format: "pem" }) as string;
const rsa = (modulusLength = 2048) => generateKeyPairSync("rsa", { modulusLength }).privateKey;
const publicJwk = (key: KeyObject, extra: object) => jwkOf(createPublicKey(key), extra);

describe("keys import", () => {
  it.each([
    ["PKCS#8 PEM", (key: KeyObject) => pemOf(key)],
    ["SEC1 PEM", (key: KeyObject) => key.export({ type: "sec1", format: "pem" }) as string],
    ["DER", (key: KeyObject) => new Uint8Array(key.export({ type: "pkcs8", format: "der" }))],
    ["JWK", (key: KeyObject) => jwkOf(key)],
    ["JWKS", (key: KeyObject) => `{"keys":[${jwkOf(key)}]}`],
  ])("takes a private key from %s as a standby under its thumbprint", async (_, write) => {
    const cli = await plainStore();
    const key = ecKey();
    const { thumbprint } = (
      await cli.json<{ keys: [{ thumbprint: string }] }>([
        "keys",
        "thumbprint",
        cli.file("pub", publicPem(key)),
      ])
    ).keys[0];
    const result = await importing(cli, write(key));
    expect(result).toMatchObject({
      dry_run: false,
      changed: true,
      keys: [{ outcome: "added", kid: thumbprint, alg: "ES256", state: "standby", has_private: true }],
      previous: null,
    });
  });

  it("from a pipe and from @file", async () => {
    const cli = await plainStore();
    const stdin = pemOf(ecKey());
    expect(await cli.json("keys import -", { stdin })).toMatchObject({ changed: true });
    const file = cli.file("k.pem", pemOf(ecKey()));
    expect(await cli.json(["keys", "import", `@${file}`])).toMatchObject({ changed: true });
  });

  it("signs with it at once when told to, and the former active key verifies only", async () => {
    const cli = await plainStore();
    const before = await keyIn(cli, "active");
    const result = await importing(cli, pemOf(rsa()), "--activate", "--alg", "PS256");
    expect(result).toMatchObject({
      keys: [{ alg: "PS256", state: "active" }],
      previous: { kid: before.kid, state: "retiring", has_private: false },
    });
    expect((await keyIn(cli, "active")).kid).toBe(result.keys[0]?.kid);
  });

  it("keeps the private half of the key it replaces when told to", async () => {
    const cli = await plainStore();
    const result = await importing(cli, pemOf(ecKey()), "--activate", "--keep-private");
    expect(result).toMatchObject({ previous: { state: "retiring", has_private: true } });
    expect(await refusal(cli, pemOf(ecKey()), "--keep-private")).toMatchObject({ exit: 2, code: "usage" });
  });

  it("a key that is there already is left as it is, and that is no failure", async () => {
    const cli = await plainStore();
    const pem = pemOf(ecKey());
    await importing(cli, pem);
    const before = await keysOf(cli);
    expect(await importing(cli, pem)).toMatchObject({ changed: false, keys: [{ outcome: "present" }] });
    expect(await keysOf(cli)).toEqual(before);
  });

  it("a key that is there for another algorithm than the one asked for is a conflict, and nothing changes", async () => {
    const cli = await plainStore();
    const pem = pemOf(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
    await importing(cli, pem, "--alg", "PS256");
    const before = await keysOf(cli);
    const refused = await refusal(cli, pem, "--alg", "RS256");
    expect(refused).toMatchObject({ exit: 1, code: "key_state_conflict" });
    expect(refused.message).toContain("for PS256 and not RS256");
    for (const flags of [[], ["--alg", "PS256"]]) {
      expect(await importing(cli, pem, ...flags)).toMatchObject({ keys: [{ outcome: "present" }] });
    }
    expect(await keysOf(cli)).toEqual(before);
  });

  it("a key that is there in another state than the one asked for is a conflict", async () => {
    const cli = await plainStore();
    const pem = pemOf(ecKey());
    await importing(cli, pem);
    expect(await refusal(cli, pem, "--activate")).toMatchObject({ exit: 1, code: "key_state_conflict" });
  });

  it("a key whose kid begins with a hyphen is named like any other, before and behind options", async () => {
    const cli = await plainStore();
    let kid = "";
    while (!kid.startsWith("-")) {
      const { keys } = await importing(cli, pemOf(ecKey()), "--as", "retiring", "--dry-run");
      kid = keys[0]?.kid ?? "";
    }
    for (const words of [
      ["keys", "show", kid, "--json"],
      ["keys", "show", "--json", kid],
      ["--quiet", "keys", "show", kid],
    ]) {
      expect(await cli.refusal(words)).toMatchObject({ exit: 3, code: "key_not_found" });
    }
  });

  it("a revoked key never comes back", async () => {
    const cli = await plainStore();
    const pem = pemOf(ecKey());
    const { keys } = await importing(cli, pem, "--activate");
    await cli.ok(["keys", "revoke", keys[0]?.kid ?? ""]);
    for (const flags of [[], ["--as", "retiring"], ["--activate"]]) {
      const refused = await refusal(cli, pem, ...flags);
      expect(refused).toMatchObject({ exit: 1, code: "key_state_conflict" });
    }
    expect((await keysOf(cli)).find(({ kid }) => kid === keys[0]?.kid)).toMatchObject({ state: "revoked" });
  });

  it("a shared secret is not taken twice, although its id is random", async () => {
    const cli = await plainStore();
    const secret = JSON.stringify({
      kty: "oct",
      k: Buffer.from("0123456789abcdef0123456789abcdef").toString("base64url"),
    });
    const first = await importing(cli, secret);
    expect(first.keys[0]?.kid).toMatch(/^[\w-]{22}$/);
    expect(await importing(cli, secret)).toMatchObject({
      changed: false,
      keys: [{ kid: first.keys[0]?.kid }],
    });
  });

  it.each(["standby", "active"])("a public key cannot be %s: it cannot sign", async (state) => {
    const cli = await plainStore();
    const refused = await refusal(cli, publicPem(ecKey()), "--as", state);
    expect(refused).toMatchObject({ exit: 1, code: "key_state_conflict" });
    expect(refused.hints[0]).toContain("--as retiring");
    expect(await keysOf(cli)).toHaveLength(2);
  });

  it("a public key verifies until the date given, or until it is retired", async () => {
    const cli = await plainStore();
    await importing(cli, publicPem(ecKey()), "--until", "+30d");
    expect(await keyIn(cli, "retiring")).toMatchObject({
      has_private: false,
      retires_at: "2026-03-31T12:00:00.000Z",
    });
    const second = await importing(cli, publicPem(ecKey()));
    expect(second.keys[0]).toMatchObject({ state: "retiring", retires_at: null });
    expect(await refusal(cli, publicPem(ecKey()), "--until", "-1d")).toMatchObject({
      exit: 2,
      code: "usage",
    });
  });

  it("of a private key that is to verify only, the private half stays out of the store", async () => {
    const cli = await plainStore();
    const { keys } = await importing(cli, pemOf(ecKey()), "--as", "retiring");
    expect(keys[0]).toMatchObject({ state: "retiring", has_private: false });
  });

  it("a key that fits several algorithms is noted, and --alg chooses", async () => {
    const cli = await plainStore();
    const { stderr } = await cli.run(["keys", "import", cli.file("in", pemOf(rsa()))]);
    expect(stderr).toContain("RS256 was taken");
    const { keys } = await importing(cli, pemOf(rsa()), "--alg", "PS512");
    expect(keys[0]?.alg).toBe("PS512");
  });

  it("a key says what it is for: another algorithm is refused", async () => {
    const cli = await plainStore();
    const jwk = jwkOf(rsa(), { alg: "RS256" });
    expect(await refusal(cli, jwk, "--alg", "PS256")).toMatchObject({
      exit: 1,
      code: "algorithm_not_allowed",
    });
    expect(await refusal(cli, pemOf(ecKey()), "--alg", "RS256")).toMatchObject({
      code: "algorithm_not_allowed",
    });
  });

  it.each([
    ["RSA of 1024 bits", () => pemOf(rsa(1024)), "1024 bits"],
    ["a short secret", () => JSON.stringify({ kty: "oct", k: "c2VjcmV0" }), "48 bits"],
    [
      "a secret of one byte repeated",
      () => JSON.stringify({ kty: "oct", k: "A".repeat(43) }),
      "different bytes",
    ],
  ])("a weak key is refused unless it is taken for a test: %s", async (_, make, why) => {
    const cli = await plainStore();
    const key = make();
    const refused = await refusal(cli, key);
    expect(refused).toMatchObject({ exit: 1, code: "key_too_weak" });
    expect(refused.message).toContain(why);
    const { stderr, code } = await cli.run(["keys", "import", cli.file("in", key), "--allow-weak"]);
    expect(code).toBe(0);
    expect(stderr).toContain("weak");
  });

  it("of several keys one is chosen by kid, or all are taken", async () => {
    const cli = await plainStore();
    const set = `{"keys":[${publicJwk(ecKey(), { kid: "a" })},${publicJwk(ecKey(), { kid: "b" })}]}`;
    const refused = await refusal(cli, set);
    expect(refused).toMatchObject({ exit: 1, code: "key_ambiguous" });
    expect(refused.hints[0]).toContain("--kid (a, b)");
    expect(await refusal(cli, set, "--kid", "c")).toMatchObject({ exit: 3, code: "no_matching_key" });
    expect((await importing(cli, set, "--kid", "b")).keys).toMatchObject([{ former_kid: "b" }]);
    const all = await importing(cli, set, "--all");
    expect(all.keys.map(({ outcome, former_kid }) => [outcome, former_kid]).sort()).toEqual([
      ["added", "a"],
      ["present", "b"],
    ]);
  });

  it("of several private keys not more than one becomes active", async () => {
    const cli = await plainStore();
    const set = `{"keys":[${jwkOf(ecKey())},${jwkOf(ecKey())}]}`;
    expect(await refusal(cli, set, "--all", "--activate")).toMatchObject({ exit: 2, code: "usage" });
    expect(await keysOf(cli)).toHaveLength(2);
  });

  it("one bad key of several leaves the store as it was", async () => {
    const cli = await plainStore();
    const before = await keysOf(cli);
    const set = `{"keys":[${jwkOf(ecKey())},${jwkOf(rsa(1024))}]}`;
    expect(await refusal(cli, set, "--all")).toMatchObject({ code: "key_too_weak" });
    expect(await keysOf(cli)).toEqual(before);
  });

  it("a dry run says what would come in, asks for no passphrase, and changes nothing", async () => {
    const cli = await sealedStore();
    const before = await keysOf(cli);
    const plan = await importing(cli, pemOf(ecKey()), "--activate", "--dry-run");
    expect(plan).toMatchObject({ dry_run: true, changed: true, keys: [{ state: "active" }] });
    expect(await keysOf(cli)).toEqual(before);
  });

  it("seals the private half under the store's passphrase", async () => {
    const cli = await sealedStore();
    const file = cli.file("in", pemOf(ecKey()));
    expect(await cli.refusal(["keys", "import", file])).toMatchObject({ code: "input_required" });
    await cli.ok(["keys", "import", file], UNLOCKED);
    const [{ kid } = { kid: "" }] = await keysOf(cli);
    const words = ["keys", "export", kid, "--private", "--no-passphrase"];
    expect(await cli.refusal(words, { env: { JWTCTL_PASSPHRASE: "wrong" } })).toMatchObject({
      code: "passphrase_wrong",
    });
    expect(await cli.ok(words, UNLOCKED)).toContain("BEGIN PRIVATE KEY");
  });

  it.each([
    ["nothing", "", 5],
    ["a token", "eyJhbGciOiJIUzI1NiJ9.e30.AAAA", 5],
    ["half a PEM", "-----BEGIN PRIVATE KEY-----\nMIGH", 5],
    ["a key for encryption", JSON.stringify({ kty: "OKP", crv: "X25519", x: "A".repeat(43) }), 5],
  ])("refuses %s with the right exit code and changes nothing", async (_, content, exit) => {
    const cli = await plainStore();
    expect((await refusal(cli, content)).exit).toBe(exit);
    expect(await keysOf(cli)).toHaveLength(2);
  });

  it("a file that is not there is a usage error", async () => {
    const cli = await plainStore();
    expect(await cli.refusal(["keys", "import", cli.path("none")])).toMatchObject({
      exit: 2,
      code: "file_unreadable",
    });
  });
});

describe("a kid in an imported file", () => {
  it("is published beside the key's own, so that tokens from before are found", async () => {
    const cli = await plainStore();
    const key = ecKey();
    const { keys } = await importing(cli, jwkOf(key, { kid: "2024-01" }), "--activate");
    const kid = keys[0]?.kid ?? "";
    const published = await jwksOf(cli);
    expect(published.filter(({ x }) => x === JSON.parse(jwkOf(key)).x).map((one) => one.kid)).toEqual([
      kid,
      "2024-01",
    ]);
    expect(await cli.json(["keys", "show", "2024-01"])).toMatchObject({ kid, former_kid: "2024-01" });
  });

  it("is forgotten when that is asked for", async () => {
    const cli = await plainStore();
    const { keys } = await importing(cli, jwkOf(ecKey(), { kid: "2024-01" }), "--forget-kid");
    expect(keys[0]?.former_kid).toBeNull();
    expect(JSON.stringify(await jwksOf(cli))).not.toContain("2024-01");
  });

  it("that names the active key does not shadow it: refused, with the way to take the key without it", async () => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "active");
    const evil = publicJwk(ecKey(), { kid });
    const refused = await refusal(cli, evil);
    expect(refused).toMatchObject({ exit: 1, code: "key_state_conflict" });
    expect(refused.hints[0]).toContain("--forget-kid");
    await importing(cli, evil, "--forget-kid");
    expect((await jwksOf(cli)).filter((one) => one.kid === kid)).toHaveLength(1);
  });

  it("that another imported key has is refused, within one file too", async () => {
    const cli = await plainStore();
    await importing(cli, publicJwk(ecKey(), { kid: "old" }));
    expect(await refusal(cli, publicJwk(ecKey(), { kid: "old" }))).toMatchObject({
      code: "key_state_conflict",
    });
    const twins = `{"keys":[${publicJwk(ecKey(), { kid: "t" })},${publicJwk(ecKey(), { kid: "t" })}]}`;
    const before = await keysOf(cli);
    expect(await refusal(cli, twins, "--all")).toMatchObject({ code: "key_state_conflict" });
    expect(await keysOf(cli)).toEqual(before);
  });

  it.each([
    ["a terminal title (OSC)", "\u001b]0;owned\u0007"],
    ["a clipboard write (OSC 52)", "\u001b]52;c;cm0gLXJm\u0007"],
    ["a cursor move (CSI)", "\u001b[2J\u001b[H"],
    ["a line that looks like an answer", "x\nok all keys are fine"],
    ["reversed text (bidi)", "\u202eevitca"],
    ["invisible characters", "a\u200bb"],
  ])("with %s never reaches the terminal as it is, and is not kept", async (_, evil) => {
    const cli = await plainStore();
    const file = cli.file("in", publicJwk(ecKey(), { kid: evil }));
    const person = { terminal: true, columns: 80 };
    const outputs = [
      await cli.run(["keys", "import", file, "--kid", evil, "--dry-run"], person),
      await cli.run(["keys", "import", file], person),
      await cli.run(["keys", "thumbprint", file], person),
      await cli.run(["keys", "lint", file], person),
      await cli.run("keys list", person),
      await cli.run(["keys", "show", evil], person),
      await cli.run("keys jwks"),
    ];
    for (const { stdout, stderr } of outputs) {
      const bare = `${stdout}${stderr}`.replace(/\u001b\[\d+m/g, "");
      expect(bare).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/);
      expect(bare).not.toContain("\nok all keys");
    }
    expect((await keysOf(cli)).every((key) => !JSON.stringify(key).includes(evil))).toBe(true);
  });

  it("that looks like a path is a name and nothing else: no file is touched by it", async () => {
    const cli = await plainStore();
    const evil = "../../../../tmp/evil";
    const { keys } = await importing(cli, publicJwk(ecKey(), { kid: evil }));
    expect(keys[0]).toMatchObject({ former_kid: evil, kid: expect.stringMatching(/^[\w-]{43}$/) });
    expect((await jwksOf(cli)).map(({ kid }) => kid)).toContain(evil);
  });

  it("that is overlong is not kept", async () => {
    const cli = await plainStore();
    const { keys } = await importing(cli, publicJwk(ecKey(), { kid: "k".repeat(201) }));
    expect(keys[0]?.former_kid).toBeNull();
  });
});
