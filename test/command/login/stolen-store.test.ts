import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createRefreshSecrets } from "../../../src/crypto/refresh-secrets.ts";
import { login, PASSWORD, type TokenResponse } from "../../support/authority.ts";
import { behind, expectSound } from "../../support/sound-store.ts";
import { refusalOf, Sandbox } from "../../support/spawn.ts";

const PASSPHRASE = "a passphrase nobody would guess";

describe("the store's files stolen whole", () => {
  it("hold no refresh token, no password, and with a passphrase no private key", async () => {
    const owner = new Sandbox({ processes: false });
    owner.env.JWTCTL_PASSPHRASE = PASSPHRASE;
    await owner.ok(["init"]);
    await owner.ok(["users", "add", "alice", "--password-stdin"], { stdin: PASSWORD });
    const first = await login(owner);
    const second = JSON.parse(await owner.ok(["refresh", "--json"]));
    await owner.ok(["keys", "rotate"]);

    const exported = await owner.ok([
      "keys",
      "export",
      "--private",
      "--no-passphrase",
      "--format",
      "jwk",
      "--out",
      "-",
      await activeKid(owner),
    ]);
    const secretMember = (JSON.parse(exported) as { d: string }).d;
    expect(secretMember).toMatch(/^[\w-]{43}$/);

    const loot = stolen(owner.path("data", "jwtctl"));
    expect(loot.length).toBeGreaterThan(4096);
    const secrets = [
      PASSWORD,
      PASSPHRASE,
      first.refresh_token,
      second.refresh_token,
      first.refresh_token.slice("jwtctl_rt_".length, -6),
      second.access_token,
      secretMember,
    ];
    for (const secret of secrets) {
      expect(loot.includes(secret)).toBe(false);
      expect(loot.includes(Buffer.from(secret).toString("base64"))).toBe(false);
      expect(loot.includes(Buffer.from(secret, "base64url"))).toBe(false);
    }
    expect(loot.includes("alice")).toBe(true);
  });

  it("open nothing: what was stolen is refused wherever a secret is taken, and ends no login", async () => {
    const owner = new Sandbox({ processes: false });
    owner.env.JWTCTL_PASSPHRASE = PASSPHRASE;
    await owner.ok(["init"]);
    await owner.ok(["users", "add", "alice", "--password-stdin"], { stdin: PASSWORD });
    const first = await login(owner, "--no-save");
    const out = await owner.ok(["refresh", "-", "--json"], { stdin: first.refresh_token });
    const { hashes, sealed, passwordHash, privateHalves } = stolenFrom(owner);
    expect(hashes).toHaveLength(2);
    const before = sessionsOf(owner);

    const verbs = [["refresh"], ["logout"], ["tokens", "revoke", "--token"]];
    for (const [index, text] of [...hashes, sealed].flatMap(asTokens).entries()) {
      const words = [...(verbs[index % verbs.length] ?? []), "-", "--json"];
      const ended = await owner.jwtctl(words, { stdin: text });
      const refused = [ended.stdout, /^refresh_(unknown|malformed)$/.test(refusalOf(ended).code)];
      expect(refused, `${words[0]} of ${text}: ${ended.stderr}`).toEqual(["", true]);
    }
    // Whoever has the hash of the used token has not what its successor is sealed with.
    for (const text of hashes.flatMap(asTokens)) expect(() => secretsOf(sealed).open(text, sealed)).toThrow();
    for (const stdin of [passwordHash, sealed.toString("hex")]) {
      const ended = await owner.jwtctl(["login", "alice", "--password-stdin", "--json"], { stdin });
      expect([ended.stdout, refusalOf(ended).code]).toEqual(["", "credentials_refused"]);
    }
    for (const half of privateHalves) {
      const words = ["mint", "--key", "-", "--sub", "alice", "--ttl", "5m", "--no-input", "--json"];
      const ended = await owner.jwtctl(words, { stdin: half, env: { JWTCTL_PASSPHRASE: "" } });
      expect([ended.stdout, ended.code === 0]).toEqual(["", false]);
    }
    expect(sessionsOf(owner)).toEqual(before);
    await owner.ok(["refresh", "-"], { stdin: (JSON.parse(out) as TokenResponse).refresh_token });
    await expectSound(owner);
  });
});

/** What a thief reads in the tables. */
function stolenFrom(sandbox: Sandbox) {
  return behind(sandbox, (database) => {
    const pluck = (sql: string) => database.prepare(sql).pluck().all();
    const [sealed] = pluck("SELECT sealed_successor FROM refresh_tokens WHERE sealed_successor IS NOT NULL");
    return {
      hashes: pluck("SELECT hash FROM refresh_tokens ORDER BY seq") as Buffer[],
      sealed: sealed as Buffer,
      passwordHash: String(pluck("SELECT password_hash FROM users")[0]),
      privateHalves: pluck(
        "SELECT private_text FROM signing_keys WHERE private_text IS NOT NULL",
      ) as string[],
    };
  });
}

const sessionsOf = (sandbox: Sandbox) =>
  behind(sandbox, (database) => database.prepare("SELECT * FROM sessions").all());

const secretsOf = (bytes: Uint8Array) =>
  createRefreshSecrets({ bytes: (length) => bytes.subarray(0, length) });

/** Stolen bytes as whoever tries would present them: as text, and dressed up as a refresh token, checksum and all. */
function asTokens(bytes: Buffer): string[] {
  const texts = (["hex", "base64", "base64url"] as const).map((encoding) => bytes.toString(encoding));
  return [...texts, ...texts.map((text) => `jwtctl_rt_${text}`), secretsOf(bytes).create()];
}

async function activeKid(sandbox: { ok(args: readonly string[]): Promise<string> }): Promise<string> {
  const keys = JSON.parse(await sandbox.ok(["keys", "list", "--json"])) as { kid: string; state: string }[];
  return keys.find((key) => key.state === "active")?.kid ?? "";
}

/** Every byte of the database, its write-ahead log and shared memory. */
function stolen(directory: string): Buffer {
  return Buffer.concat(readdirSync(directory).map((name) => readFileSync(`${directory}/${name}`)));
}
