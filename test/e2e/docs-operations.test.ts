import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { CHECKS } from "../../src/core/analysis/doctor/finding.ts";
import { AUDIT_TYPES } from "../../src/core/authority/audit/entry.ts";
import { FILE_CHECKS } from "../../src/storage/sqlite/doctor/checks.ts";
import { authority } from "../support/authority.ts";
import type { Sandbox } from "../support/spawn.ts";

const read = (name: string) => readFileSync(resolve(import.meta.dirname, "../../docs", name), "utf8");
const shellBlocks = (page: string) =>
  [...page.matchAll(/^```sh\n(.*?)^```/gms)].map((match) => match[1] ?? "");

const PAGES = ["audit.md", "doctor.md"] as const;

/** What the pages take for granted: a store with a user who is logged in, a published set and, but for its own example, a backup. */
async function prepared(block: string): Promise<{ sandbox: Sandbox; SESSION: string }> {
  const sandbox = await authority({ login: true });
  await sandbox.ok(["keys", "jwks", "--out", sandbox.path("jwks.json")]);
  if (!block.startsWith("jwtctl backup")) await sandbox.ok(["backup", sandbox.path("backup.db")]);
  const logins = JSON.parse(await sandbox.ok(["tokens", "list", "--json"])) as { id: string }[];
  return { sandbox, SESSION: logins[0]?.id ?? "" };
}

for (const name of PAGES) {
  const page = read(name);
  describe(`docs/${name}`, () => {
    it("has examples", () => expect(shellBlocks(page).length).toBeGreaterThan(2));

    it.each(shellBlocks(page).map((block) => [block.trim().split("\n").join("; "), block]))(
      "works as written: %s",
      async (_, block) => {
        const { sandbox, SESSION } = await prepared(block);
        const { code, stderr } = await sandbox.bash(`set -euo pipefail\n${block}`, { env: { SESSION } });
        expect(code, stderr).toBe(0);
      },
    );
  });
}

describe("the lists in the pages", () => {
  it("docs/audit.md has every type of entry, with its meaning", () => {
    const page = read("audit.md");
    for (const [type, meaning] of Object.entries(AUDIT_TYPES)) {
      expect(page).toContain(`| \`${type}\` | ${meaning}`);
    }
  });

  it("docs/doctor.md has every check", () => {
    const named = [...read("doctor.md").matchAll(/^\| `(\w+)` \|/gm)].map(([, id]) => id);
    expect(named).toEqual([...Object.keys(FILE_CHECKS), ...Object.keys(CHECKS)]);
  });
});

describe("the script in docs/audit.md that verifies without jwtctl", () => {
  const script = /^```bash\n(.*?)^```/ms.exec(read("audit.md"))?.[1] ?? "";

  it("finds an export intact, with the head that jwtctl names", async () => {
    const sandbox = await authority({ login: true });
    const { head } = JSON.parse(await sandbox.ok(["audit", "export", "audit.ndjson", "--json"])) as {
      head: string;
    };
    const { code, stdout } = await sandbox.bash(`set -- audit.ndjson\n${script}`);
    expect([code, stdout]).toEqual([0, `intact: ${head.split(":")[1]}\n`]);
  });

  it("finds an edited entry", async () => {
    const sandbox = await authority({ login: true });
    await sandbox.ok(["audit", "export", "audit.ndjson"]);
    const { code, stdout } = await sandbox.bash(
      `sed -i 's/"user":"alice"/"user":"carol"/' audit.ndjson\nset -- audit.ndjson\n${script}`,
    );
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^altered: .*carol/)]);
  });
});
