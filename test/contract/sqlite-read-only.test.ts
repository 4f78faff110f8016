import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { filledFile, opened, temporaryDirectory } from "../support/store-files.ts";
import { bundleWorker, startWorker } from "../support/store-processes.ts";
import { START, sampleUser } from "../support/store-samples.ts";

bundleWorker();

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

interface Modes {
  readonly file: number;
  readonly directory: number;
}

/**
 * Copies a store, its log included, to where a process without privileges meets these permissions: when the tests run as
 * root, permissions mean nothing to them, so the files are given to another user, as whom the worker then acts.
 */
function exposed(source: string, { file, directory }: Modes): string {
  const outer = temporaryDirectory();
  const place = join(outer, "store");
  mkdirSync(place);
  onTestFinished(() => chmodSync(place, 0o700));
  for (const name of readdirSync(dirname(source))) {
    const copy = join(place, name);
    writeFileSync(copy, readFileSync(join(dirname(source), name)));
    if (isRoot) chownSync(copy, NOBODY, NOBODY);
    chmodSync(copy, file);
  }
  if (isRoot) for (const path of [outer, place]) chownSync(path, NOBODY, NOBODY);
  chmodSync(place, directory);
  return join(place, "jwtctl.db");
}

async function asUnprivileged(path: string, migration?: string): Promise<unknown> {
  const worker = await startWorker();
  const said = await worker.do("unprivileged", { path, ...(migration !== undefined && { migration }) });
  await worker.end();
  return said;
}

const READ_ONLY = {
  opened: "opened",
  users: ["ada"],
  added: "store_read_only",
  rotation: "store_read_only",
};

describe.runIf(process.platform !== "win32")("a store that this user may only read", () => {
  test("a user who may write it reads and writes (the control of this test)", async () => {
    const path = exposed(await filledFile(), { file: 0o600, directory: 0o700 });
    expect(await asUnprivileged(path)).toEqual({
      opened: "opened",
      users: ["ada"],
      added: "added",
      rotation: { outcome: "unknown" },
    });
  });

  test.each([
    ["the file", { file: 0o400, directory: 0o700 }],
    ["the directory", { file: 0o600, directory: 0o500 }],
    ["both", { file: 0o400, directory: 0o500 }],
  ])(
    "because %s is read-only: it is read, nothing is written, nothing is left beside it",
    async (_, modes) => {
      const path = exposed(await filledFile(), modes);
      const before = readFileSync(path);
      expect(await asUnprivileged(path)).toEqual(READ_ONLY);
      expect(readFileSync(path).equals(before)).toBe(true);
      expect(readdirSync(dirname(path))).toEqual(["jwtctl.db"]);
    },
  );

  test("the file being read-only, what others wrote a moment ago is read from their log", async () => {
    const path = await filledFile();
    const store = await opened(path);
    await store.addUser(sampleUser("zed"), START);
    const copy = exposed(path, { file: 0o400, directory: 0o700 });
    expect(await asUnprivileged(copy)).toEqual({ ...READ_ONLY, users: ["ada", "zed"] });
  });

  test("changes in a log that cannot be read without writing are not passed over: it is refused", async () => {
    const path = await filledFile();
    const store = await opened(path);
    await store.addUser(sampleUser("bob"), START);
    const copy = exposed(path, { file: 0o400, directory: 0o700 });
    const directory = dirname(copy);
    chmodSync(directory, 0o700);
    // As a crash of the whole machine leaves it: the log, and no index to it.
    unlinkSync(`${copy}-shm`);
    chmodSync(directory, 0o500);
    expect(await asUnprivileged(copy)).toEqual({ opened: "store_unusable" });
  });

  test.each([
    ["is no database", "store_foreign", (bytes: Buffer) => bytes.fill(0x58, 0, 100)],
    ["is damaged", "store_corrupt", (bytes: Buffer) => bytes.subarray(0, 8192)],
  ])("a file that %s is refused as it would be if it could be written", async (_, code, spoil) => {
    const path = await filledFile();
    writeFileSync(path, spoil(readFileSync(path)));
    expect(await asUnprivileged(exposed(path, { file: 0o400, directory: 0o500 }))).toEqual({ opened: code });
  });

  test("a file that this user may not even read is refused", async () => {
    const path = exposed(await filledFile(), { file: 0o000, directory: 0o700 });
    expect(await asUnprivileged(path)).toEqual({ opened: "store_unusable" });
  });

  test("an older schema cannot be brought up to date: refused, and not half done", async () => {
    const migration = "CREATE TABLE later (id INTEGER) STRICT";
    const path = exposed(await filledFile(), { file: 0o400, directory: 0o500 });
    expect(await asUnprivileged(path, migration)).toEqual({ opened: "store_read_only" });
    const writable = exposed(await filledFile(), { file: 0o600, directory: 0o700 });
    expect(await asUnprivileged(writable, migration)).toMatchObject({ opened: "opened", users: ["ada"] });
  });
});
