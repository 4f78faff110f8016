import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { authority, login, PASSWORD, type TokenResponse } from "../support/authority.ts";
import { addOldSessions } from "../support/old-sessions.ts";
import { signalAt } from "../support/preload.ts";
import { behind, expectSound, storeOf } from "../support/sound-store.ts";
import { type Ended, refusalOf, Sandbox } from "../support/spawn.ts";
import { asOrdinaryUser, handOver, withMode } from "../support/unprivileged.ts";

/** Nothing on stdout, one error with a next step on stderr, and the exit code. */
function expectRefused(ended: Ended, exit: number, code: string, hint: RegExp): void {
  expect([ended.stdout, ended.code]).toEqual(["", exit]);
  const refusal = refusalOf(ended);
  expect(refusal.code).toBe(code);
  expect(refusal.hints.join("\n")).toMatch(hint);
}

/** Every file of the store's directory by its content. */
function contentOf(sandbox: Sandbox): Record<string, string> {
  const directory = dirname(storeOf(sandbox));
  const hash = (name: string) =>
    createHash("sha256")
      .update(readFileSync(`${directory}/${name}`))
      .digest("hex");
  return Object.fromEntries(readdirSync(directory).map((name) => [name, hash(name)]));
}

const READS = [
  ["keys", "list"],
  ["tokens", "list"],
];
const WRITES = [
  ["users", "disable", "alice"],
  ["keys", "rotate", "--now"],
  ["tokens", "prune"],
];
const INIT = ["init", "--no-passphrase"];

describe("a damaged store is refused by every command, init too, and stays as it is to the byte", () => {
  const faults: [string, (path: string) => void, string, RegExp][] = [
    [
      "the header is overwritten",
      (path) => overwrite(path, 0, Buffer.alloc(100, "X")),
      "store_foreign",
      /was not changed/,
    ],
    ["the file is cut off in a page", (path) => truncateSync(path, 20_000), "store_corrupt", /backup/],
    ["the file is cut off between pages", (path) => truncateSync(path, 16_384), "store_corrupt", /backup/],
    [
      "one bit of the magic number has flipped",
      (path) => overwrite(path, 3, Buffer.from("y")),
      "store_foreign",
      /was not changed/,
    ],
    ["a newer version has written it", (path) => pragma(path, "user_version = 9999"), "store_newer", /./],
    [
      "it bears the mark of another program",
      (path) => pragma(path, "application_id = 1"),
      "store_foreign",
      /was not changed/,
    ],
    [
      "everybody may read it",
      (path) => chmodSync(path, 0o644),
      "store_unusable",
      /chmod 600 [\s\S]*rotate the keys and revoke the logins/,
    ],
  ];

  it.each(faults)("%s", async (_, damage, code, hint) => {
    const sandbox = await authority({ processes: false });
    const { refresh_token } = await login(sandbox, "--no-save");
    damage(storeOf(sandbox));
    const before = contentOf(sandbox);
    for (const words of [...READS, ...WRITES, INIT]) {
      expectRefused(await sandbox.jwtctl([...words, "--json"]), 6, code, hint);
    }
    const refresh = await sandbox.jwtctl(["refresh", "-", "--json"], { stdin: refresh_token });
    expectRefused(refresh, 6, code, hint);
    expect(contentOf(sandbox)).toEqual(before);
  });

  it("the hint about permissions, followed to the letter, makes it usable again", async () => {
    const sandbox = await authority({ processes: false });
    chmodSync(storeOf(sandbox), 0o666);
    const { hints } = refusalOf(await sandbox.jwtctl(["keys", "list", "--json"]));
    const command = /chmod 600 .*/.exec(hints.join("\n"))?.[0] ?? "";
    expect((await sandbox.bash(command)).code).toBe(0);
    await sandbox.ok(["keys", "list"]);
  });
});

function overwrite(path: string, position: number, bytes: Buffer): void {
  const content = readFileSync(path);
  bytes.copy(content, position);
  writeFileSync(path, content);
}

function pragma(path: string, setting: string): void {
  const database = new Sqlite(path);
  database.pragma(setting);
  database.close();
}

