import { readdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { authority, PASSWORD } from "../support/authority.ts";
import { describeWith } from "../support/needs.ts";
import { LAUNCHER, refusalOf, Sandbox } from "../support/spawn.ts";

const AS_ROOT = ["sh", "-c", 'test "$(id -u)" = 0 && command -v setpriv'] as const;
const JWTCTL = `"${process.execPath}" "${LAUNCHER}"`;

describeWith("a user without HOME and without an account", AS_ROOT, () => {
  const asNobody = (sandbox: Sandbox, script: string) =>
    sandbox.bash(`chmod 755 .; mkdir -p u; chown 4321 u
      U() { setpriv --reuid=4321 --regid=4321 --clear-groups env -i JWTCTL_DB=$PWD/u/j.db ${JWTCTL} "$@"; }
      ${script}`);

  it("does everything that needs no home directory", async () => {
    const { stdout, stderr, code } = await asNobody(
      new Sandbox(),
      `set -e; U init --no-passphrase -q >/dev/null
       U keys jwks --out u/j.json; U backup u/b.db; U audit export u/a.nd; U doctor | tail -1; U restore u/b.db --yes -q
       A=$(U mint --sub a -q); U diff "$A" "$A" | head -1`,
    );
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("bug")]);
    expect(stdout).toContain("passed");
  });

  it.each(["whoami", "access-token", "logout", "login alice --password-stdin"])(
    "%s: says what to set, and is no bug",
    async (command) => {
      const ended = await asNobody(
        new Sandbox(),
        `U init --no-passphrase -q >/dev/null; echo x | U ${command} --json`,
      );
      expect([ended.code, refusalOf(ended)]).toMatchObject([
        2,
        { code: "usage", hints: [expect.stringMatching(/HOME.*JWTCTL_CREDENTIALS/)] },
      ]);
    },
  );

  it("demo: an unusable temporary directory is named", async () => {
    const sandbox = new Sandbox();
    const ended = await sandbox.jwtctl(["demo", "--json"], { env: { TMPDIR: "/nonexistent" } });
    expect([ended.code, refusalOf(ended).message]).toEqual([2, expect.stringContaining("/nonexistent")]);
  });
});

describe("a name that would make a directory in the wrong place", () => {
  it("an empty HOME, a relative XDG directory: nothing is made where one stands", async () => {
    const sandbox = new Sandbox();
    const { stdout } = await sandbox.bash(`mkdir w; cd w; unset JWTCTL_DB XDG_DATA_HOME
      HOME= ${JWTCTL} keys list 2>&1 | head -1; XDG_DATA_HOME=rel HOME=$PWD/../h ${JWTCTL} init --no-passphrase | head -1; find .`);
    expect(stdout).toContain("/h/.local/share/jwtctl/jwtctl.db");
    expect(stdout.trimEnd().endsWith("\n.")).toBe(true);
  });

  it.each([
    ["init --no-passphrase --db=~/auth/j.db", {}],
    ["keys list", { JWTCTL_DB: "~/auth/j.db" }],
    ["login alice --password-stdin", { JWTCTL_CREDENTIALS: "~/c/c.json" }],
    ["keys jwks --out=~/j.json", {}],
    ["backup ~/b.db", {}],
    ["restore ~/b.db --yes", {}],
    ["audit export ~/a.nd", {}],
    ["mint --sub a --passphrase-file=~/p", {}],
  ] as const)("a tilde that nothing has expanded: %s", async (command, env) => {
    const sandbox = await (command.includes("--passphrase-file") ? withPassphrase() : authority());
    const { stdout, code } = await sandbox.bash(
      `mkdir -p w/'~'; cd w; ${JWTCTL} ${command.replace(/~\S+/, "'$&'")} 2>&1 >/dev/null </dev/null | head -2; find . -type f`,
      { env },
    );
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining("nothing has put the home directory in the place of ~"),
    ]);
    expect(stdout).toContain('Write "$HOME/');
    expect(readdirSync(sandbox.path("w", "~"))).toEqual([]);
  });

  it.each([
    "keys jwks --out ''",
    "backup ''",
    "restore '' --yes",
    "login alice --password-file ''",
    "verify x.y.z --key ''",
    "verify x.y.z --jwks ''",
    "keys import ''",
  ])("an empty name is told as one: %s", async (command) => {
    const sandbox = await authority();
    const { stdout } = await sandbox.bash(`jwtctl ${command} 2>&1 | head -2`);
    expect(stdout).toMatch(/is empty|needs a value/);
  });
});

/** A store whose keys are under a passphrase that nothing else gives. */
async function withPassphrase(): Promise<Sandbox> {
  const sandbox = new Sandbox();
  await sandbox.ok(["init"], { env: { JWTCTL_PASSPHRASE: "seven stones in the brook" } });
  return sandbox;
}

describe("a byte order mark, as Windows writes it", () => {
  const MARK = "\ufeff";

  it("is no part of a password or a passphrase", async () => {
    const sandbox = await authority();
    writeFileSync(sandbox.path("pw"), `${MARK}${PASSWORD}\r\n`);
    const words = ["login", "alice", "--no-save", "-q", "--password-file", sandbox.path("pw")];
    await sandbox.ok(words);
    await sandbox.ok(["users", "add", "carol", "--password-stdin"], { stdin: `${MARK}${PASSWORD}` });
    await sandbox.ok(["login", "carol", "--no-save", "-q", "--password-stdin"], { stdin: PASSWORD });
    const sealed = new Sandbox();
    writeFileSync(sealed.path("marked"), `${MARK}seven stones in the brook\n`);
    writeFileSync(sealed.path("plain"), "seven stones in the brook");
    await sealed.ok(["init", "--passphrase-file", sealed.path("marked")]);
    await sealed.ok(["mint", "--sub", "a", "--passphrase-file", sealed.path("plain")]);
    const kid = JSON.parse(await sealed.ok(["keys", "list", "--json"]))[0].kid as string;
    const key = sealed.path("key.pem");
    const flags = [
      "--private",
      "--key-passphrase-file",
      sealed.path("marked"),
      "--passphrase-file",
      sealed.path("plain"),
    ];
    await sealed.ok(["keys", "export", kid, ...flags, "--out", key]);
    const importing = ["keys", "import", key, "--dry-run", "--key-passphrase-file", sealed.path("plain")];
    expect(
      (await sealed.jwtctl([...importing, "--passphrase-file", sealed.path("plain")])).stderr,
    ).not.toContain("wrong");
  });

  it("is no part of a secret that is text, and is one of raw bytes", async () => {
    const sandbox = new Sandbox();
    const secret = "0123456789abcdef0123456789abcdef";
    writeFileSync(sandbox.path("secret"), `${MARK}${secret}`);
    const token = await sandbox.ok(["mint", "--sub", "a", "--secret", `@${sandbox.path("secret")}`]);
    await sandbox.ok(["verify", token.trim(), "--secret", "env:PLAIN"], { env: { PLAIN: secret } });
    const raw = ["verify", token.trim(), "--secret", `@${sandbox.path("secret")}`, "--raw-secret"];
    expect((await sandbox.jwtctl(raw)).code).toBe(1);
  });
});
