import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, onTestFinished, test } from "vitest";
import { AppError } from "../../src/core/base/errors.ts";
import { createStore, openStore } from "../../src/storage/open-store.ts";
import { requireSqlite } from "../../src/storage/sqlite/identity.ts";
import { created, filledFile, opened, temporaryDirectory, temporaryPath } from "../support/store-files.ts";
import { START, sampleStore, sampleUser } from "../support/store-samples.ts";

const modeOf = (path: string) => statSync(path).mode & 0o777;

/** Under this umask files come out readable and writable by everybody unless somebody takes care. */
function withOpenUmask(): void {
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
}

describe("the files of a store", () => {
  test("are closed to all but their owner from the first byte on: store, -wal and -shm", async () => {
    withOpenUmask();
    const path = temporaryPath();
    const store = await created(path);
    await store.initialise(sampleStore(), START);
    for (const file of [path, `${path}-wal`, `${path}-shm`])
      expect([file, modeOf(file)]).toEqual([file, 0o600]);
  });

  test("lie in directories made for them that only their owner may enter", async () => {
    withOpenUmask();
    const base = temporaryDirectory();
    await created(join(base, "a", "b", "jwtctl.db"));
    expect([modeOf(join(base, "a")), modeOf(join(base, "a", "b"))]).toEqual([0o700, 0o700]);
  });

  test("leave a directory that was there as it was", async () => {
    const directory = join(temporaryDirectory(), "shared");
    mkdirSync(directory);
    chmodSync(directory, 0o755);
    await created(join(directory, "jwtctl.db"));
    expect(modeOf(directory)).toBe(0o755);
  });

  test("are one file when the store is closed", async () => {
    const path = await filledFile();
    expect(readdirSync(dirname(path))).toEqual(["jwtctl.db"]);
  });

  test("attack: a directory whose name is a command: the hint can be copied, and runs nothing but itself", async () => {
    const directory = join(temporaryDirectory(), "$(touch owned);`touch owned`'\"");
    const path = join(directory, "jwtctl.db");
    await (await created(path)).initialise(sampleStore(), START);
    chmodSync(path, 0o644);
    const refusal = await openStore(path).catch((error: unknown) => error);
    const hint = refusal instanceof AppError ? refusal.hints[0] : undefined;
    execFileSync("sh", ["-c", hint?.replace(/^Close it with: /, "") ?? "false"], { cwd: dirname(directory) });
    expect(modeOf(path)).toBe(0o600);
    expect(readdirSync(dirname(directory))).toEqual([basename(directory)]);
  });

  test("that everybody may read are refused, and named in the hint", async () => {
    const path = await filledFile();
    for (const mode of [0o604, 0o602, 0o666]) {
      chmodSync(path, mode);
      await expect(openStore(path)).rejects.toMatchObject({
        code: "store_unusable",
        hints: [expect.stringContaining(`chmod 600 ${path}`), expect.stringContaining("rotate the keys")],
      });
      expect(modeOf(path)).toBe(mode);
    }
    chmodSync(path, 0o640);
    await opened(path);
  });
});

describe("a blank file", () => {
  test.each(["open", "make"] as const)("that is missing: %s", async (action) => {
    const path = temporaryPath();
    if (action === "make") await expect(created(path)).resolves.toBeDefined();
    else await expect(openStore(path)).rejects.toMatchObject({ code: "store_not_found" });
    expect(existsSync(path)).toBe(action === "make");
  });

  test("of zero length is no store yet; init may fill it, and closes it to others first", async () => {
    const path = temporaryPath();
    writeFileSync(path, "");
    chmodSync(path, 0o644);
    await expect(openStore(path)).rejects.toMatchObject({
      code: "store_not_found",
      hints: [expect.stringContaining("jwtctl init")],
    });
    expect(statSync(path).size).toBe(0);
    const store = await created(path);
    await store.initialise(sampleStore(), START);
    expect(modeOf(path)).toBe(0o600);
    await expect(opened(path)).resolves.toBeDefined();
  });

  test("that a process left behind before it made the tables is no store yet; init may fill it", async () => {
    const path = temporaryPath();
    writeFileSync(path, "", { mode: 0o600 });
    const database = new Sqlite(path);
    database.pragma("journal_mode = WAL");
    database.close();
    expect(statSync(path).size).toBeGreaterThan(0);
    await expect(openStore(path)).rejects.toMatchObject({ code: "store_not_found" });
    const store = await created(path);
    expect(await store.initialise(sampleStore(), START)).toBe("initialised");
  });

  test("with tables but not initialised is no store yet; init may fill it", async () => {
    const path = temporaryPath();
    await (await createStore(path)).close();
    await expect(openStore(path)).rejects.toMatchObject({ code: "store_not_found" });
    const store = await created(path);
    expect(await store.initialise(sampleStore(), START)).toBe("initialised");
  });

  test("below a path that is a file cannot be made", async () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "precious");
    await expect(openStore(join(file, "jwtctl.db"))).rejects.toMatchObject({ code: "store_not_found" });
    await expect(createStore(join(file, "jwtctl.db"))).rejects.toMatchObject({ code: "store_unusable" });
    expect(readFileSync(file, "utf8")).toBe("precious");
  });
});

