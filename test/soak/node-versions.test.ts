import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../support/spawn.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** The oldest that is supported, and the newest of each line that is older than the project's own. */
const VERSIONS = ["22.14.0", "22", "24"];

/** As much as the gate does, in a run of its own. */
const { JWTCTL_TEST_SOAK, JWTCTL_TEST_SCRATCH, ...rest } = process.env;
const GATE = rest as Record<string, string>;

describe.each(VERSIONS)("on Node %s", (version) => {
  const directory = mkdtempSync(join(tmpdir(), "jwtctl-node-"));
  const node = join(directory, "node_modules", "node", "bin", "node");

  beforeAll(async () => {
    const install = ["install", "--prefix", directory, "--allow-scripts=node", `node@${version}`];
    const { code, stderr } = await run("npm", install, { cwd: directory }).ended;
    expect({ code, stderr }).toMatchObject({ code: 0 });
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each(["unit", "contract", "command", "e2e"])("the %s tests pass", async (project) => {
    const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
    const ended = await run(node, [vitest, "run", "--project", project], { cwd: ROOT, env: GATE }).ended;
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
  });
});
