import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { run, Sandbox } from "../support/spawn.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** What `npm install` would lay down: the packed files beside the packages they name. */
async function install(into: string): Promise<string> {
  const packed = await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", into], {
    cwd: ROOT,
  }).ended;
  expect(packed.code, packed.stderr).toBe(0);
  const modules = join(into, "node_modules");
  const home = join(modules, "jwtctl");
  mkdirSync(home, { recursive: true });
  const tar = await run(
    "tar",
    ["-xzf", join(into, packed.stdout.trim()), "-C", home, "--strip-components=1"],
    {},
  ).ended;
  expect(tar.code, tar.stderr).toBe(0);
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    if (!name.startsWith(".")) symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  }
  return home;
}

describe("the package as it is published", () => {
  const directory = mkdtempSync(join(tmpdir(), "jwtctl-package-"));
  let home = "";
  beforeAll(async () => {
    home = await install(directory);
    return () => rmSync(directory, { recursive: true, force: true });
  });

  it("holds the program, its documentation, and nothing of the workshop", () => {
    expect(readdirSync(home).sort()).toEqual([
      "CHANGELOG.md",
      "LICENSE",
      "README.md",
      "bin",
      "dist",
      "docs",
      "package.json",
    ]);
    expect(readdirSync(join(home, "dist")).filter((name) => !name.endsWith(".js"))).toEqual([]);
  });

  it("runs the demo from where it was installed", async () => {
    const sandbox = new Sandbox();
    const ended = await run(process.execPath, [join(home, "bin", "jwtctl.js"), "demo"], {
      env: sandbox.env,
      cwd: sandbox.directory,
    }).ended;
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: "" });
    expect(ended.stdout.length).toBeGreaterThan(2000);
  });

  it("says its version", async () => {
    const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as { version: string };
    const ended = await run(process.execPath, [join(home, "bin", "jwtctl.js"), "--version"], {}).ended;
    expect(ended).toMatchObject({ code: 0, stdout: `${version}\n` });
  });
});
