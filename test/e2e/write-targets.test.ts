import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { authority, PASSWORD } from "../support/authority.ts";
import { inNamespace, MOUNTS } from "../support/namespace.ts";
import { describeWith } from "../support/needs.ts";
import { LAUNCHER, refusalOf, Sandbox } from "../support/spawn.ts";

const AS_ROOT = [
  "sh",
  "-c",
  'test "$(id -u)" = 0 && command -v setpriv && command -v mknod && command -v python3',
] as const;
const NGINX = 33;
/** User 4444 may read, as `setfacl -m u:4444:r` has it (acl(5)): the owner, the user, the group, the mask, others. */
const ACCESS_LIST = `
import os, struct, sys
entries = [(1, 6, -1), (2, 4, 4444), (4, 4, -1), (16, 4, -1), (32, 0, -1)]
packed = b"".join(struct.pack("<HHi", *entry) for entry in entries)
os.setxattr(sys.argv[1], "system.posix_acl_access", struct.pack("<I", 2) + packed)`;
const JWTCTL = `jwtctl() { "${process.execPath}" "${LAUNCHER}" "$@"; }`;

/** Gives a stand-in for a device a name in a folder of the sandbox: the machine's own devices are not touched. */
function folderOf(sandbox: Sandbox): string {
  const folder = sandbox.path("dev");
  mkdirSync(folder);
  return folder;
}

