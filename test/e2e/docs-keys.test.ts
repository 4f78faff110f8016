import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { Sandbox } from "../support/spawn.ts";

const page = readFileSync(resolve(import.meta.dirname, "../../docs/keys.md"), "utf8");
const blocks = [...page.matchAll(/^```sh\n(.*?)^```/gms)].map((match) => match[1] ?? "");

/** What the page takes for granted: a store, its active key's kid, a published set, and another issuer's. */
async function prepared(): Promise<{ sandbox: Sandbox; KID: string }> {
  const sandbox = new Sandbox();
  await sandbox.ok(["init", "--no-passphrase"]);
  const other = sandbox.path("other.db");
  await sandbox.ok(["--db", other, "init", "--no-passphrase"]);
  writeFileSync(sandbox.path("theirs.jwks.json"), await sandbox.ok(["--db", other, "keys", "jwks"]));
  await sandbox.ok(["keys", "jwks", "--out", sandbox.path("jwks.json")]);
  const keys = JSON.parse(await sandbox.ok(["keys", "list", "--state", "active", "--json"])) as {
    kid: string;
  }[];
  return { sandbox, KID: keys[0]?.kid ?? "" };
}

describe("docs/keys.md", () => {
  it("has examples", () => expect(blocks.length).toBeGreaterThan(6));

  it.each(blocks.map((block) => [block.trim().split("\n").join("; "), block]))(
    "works as written: %s",
    async (_, block) => {
      const { sandbox, KID } = await prepared();
      const { code, stderr } = await sandbox.bash(`set -euo pipefail\n${block}`, { env: { KID } });
      expect(code, stderr).toBe(0);
    },
  );
});
