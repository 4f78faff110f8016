import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CATALOG } from "../../src/cli/catalog.ts";
import { PASSWORD } from "../support/authority.ts";
import { startServer } from "../support/jwks-server.ts";
import { Cli, words } from "../support/run.ts";
import type { Sandbox } from "../support/spawn.ts";
import { ASKING, ELSEWHERE, SETUPS } from "./example-setups.ts";
import { copyOfWorld } from "./example-world.ts";

const EXAMPLES = (
  await Promise.all(
    CATALOG.map(async ({ path, load }) =>
      (await load()).examples.map(([typed]) => ({ command: path.join(" "), typed })),
    ),
  )
).flat();

/** What the reader of an example puts in the place of what is only there as an example. */
function asMeant(typed: string): string {
  return typed
    .replace(/\bdW5p\b/g, "$KID")
    .replace(/\b4k9v\b/g, "$LOGIN")
    .replace(/ \/(var|mnt|srv)\//g, ' "$PWD"/$1/')
    .replace("--after 1200", "--after 1")
    .replace(/1200:[0-9a-f]{64}/, "$HEAD")
    .replace("--issuer-url https://auth.example.com", "--issuer-url $ISSUER");
}

const PRELUDE = `set -euo pipefail
export PATH="$PWD/bin:$PATH"
TOKEN=$(cat token.txt) OLD=$(head -1 tokens.txt) NEW=$(tail -1 tokens.txt)
KID=$(cat kid.txt) LOGIN=$(cat session.txt)`;

const ENVIRONMENT = { JWT_SECRET: "a secret of at least thirty-two bytes", WAYLAND_DISPLAY: "wayland-0" };

/** An issuer on this machine that publishes the keys of the world's store. */
async function issuerOf(sandbox: Sandbox): Promise<string> {
  const jwks = readFileSync(sandbox.path("public.jwks"), "utf8");
  const server = await startServer({
    "/.well-known/openid-configuration": (_, response) =>
      response.end(JSON.stringify({ issuer: server.origin, jwks_uri: server.url("/jwks.json") })),
    "/jwks.json": (_, response) => response.end(jwks),
  });
  return server.origin;
}

describe("every example in the help", () => {
  it("is one that is there: the tables name no other", () => {
    const typed = new Set(EXAMPLES.map((example) => example.typed));
    const named = [...Object.keys(SETUPS), ...Object.keys(ASKING), ...Object.keys(ELSEWHERE)];
    expect(named.filter((name) => !typed.has(name))).toEqual([]);
  });

  const alone = EXAMPLES.filter(({ typed }) => !(typed in ASKING) && !(typed in ELSEWHERE));
  it.each(alone)("works as written: $typed", async ({ typed }) => {
    const { before = "", code = 0, shows = /^/, after = "" } = SETUPS[typed] ?? {};
    const sandbox = await copyOfWorld();
    const env = { ...ENVIRONMENT, ISSUER: await issuerOf(sandbox) };
    const script = [
      PRELUDE,
      before,
      "set +e",
      `( ${asMeant(typed)}\n) > stdout`,
      "echo $? > code",
      "set -e",
      after,
    ];
    const { code: ended, stderr } = await sandbox.bash(script.join("\n"), { env });
    expect([ended, stderr]).toEqual([0, expect.not.stringMatching(/^error:/m)]);
    expect(readFileSync(sandbox.path("code"), "utf8").trim()).toBe(`${code}`);
    expect(readFileSync(sandbox.path("stdout"), "utf8")).toMatch(shows);
  });

  it.each(Object.entries(ASKING))(
    "asks, and works as written: %s",
    async (typed, { before = [], answers }) => {
      const cli = new Cli();
      const stdin = PASSWORD;
      for (const command of before) {
        const asks = /^(users add|login)/.test(command) ? " --password-stdin" : "";
        await cli.ok(words(command.replace("backup.db", cli.path("backup.db")) + asks), { stdin });
      }
      const [key] = before.length > 0 ? await cli.json<{ kid: string }[]>("keys list --state active") : [];
      const line = typed
        .replace("jwtctl ", "")
        .replace("dW5p", key?.kid ?? "")
        .replace("/mnt/backup/jwtctl.db", cli.path("backup.db"))
        .replace(/--out (\S+)/, (_, name) => `--out ${cli.path(name)}`);
      const { code, stderr } = await cli.run(line, { terminal: true, answers });
      expect([code, stderr]).toEqual([0, expect.not.stringContaining("error:")]);
    },
  );
});
