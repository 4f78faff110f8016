import { chmodSync, chownSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { LAUNCHER, run, Sandbox } from "../support/spawn.ts";

const NOWHERE = "no compiled code is kept";

/** Where the launcher has Node keep compiled code. */
async function placeOf(sandbox: Sandbox, env: Record<string, string>): Promise<string> {
  const recorder = sandbox.path("recorder.cjs");
  writeFileSync(
    recorder,
    `let place = ${JSON.stringify(NOWHERE)};
     require("node:module").enableCompileCache = (directory) => { place = directory; };
     process.on("exit", () => process.stderr.write(String(place)));`,
  );
  const { code, stderr } = await run(process.execPath, ["--require", recorder, LAUNCHER, "--version"], {
    env: { ...sandbox.env, ...env },
    cwd: sandbox.directory,
  }).ended;
  expect(code).toBe(0);
  return stderr;
}

describe("compiled code, which is executed, is kept where no other user can put any", () => {
  it("attack: code planted below /tmp, Node's usual place: the cache is the user's own, made for them alone", async () => {
    const sandbox = new Sandbox();
    const cache = sandbox.path("cache");
    expect(await placeOf(sandbox, { TMPDIR: sandbox.path("tmp") })).toBe(`${cache}/jwtctl/code`);
    expect(existsSync(`${cache}/jwtctl/code`)).toBe(true);
    expect(existsSync(sandbox.path("tmp"))).toBe(false);
  });

  it("without XDG_CACHE_HOME it is in the home directory", async () => {
    const sandbox = new Sandbox();
    const usual = process.platform === "darwin" ? "Library/Caches" : ".cache";
    mkdirSync(sandbox.path(usual), { recursive: true, mode: 0o700 });
    expect(await placeOf(sandbox, { XDG_CACHE_HOME: "" })).toBe(sandbox.path(usual, "jwtctl", "code"));
  });

  it.each([
    ["its directory", "cache/jwtctl/code"],
    ["the one around it", "cache/jwtctl"],
    ["the cache directory", "cache"],
  ])("attack: others may write to %s: no compiled code is kept or run", async (_, open) => {
    const sandbox = new Sandbox();
    mkdirSync(sandbox.path("cache/jwtctl/code"), { recursive: true, mode: 0o700 });
    chmodSync(sandbox.path(open), 0o777);
    expect(await placeOf(sandbox, {})).toBe(NOWHERE);
  });

  it("attack: the cache directory is another user's, as HOME can be with sudo: no compiled code is kept or run", async () => {
    const sandbox = new Sandbox();
    const isRoot = process.getuid?.() === 0;
    const foreign = isRoot ? sandbox.path("foreign") : "/usr";
    if (isRoot) {
      mkdirSync(foreign);
      chownSync(foreign, 65534, 65534);
    }
    expect(await placeOf(sandbox, { XDG_CACHE_HOME: foreign })).toBe(NOWHERE);
  });

  it("attack: a link to a directory that everybody may write to: no compiled code is kept or run", async () => {
    const sandbox = new Sandbox();
    mkdirSync(sandbox.path("open"));
    chmodSync(sandbox.path("open"), 0o1777);
    mkdirSync(sandbox.path("cache"), { mode: 0o700 });
    symlinkSync(sandbox.path("open"), sandbox.path("cache/jwtctl"));
    expect(await placeOf(sandbox, {})).toBe(NOWHERE);
  });

  it("a home that is not there is not made", async () => {
    const sandbox = new Sandbox();
    const env = { HOME: sandbox.path("nobody"), XDG_CACHE_HOME: sandbox.path("nobody/cache") };
    expect(await placeOf(sandbox, env)).toBe(NOWHERE);
    expect(existsSync(sandbox.path("nobody"))).toBe(false);
  });
});
