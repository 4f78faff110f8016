import { readFileSync, writeFileSync } from "node:fs";
import { FlattenedEncrypt } from "jose";
import { describe, expect, it } from "vitest";
import { authority, login, type TokenResponse } from "../../support/authority.ts";
import { behind, expectSound, storeOf } from "../../support/sound-store.ts";
import { refusalOf, Sandbox } from "../../support/spawn.ts";

const PASSPHRASE = "seven stones in the brook";
const GIVEN = { JWTCTL_PASSPHRASE: PASSPHRASE };

interface Key {
  readonly kid: string;
  readonly alg: string;
  readonly state: string;
}

const keysOf = async (sandbox: Sandbox) => JSON.parse(await sandbox.ok(["keys", "list", "--json"])) as Key[];
const activeOf = async (sandbox: Sandbox) =>
  (await keysOf(sandbox)).find(({ state }) => state === "active")?.kid ?? "";

async function refusedWith(
  sandbox: Sandbox,
  words: readonly string[],
  options: { stdin?: string; env?: Record<string, string> } = {},
): Promise<[number | null, string]> {
  const ended = await sandbox.jwtctl([...words, "--json"], options);
  expect(ended.stdout).toBe("");
  expect(refusalOf(ended).hints.length).toBeGreaterThan(0);
  return [ended.code, refusalOf(ended).code];
}

/** A store under a passphrase, with alice, and the tokens of a login of hers. */
async function locked(): Promise<{ sandbox: Sandbox; tokens: TokenResponse }> {
  const sandbox = new Sandbox({ processes: false });
  Object.assign(sandbox.env, GIVEN);
  await sandbox.ok(["init"]);
  await sandbox.ok(["users", "add", "alice", "--password-stdin"], { stdin: "nine quiet lanterns drift" });
  const tokens = await login(sandbox, "--no-save");
  delete sandbox.env["JWTCTL_PASSPHRASE"];
  return { sandbox, tokens };
}

describe("a wrong passphrase", () => {
  it("signs nothing, rotates nothing and costs no refresh token; what needs none goes on", async () => {
    const { sandbox, tokens } = await locked();
    await sandbox.ok(["config", "set", "reuse_window", "0"]);
    const before = await keysOf(sandbox);
    const env = { JWTCTL_PASSPHRASE: "eight stones in the brook" };
    const stdin = tokens.refresh_token;
    expect(await refusedWith(sandbox, ["mint", "--sub", "bob"], { env })).toEqual([6, "passphrase_wrong"]);
    expect(await refusedWith(sandbox, ["keys", "rotate"], { env })).toEqual([6, "passphrase_wrong"]);
    expect(await refusedWith(sandbox, ["keys", "generate"], { env })).toEqual([6, "passphrase_wrong"]);
    expect(await refusedWith(sandbox, ["refresh", "-"], { env, stdin })).toEqual([6, "passphrase_wrong"]);
    expect(await refusedWith(sandbox, ["refresh", "-"], { stdin })).toEqual([2, "input_required"]);
    expect(await keysOf(sandbox)).toEqual(before);
    await sandbox.ok(["verify", tokens.access_token]);
    await sandbox.ok(["keys", "jwks"]);
    await sandbox.ok(["refresh", "-"], { stdin, env: GIVEN });
    await expectSound(sandbox);
  });
});

describe("somebody who can write the store's file, and not read its keys,", () => {
  it("swaps the ciphertexts of two keys: neither signs in the other's name", async () => {
    const { sandbox } = await locked();
    behind(sandbox, (database) => {
      const keys = database.prepare("SELECT kid, private_text FROM signing_keys").all() as {
        kid: string;
        private_text: string;
      }[];
      const put = database.prepare("UPDATE signing_keys SET private_text = ? WHERE kid = ?");
      for (const [index, { kid }] of keys.entries()) put.run(keys[(index + 1) % 2]?.private_text, kid);
    });
    const stored = readFileSync(storeOf(sandbox));
    expect(await refusedWith(sandbox, ["mint", "--sub", "bob"], { env: GIVEN })).toEqual([
      6,
      "store_corrupt",
    ]);
    expect(readFileSync(storeOf(sandbox)).equals(stored)).toBe(true);
  });

  it.each([
    ["store", "mint", 6, "store_corrupt"],
    ["file", "keys import", 5, "key_unusable"],
  ])(
    "asks for 10^9 rounds of key derivation, in the %s: refused at once, before anything is derived",
    async (place, command, exit, code) => {
      const { sandbox } = await locked();
      const jwe = await expensive(1_000_000_000);
      let words = [...command.split(" "), "--sub", "bob"];
      if (place === "store") {
        behind(sandbox, (database) => {
          database.prepare("UPDATE signing_keys SET private_text = ?").run(jwe);
        });
      } else {
        writeFileSync(sandbox.path("key.jwe"), jwe);
        writeFileSync(sandbox.path("passphrase"), PASSPHRASE);
        words = [
          "keys",
          "import",
          sandbox.path("key.jwe"),
          "--key-passphrase-file",
          sandbox.path("passphrase"),
        ];
      }
      // Were it derived, it would take longer than any test may.
      expect(await refusedWith(sandbox, words, { env: GIVEN })).toEqual([exit, code]);
    },
  );

  it("takes the active key away: nothing is signed, and the hint puts the standby in its place", async () => {
    const sandbox = await authority({ processes: false });
    const { access_token, refresh_token } = await login(sandbox, "--no-save");
    behind(sandbox, (database) => database.exec("DELETE FROM signing_keys WHERE state = 'active'"));
    for (const words of [
      ["mint", "--sub", "bob"],
      ["refresh", "-"],
    ]) {
      expect(await refusedWith(sandbox, words, { stdin: refresh_token })).toEqual([3, "key_not_found"]);
    }
    const doctor = await sandbox.jwtctl(["doctor", "--json"]);
    expect(doctor.code).toBe(1);
    const { hints } = refusalOf(await sandbox.jwtctl(["mint", "--sub", "bob", "--json"]));
    const hint = /jwtctl (keys rotate)/.exec(hints.join());
    await sandbox.ok((hint?.[1] ?? "").split(" "));
    await sandbox.ok(["refresh", "-"], { stdin: refresh_token });
    expect((await sandbox.jwtctl(["verify", access_token])).code).toBe(3);
    await expectSound(sandbox);
  });

  it("puts a private member into a public half: it is not published, whatever the command", async () => {
    const sandbox = await authority({ processes: false });
    const kid = await activeOf(sandbox);
    behind(sandbox, (database) =>
      database.exec(
        "UPDATE signing_keys SET public_jwk = json_set(public_jwk, '$.d', private_text ->> 'd') WHERE state = 'active'",
      ),
    );
    const out = sandbox.path("jwks.json");
    for (const words of [
      ["keys", "jwks"],
      ["keys", "jwks", "--out", out],
      ["keys", "show", kid],
      ["keys", "export", kid, "--format", "jwk"],
    ]) {
      expect([words, await refusedWith(sandbox, words)]).toEqual([words, [6, "store_corrupt"]]);
    }
  });
});

