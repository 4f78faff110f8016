import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { login, PASSWORD } from "../support/authority.ts";
import { Sandbox } from "../support/spawn.ts";

const PASSPHRASE = "a passphrase nobody would guess";

describe("the store's files stolen whole", () => {
  it("hold no refresh token, no password, and with a passphrase no private key", async () => {
    const owner = new Sandbox();
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
});

async function activeKid(sandbox: { ok(args: readonly string[]): Promise<string> }): Promise<string> {
  const keys = JSON.parse(await sandbox.ok(["keys", "list", "--json"])) as { kid: string; state: string }[];
  return keys.find((key) => key.state === "active")?.kid ?? "";
}

/** Every byte of the database, its write-ahead log and shared memory. */
function stolen(directory: string): Buffer {
  return Buffer.concat(readdirSync(directory).map((name) => readFileSync(`${directory}/${name}`)));
}
