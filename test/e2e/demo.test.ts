import { mkdirSync, readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Sandbox } from "../support/spawn.ts";

describe("jwtctl demo", () => {
  it("shows the life of a token, plain in a pipe, and leaves nothing behind", async () => {
    const sandbox = new Sandbox();
    const temporary = sandbox.path("tmp");
    mkdirSync(temporary);
    const { code, stdout, stderr } = await sandbox.jwtctl(["demo"], { env: { TMPDIR: temporary } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).not.toContain("\u001b");
    for (const part of ["anyone can", "role", "reader", "admin", "signature", "revoked", '"kty": "EC"']) {
      expect(stdout).toContain(part);
    }
    expect(readdirSync(temporary)).toEqual([]);
    // Node keeps what it compiled in the cache directory.
    expect(readdirSync(sandbox.directory).sort()).toEqual(["cache", "tmp"]);
  });

  it("colours on demand, and tells the same", async () => {
    const sandbox = new Sandbox();
    const { stdout } = await sandbox.jwtctl(["demo", "--color", "always"]);
    expect(stdout).toContain("\u001b[");
  });

  it("is data with --json", async () => {
    const scenes = JSON.parse(await new Sandbox().ok(["demo", "--json"])) as {
      command: string;
      error: string | null;
    }[];
    expect(scenes.map((scene) => scene.error).filter(Boolean)).toEqual([
      "signature_invalid",
      "refresh_reused",
    ]);
    for (const scene of scenes) expect(scene.command).toContain("jwtctl ");
  });
});