describe("a file of zero length", () => {
  it("is no store; init makes one of it, closed to others", async () => {
    const sandbox = await authority();
    truncateSync(storeOf(sandbox), 0);
    chmodSync(storeOf(sandbox), 0o644);
    for (const words of [...READS, ...WRITES]) {
      expectRefused(await sandbox.jwtctl([...words, "--json"]), 3, "store_not_found", /jwtctl init/);
    }
    expect(statSync(storeOf(sandbox)).size).toBe(0);
    await sandbox.ok(INIT);
    expect(statSync(storeOf(sandbox)).mode & 0o777).toBe(0o600);
    await expectSound(sandbox);
  });
});

describe("the write-ahead log", () => {
  /** A store whose latest changes are in its log alone, as a kill -9 leaves it. */
  async function withLog(): Promise<{ sandbox: Sandbox; first: TokenResponse; printed: string }> {
    const sandbox = await authority();
    await sandbox.ok(["config", "set", "reuse_window", "60s"]);
    const first = await login(sandbox, "--no-save");
    const { stdout } = await sandbox.jwtctl(["refresh", "-", "--json"], {
      stdin: first.refresh_token,
      env: signalAt("SIGKILL", "after print"),
    });
    expect(statSync(`${storeOf(sandbox)}-wal`).size).toBeGreaterThan(0);
    return { sandbox, first, printed: (JSON.parse(stdout) as TokenResponse).refresh_token };
  }

  it("left by a kill -9 is part of the store", async () => {
    const { sandbox, printed } = await withLog();
    await sandbox.ok(["refresh", "-"], { stdin: printed });
    await expectSound(sandbox);
  });

  it("deleted behind our back: the store is as it was before, whole, and says so of what is lost", async () => {
    const { sandbox, first, printed } = await withLog();
    rmSync(`${storeOf(sandbox)}-wal`);
    const lost = await sandbox.jwtctl(["refresh", "-", "--json"], { stdin: printed });
    expectRefused(lost, 1, "refresh_unknown", /log in again/);
    await expectSound(sandbox);
    await sandbox.ok(["refresh", "-"], { stdin: first.refresh_token });
    await expectSound(sandbox);
  });

  it("cut off in its last transaction, as a power cut may leave it, loses that one alone", async () => {
    const { sandbox, first } = await withLog();
    const log = `${storeOf(sandbox)}-wal`;
    truncateSync(log, statSync(log).size - 100);
    await sandbox.ok(["refresh", "-"], { stdin: first.refresh_token });
    await expectSound(sandbox);
  });
});

describe("a store that may only be read", () => {
  const cases: [string, (sandbox: Sandbox) => string, number][] = [
    ["by its permissions", storeOf, 0o400],
    ["because its directory is closed to changes", (sandbox) => dirname(storeOf(sandbox)), 0o500],
  ];

  it.each(cases)(
    "%s: it is read; what writes is refused, prints nothing and leaves nothing behind",
    async (_, pathOf, mode) => {
      const sandbox = await authority();
      const { refresh_token, access_token } = await login(sandbox, "--no-save");
      // prune writes only when there is something to remove.
      behind(sandbox, (database) => addOldSessions(database, 1));
      handOver(sandbox);
      await withMode(pathOf(sandbox), mode, async () => {
        const before = contentOf(sandbox);
        for (const words of [...READS, ["verify", access_token], ["keys", "jwks"]]) {
          expect(await asOrdinaryUser(sandbox, words)).toMatchObject({ code: 0 });
        }
        for (const words of WRITES) {
          const ended = await asOrdinaryUser(sandbox, [...words, "--json"]);
          expectRefused(ended, 6, "store_read_only", /permissions/);
        }
        const refresh = await asOrdinaryUser(sandbox, ["refresh", "-", "--json"], { stdin: refresh_token });
        expectRefused(refresh, 6, "store_read_only", /permissions/);
        const words = ["login", "alice", "--password-stdin", "--no-save", "--json"];
        expectRefused(
          await asOrdinaryUser(sandbox, words, { stdin: PASSWORD }),
          6,
          "store_read_only",
          /permissions/,
        );
        expect(contentOf(sandbox)).toEqual(before);
      });
      expect((await asOrdinaryUser(sandbox, ["refresh", "-"], { stdin: refresh_token })).code).toBe(0);
    },
  );

  it("a directory in which no store can be made is said to be so, and stays empty", async () => {
    const sandbox = await authority();
    const directory = sandbox.path("closed");
    mkdirSync(directory);
    handOver(sandbox);
    await withMode(directory, 0o500, async () => {
      const words = [...INIT, "--db", `${directory}/jwtctl.db`, "--json"];
      expectRefused(await asOrdinaryUser(sandbox, words), 6, "store_read_only", /permissions/);
      expect(readdirSync(directory)).toEqual([]);
    });
  });

  it("a store that may not even be read is said to be so", async () => {
    const sandbox = await authority();
    handOver(sandbox);
    await withMode(storeOf(sandbox), 0o000, async () => {
      const ended = await asOrdinaryUser(sandbox, ["keys", "list", "--json"]);
      expectRefused(ended, 6, "store_unusable", /permissions|may read/i);
    });
  });
});

