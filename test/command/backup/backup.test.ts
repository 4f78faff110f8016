import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import Sqlite, { type Database } from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { Cli, Story } from "../../support/run.ts";

const PASSWORD = "seven green kettles hum";
const NEW_PASSWORD = "eight blue lanterns sway";

async function authority(): Promise<Cli> {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  await cli.ok("users add alice --password-stdin", { stdin: PASSWORD });
  await cli.ok("login alice --password-stdin", { stdin: PASSWORD });
  return cli;
}

const storeOf = (cli: Cli) => cli.path("data/jwtctl.db");

function tamper(path: string, change: (database: Database) => void): void {
  const database = new Sqlite(path);
  try {
    change(database);
  } finally {
    database.close();
  }
}

/** A store, and a backup of it. */
async function backedUp(): Promise<{ cli: Cli; file: string; restore: string[] }> {
  const cli = await authority();
  const file = cli.path("backup.db");
  await cli.ok(["backup", file]);
  return { cli, file, restore: ["restore", file, "--yes"] };
}

const users = async (cli: Cli) => (await cli.json<{ name: string }[]>("users list")).map(({ name }) => name);

describe("backup", () => {
  it("tells a person what was copied, and what was put in place again", async () => {
    const cli = await authority();
    const story = new Story(cli);
    const person = { terminal: true, columns: 100, env: { NO_COLOR: "1" } };
    await story.tell(`backup ${cli.path("backup.db")}`, person);
    await story.tell(`backup ${cli.path("backup.db")}`, person);
    await cli.ok("users add bob --password-stdin", { stdin: PASSWORD });
    cli.clock.advance(3600);
    await cli.ok("users passwd alice --password-stdin", { stdin: NEW_PASSWORD });
    await story.tell(`restore ${cli.path("backup.db")}`, {
      ...person,
      answers: [["Replace the store", false]],
    });
    await story.tell(`restore ${cli.path("backup.db")}`, {
      ...person,
      answers: [["Replace the store", true]],
    });
    await story.tell("users list", person);
    await expect(story.toString()).toMatchFileSnapshot("golden/backup.txt");
  });

  it("is a store by itself, that only its owner may read, with nothing beside it", async () => {
    const { cli, file } = await backedUp();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(cli.directory).filter((name) => name.includes("backup"))).toEqual(["backup.db"]);
    const there = ["--db", file];
    expect(await cli.json(["users", "list", ...there])).toEqual(await cli.json("users list"));
    expect(await cli.json(["keys", "list", ...there])).toEqual(await cli.json("keys list"));
    expect(await cli.json(["doctor", "--full", ...there])).toMatchObject({ healthy: true });
  });

  it("has the documented JSON", async () => {
    const cli = await authority();
    const { head } = await cli.json<{ head: string }>("audit verify");
    const file = cli.path("backup.db");
    expect(await cli.json(["backup", file])).toEqual({
      file,
      bytes: statSync(file).size,
      keys: 2,
      users: 1,
      sessions: 1,
      refresh_tokens: 1,
      audit_entries: 3,
      audit_head: head,
      audit_intact: true,
    });
  });

  it("is told to the audit log of the store, not to its own", async () => {
    const { cli, file } = await backedUp();
    const types = async (...flags: string[]) =>
      (await cli.json<{ type: string }[]>(["audit", ...flags])).map(({ type }) => type);
    expect(await types()).toContain("store_backed_up");
    expect(await types("--db", file)).not.toContain("store_backed_up");
  });

  it("replaces no file unless it is told to, and then keeps the old one until the new one is whole", async () => {
    const { cli, file } = await backedUp();
    expect(await cli.refusal(["backup", file])).toMatchObject({ exit: 2, code: "file_exists" });
    const before = readFileSync(file);
    writeFileSync(storeOf(cli), readFileSync(storeOf(cli)).subarray(0, 40_000));
    expect((await cli.refusal(["backup", file, "--force"])).exit).toBe(6);
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(cli.directory).filter((name) => name.includes("part"))).toEqual([]);
  });

  it("is never the store itself, nor its log, by whatever name", async () => {
    const cli = await authority();
    symlinkSync(storeOf(cli), cli.path("link.db"));
    for (const name of [storeOf(cli), cli.path("link.db")]) {
      expect(await cli.refusal(["backup", name, "--force"])).toMatchObject({ exit: 2, code: "usage" });
    }
    expect(await users(cli)).toEqual(["alice"]);
  });

  it.each(["-wal", "-shm", "-journal"])(
    "has no name that SQLite would take for a log (%s)",
    async (suffix) => {
      const cli = await authority();
      const file = cli.path("other.db");
      await cli.ok(["backup", file]);
      symlinkSync(cli.path("data"), cli.path("linked"));
      const before = readFileSync(storeOf(cli));
      for (const database of [storeOf(cli), cli.path("linked/jwtctl.db"), file]) {
        for (const flags of [[], ["--force"]]) {
          const refusal = await cli.refusal(["backup", `${database}${suffix}`, ...flags]);
          expect(refusal).toMatchObject({ exit: 2, code: "usage" });
          expect(existsSync(`${database}${suffix}`)).toBe(false);
        }
      }
      expect(readFileSync(storeOf(cli)).equals(before)).toBe(true);
      // Where there is no such database it is a name like any other.
      await cli.ok(["backup", cli.path(`mine${suffix}`)]);
    },
  );

  it.each([
    ["a directory", "."],
    ["a directory that is not there", "no/such/place.db"],
    ["below a file", "file.txt/backup.db"],
  ])("to %s is refused", async (_, name) => {
    const cli = await authority();
    cli.file("file.txt", "x");
    expect(await cli.refusal(["backup", cli.path(name)])).toMatchObject({ exit: 2, code: "file_unwritable" });
  });

  it("of nothing, of an empty file and of something else makes no file", async () => {
    const cli = new Cli();
    const file = cli.path("backup.db");
    expect((await cli.refusal(["backup", file])).code).toBe("store_not_found");
    for (const content of ["", "hello", "x".repeat(10_000)]) {
      const db = cli.file("some.db", content);
      const { exit } = await cli.refusal(["backup", file, "--db", db]);
      expect([3, 6]).toContain(exit);
    }
    expect(existsSync(file)).toBe(false);
  });

  it("of a damaged store is refused: what is written can be restored", async () => {
    const cli = await authority();
    tamper(storeOf(cli), (database) => {
      database.unsafeMode();
      database.pragma("writable_schema = ON");
      database.exec(`UPDATE sqlite_schema SET rootpage = (
          SELECT sum(rootpage) FROM sqlite_schema WHERE name IN ('sessions_by_end', 'sessions_by_creation')
        ) - rootpage WHERE name IN ('sessions_by_end', 'sessions_by_creation')`);
    });
    const file = cli.path("backup.db");
    expect(await cli.refusal(["backup", file])).toMatchObject({ exit: 6, code: "store_corrupt" });
    expect(existsSync(file)).toBe(false);
  });

  it("of a store whose audit log was altered is made, and says so", async () => {
    const cli = await authority();
    tamper(storeOf(cli), (database) =>
      database.exec("DROP TRIGGER audit_log_keeps_content; UPDATE audit_log SET at = 0 WHERE seq = 2"),
    );
    const { code, stderr } = await cli.run(["backup", cli.path("backup.db")]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("was altered")]);
  });

  it("of a store of an older version is made as it is, and can be restored", async () => {
    const cli = new Cli();
    const old = cli.file("old.db", "");
    tamper(old, (database) =>
      database.exec(readFileSync(new URL("../../fixtures/schemas/1.sql", import.meta.url), "utf8")),
    );
    const file = cli.path("backup.db");
    expect(await cli.json(["backup", file, "--db", old])).toMatchObject({ audit_head: null, users: 3 });
    const version = (path: string) => {
      let found: unknown;
      tamper(path, (database) => {
        found = database.pragma("user_version", { simple: true });
      });
      return found;
    };
    expect([version(old), version(file)]).toEqual([1, 1]);
    await cli.ok(["restore", file]);
    expect((await users(cli)).length).toBe(3);
  });

  it("sweeps away what a killed backup has left", async () => {
    const cli = await authority();
    const dead = cli.file(".backup.db.0123abcd.jwtctl-part", "half");
    const foreign = cli.file(".backup.db.notes", "mine");
    await cli.ok(["backup", cli.path("backup.db")]);
    expect([existsSync(dead), existsSync(foreign)]).toEqual([false, true]);
  });

  it("sweeps away what a killed restoration has left beside the store", async () => {
    const cli = await authority();
    const dead = cli.file("data/.jwtctl.db.0123abcd.jwtctl-part", "a copy with the private keys");
    const lock = cli.file("data/.jwtctl.db.0123abcd.jwtctl-part-lock", "");
    const alive = cli.file("data/.jwtctl.db.4567abcd.jwtctl-part", "somebody's work");
    holdLock(cli.file("data/.jwtctl.db.4567abcd.jwtctl-part-lock", ""));
    await cli.ok(["backup", cli.path("backup.db")]);
    expect([dead, lock, alive].map((path) => existsSync(path))).toEqual([false, false, true]);
  });
});

