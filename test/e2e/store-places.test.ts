import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { authority } from "../support/authority.ts";
import { asLog } from "../support/log-frames.ts";
import { inNamespace, MOUNTS } from "../support/namespace.ts";
import { describeWith } from "../support/needs.ts";
import { placedOn, planting } from "../support/preload.ts";
import { storeOf } from "../support/sound-store.ts";
import { LAUNCHER, refusalOf, Sandbox } from "../support/spawn.ts";
import { asOrdinaryUser, handOver } from "../support/unprivileged.ts";

const JWTCTL = `jwtctl() { "${process.execPath}" "${LAUNCHER}" "$@"; }`;

/** What `doctor` says about one check. */
async function finding(sandbox: Sandbox, id: string, env: Record<string, string> = {}) {
  const { stdout } = await sandbox.jwtctl(["doctor", "--json"], { env });
  const { findings } = JSON.parse(stdout) as {
    findings: { id: string; status: string; fix: string | null; summary: string }[];
  };
  return findings.find((one) => one.id === id);
}

/** A machine on which the sandbox lies on a file system of a type. */
function on(sandbox: Sandbox, type: string): Record<string, string> {
  const file = sandbox.path("mountinfo");
  const line = (point: string, kind: string) =>
    `36 35 98:0 / ${point} rw,noatime shared:1 - ${kind} /dev/x rw\n`;
  writeFileSync(
    file,
    line("/", "ext4") + line(realpathSync(sandbox.directory).replaceAll(" ", "\\040"), type),
  );
  return placedOn({ mountinfo: file });
}

describe("a file system that several machines share", () => {
  it.each(["nfs4", "cifs", "9p", "fuse.sshfs", "virtiofs"])("%s: init refuses it", async (type) => {
    const sandbox = new Sandbox();
    const ended = await sandbox.jwtctl(["init", "--no-passphrase", "--json"], { env: on(sandbox, type) });
    expect([ended.code, refusalOf(ended)]).toMatchObject([
      6,
      {
        code: "store_unusable",
        message: expect.stringContaining(`(${type})`),
        hints: [expect.stringContaining("local disk")],
      },
    ]);
    expect(existsSync(storeOf(sandbox))).toBe(false);
  });

  it.each(["ext4", "overlay", "tmpfs", "fuse.bindfs"])("%s is none", async (type) => {
    const sandbox = new Sandbox();
    await sandbox.ok(["init", "--no-passphrase"], { env: on(sandbox, type) });
  });

  it("warns once per command that writes, and doctor fails", async () => {
    const sandbox = await authority();
    const env = on(sandbox, "nfs4");
    const { code, stderr } = await sandbox.jwtctl(["keys", "rotate", "--now"], { env });
    expect([code, stderr.match(/\(nfs4\)/g)?.length]).toEqual([0, 1]);
    expect((await sandbox.jwtctl(["keys", "list"], { env })).stderr).toBe("");
    expect(await finding(sandbox, "place", env)).toMatchObject({
      status: "fail",
      fix: expect.stringContaining("local disk"),
    });
    expect(await finding(sandbox, "place")).toMatchObject({ status: "pass" });
  });

  it("restore makes no store there", async () => {
    const sandbox = await authority();
    await sandbox.ok(["backup", sandbox.path("b.db")]);
    const words = ["restore", sandbox.path("b.db"), "--yes", "--json", "--db", sandbox.path("n", "j.db")];
    expect(refusalOf(await sandbox.jwtctl(words, { env: on(sandbox, "smb3") })).code).toBe("store_unusable");
  });
});