/** A key under the store's passphrase whose header asks for so many rounds. */
async function expensive(rounds: number): Promise<string> {
  const plaintext = new TextEncoder().encode("{}");
  const sealed = await new FlattenedEncrypt(plaintext)
    .setProtectedHeader({ alg: "PBES2-HS512+A256KW", enc: "A256GCM", cty: "jwk+json" })
    .setKeyManagementParameters({ p2c: 1000 })
    .encrypt(new TextEncoder().encode(PASSPHRASE));
  const header = JSON.parse(Buffer.from(sealed.protected ?? "", "base64url").toString());
  const changed = Buffer.from(JSON.stringify({ ...header, p2c: rounds })).toString("base64url");
  return [changed, sealed.encrypted_key, sealed.iv, sealed.ciphertext, sealed.tag].join(".");
}

describe("delete", () => {
  it("of a key whose tokens live: refused; with --force it says what breaks, and that is what breaks", async () => {
    const sandbox = await authority({ processes: false });
    const { access_token } = await login(sandbox, "--no-save");
    const kid = await activeOf(sandbox);
    expect(await refusedWith(sandbox, ["keys", "delete", kid])).toEqual([1, "key_state_conflict"]);
    await sandbox.ok(["keys", "rotate"]);
    expect(await refusedWith(sandbox, ["keys", "delete", kid])).toEqual([1, "key_state_conflict"]);
    await sandbox.ok(["verify", access_token]);
    const out = await sandbox.ok(["keys", "delete", kid, "--force", "--json"]);
    expect(JSON.parse(out)).toMatchObject({ changed: true, consequences: ["tokens_refused"] });
    expect((await sandbox.jwtctl(["verify", access_token])).code).toBe(3);
    await expectSound(sandbox);
  });
});

const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/** Every name of a member, at any depth. */
function membersOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...membersOf(inner)]);
}

describe("what is published of keys of every algorithm that this runtime has", () => {
  it("never holds d, p, q, dp, dq, qi, oth, k or priv", async () => {
    const sandbox = await authority({ processes: false });
    const algorithms = ["ES384", "ES512", "RS256", "PS256", "Ed25519", "HS256", "ML-DSA-44", "ML-DSA-65"];
    const made: string[] = [];
    for (const alg of algorithms) {
      const ended = await sandbox.jwtctl(["keys", "generate", "--alg", alg, "--json"]);
      if (ended.code === 0) made.push(alg);
      else expect([alg, refusalOf(ended).code]).toEqual([alg, "algorithm_unsupported"]);
    }
    expect(made).toEqual(expect.arrayContaining(algorithms.slice(0, 6)));
    const out = sandbox.path("jwks.json");
    await sandbox.ok(["keys", "jwks", "--out", out]);
    const published = JSON.parse(await sandbox.ok(["keys", "jwks"])) as { keys: Key[] };
    expect(published.keys.map(({ alg }) => alg)).toEqual(
      expect.arrayContaining(made.filter((alg) => alg !== "HS256")),
    );
    expect(published.keys.map(({ alg }) => alg)).not.toContain("HS256");
    const documents: unknown[] = [published, JSON.parse(readFileSync(out, "utf8"))];
    documents.push(JSON.parse(await sandbox.ok(["keys", "list", "--json"])));
    for (const { kid } of published.keys) {
      documents.push(JSON.parse(await sandbox.ok(["keys", "show", "--json", "--", kid])));
      documents.push(
        JSON.parse(await sandbox.ok(["keys", "export", "--format", "jwk", "--json", "--", kid])),
      );
    }
    for (const document of documents) {
      for (const member of membersOf(document)) expect(PRIVATE_MEMBERS).not.toContain(member);
    }
    await sandbox.ok(["keys", "lint", out]);
  });
});
