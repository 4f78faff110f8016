import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { PASSWORD } from "../support/authority.ts";
import { type Ended, Sandbox } from "../support/spawn.ts";
import { copyOfWorld } from "./example-world.ts";

const README = readFileSync(resolve(import.meta.dirname, "../../README.md"), "utf8");

function blocks(language: string): string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(
    (match) => match[1] ?? "",
  );
}

const scripts = blocks("sh").filter((block) => !block.startsWith("npm "));
const sessions = blocks("console");

const ENVIRONMENT = {
  SECRET: "a secret of at least thirty-two bytes",
  JWTCTL_PASSPHRASE: "open sesame, said nobody",
};

/** What a block takes for granted. A passage that begins with init starts from nothing. */
async function prepared(script: string): Promise<Sandbox> {
  const sandbox = await copyOfWorld();
  writeFileSync(sandbox.path("claims.json"), '{"sub":"bob"}');
  writeFileSync(sandbox.path("password"), PASSWORD);
  if (script.startsWith("jwtctl init")) {
    await sandbox.bash("rm -r data state");
  }
  return sandbox;
}

/** Where a person is asked for a password, a test gives it with a flag. */
function answered(script: string): string {
  return script.replace(/^(jwtctl (?:users add|login) alice[^#\n]*?) *$/gm, "$1 --password-file password");
}

async function run(sandbox: Sandbox, script: string): Promise<Ended> {
  const prelude = `set -euo pipefail; export PATH="$PWD/bin:$PATH"
    TOKEN=$(cat token.txt) OLD=$(head -1 tokens.txt) NEW=$(tail -1 tokens.txt)`;
  return sandbox.bash(`${prelude}\n${script}`, { env: ENVIRONMENT });
}

describe("README.md", () => {
  it("has what is tested here", () => {
    expect([scripts.length >= 3, sessions.length >= 2]).toEqual([true, true]);
  });

  it.each(scripts.map((script) => [script.trim().split("\n")[0] ?? "", script]))(
    "works as written: %s …",
    async (_, script) => {
      const sandbox = await prepared(script);
      const { code, stderr } = await run(sandbox, answered(script));
      expect([code, stderr]).toEqual([0, expect.not.stringContaining("error:")]);
    },
  );

  it.each(sessions.map((session) => [session.split("\n")[0]?.slice(0, 40) ?? "", session]))(
    "shows what is really printed: %s …",
    async (_, session) => {
      const [typed = "", ...lines] = session.trimEnd().split("\n");
      const sandbox = new Sandbox();
      await sandbox.bash(
        `jwtctl mint --sub bob --secret env:SECRET > token.txt; cp token.txt tokens.txt; head -c 40 /dev/zero > secret.txt`,
        { env: ENVIRONMENT },
      );
      const { stdout } = await run(sandbox, `${typed.replace(/^\$ /, "")} || true`);
      const printed = stdout.split("\n");
      let at = 0;
      for (const line of lines) {
        if (line.trim() === "…") continue;
        const found = printed.indexOf(line, at);
        expect([line, printed.slice(at)]).toEqual([line, expect.arrayContaining([line])]);
        at = found + 1;
      }
    },
  );
});