describe("standard output, by whatever name", () => {
  it.each([
    ["keys jwks --out -", /^\{\n {2}"keys"/],
    ["keys jwks --out /dev/stdout", /^\{\n {2}"keys"/],
    ["keys export $KID --out /dev/stdout", /^-----BEGIN PUBLIC KEY/],
    ["keys export $KID --private --no-passphrase --out /proc/self/fd/1 --force", /^-----BEGIN PRIVATE KEY/],
    ["keys generate --no-store --no-passphrase --out /dev/stdout", /^-----BEGIN PRIVATE KEY/],
    ["audit export /dev/stdout", /^\{"prev":/],
  ])("%s prints what it would write, and nothing else", async (command, begins) => {
    const sandbox = await authority();
    const script = `KID=$(jwtctl keys list --state active --json | sed -n 's/.*"kid": "\\(.*\\)",/\\1/p')\n`;
    for (const after of ["| cat", "> out; cat out", ">> out; cat out"]) {
      const { stdout, code } = await sandbox.bash(
        `set -o pipefail\n${script}rm -f out; jwtctl ${command} ${after}`,
      );
      expect([code, stdout]).toEqual([0, expect.stringMatching(begins)]);
      expect(stdout).not.toMatch(/wrote|exported \d/);
      expect(existsSync(sandbox.path("-"))).toBe(false);
    }
  });

  it("backup - sends a whole store", async () => {
    const sandbox = await authority();
    for (const name of ["-", "/dev/stdout"]) {
      const { code, stderr } = await sandbox.bash(
        `set -o pipefail; jwtctl backup ${name} | cat > copy.db; chmod 600 copy.db`,
      );
      expect([code, stderr]).toEqual([0, expect.stringContaining("verified")]);
      expect(await sandbox.ok(["users", "list", "--db", sandbox.path("copy.db")])).toContain("alice");
    }
  });

  it("a passphrase and a password file may be -", async () => {
    const sandbox = await authority();
    const words = ["login", "alice", "--no-save", "--json", "--password-file", "-"];
    expect(JSON.parse(await sandbox.ok(words, { stdin: PASSWORD }))).toMatchObject({ user: "alice" });
    const encrypted = new Sandbox();
    await encrypted.ok(["init", "--passphrase-file", "-"], { stdin: "seven stones in the brook" });
    await encrypted.ok(["mint", "--sub", "a", "--passphrase-file", "-"], {
      stdin: "seven stones in the brook",
    });
  });
});

describeWith("a device, a pipe or a socket", AS_ROOT, () => {
  it.each([
    ["keys jwks --out", ""],
    ["backup", ""],
    ["backup", "--force"],
    ["audit export", "--force"],
    ["keys export $KID --private --no-passphrase --force --out", ""],
  ])("%s FILE %s writes to a null device, and leaves it what it is", async (command, flags) => {
    const sandbox = await authority();
    const folder = folderOf(sandbox);
    const { code, stderr } = await sandbox.bash(`
      KID=$(jwtctl keys list --state active --json | sed -n 's/.*"kid": "\\(.*\\)",/\\1/p')
      mknod ${folder}/null c 1 3; jwtctl ${command} ${folder}/null ${flags}`);
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("error")]);
    expect(statSync(`${folder}/null`).isCharacterDevice()).toBe(true);
    expect(lstatSync(folder).isDirectory()).toBe(true);
  });

  it("a full device is an error that says so", async () => {
    const sandbox = await authority();
    const folder = folderOf(sandbox);
    const ended = await sandbox.bash(
      `mknod ${folder}/full c 1 7; jwtctl keys jwks --json --out ${folder}/full`,
    );
    expect(refusalOf(ended)).toMatchObject({
      code: "file_unwritable",
      message: expect.stringContaining("the disk is full"),
    });
  });

  it("a named pipe gets the content; the old one is not read, which would wait for ever", async () => {
    const sandbox = await authority();
    const { stdout, code } = await sandbox.bash(`
      mkfifo pipe; cat pipe > got & jwtctl keys jwks --out pipe >/dev/null; code=$?; wait; cat got; exit $code`);
    expect([code, JSON.parse(stdout).keys.length]).toEqual([0, 2]);
    expect(lstatSync(sandbox.path("pipe")).isFIFO()).toBe(true);
  });

  it("a socket, a block device and a link to a device's like are refused or kept", async () => {
    const sandbox = await authority();
    const folder = folderOf(sandbox);
    const { stdout } = await sandbox.bash(`
      mknod ${folder}/disk b 7 200; mknod ${folder}/null c 1 3; ln -s null ${folder}/link
      "${process.execPath}" -e 'require("net").createServer().listen("${folder}/socket", () => process.exit())'
      for name in disk socket; do jwtctl keys jwks --out ${folder}/$name 2>&1 | head -1; done
      jwtctl keys jwks --out ${folder}/link >/dev/null; echo $?`);
    expect(stdout).toContain("it is a block device");
    expect(stdout.trimEnd().endsWith("\n0")).toBe(true);
    expect(lstatSync(`${folder}/link`).isSymbolicLink()).toBe(true);
    expect(statSync(`${folder}/disk`).isBlockDevice()).toBe(true);
  });
});

describeWith("a file that is replaced", AS_ROOT, () => {
  const published = async () => {
    const sandbox = await authority();
    await sandbox.ok(["keys", "jwks", "--out", sandbox.path("jwks.json")]);
    return { sandbox, file: sandbox.path("jwks.json") };
  };

  it("keeps its group and its access list: who could read the old set can read the new one", async () => {
    const { sandbox, file } = await published();
    const { stdout } = await sandbox.bash(
      `
      chmod 755 .; chgrp ${NGINX} jwks.json; chmod 640 jwks.json; python3 -c "$ACCESS_LIST" jwks.json
      jwtctl keys rotate --now -q >/dev/null; jwtctl keys jwks --out jwks.json >/dev/null
      for id in ${NGINX} 4444; do setpriv --reuid=$id --regid=$id --clear-groups cat ${file} >/dev/null && echo reads; done
      setpriv --reuid=4445 --regid=4445 --clear-groups cat ${file} 2>/dev/null || echo closed`,
      { env: { ACCESS_LIST } },
    );
    expect(stdout).toBe("reads\nreads\nclosed\n");
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it("keeps its owner when root writes it once, so that its owner can go on", async () => {
    const { sandbox, file } = await published();
    await sandbox.bash(
      "chown 4321:4321 jwks.json; jwtctl keys rotate --now -q; jwtctl keys jwks --out jwks.json",
    );
    expect([statSync(file).uid, statSync(file).gid]).toEqual([4321, 4321]);
  });

  it("is overwritten in place by who may not give it the group that its readers need", async () => {
    const sandbox = await authority();
    const { stdout, stderr, code } = await sandbox.bash(`
      chmod 755 .; mkdir u; chown 4321:4321 u; cd u
      U() { setpriv --reuid=4321 --regid=4321 --clear-groups env HOME=$PWD JWTCTL_DB=$PWD/j.db JWTCTL_CREDENTIALS=$PWD/c "${process.execPath}" "${LAUNCHER}" "$@"; }
      U init --no-passphrase -q >/dev/null; U keys jwks --out jwks.json >/dev/null; chgrp ${NGINX} jwks.json; chmod 640 jwks.json
      U keys rotate --now -q >/dev/null; U keys jwks --out jwks.json >/dev/null || exit
      setpriv --reuid=${NGINX} --regid=${NGINX} --clear-groups grep -c '"kid"' jwks.json; stat -c '%u:%g %a' jwks.json`);
    expect([code, stdout, stderr]).toEqual([
      0,
      `3\n4321:${NGINX} 640\n`,
      expect.not.stringContaining("error"),
    ]);
  });

  it("need not be readable: who may write to its directory replaces it, and is told whose it was", async () => {
    const sandbox = await authority();
    const { stdout, stderr } = await sandbox.bash(`
      chmod 755 .; mkdir u; chown 4321:4321 u; cd u
      U() { setpriv --reuid=4321 --regid=4321 --clear-groups env HOME=$PWD JWTCTL_DB=$PWD/j.db JWTCTL_CREDENTIALS=$PWD/c "${process.execPath}" "${LAUNCHER}" "$@"; }
      U init --no-passphrase -q >/dev/null; echo old > jwks.json; chown 4555:4555 jwks.json; chmod 600 jwks.json
      U keys jwks --out jwks.json && stat -c %u jwks.json`);
    expect([stdout.split("\n").at(-2), stderr]).toEqual([
      "4321",
      expect.stringContaining("belonged to another user (4555)"),
    ]);
  });

  it("names the directory when no file can be made in it, and why one has to be", async () => {
    const sandbox = await authority();
    const ended = await sandbox.bash(`
      chmod 755 .; mkdir u; chown 4321:4321 u; mkdir u/ro; echo old > u/ro/jwks.json; chown 4321 u/ro/jwks.json; cd u
      U() { setpriv --reuid=4321 --regid=4321 --clear-groups env HOME=$PWD JWTCTL_DB=$PWD/j.db JWTCTL_CREDENTIALS=$PWD/c "${process.execPath}" "${LAUNCHER}" "$@"; }
      U init --no-passphrase -q >/dev/null; U keys jwks --json --out ro/jwks.json`);
    const { code, message, hints } = refusalOf(ended);
    expect([code, message]).toEqual([
      "file_unwritable",
      expect.stringContaining("no file can be made in the directory ro"),
    ]);
    expect(hints[0]).toContain("the directory has to be writable");
    expect(readFileSync(sandbox.path("u", "ro", "jwks.json"), "utf8")).toBe("old\n");
  });

  it("that a symbolic link leads to stays; the link becomes the file, and it is said", async () => {
    const { sandbox, file } = await published();
    symlinkSync(file, sandbox.path("link.json"));
    await sandbox.ok(["keys", "rotate", "--now", "-q", "--json"]);
    const { stderr } = await sandbox.jwtctl(["keys", "jwks", "--out", sandbox.path("link.json")]);
    expect(stderr).toContain("was a symbolic link");
    expect(lstatSync(sandbox.path("link.json")).isFile()).toBe(true);
  });
});

describe("a name that cannot be used", () => {
  it.each([
    ["a".repeat(300), "usage", "longer than any name"],
    ["missing/jwks.json", "file_unwritable", "its directory does not exist"],
    ["file/jwks.json", "file_unwritable", "a part of the path is not a directory"],
    [".", "file_unwritable", "it is a directory"],
  ])("%s: told in words", async (name, expected, says) => {
    const sandbox = await authority();
    writeFileSync(sandbox.path("file"), "");
    for (const command of [["keys", "jwks", "--out"], ["backup"], ["audit", "export"]]) {
      const { code, message } = refusalOf(await sandbox.jwtctl([...command, sandbox.path(name), "--json"]));
      expect([code, message]).toEqual([expected, expect.stringContaining(says)]);
    }
  });

  it("a name of 250 bytes is one that can be used", async () => {
    const sandbox = await authority();
    await sandbox.ok(["keys", "jwks", "--out", sandbox.path("a".repeat(250))]);
  });
});

describeWith("a file that is mounted by itself", MOUNTS, () => {
  it("is overwritten where it is by --out; backup, too", async () => {
    const sandbox = await authority();
    const { stdout, stderr, code } = await inNamespace(
      sandbox,
      `${JWTCTL}; set -e; cd ${sandbox.directory}; echo '{}' > host.json; : > host.db; touch m.json m.db
       mount --bind host.json m.json; mount --bind host.db m.db
       jwtctl keys jwks --out m.json; jwtctl backup m.db --force; ls -A | grep -c tmp || true`,
    );
    expect([code, stderr, stdout.trimEnd().split("\n").at(-1)]).toEqual([0, "", "0"]);
    expect(JSON.parse(readFileSync(sandbox.path("host.json"), "utf8")).keys).toHaveLength(2);
    const copy = new Sqlite(sandbox.path("host.db"), { readonly: true });
    expect(copy.pragma("integrity_check", { simple: true })).toBe("ok");
    copy.close();
  });

  it("is refused as the file of the current login, before anybody is logged in", async () => {
    const sandbox = await authority();
    const { stderr, code } = await inNamespace(
      sandbox,
      `${JWTCTL}; cd ${sandbox.directory}; : > host; chmod 600 host; mkdir -p state; : > state/c.json; mount --bind host state/c.json
       printf '${PASSWORD}' | JWTCTL_CREDENTIALS=$PWD/state/c.json jwtctl login alice --password-stdin`,
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining("mounted by itself")]);
    expect(await sandbox.ok(["tokens", "list", "--json"])).toBe("[]\n");
  });
});