describe("a symbolic link", () => {
  test("to a store opens the store, with its -wal beside it", async () => {
    const path = await filledFile();
    const link = join(temporaryDirectory(), "link.db");
    symlinkSync(path, link);
    const store = await opened(link);
    await store.addUser(sampleUser("bob"), START);
    expect(existsSync(`${path}-wal`)).toBe(true);
    expect(readdirSync(dirname(link))).toEqual(["link.db"]);
    await store.close();
    expect(await (await opened(path)).findUser("bob", START)).not.toBeNull();
    const again = await created(link);
    expect(await again.initialise(sampleStore(), START)).toBe("already_initialised");
  });

  test("planted where a store is to be made does not choose the file: nothing there", async () => {
    const target = join(temporaryDirectory(), "victim");
    const link = join(temporaryDirectory(), "jwtctl.db");
    symlinkSync(target, link);
    await expect(openStore(link)).rejects.toMatchObject({ code: "store_not_found" });
    await expect(createStore(link)).rejects.toMatchObject({ code: "store_unusable" });
    expect(existsSync(target)).toBe(false);
  });

  test("planted where a store is to be made does not choose the file: an empty one", async () => {
    const target = join(temporaryDirectory(), "victim");
    const link = join(temporaryDirectory(), "jwtctl.db");
    writeFileSync(target, "", { mode: 0o644 });
    symlinkSync(target, link);
    await expect(createStore(link)).rejects.toMatchObject({ code: "store_unusable" });
    expect(statSync(target)).toMatchObject({ size: 0, mode: 0o100_644 });
  });
});

describe("an awkward path", () => {
  test.each(["with space", "quote'\"", "percent%20", "q?mode=memory", "#", "\u00fc\u{1f600}", "file:x"])(
    "is taken literally: %s",
    async (name) => {
      const path = join(temporaryDirectory(), name);
      const store = await created(path);
      await store.initialise(sampleStore(), START);
      expect(statSync(path).size).toBeGreaterThan(0);
      await opened(path);
    },
  );

  test("that ends in white space is refused, not cut", async () => {
    const path = temporaryPath();
    await expect(createStore(`${path} `)).rejects.toMatchObject({ code: "store_unusable" });
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  test("to a directory is refused", async () => {
    await expect(openStore(temporaryDirectory())).rejects.toMatchObject({ code: "store_unusable" });
    await expect(createStore(temporaryDirectory())).rejects.toMatchObject({ code: "store_unusable" });
  });
});

describe("the version of SQLite", () => {
  test.each(["3.51.2", "3.9.9", "3.51", "2.99.99"])(
    "%s, which may lose a transaction, is refused",
    (version) => {
      expect(() => requireSqlite(version)).toThrow(expect.objectContaining({ code: "store_unusable" }));
    },
  );

  test.each(["3.51.3", "3.51.10", "3.53.2", "4.0.0"])("%s is accepted", (version) => {
    expect(() => requireSqlite(version)).not.toThrow();
  });
});

describe.skipIf(process.platform === "win32")("attack: a directory in which others may make files", () => {
  /** The user of the attack: somebody else where the test can be two users, which only root can. */
  const OTHER = 65_534;
  const isRoot = process.getuid?.() === 0;

  function plant(path: string, mode: number): void {
    writeFileSync(path, "");
    chmodSync(path, mode);
    if (isRoot) chownSync(path, OTHER, OTHER);
  }

  test("no store is made in it, and the hint names a place where one can be", async () => {
    const directory = temporaryDirectory();
    chmodSync(directory, 0o1777);
    const refusal = await createStore(join(directory, "jwtctl.db")).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "store_unusable" });
    expect(readdirSync(directory)).toEqual([]);
    await created(join(directory, "jwtctl", "jwtctl.db"));
    expect(modeOf(join(directory, "jwtctl"))).toBe(0o700);
  });

  test("an empty file that is waiting in it is not filled", async () => {
    const directory = temporaryDirectory();
    const path = join(directory, "jwtctl.db");
    plant(path, 0o666);
    chmodSync(directory, 0o1777);
    await expect(createStore(path)).rejects.toMatchObject({ code: "store_unusable" });
    expect(statSync(path).size).toBe(0);
  });

  test.each(["-wal", "-shm", "-journal"])(
    "a planted %s, which would get the private keys, is not written to",
    async (suffix) => {
      const path = temporaryPath();
      plant(`${path}${suffix}`, 0o666);
      await expect(createStore(path)).rejects.toMatchObject({ code: "store_unusable" });
      expect(statSync(`${path}${suffix}`).size).toBe(0);
      expect(statSync(path).size).toBe(0);
    },
  );

  test.each(["-wal", "-shm"])("a %s that is planted later on stops every command", async (suffix) => {
    const path = await filledFile();
    const before = readFileSync(path);
    plant(`${path}${suffix}`, 0o666);
    await expect(openStore(path)).rejects.toMatchObject({ code: "store_unusable" });
    expect(readFileSync(path)).toEqual(before);
  });

  test("a link in their place is not followed", async () => {
    const path = await filledFile();
    const elsewhere = join(temporaryDirectory(), "catch");
    plant(elsewhere, 0o666);
    symlinkSync(elsewhere, `${path}-wal`);
    await expect(openStore(path)).rejects.toMatchObject({ code: "store_unusable" });
    expect(statSync(elsewhere).size).toBe(0);
  });
});

describe("the files beside a store", () => {
  test("may be those of any user of a store that its group shares", async () => {
    const path = await filledFile();
    chmodSync(path, 0o660);
    const first = await opened(path);
    expect(modeOf(`${path}-wal`)).toBe(0o660);
    await opened(path);
    await first.close();
  });
});
