import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { PRIVATE_JWK_MEMBERS } from "../../../src/core/jose/jwk.ts";
import { Cli } from "../../support/run.ts";
import { ecKey, jwkOf, pemOf, plainStore } from "./support.ts";

interface Review {
  readonly file: string;
  readonly keys: number;
  readonly findings: readonly { code: string; severity: string; key: number | null; kid: string | null }[];
}

async function review(content: string | Uint8Array, ...flags: string[]): Promise<Review & { exit: number }> {
  const cli = new Cli();
  const { code, stdout } = await cli.run(["keys", "lint", cli.file("in", content), "--json", ...flags]);
  return { ...(JSON.parse(stdout) as Review), exit: code };
}

const codes = ({ findings }: Review) => findings.map(({ code }) => code);
const publicJwk = (extra: object = {}) =>
  jwkOf(createPublicKey(ecKey()), { alg: "ES256", kid: "a", use: "sig", ...extra });
const set = (...keys: string[]) => `{"keys":[${keys.join(",")}]}`;

describe("keys lint", () => {
  it("passes what keys jwks and keys export write", async () => {
    const cli = await plainStore();
    await cli.ok("keys generate --alg RS256");
    await cli.ok("keys generate --alg EdDSA");
    const jwks = cli.file("jwks.json", await cli.ok("keys jwks"));
    expect(await cli.json(["keys", "lint", jwks, "--fail-on", "warning"])).toEqual({
      file: jwks,
      keys: 4,
      findings: [],
    });
    const [{ kid } = { kid: "" }] = await cli.json<{ kid: string }[]>("keys list");
    const pem = await cli.ok(["keys", "export", kid]);
    expect((await cli.run("keys lint -", { stdin: pem })).code).toBe(0);
  });

  it.each(PRIVATE_JWK_MEMBERS)('a public file with the private member "%s" fails', async (member) => {
    const result = await review(set(publicJwk({ [member]: "AAAA" })));
    expect(result.exit).toBe(1);
    expect(codes(result)).toContain("private_key");
    expect(result.findings[0]).toMatchObject({ severity: "error", key: 1, kid: "a" });
  });

  it("a private member hidden behind a duplicate name is found", async () => {
    const jwk = publicJwk().replace("{", '{"d":"AAAA",').replace(/}$/, ',"d":null}');
    expect(codes(await review(set(jwk)))).toEqual(
      expect.arrayContaining(["duplicate_member", "private_key"]),
    );
  });

  it("a shared secret in a public file fails", async () => {
    const result = await review(set(JSON.stringify({ kty: "oct", k: "c2VjcmV0", kid: "s", alg: "HS256" })));
    expect(result.exit).toBe(1);
    expect(codes(result)).toContain("symmetric_key");
  });

  it.each([
    ["a private key in PEM", () => pemOf(ecKey())],
    ["a SEC1 private key", () => ecKey().export({ type: "sec1", format: "pem" }) as string],
    ["a private key in DER", () => new Uint8Array(ecKey().export({ type: "pkcs8", format: "der" }))],
    [
      "an encrypted private key",
      () =>
        ecKey().export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }) as string,
    ],
    [
      "an OpenSSH private key",
      () => "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
    ],
    [
      "a private key behind a public one",
      () => `${createPublicKey(ecKey()).export({ type: "spki", format: "pem" })}${pemOf(ecKey())}`,
    ],
    [
      "a private key that JWTs have no use for",
      () => generateKeyPairSync("x25519").privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    ],
  ])("fails on %s", async (_, make) => {
    const result = await review(make());
    expect(result.exit).toBe(1);
    expect(codes(result)).toContain("private_key");
  });

  it.each([
    ["duplicate_kid", set(publicJwk(), publicJwk())],
    ["duplicate_member", '{"keys":[],"keys":[]}'],
    ["unknown_key", set(JSON.stringify({ kty: "XYZ", kid: "a", alg: "ES256" }))],
    ["unknown_key", set('"a string"')],
    ["unknown_key", set(publicJwk({ x: "AAAA" }))],
    ["unknown_key", set(publicJwk({ alg: "none" }))],
    ["kid_unsafe", set(publicJwk({ kid: "a\u202eb" }))],
    [
      "weak_key",
      set(jwkOf(generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey, { kid: "a", alg: "RS256" })),
    ],
    [
      "unknown_key",
      set(
        jwkOf(generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey, {
          kid: "a",
          alg: "RS256",
          e: "AQ",
        }),
      ),
    ],
  ])("%s fails", async (code, content) => {
    const result = await review(content);
    expect(codes(result)).toContain(code);
    expect(result.exit).toBe(1);
  });

  it.each([
    ["kid_missing", set(publicJwk(), publicJwk({ kid: undefined }))],
    ["alg_missing", set(publicJwk({ alg: undefined }))],
    ["not_for_signatures", set(publicJwk({ use: "enc", alg: undefined }))],
    ["no_keys", set()],
  ])("%s is a warning, which fails only when that is asked for", async (code, content) => {
    const result = await review(content);
    expect(codes(result)).toContain(code);
    expect(result.exit).toBe(0);
    expect((await review(content, "--fail-on", "warning")).exit).toBe(1);
  });

  it.each([
    ["JSON without keys", '{"jwks":{"keys":[]}}', "key_malformed"],
    ["half a JSON document", '{"keys":[', "json_malformed"],
    ["a text", "hello", "key_malformed"],
  ])("%s is malformed, not fine", async (_, content, code) => {
    const cli = new Cli();
    expect(await cli.refusal(["keys", "lint", cli.file("in", content)])).toMatchObject({ exit: 5, code });
  });
});
