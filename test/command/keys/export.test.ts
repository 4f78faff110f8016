import { createPrivateKey, createPublicKey } from "node:crypto";
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PRIVATE_JWK_MEMBERS } from "../../../src/core/jose/jwk.ts";
import {
  isPlainPrivateKey,
  keyIn,
  keysOf,
  modeOf,
  PASSPHRASE,
  plainStore,
  sealedStore,
  UNLOCKED,
} from "./support.ts";

const ALGORITHMS = ["ES256", "ES384", "ES512", "RS256", "PS384", "EdDSA", "Ed25519"];

describe("keys export", () => {
  it.each(ALGORITHMS)("no private member is in a public export of %s, in any format", async (alg) => {
    const cli = await plainStore();
    const { key } = await cli.json<{ key: { kid: string } }>(["keys", "generate", "--alg", alg]);
    const jwk = JSON.parse(await cli.ok(["keys", "export", key.kid, "--format", "jwk"])) as object;
    for (const member of PRIVATE_JWK_MEMBERS) expect(jwk).not.toHaveProperty(member);
    expect(jwk).toMatchObject({ kid: key.kid, alg, use: "sig" });
    const pem = await cli.ok(["keys", "export", key.kid]);
    expect(pem).toMatch(/^-----BEGIN PUBLIC KEY-----/);
    expect(createPublicKey(pem).export({ format: "jwk" })).toMatchObject({
      kty: (jwk as { kty: string }).kty,
    });
    await cli.ok(["keys", "export", key.kid, "--format", "der", "--out", cli.path("k.der")]);
    const { keys } = await cli.json<{ keys: object[] }>(["keys", "thumbprint", cli.path("k.der")]);
    expect(keys).toMatchObject([{ thumbprint: key.kid }]);
  });

  it("takes any beginning of the kid that fits only one key", async () => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "active");
    expect(await cli.ok(["keys", "export", kid.slice(0, 12)])).toContain("PUBLIC KEY");
  });

  it("refuses a beginning that fits several, and names them", async () => {
    const cli = await plainStore();
    for (let count = 0; count < 64; count++) await cli.ok("keys generate");
    const kids = (await keysOf(cli)).map(({ kid }) => kid);
    const shared = kids.map((kid) => kid.slice(0, 1)).find((first, index, all) => all.indexOf(first) < index);
    const refusal = await cli.refusal(["keys", "export", shared ?? ""]);
    expect(refusal).toMatchObject({ exit: 1, code: "key_ambiguous" });
    for (const kid of kids.filter((one) => one.startsWith(shared ?? "")))
      expect(refusal.hints[0]).toContain(kid);
  });

  it("the private half needs a passphrase or the explicit word that there is none", async () => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "active");
    const refusal = await cli.refusal(["keys", "export", kid, "--private"]);
    expect(refusal).toMatchObject({ exit: 2, code: "input_required", stdout: "" });
    expect(isPlainPrivateKey(await cli.ok(["keys", "export", kid, "--private", "--no-passphrase"]))).toBe(
      true,
    );
  });

  it("writes an encrypted private key that OpenSSL's PKCS#8 reader opens with that passphrase alone", async () => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "active");
    const secret = cli.file("secret", "a red kite\n");
    const out = cli.path("key.pem");
    await cli.ok(["keys", "export", kid, "--private", "--key-passphrase-file", secret, "--out", out]);
    expect(modeOf(out)).toBe(0o600);
    const pem = cli.read("key.pem");
    expect(isPlainPrivateKey(pem)).toBe(false);
    expect(() => createPrivateKey({ key: pem, passphrase: "a black kite" })).toThrow();
    expect(createPrivateKey({ key: pem, passphrase: "a red kite" }).type).toBe("private");
  });

  it("writes an encrypted JWK as a JWE, without a private member to be seen", async () => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "active");
    const secret = cli.file("secret", "a red kite");
    const words = ["keys", "export", kid, "--private", "--format", "jwk", "--key-passphrase-file", secret];
    expect((await cli.ok(words)).trim()).toMatch(/^eyJ[\w-]*(\.[\w-]*){4}$/);
    expect(await cli.json(words)).toMatchObject({ encrypted: true, jwe: expect.stringMatching(/^eyJ/) });
  });

  it("the store's passphrase is not used for the file", async () => {
    const cli = await sealedStore();
    const { kid } = await keyIn(cli, "active");
    expect(await cli.refusal(["keys", "export", kid, "--private"], UNLOCKED)).toMatchObject({
      code: "input_required",
    });
    const plain = await cli.ok(["keys", "export", kid, "--private", "--no-passphrase"], UNLOCKED);
    expect(isPlainPrivateKey(plain)).toBe(true);
    const secret = cli.file("secret", "a red kite");
    const sealed = await cli.ok(
      ["keys", "export", kid, "--private", "--key-passphrase-file", secret],
      UNLOCKED,
    );
    expect(() => createPrivateKey({ key: sealed, passphrase: PASSPHRASE })).toThrow();
  });

  it("without the store's passphrase no private half comes out", async () => {
    const cli = await sealedStore();
    const { kid } = await keyIn(cli, "active");
    const words = ["keys", "export", kid, "--private", "--no-passphrase", "--out", cli.path("k.pem")];
    expect(await cli.refusal(words)).toMatchObject({ exit: 2, code: "input_required" });
    expect(await cli.refusal(words, { env: { JWTCTL_PASSPHRASE: "an old elm" } })).toMatchObject({
      exit: 6,
      code: "passphrase_wrong",
    });
    expect(existsSync(cli.path("k.pem"))).toBe(false);
  });

  it("a private half that is destroyed cannot be exported", async () => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "active");
    await cli.ok("keys rotate");
    expect(await cli.refusal(["keys", "export", kid, "--private", "--no-passphrase"])).toMatchObject({
      exit: 1,
      code: "key_state_conflict",
    });
  });

  it("a shared secret is exported as a JWK, and only when the private half is asked for", async () => {
    const cli = await plainStore();
    const { key } = await cli.json<{ key: { kid: string } }>("keys generate --alg HS256");
    expect(await cli.refusal(["keys", "export", key.kid])).toMatchObject({ exit: 5, code: "key_unusable" });
    const pem = ["keys", "export", key.kid, "--private", "--no-passphrase"];
    for (const contradiction of [
      ["--format", "pem"],
      ["--format", "der"],
      ["--out", cli.path("k.pem")],
    ]) {
      expect(await cli.refusal([...pem, ...contradiction])).toMatchObject({ exit: 2, code: "usage" });
    }
    const jwk = JSON.parse(await cli.ok(pem));
    expect(jwk).toMatchObject({ kty: "oct", kid: key.kid, alg: "HS256", k: expect.any(String) });
  });

  it.each([
    [["--no-passphrase"], "usage"],
    [["--format", "xml"], "usage"],
  ])("refuses %j", async (flags, code) => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "active");
    expect(await cli.refusal(["keys", "export", kid, ...flags])).toMatchObject({ exit: 2, code });
  });

  it("a file that is there stays, without --force", async () => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "active");
    const out = cli.file("k.pem", "precious");
    expect(await cli.refusal(["keys", "export", kid, "--out", out])).toMatchObject({ code: "file_exists" });
    expect(cli.read("k.pem")).toBe("precious");
    await cli.ok(["keys", "export", kid, "--out", out, "--force"]);
    expect(cli.read("k.pem")).toContain("PUBLIC KEY");
  });
});

describe("keys show", () => {
  it("never shows the private half", async () => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "active");
    const { jwk } = await cli.json<{ jwk: { d: string } }>([
      "keys",
      "export",
      kid,
      "--private",
      "--no-passphrase",
      "--format",
      "jwk",
    ]);
    for (const flags of [[], ["--json"], ["--format", "pem"], ["--verbose"]]) {
      const { stdout, stderr } = await cli.run(["keys", "show", kid, ...flags]);
      expect(stdout + stderr).not.toContain(jwk.d);
    }
  });

  it("has the documented JSON", async () => {
    const cli = await plainStore();
    const { kid } = await keyIn(cli, "active");
    expect(await cli.json(["keys", "show", kid, "--format", "pem"])).toEqual({
      kid,
      alg: "ES256",
      state: "active",
      created_at: "2026-03-01T12:00:00.000Z",
      activated_at: "2026-03-01T12:00:00.000Z",
      retires_at: null,
      max_exp: null,
      has_private: true,
      revoked_at: null,
      signed_without_exp: false,
      former_kid: null,
      public_jwk: expect.objectContaining({ kty: "EC", kid, alg: "ES256", use: "sig" }),
      pem: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----/),
    });
  });
});