describe("a file system without permissions", () => {
  it("init and restore refuse it at once, and do not lead from directory to directory", async () => {
    const sandbox = await authority();
    await sandbox.ok(["backup", sandbox.path("b.db")]);
    const folder = sandbox.path("windows");
    mkdirSync(folder);
    const env = placedOn({ noModes: folder });
    for (const command of [
      ["init", "--no-passphrase"],
      ["restore", sandbox.path("b.db"), "--yes"],
    ]) {
      const ended = await sandbox.jwtctl([...command, "--json", "--db", `${folder}/j.db`], { env });
      expect([ended.code, refusalOf(ended)]).toMatchObject([
        6,
        {
          message: expect.stringContaining("keeps no permissions"),
          hints: [expect.not.stringContaining("--db")],
        },
      ]);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it("what is written there for its owner alone is said to be open", async () => {
    const sandbox = await authority();
    const folder = sandbox.path("windows");
    mkdirSync(folder);
    const { code, stderr } = await sandbox.jwtctl(["backup", `${folder}/b.db`], {
      env: placedOn({ noModes: folder }),
    });
    expect([code, stderr]).toEqual([0, expect.stringContaining("keeps no permissions")]);
  });
});

describeWith("a store whose file is mounted by itself", MOUNTS, () => {
  it("is refused by init and restore, warned about, and a failure for doctor", async () => {
    const sandbox = await authority();
    const { stdout, stderr } = await inNamespace(
      sandbox,
      `${JWTCTL}; cd ${sandbox.directory}; mkdir A; : > A/j.db; : > A/new.db; : > host; chmod 600 host A/*; S=$JWTCTL_DB
       mount --bind host A/new.db; mount --bind \${S:-data/jwtctl/jwtctl.db} A/j.db
       jwtctl --db A/new.db init --no-passphrase; jwtctl backup b.db -q >/dev/null; jwtctl restore b.db --yes --db A/new.db
       jwtctl --db A/j.db mint --sub a >/dev/null; jwtctl --db A/j.db keys list > /dev/null; jwtctl --db A/j.db doctor | grep '^fail'`,
    );
    expect(stderr.match(/mounted by itself/g)).toHaveLength(3);
    expect(stdout).toMatch(/^fail {2}place/m);
  });
});

describe("a directory in which every user may make files", () => {
  it("no command opens or makes a store there; doctor still looks", async () => {
    const sandbox = await authority();
    await sandbox.ok(["backup", sandbox.path("b.db")]);
    const folder = sandbox.path("pub");
    mkdirSync(folder);
    chmodSync(folder, 0o1777);
    const db = `${folder}/j.db`;
    writeFileSync(db, readFileSync(sandbox.path("b.db")), { mode: 0o600 });
    for (const command of [
      ["keys", "list"],
      ["mint", "--sub", "a"],
      ["restore", sandbox.path("b.db"), "--yes"],
      ["init", "--no-passphrase"],
    ]) {
      const ended = await sandbox.jwtctl([...command, "--json", "--db", db]);
      expect([ended.code, refusalOf(ended).message]).toEqual([
        6,
        expect.stringContaining("every user of this computer may make files"),
      ]);
    }
    expect((await sandbox.jwtctl(["doctor", "--db", db])).stdout).toContain("identity");
    expect(readdirSync(folder)).toEqual(["j.db"]);
  });
});

describe.runIf(process.getuid?.() === 0)("a log that another user plants while the store is opened", () => {
  it.each([
    ["keys", "list"],
    ["mint", "--sub", "a"],
    ["backup", "b.db"],
    ["init", "--no-passphrase"],
  ])("is not played into the store by %s %s", async (...words) => {
    const sandbox = await authority();
    const other = await authority();
    const store = storeOf(sandbox);
    writeFileSync(sandbox.path("frames"), asLog(readFileSync(storeOf(other))));
    const before = readFileSync(store);
    const ended = await sandbox.jwtctl(words, { env: planting(sandbox.path("frames"), `${store}-wal`) });
    expect([ended.code, ended.stderr]).toEqual([6, expect.stringContaining("has a file beside it")]);
    expect(readFileSync(store).equals(before)).toBe(true);
    // What doctor opens and closes takes it no more than what was refused.
    await sandbox.jwtctl(["doctor"]);
    rmSync(`${store}-wal`);
    expect(readFileSync(store).equals(before)).toBe(true);
  });

  it("would replace the store if it were believed (the control of this test)", async () => {
    const sandbox = await authority();
    const other = await authority();
    writeFileSync(`${storeOf(sandbox)}-wal`, asLog(readFileSync(storeOf(other))), { mode: 0o600 });
    expect(await sandbox.ok(["keys", "list", "--json"])).toBe(await other.ok(["keys", "list", "--json"]));
  });
});

describe.runIf(process.getuid?.() === 0)("a change that was not finished", () => {
  it("is not shown to a user who may not take it back", async () => {
    const sandbox = await authority();
    const store = storeOf(sandbox);
    const script = `const D = require("better-sqlite3"), d = new D(${JSON.stringify(store)});
      d.pragma("journal_mode = DELETE"); d.pragma("cache_size = 1"); d.exec("BEGIN IMMEDIATE");
      for (let i = 0; i < 400; i++) d.exec("insert into unknown_name_attempts values(" + i + ", 1, 1, 1)");
      d.exec("UPDATE users SET status = 'disabled'"); process.kill(process.pid, "SIGKILL");`;
    spawnSync(process.execPath, ["-e", script], { cwd: resolve(import.meta.dirname, "../..") });
    expect(statSync(`${store}-journal`).size).toBeGreaterThan(0);
    handOver(sandbox);
    for (const path of [store, `${store}-journal`]) chmodSync(path, 0o400);
    const ended = await asOrdinaryUser(sandbox, ["users", "list"]);
    expect([ended.code, ended.stderr]).toEqual([
      6,
      expect.stringContaining("a change that was not finished"),
    ]);
    expect(await sandbox.ok(["users", "list"])).toContain("active");
  });
});

describeWith("a disk that is full", MOUNTS, () => {
  const full = (sandbox: Sandbox, script: string) =>
    inNamespace(
      sandbox,
      `${JWTCTL}; cd ${sandbox.directory}; mkdir m; mount -t tmpfs -o size=400k none m; export JWTCTL_DB=$PWD/m/s/j.db
       jwtctl init --no-passphrase -q >/dev/null; T=$(jwtctl mint --sub a -q); dd if=/dev/zero of=m/fill bs=1k 2>/dev/null
       ${script}`,
    );

  it("keeps nothing from being read, and doctor names it without a word of restoring", async () => {
    const { stdout, stderr } = await full(
      new Sandbox(),
      `for c in "verify $T" "keys list" "keys jwks" "audit" "users list"; do jwtctl $c >/dev/null && echo read; done
       jwtctl mint --sub a; echo $?; jwtctl doctor`,
    );
    expect(stdout.match(/^read$/gm)).toHaveLength(5);
    expect(stderr).toContain("the disk is full");
    expect(stdout).toContain("\n6\n");
    expect(stdout).toMatch(/^fail {2}disk/m);
    expect(stdout).toMatch(/^pass {2}identity/m);
    expect(stdout).not.toContain("restore your last backup");
  });

  it("that is mounted read-only is found by doctor, too", async () => {
    const { stdout } = await full(
      new Sandbox(),
      `rm m/fill; mount -o remount,ro m; jwtctl verify $T | head -1; jwtctl doctor; jwtctl mint --sub a 2>&1`,
    );
    expect(stdout).toMatch(/VALID/);
    expect(stdout).toMatch(/^warn {2}writable .*read-only/m);
  });
});

describe("too few file descriptors", () => {
  it("are told as that", async () => {
    const sandbox = await authority();
    const messages: string[] = [];
    for (let limit = 17; limit < 40; limit++) {
      const { stdout } = await sandbox.bash(`ulimit -n ${limit}; jwtctl keys rotate --now 2>&1`);
      messages.push(stdout);
    }
    expect(messages.join("\n")).toContain("may not open more files");
    expect(messages.join("\n")).not.toContain("mounted read-only");
  });
});
