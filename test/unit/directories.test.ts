import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makePrivateDirectory } from "../../src/platform/directories.ts";

function temporary(): string {
  const path = mkdtempSync(join(tmpdir(), "jwtctl-test-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe("making a directory", () => {
  it("makes those around it, too, for the owner alone, and is content when it is there", () => {
    const path = join(temporary(), "a", "b", "c");
    makePrivateDirectory(path);
    makePrivateDirectory(path);
    expect(statSync(path).isDirectory()).toBe(true);
    expect(statSync(join(path, "..")).mode & 0o777).toBe(0o700);
  });

  it("fails below a file", () => {
    const file = join(temporary(), "file");
    writeFileSync(file, "");
    expect(() => makePrivateDirectory(join(file, "a"))).toThrow("ENOTDIR");
  });

  it("takes it for made when another process was faster", () => {
    const there = new Set(["/"]);
    const made: string[] = [];
    makePrivateDirectory("/a/b", {
      exists: (path) => there.has(path),
      make: (path) => {
        made.push(path);
        if (path === "/a") throw Object.assign(new Error(), { code: "EEXIST", syscall: "mkdir" });
      },
    });
    expect(made).toEqual(["/a", "/a/b"]);
  });

  it("ends where nothing can be made: mkdir says ENOENT below a directory that is there, as /proc does", () => {
    let asked = 0;
    const make = () => {
      if (++asked > 10) throw new Error("asks for ever");
      throw Object.assign(new Error("ENOENT"), { code: "ENOENT" });
    };
    const exists = (path: string) => path === "/" || path === "/proc";
    expect(() => makePrivateDirectory("/proc/a/b", { exists, make })).toThrow("ENOENT");
    expect(asked).toBe(1);
  });

  it.runIf(existsSync("/proc/self"))("ends below the real /proc", () => {
    expect(() => makePrivateDirectory("/proc/no-such-process/b")).toThrow("ENOENT");
  });
});
