import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { authority } from "../support/authority.ts";
import { LAUNCHER, run, Sandbox } from "../support/spawn.ts";

const TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbGljZSIsImV4cCI6MTcwMDAwMDAwMH0.c2ln";

/** Everything a command loads: files of dist/ and packages by name, built-in modules as `node:…`. */
async function loadedBy(sandbox: Sandbox, args: readonly string[]): Promise<string[]> {
  const recorder = sandbox.path("recorder.cjs");
  writeFileSync(
    recorder,
    `const Module = require("node:module");
     const load = Module._load;
     const names = new Set();
     Module._load = function (request, ...rest) { names.add(request); return load.call(this, request, ...rest); };
     process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(sandbox.path("loaded"))}, JSON.stringify([...names])));`,
  );
  const { code, stderr } = await run(process.execPath, ["--require", recorder, LAUNCHER, ...args], {
    env: sandbox.env,
    cwd: sandbox.directory,
  }).ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(readFileSync(sandbox.path("loaded"), "utf8")) as string[];
}

const COSTLY =
  /sqlite|argon2|prompt|jose|jws|key-tools|open-store|child_process|^(node:)?(net|tls|http|https|tty|readline)$/;

describe("start-up loads only what the command needs", () => {
  it("decode loads neither SQLite nor argon2 nor prompts nor jose nor the network", async () => {
    const loaded = await loadedBy(new Sandbox(), ["decode", TOKEN]);
    expect(loaded.filter((name) => COSTLY.test(name))).toEqual([]);
    expect(loaded.length).toBeGreaterThan(2);
    expect(loaded.length).toBeLessThan(30);
  });

  it("verify with a secret opens no database", async () => {
    const sandbox = new Sandbox();
    const minted = await sandbox.ok([
      "mint",
      "--secret",
      "b64:c2VjcmV0LXRoYXQtaXMtMzItYnl0ZXMtbG9uZy4uLi4=",
      "--sub",
      "a",
    ]);
    const words = ["verify", minted.trim(), "--secret", "b64:c2VjcmV0LXRoYXQtaXMtMzItYnl0ZXMtbG9uZy4uLi4="];
    const loaded = await loadedBy(sandbox, words);
    expect(loaded.filter((name) => /sqlite|argon2|prompt|open-store/.test(name))).toEqual([]);
  });

  it("a command on the store loads neither argon2 nor prompts", async () => {
    const loaded = await loadedBy(await authority(), ["tokens", "list", "--quiet"]);
    expect(loaded.filter((name) => /argon2|prompt/.test(name))).toEqual([]);
    expect(loaded.filter((name) => /better-sqlite3.*\.node$/.test(name))).toHaveLength(1);
  });
});