/** As a process holds it that works on a copy. */
function holdLock(path: string): void {
  const lock = new Sqlite(path);
  onTestFinished(() => void lock.close());
  lock.exec("BEGIN EXCLUSIVE");
}

describe("restore", () => {
  it("puts the backup in place, keeps what was there, and ends every login", async () => {
    const { cli, file, restore } = await backedUp();
    await cli.ok("users add bob --password-stdin", { stdin: PASSWORD });
    const result = await cli.json<{ kept_aside: string; revoked: string[] }>(restore);
    expect(result).toMatchObject({
      db: storeOf(cli),
      file,
      kept_aside: `${storeOf(cli)}.before-restore-20260301T120000Z`,
      users: 1,
      revoked: [expect.any(String)],
      undone: [{ kind: "user_added", user: "bob" }],
    });
    expect(await users(cli)).toEqual(["alice"]);
    expect(await cli.json("tokens list")).toMatchObject([{ status: "revoked", reason: "revoked" }]);
    expect(await cli.json(["users", "list", "--db", result.kept_aside])).toHaveLength(2);
    expect(statSync(storeOf(cli)).mode & 0o777).toBe(0o600);
    expect(await cli.json("doctor --full")).toMatchObject({ healthy: true, counts: { warn: 0 } });
    expect(readdirSync(cli.path("data")).sort()).toEqual([
      "jwtctl.db",
      "jwtctl.db.before-restore-20260301T120000Z",
    ]);
  });

  it("tells the audit log, which goes on where the backup ended", async () => {
    const { cli, restore } = await backedUp();
    const before = await cli.json<{ head: string }>("audit verify");
    await cli.ok(restore);
    expect(await cli.json("audit verify")).toMatchObject({ intact: true });
    const entries = await cli.json<{ type: string; details: Record<string, unknown> }[]>("audit --limit 2");
    expect(entries.map(({ type }) => type)).toEqual(["login_revoked", "store_restored"]);
    expect(entries[1]?.details).toMatchObject({ logins_revoked: 1, logins_kept: false, backup_seq: 3 });
    // The replaced log had one entry more: whoever noted its head sees the fork.
    expect(`${entries[1]?.details["replaced_seq"]}:${entries[1]?.details["replaced_hash"]}`).toBe(
      before.head,
    );
    expect((await cli.run(["audit", "verify", "--head", before.head])).code).toBe(1);
  });

  it("where nothing is asks nothing", async () => {
    const { file } = await backedUp();
    const fresh = new Cli();
    mkdirSync(fresh.path("data"));
    const result = await fresh.json<{ kept_aside: string | null }>(["restore", file]);
    expect(result.kept_aside).toBeNull();
    expect(await users(fresh)).toEqual(["alice"]);
  });

  it("does not replace a store without being told to", async () => {
    const { cli, file } = await backedUp();
    await cli.ok("users add bob --password-stdin", { stdin: PASSWORD });
    expect(await cli.refusal(["restore", file])).toMatchObject({ exit: 2, code: "input_required" });
    const no = { terminal: true, answers: [["Replace the store", false]] as const };
    expect((await cli.run(["restore", file], no)).code).toBe(1);
    expect(await users(cli)).toEqual(["alice", "bob"]);
    expect(readdirSync(cli.path("data"))).toEqual(["jwtctl.db"]);
  });

  it.each([
    ["garbage", (file: string) => writeFileSync(file, "garbage".repeat(2000)), "store_foreign"],
    ["an empty file", (file: string) => writeFileSync(file, ""), "store_not_found"],
    ["half a backup", (file: string) => truncateSync(file, 40_960), "store_corrupt"],
    [
      "a backup with a page of noise",
      (file: string) => {
        const bytes = readFileSync(file);
        bytes.fill(0xa5, 4096 * 4, 4096 * 5);
        writeFileSync(file, bytes);
      },
      "store_corrupt",
    ],
    [
      "the database of another program",
      (file: string) => tamper(file, (db) => db.pragma("application_id = 7")),
      "store_foreign",
    ],
    [
      "the backup of a newer version",
      (file: string) => tamper(file, (db) => db.pragma("user_version = 99")),
      "store_newer",
    ],
    ["nothing", (file: string) => renameSync(file, `${file}.gone`), "file_unreadable"],
  ])("of %s is refused, and the store is as it was", async (_, spoil, code) => {
    const { cli, file, restore } = await backedUp();
    spoil(file);
    const before = readFileSync(storeOf(cli));
    const refusal = await cli.refusal(restore);
    expect(refusal.code).toBe(code);
    expect(refusal.message).not.toContain("jwtctl-part");
    expect(readFileSync(storeOf(cli)).equals(before)).toBe(true);
    expect(readdirSync(cli.path("data"))).toEqual(["jwtctl.db"]);
  });

  it("of a backup whose audit log was altered is refused unless it is forced", async () => {
    const { cli, file, restore } = await backedUp();
    tamper(file, (database) =>
      database.exec("DROP TRIGGER audit_log_keeps_rows; DELETE FROM audit_log WHERE seq = 2"),
    );
    expect(await cli.refusal(restore)).toMatchObject({ exit: 1, code: "audit_altered" });
    await cli.ok([...restore, "--force"]);
    expect(await users(cli)).toEqual(["alice"]);
  });

  it("of the store itself, or of a store in use, is refused", async () => {
    const { cli } = await backedUp();
    expect((await cli.refusal(["restore", storeOf(cli), "--yes"])).code).toBe("usage");
    const live = cli.path("live.db");
    copyFileSync(storeOf(cli), live);
    chmodSync(live, 0o600);
    const other = new Sqlite(live);
    onTestFinished(() => void other.close());
    other.exec("UPDATE users SET weak_password = 1");
    expect(await cli.refusal(["restore", live, "--yes"])).toMatchObject({ exit: 6, code: "store_busy" });
  });

  it("of a damaged store keeps the damaged files aside, log included, and plays no old log into the new one", async () => {
    const { cli, restore } = await backedUp();
    writeFileSync(storeOf(cli), Buffer.alloc(20_000, 1));
    writeFileSync(`${storeOf(cli)}-wal`, "an old log");
    const { stderr } = await cli.run(restore);
    expect(stderr).toContain("could not be read");
    const kept = `${storeOf(cli)}.before-restore-20260301T120000Z`;
    expect(readFileSync(kept).equals(Buffer.alloc(20_000, 1))).toBe(true);
    expect(readFileSync(`${kept}-wal`, "utf8")).toBe("an old log");
    expect(existsSync(`${storeOf(cli)}-wal`)).toBe(false);
    expect(await cli.json("doctor --full")).toMatchObject({ healthy: true });
  });

  it("where only an old log is left is not disturbed by it", async () => {
    const { cli, restore } = await backedUp();
    const other = new Sqlite(storeOf(cli));
    other.exec("UPDATE users SET name = 'mallory'");
    const log = readFileSync(`${storeOf(cli)}-wal`);
    other.close();
    renameSync(storeOf(cli), cli.path("elsewhere.db"));
    writeFileSync(`${storeOf(cli)}-wal`, log);
    await cli.ok(restore);
    expect(await users(cli)).toEqual(["alice"]);
  });

  it("takes what the replaced store had in its log along when it keeps it aside", async () => {
    const { cli, restore } = await backedUp();
    const crashed = new Sqlite(storeOf(cli));
    crashed.exec("UPDATE users SET weak_password = 1");
    const [main, log] = [readFileSync(storeOf(cli)), readFileSync(`${storeOf(cli)}-wal`)];
    crashed.close();
    writeFileSync(storeOf(cli), main);
    writeFileSync(`${storeOf(cli)}-wal`, log);
    const { kept_aside } = await cli.json<{ kept_aside: string }>(restore);
    expect(existsSync(`${kept_aside}-wal`)).toBe(false);
    expect(await cli.json(["users", "show", "alice", "--db", kept_aside])).toMatchObject({
      weak_password: true,
    });
  });

  it("through a symbolic link replaces what it leads to, and leaves the link", async () => {
    const { cli, file } = await backedUp();
    const link = cli.path("link.db");
    symlinkSync(storeOf(cli), link);
    await cli.ok("users add bob --password-stdin", { stdin: PASSWORD });
    await cli.ok(["restore", file, "--yes", "--db", link]);
    expect(await users(cli)).toEqual(["alice"]);
    expect(readFileSync(link).equals(readFileSync(storeOf(cli)))).toBe(true);
  });

  it("can be taken back, and names what it keeps anew", async () => {
    const { cli, restore } = await backedUp();
    await cli.ok("users add bob --password-stdin", { stdin: PASSWORD });
    const first = await cli.json<{ kept_aside: string }>(restore);
    const second = await cli.json<{ kept_aside: string }>(["restore", first.kept_aside, "--yes"]);
    expect(second.kept_aside).toBe(`${first.kept_aside}-2`);
    expect(await users(cli)).toEqual(["alice", "bob"]);
    expect(await cli.json("doctor --full")).toMatchObject({ healthy: true, counts: { warn: 0 } });
  });

  it("does not wait for who only reads, and shows the new store to them afterwards", async () => {
    const { cli, file } = await backedUp();
    const reader = new Sqlite(storeOf(cli));
    onTestFinished(() => void reader.close());
    const names = () => reader.prepare("SELECT name FROM users ORDER BY name").pluck().all();
    await cli.ok("users add bob --password-stdin", { stdin: PASSWORD });
    reader.exec("BEGIN");
    expect(names()).toEqual(["alice", "bob"]);
    await cli.ok(["restore", file, "--yes"]);
    reader.exec("COMMIT");
    expect(names()).toEqual(["alice"]);
  });

  it("while another process writes without an end is refused, and the store goes on", async () => {
    const { cli, file } = await backedUp();
    const other = new Sqlite(storeOf(cli));
    onTestFinished(() => void other.close());
    other.exec("BEGIN IMMEDIATE");
    const refusal = await cli.refusal(["restore", file, "--yes"]);
    expect(refusal).toMatchObject({ exit: 6, code: "store_busy" });
    other.exec("COMMIT");
    expect(await users(cli)).toEqual(["alice"]);
    expect(readdirSync(cli.path("data")).filter((name) => name.includes("before"))).toEqual([]);
  }, 30_000);
});

