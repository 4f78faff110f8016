import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCredentialsFile } from "../../../src/runtime/credentials-file.ts";

let directory: string;
let path: string;
const modeOf = (file: string) => statSync(file).mode & 0o777;
const file = () => createCredentialsFile(path);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "jwtctl-test-"));
  path = join(directory, "state", "credentials.json");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function plant(content: string, mode = 0o600): void {
  mkdirSync(join(directory, "state"), { recursive: true, mode: 0o700 });
  writeFileSync(path, content);
  chmodSync(path, mode);
}

describe("the credentials file", () => {
  it("is made 0600 in a directory 0700 whatever the umask says", async () => {
    const umask = process.umask(0);
    try {
      await file().write("secret");
    } finally {
      process.umask(umask);
    }
    expect(modeOf(path)).toBe(0o600);
    expect(modeOf(join(directory, "state"))).toBe(0o700);
    expect(await file().read()).toEqual({ text: "secret", exposed: false });
  });

  it("is null when there is none, and removing it twice is no error", async () => {
    expect(await file().read()).toBeNull();
    await file().remove();
    await file().write("secret");
    await file().remove();
    await file().remove();
    expect(existsSync(path)).toBe(false);
  });

  it("is never widened by a write", async () => {
    plant("old", 0o400);
    await file().write("new");
    expect(modeOf(path)).toBe(0o400);
    expect(readFileSync(path, "utf8")).toBe("new");
  });

  it("readable by others: closed to them at the next look, which says so once", async () => {
    plant("secret", 0o644);
    expect(await file().read()).toEqual({ text: "secret", exposed: true });
    expect(modeOf(path)).toBe(0o600);
    expect(await file().read()).toEqual({ text: "secret", exposed: false });
  });

  it("replaced by a symbolic link to another file: not read, and the other file not touched", async () => {
    const other = join(directory, "other");
    writeFileSync(other, "precious", { mode: 0o644 });
    mkdirSync(join(directory, "state"));
    symlinkSync(other, path);
    await expect(file().read()).rejects.toMatchObject({
      code: "file_unreadable",
      message: expect.stringContaining("symbolic link"),
    });
    await file().write("secret");
    expect(readFileSync(other, "utf8")).toBe("precious");
    expect(modeOf(other)).toBe(0o644);
    expect(modeOf(path)).toBe(0o600);
  });

  it("replaced by a directory or a named pipe: refused at once, not waited for", async () => {
    mkdirSync(path, { recursive: true });
    await expect(file().read()).rejects.toMatchObject({ code: "file_unreadable" });
    rmSync(path, { recursive: true });
    expect(spawnSync("mkfifo", [path]).status).toBe(0);
    await expect(file().read()).rejects.toMatchObject({
      message: expect.stringContaining("not a plain file"),
    });
  });

  it.runIf(process.getuid?.() === 0)("planted by another user: not used", async () => {
    plant("attacker's login");
    chownSync(path, 65534, 65534);
    await expect(file().read()).rejects.toMatchObject({ message: expect.stringContaining("another user") });
  });

  it("too large to be a login: refused", async () => {
    plant("x".repeat(300_000));
    await expect(file().read()).rejects.toMatchObject({ code: "file_unreadable" });
  });

  it("that cannot be written leaves the old one and no litter", async () => {
    writeFileSync(join(directory, "plain"), "");
    path = join(directory, "plain", "credentials.json");
    await expect(file().write("secret")).rejects.toMatchObject({ code: "file_unwritable" });
    await expect(file().exclusively(async () => "work")).rejects.toMatchObject({ code: "file_unwritable" });
    expect(readdirSync(directory)).toEqual(["plain"]);
  });
});

describe("half-written copies that killed processes have left", () => {
  const copy = () => join(directory, "state", ".credentials.json.0123456789ab.tmp");

  it("are removed once nobody can be writing them any more, and nothing else is", async () => {
    plant("saved");
    const others = [".other.json.0123456789ab.tmp", "credentials.json.tmp", ".credentials.json.backup"];
    for (const name of others) writeFileSync(join(directory, "state", name), "");
    writeFileSync(copy(), "secret");
    expect(spawnSync("touch", ["-d", "-2 minutes", copy()]).status).toBe(0);
    await file().exclusively(async () => undefined);
    expect(readdirSync(join(directory, "state")).sort()).toEqual([...others, "credentials.json"].sort());
  });

  it("stay while somebody may still be writing them", async () => {
    plant("saved");
    writeFileSync(copy(), "secret");
    await file().exclusively(async () => undefined);
    expect(existsSync(copy())).toBe(true);
  });
});

describe("the lock of the credentials file", () => {
  const lock = () => `${path}.lock`;

  it("lets one work after another, and goes away", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((done) => setImmediate(done));
      inside--;
    };
    await Promise.all(Array.from({ length: 10 }, () => file().exclusively(work)));
    expect(most).toBe(1);
    expect(readdirSync(join(directory, "state"))).toEqual([]);
  });

  it("goes away when the work fails", async () => {
    await expect(file().exclusively(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(existsSync(lock())).toBe(false);
  });

  it("left by a process that was killed is taken over at once", async () => {
    plant("");
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    writeFileSync(lock(), `${dead} 0123456789abcdef\n`);
    expect(await file().exclusively(async () => "worked")).toBe("worked");
    expect(existsSync(lock())).toBe(false);
  });

  it.each([
    ["older than any work takes", -31],
    ["from the future, after the clock was set back", 3600],
  ])("%s is taken over though its process lives", async (_, seconds) => {
    plant("");
    writeFileSync(lock(), `${process.ppid} 0123456789abcdef\n`);
    expect(spawnSync("touch", ["-d", `${seconds} seconds`, lock()]).status).toBe(0);
    expect(await file().exclusively(async () => "worked")).toBe("worked");
  });

  it("of a living process is waited for", async () => {
    plant("");
    writeFileSync(lock(), `${process.ppid} 0123456789abcdef\n`);
    let worked = false;
    const waiting = file().exclusively(async () => {
      worked = true;
    });
    for (let turn = 0; turn < 5; turn++) await new Promise((done) => setTimeout(done, 10));
    expect(worked).toBe(false);
    rmSync(lock());
    await waiting;
    expect(worked).toBe(true);
  });

  it("taken over by another process meanwhile is left to it", async () => {
    await file().exclusively(async () => writeFileSync(lock(), "1 another\n"));
    expect(readFileSync(lock(), "utf8")).toBe("1 another\n");
  });
});
