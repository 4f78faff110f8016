import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withFileLock } from "../../../src/runtime/file-lock.ts";

let directory = "";
let lock = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "jwtctl-lock-"));
  lock = join(directory, "credentials.json.lock");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("attack: in a shared directory somebody has put something else in the place of the lock", () => {
  it.each<[string, () => void]>([
    ["a pipe into which nobody writes", () => execFileSync("mkfifo", [lock])],
    ["a link to a device without an end", () => symlinkSync("/dev/zero", lock)],
    ["a link to a file of the user", () => symlinkSync(join(directory, "letter"), lock)],
    ["a directory", () => mkdirSync(lock)],
  ])("%s: nothing is waited for, and nothing done", async (_, plant) => {
    plant();
    let done = false;
    const work = withFileLock(lock, async () => {
      done = true;
    });
    await expect(work).rejects.toMatchObject({ code: "file_unwritable" });
    expect(done).toBe(false);
    expect(existsSync(join(directory, "letter"))).toBe(false);
  });
});

describe("a lock file", () => {
  it("is held while the work is done, and gone afterwards", async () => {
    expect(await withFileLock(lock, async () => existsSync(lock))).toBe(true);
    expect(existsSync(lock)).toBe(false);
  });

  it("is gone when the work fails", async () => {
    await expect(withFileLock(lock, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(existsSync(lock)).toBe(false);
  });

  it("of a process that is no more is taken over at once", async () => {
    // Above the largest process id there can be (Linux: 2^22).
    writeFileSync(lock, "99999999 dead\n");
    expect(await withFileLock(lock, async () => "done")).toBe("done");
  });
});