describe("what a restoration brings back", () => {
  /** The refresh token that alice's client had when the backup was made, and what it has now. */
  async function stolen() {
    const cli = new Cli();
    await cli.ok("init --no-passphrase");
    await cli.ok("users add alice --password-stdin", { stdin: PASSWORD });
    const flags = { stdin: PASSWORD };
    const { refresh_token: old } = await cli.json<{ refresh_token: string }>(
      "login alice --password-stdin",
      flags,
    );
    const file = cli.path("backup.db");
    await cli.ok(["backup", file]);
    cli.clock.advance(60);
    const { refresh_token: present } = await cli.json<{ refresh_token: string }>("refresh -", { stdin: old });
    cli.clock.advance(60);
    return { cli, file, old, present };
  }

  it("a used refresh token, perhaps a stolen one, opens nothing after a restoration", async () => {
    const { cli, file, old, present } = await stolen();
    await cli.ok(["restore", file, "--yes"]);
    expect((await cli.refusal("refresh -", { stdin: old })).code).toBe("refresh_revoked");
    expect((await cli.refusal("refresh -", { stdin: present })).code).toBe("refresh_unknown");
  });

  it("with --keep-sessions it does: the one that was used is good again, its successor is unknown", async () => {
    const { cli, file, old, present } = await stolen();
    const { stdout } = await cli.run(["restore", file, "--yes", "--keep-sessions"]);
    expect(stdout).toContain("stolen ones too");
    expect((await cli.refusal("refresh -", { stdin: present })).code).toBe("refresh_unknown");
    await cli.ok("refresh -", { stdin: old });
  });

  it("each withdrawal since the backup is named with the command that repeats it", async () => {
    const cli = await authority();
    for (const name of ["bob", "carol", "dave"]) {
      await cli.ok(`users add ${name} --password-stdin`, { stdin: PASSWORD });
    }
    const file = cli.path("backup.db");
    await cli.ok(["backup", file]);
    cli.clock.advance(60);
    const [active] = await cli.json<{ kid: string }[]>("keys list --state active");
    await cli.ok(["keys", "revoke", active?.kid ?? "", "--yes"]);
    await cli.ok("users disable bob");
    await cli.ok("users remove carol --yes");
    await cli.ok("users passwd dave --password-stdin", { stdin: NEW_PASSWORD });
    await cli.ok("users add eve --password-stdin", { stdin: PASSWORD });
    const { stderr, stdout } = await cli.run(["restore", file, "--yes", "--json"]);
    for (const command of [
      `jwtctl keys revoke ${active?.kid}`,
      "jwtctl users disable bob",
      "jwtctl users remove carol",
      "jwtctl users passwd dave",
      "jwtctl users add eve",
    ]) {
      expect(stderr).toContain(command);
    }
    const { undone } = JSON.parse(stdout) as { undone: { kind: string }[] };
    expect(undone.map(({ kind }) => kind).sort()).toEqual([
      "key_lost",
      "key_revocation",
      "password_changed",
      "user_added",
      "user_disabled",
      "user_removed",
    ]);
  });

  it("a key that has signed since is kept until those tokens have expired", async () => {
    const { cli, file } = await backedUp();
    cli.clock.advance(3600);
    const minted = await cli.json<{ payload: { exp: number } }>("mint --sub alice --ttl 12h");
    await cli.ok(["restore", file, "--yes"]);
    const [active] = await cli.json<{ max_exp: number }[]>("keys list --state active");
    expect(active?.max_exp).toBe(minted.payload.exp);
    // Where the replaced store cannot be asked, at least until the tokens of logins have.
    appendFileSync(storeOf(cli), "");
    writeFileSync(storeOf(cli), "no store any more".repeat(1000));
    cli.clock.advance(3600);
    await cli.ok(["restore", file, "--yes"]);
    const [after] = await cli.json<{ max_exp: number }[]>("keys list --state active");
    expect(after?.max_exp).toBe(cli.clock.now() / 1000 + 900);
  });
});
