import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { PRIVATE_JWK_MEMBERS } from "../../../src/core/jose/jwk.ts";
import type { Cli } from "../../support/run.ts";
import { jwksOf, keyIn, keysOf, modeOf, plainStore, signSomething } from "./support.ts";

function tamperWithStore(cli: Cli, sql: string): void {
  const database = new Sqlite(cli.path("data/jwtctl.db"));
  database.exec(sql);
  database.close();
}

describe("keys jwks", () => {
  it("publishes standby, active and retiring keys, the active one first, and no others", async () => {
    const cli = await plainStore();
    await signSomething(cli);
    const first = await keyIn(cli, "active");
    await cli.ok("keys rotate");
    const published = async () => (await jwksOf(cli)).map(({ kid }) => kid);
    const active = await keyIn(cli, "active");
    const standby = await keyIn(cli, "standby");
    expect(await published()).toEqual([active.kid, standby.kid, first.kid]);
    cli.clock.advance(31 * 60);
    expect(await published()).toEqual([active.kid, standby.kid]);
    await cli.ok(["keys", "revoke", active.kid]);
    expect(await published()).not.toContain(active.kid);
  });

  it("holds public members alone, for every algorithm", async () => {
    const cli = await plainStore();
    for (const alg of ["ES384", "ES512", "RS256", "PS512", "EdDSA", "Ed25519"]) {
      await cli.ok(["keys", "generate", "--alg", alg]);
    }
    const allowed = ["kty", "use", "alg", "kid", "crv", "x", "y", "n", "e", "pub"];
    const keys = await jwksOf(cli);
    expect(keys).toHaveLength(8);
    for (const key of keys) {
      for (const member of Object.keys(key)) expect(allowed).toContain(member);
      for (const member of PRIVATE_JWK_MEMBERS) expect(key).not.toHaveProperty(member);
    }
  });

  it.each(PRIVATE_JWK_MEMBERS)(
    'a private member "%s" in the store fails the export instead of being published',
    async (member) => {
      const cli = await plainStore();
      const out = cli.file("jwks.json", "the old set");
      tamperWithStore(
        cli,
        `UPDATE signing_keys SET public_jwk = json_set(public_jwk, '$.${member}', 'AAAA')`,
      );
      const { kid } = await keyIn(cli, "active");
      for (const words of [
        ["keys", "jwks"],
        ["keys", "jwks", "--out", out],
        ["keys", "export", kid],
        ["keys", "show", kid],
      ]) {
        const refusal = await cli.refusal(words);
        expect(refusal).toMatchObject({ exit: 6, code: "store_corrupt", stdout: "" });
        expect(refusal.message).toContain(`"${member}"`);
      }
      expect(cli.read("jwks.json")).toBe("the old set");
    },
  );

  it("a member that the allow-list does not know is left out", async () => {
    const cli = await plainStore();
    tamperWithStore(cli, "UPDATE signing_keys SET public_jwk = json_set(public_jwk, '$.secret', 'AAAA')");
    expect(await cli.ok("keys jwks")).not.toContain("secret");
  });

  it("leaves shared secrets out and says so on stderr", async () => {
    const cli = await plainStore();
    const { key } = await cli.json<{ key: { kid: string } }>("keys generate --alg HS256");
    const { stdout, stderr } = await cli.run("keys jwks");
    expect(stdout).not.toContain(key.kid);
    expect(stdout).not.toContain("oct");
    expect(stderr).toContain(`left out ${key.kid}`);
  });

  it("gives the same bytes every time, with --json and without, to stdout and to a file", async () => {
    const cli = await plainStore();
    await cli.ok("keys rotate");
    const bytes = await cli.ok("keys jwks");
    cli.clock.advance(1);
    expect(await cli.ok("keys jwks --json")).toBe(bytes);
    const out = cli.path("jwks.json");
    expect(await cli.json(["keys", "jwks", "--out", out])).toEqual({ file: out, keys: 3, changed: true });
    expect(readFileSync(out, "utf8")).toBe(bytes);
  });

  it("a file that is up to date is not touched", async () => {
    const cli = await plainStore();
    const out = cli.path("jwks.json");
    await cli.ok(["keys", "jwks", "--out", out]);
    const { ino, mtimeMs } = statSync(out);
    expect(await cli.json(["keys", "jwks", "--out", out])).toMatchObject({ changed: false });
    expect(statSync(out)).toMatchObject({ ino, mtimeMs });
    await cli.ok("keys rotate");
    expect(await cli.json(["keys", "jwks", "--out", out])).toMatchObject({ changed: true });
  });

  it("is replaced in one step: readers hold the old file whole, and no temporary file stays", async () => {
    const cli = await plainStore();
    const out = cli.path("www-jwks.json");
    await cli.ok(["keys", "jwks", "--out", out]);
    const before = statSync(out).ino;
    await cli.ok("keys rotate");
    await cli.ok(["keys", "jwks", "--out", out]);
    expect(statSync(out).ino).not.toBe(before);
    expect(readdirSync(cli.directory).filter((name) => name.includes("jwks"))).toEqual(["www-jwks.json"]);
  });

  it("is readable by everybody where it is new, and keeps narrower permissions", async () => {
    const cli = await plainStore();
    const out = cli.path("jwks.json");
    await cli.ok(["keys", "jwks", "--out", out]);
    expect(modeOf(out)).toBe(0o644);
    chmodSync(out, 0o640);
    await cli.ok("keys rotate");
    await cli.ok(["keys", "jwks", "--out", out]);
    expect(modeOf(out)).toBe(0o640);
  });

  it("a symbolic link as --out does not lead the file elsewhere", async () => {
    const cli = await plainStore();
    const target = cli.file("target", "precious");
    symlinkSync(target, cli.path("jwks.json"));
    await cli.ok(["keys", "jwks", "--out", cli.path("jwks.json")]);
    expect(readFileSync(target, "utf8")).toBe("precious");
    expect(lstatSync(cli.path("jwks.json")).isSymbolicLink()).toBe(false);
  });

  it("a directory that is not there is a usage error, and nothing is printed", async () => {
    const cli = await plainStore();
    const refusal = await cli.refusal(["keys", "jwks", "--out", cli.path("none/jwks.json")]);
    expect(refusal).toMatchObject({ exit: 2, code: "file_unwritable", stdout: "" });
  });

  it("of a store with shared secrets alone is empty, with a warning", async () => {
    const { Cli: Fresh } = await import("../../support/run.ts");
    const cli = new Fresh();
    await cli.ok("init --no-passphrase --alg HS256");
    const { stdout, stderr, code } = await cli.run("keys jwks");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ keys: [] });
    expect(stderr).toContain("the set is empty");
  });
});

describe("keys list", () => {
  it("has exactly the documented JSON", async () => {
    const cli = await plainStore();
    await signSomething(cli);
    await cli.ok("keys rotate");
    const keys = await keysOf(cli);
    expect(keys[2]).toEqual({
      kid: expect.stringMatching(/^[\w-]{43}$/),
      alg: "ES256",
      state: "retiring",
      created_at: "2026-03-01T12:00:00.000Z",
      activated_at: "2026-03-01T12:00:00.000Z",
      retires_at: "2026-03-01T12:30:00.000Z",
      max_exp: cli.clock.now() / 1000 + 900,
      has_private: false,
    });
  });

  it("shows only the states that are asked for", async () => {
    const cli = await plainStore();
    await cli.ok("keys rotate");
    const states = async (flags: string) =>
      (await cli.json<{ state: string }[]>(`keys list ${flags}`)).map(({ state }) => state);
    expect(await states("--state active")).toEqual(["active"]);
    expect(await states("--state active --state retiring")).toEqual(["active", "retiring"]);
    expect(await cli.refusal("keys list --state dead")).toMatchObject({ exit: 2, code: "usage" });
  });
});