describe("a symbolic link", () => {
  it("to a store is followed; its log lies beside the store, and the link stays a link", async () => {
    const sandbox = await authority();
    const real = sandbox.path("real.db");
    renameSync(storeOf(sandbox), real);
    symlinkSync(real, storeOf(sandbox));
    await login(sandbox, "--no-save");
    await sandbox.ok(["keys", "rotate", "--now"]);
    expect(readdirSync(dirname(storeOf(sandbox)))).toEqual(["jwtctl.db"]);
    expect(existsSync(real)).toBe(true);
    await expectSound(sandbox);
  });

  it.each(["nothing", "an empty file"])(
    "planted where a store is to be made, to %s: init refuses",
    async (kind) => {
      const sandbox = new Sandbox();
      const victim = sandbox.path("victim");
      if (kind !== "nothing") writeFileSync(victim, "");
      const link = sandbox.path("planted.db");
      symlinkSync(victim, link);
      const ended = await sandbox.jwtctl([...INIT, "--db", link, "--json"]);
      expectRefused(ended, 6, "store_unusable", /--db/);
      expect(existsSync(victim) && statSync(victim).size).toBe(kind === "nothing" ? false : 0);
    },
  );
});

describe("stdout", () => {
  it("closed from the start (>&-): the store's file never becomes stdout, and what was traded can be had again", async () => {
    const sandbox = await authority();
    await sandbox.ok(["config", "set", "reuse_window", "60s"]);
    const { refresh_token } = await login(sandbox, "--no-save");
    writeFileSync(sandbox.path("token"), refresh_token);
    const { stdout } = await sandbox.bash("(jwtctl refresh - < token >&-) 2> said; echo $?");
    expect([stdout, readFileSync(sandbox.path("said"), "utf8")]).toEqual(["0\n", ""]);
    await expectSound(sandbox);
    expect(behind(sandbox, (database) => database.pragma("integrity_check", { simple: true }))).toBe("ok");
    await sandbox.ok(["refresh", "-"], { stdin: refresh_token });
  });

  it("on a full disk: exit 2 says that the answer is lost, and the same token gets it again", async () => {
    const sandbox = await authority();
    await sandbox.ok(["config", "set", "reuse_window", "60s"]);
    const { refresh_token } = await login(sandbox, "--no-save");
    writeFileSync(sandbox.path("token"), refresh_token);
    const ended = await sandbox.bash("jwtctl refresh - --json < token > /dev/full; echo $?");
    expect(ended.stdout).toBe("2\n");
    expect(refusalOf(ended).code).toBe("output_failed");
    await sandbox.ok(["refresh", "-"], { stdin: refresh_token });
    await expectSound(sandbox);
  });

  it.each([
    ["keys rotate", true],
    ["users disable alice", true],
    ["tokens revoke --all --yes", true],
    ["keys list", false],
  ])("on a full disk: %s says whether it has done something (%s)", async (words, isDone) => {
    const sandbox = await authority({ login: true });
    const { stdout, stderr } = await sandbox.bash(`jwtctl ${words} > /dev/full; echo $?`);
    expect(stdout).toBe("2\n");
    expect(stderr.includes("what was to be done is done")).toBe(isDone);
  });

  it("whose reader has gone (| true): nothing is said, and nothing is lost", async () => {
    const sandbox = await authority();
    await sandbox.ok(["config", "set", "reuse_window", "60s"]);
    const { refresh_token } = await login(sandbox, "--no-save");
    writeFileSync(sandbox.path("token"), refresh_token);
    const { stdout, stderr } = await sandbox.bash(
      "set -o pipefail; jwtctl refresh - --json < token | true; echo $?",
    );
    expect({ stdout, stderr }).toEqual({ stdout: "0\n", stderr: "" });
    await sandbox.ok(["refresh", "-"], { stdin: refresh_token });
    await expectSound(sandbox);
  });
});
