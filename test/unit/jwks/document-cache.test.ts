import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createDocumentCache } from "../../../src/runtime/document-cache.ts";
import { createFiles } from "../../../src/runtime/files.ts";

const NAME = "https://a.example/jwks";
let directory: string;
let path: string;

beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), "jwtctl-cache-test-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  directory = join(root, "a", "b");
});

const cache = () => createDocumentCache(createFiles(), directory);

async function written(): Promise<void> {
  expect(await cache().write(NAME, "entry")).toBe(true);
  path = join(directory, readdirSync(directory)[0] ?? "");
}

describe("the document cache", () => {
  it("gives back what was written, by name", async () => {
    await written();
    await cache().write("https://b.example/", "other");
    expect(await cache().read(NAME)).toBe("entry");
    expect(await cache().read("https://b.example/")).toBe("other");
    expect(await cache().read("https://c.example/")).toBeUndefined();
  });

  it("keeps its files to the user, named by a hash that tells nothing", async () => {
    await written();
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(path).toMatch(/\/[0-9a-f]{64}\.json$/);
  });

  it("cache poisoning: a file that others can write is not believed", async () => {
    await written();
    for (const mode of [0o666, 0o620, 0o602]) {
      chmodSync(path, mode);
      expect(await cache().read(NAME)).toBeUndefined();
    }
    await cache().write(NAME, "anew");
    expect(await cache().read(NAME)).toBe("anew");
  });

  it("cache poisoning: a symbolic link is not followed", async () => {
    await written();
    const elsewhere = join(directory, "elsewhere");
    writeFileSync(elsewhere, "planted", { mode: 0o600 });
    rmSync(path);
    symlinkSync(elsewhere, path);
    expect(await cache().read(NAME)).toBeUndefined();
  });

  it("a directory in the file's place is as good as nothing", async () => {
    await written();
    rmSync(path);
    mkdirSync(path);
    expect(await cache().read(NAME)).toBeUndefined();
    expect(await cache().write(NAME, "x")).toBe(false);
  });

  it("a cache that cannot be written says so and fails nobody", async () => {
    mkdirSync(join(directory, ".."), { recursive: true });
    writeFileSync(directory, "a file where the directory should be");
    expect(await cache().write(NAME, "x")).toBe(false);
    expect(await cache().read(NAME)).toBeUndefined();
  });
});
