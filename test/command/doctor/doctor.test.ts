import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import Sqlite, { type Database } from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import type { FindingStatus } from "../../../src/core/analysis/doctor/finding.ts";
import { START } from "../../support/fake-runtime.ts";
import { Cli, type RunOptions, Story } from "../../support/run.ts";

const PASSWORD = "seven green kettles hum";
const DAY = 86_400;

interface Report {
  readonly healthy: boolean;
  readonly counts: Record<FindingStatus, number>;
  readonly findings: readonly {
    readonly id: string;
    readonly status: FindingStatus;
    readonly summary: string;
    readonly fix: string | null;
    readonly fixable: boolean;
  }[];
  readonly repairs: readonly { readonly id: string; readonly done: boolean; readonly summary: string }[];
}

async function authority(init = "init --no-passphrase", options: RunOptions = {}): Promise<Cli> {
  const cli = new Cli();
  await cli.ok(init, options);
  await cli.ok("users add alice --password-stdin", { ...options, stdin: PASSWORD });
  await cli.ok("login alice --password-stdin", { ...options, stdin: PASSWORD });
  await cli.ok("refresh", options);
  return cli;
}

const storeOf = (cli: Cli) => cli.path("data/jwtctl.db");

function tamper(cli: Cli, change: (database: Database) => void): void {
  const database = new Sqlite(storeOf(cli));
  try {
    change(database);
  } finally {
    database.close();
  }
}

async function report(cli: Cli, flags = "", options: RunOptions = {}): Promise<Report & { code: number }> {
  const { code, stdout, stderr } = await cli.run(`doctor --json ${flags}`.trim(), options);
  if (stdout === "") throw new Error(stderr);
  return { code, ...(JSON.parse(stdout) as Report) };
}

/** What is not well, as `check: status`. */
function troubles({ findings }: Report): string[] {
  return findings
    .filter(({ status }) => status === "warn" || status === "fail")
    .map(({ id, status }) => `${id}: ${status}`);
}

function finding({ findings }: Report, id: string) {
  const found = findings.find((one) => one.id === id);
  if (!found) throw new Error(`no finding ${id}`);
  return found;
}

/** Everything in a directory, with what would show that it was touched. */
function traces(directory: string): unknown {
  return readdirSync(directory)
    .sort()
    .map((name) => {
      const path = `${directory}/${name}`;
      const { mode, mtimeNs, size } = statSync(path, { bigint: true });
      return [name, mode, mtimeNs, size, createHash("sha256").update(readFileSync(path)).digest("hex")];
    });
}

describe("doctor on a store that is well", () => {
  it("tells a person what it has looked at", async () => {
    const cli = await authority();
    const story = new Story(cli);
    await story.tell("doctor --full", { terminal: true, columns: 120, env: { NO_COLOR: "1" } });
    const text = story
      .toString()
      // What differs from machine to machine.
      .replace(/\d+(\.\d)? (GiB|MiB) free/, "<much> free")
      .replace(/SQLite \d+\.\d+\.\d+/, "SQLite <version>")
      .replace(/head (\d+):[0-9a-f]{16}…/, "head $1:<hash>");
    await expect(text).toMatchFileSnapshot("golden/well.txt");
  });

  it("is healthy, thoroughly too", async () => {
    const cli = await authority();
    for (const flags of ["", "--full", "--fix", "--fail-on warn"]) {
      const result = await report(cli, flags);
      expect([flags, result.code, troubles(result)]).toEqual([flags, 0, []]);
      expect(result).toMatchObject({ healthy: true, counts: { fail: 0, warn: 0, skip: 1 }, repairs: [] });
    }
  });

  it("changes nothing: not a byte, not a date, and leaves no file behind", async () => {
    const cli = await authority();
    chmodSync(storeOf(cli), 0o604);
    tamper(cli, (database) => database.exec("DELETE FROM signing_keys WHERE state = 'standby'"));
    const before = [traces(cli.path("data")), traces(cli.path("state"))];
    for (const flags of ["", "--full"]) await report(cli, flags);
    expect([traces(cli.path("data")), traces(cli.path("state"))]).toEqual(before);
  });

  it("reads beside a process that has the store open, and leaves its log as it is", async () => {
    const cli = await authority();
    const other = new Sqlite(storeOf(cli));
    onTestFinished(() => void other.close());
    other.exec("UPDATE users SET weak_password = 1");
    const log = readFileSync(`${storeOf(cli)}-wal`);
    expect(troubles(await report(cli))).toEqual(["passwords: warn"]);
    expect(readFileSync(`${storeOf(cli)}-wal`).equals(log)).toBe(true);
  });

  it("needs a store", async () => {
    const cli = new Cli();
    expect(await cli.refusal("doctor")).toMatchObject({ exit: 3, code: "store_not_found" });
    mkdirSync(cli.path("data"));
    writeFileSync(storeOf(cli), "");
    expect(await cli.refusal("doctor --fix")).toMatchObject({ exit: 3, code: "store_not_found" });
  });
});

describe("a damaged file is reported, not died of", () => {
  it("a header overwritten", async () => {
    const cli = await authority();
    const bytes = readFileSync(storeOf(cli));
    bytes.fill(0x58, 0, 100);
    writeFileSync(storeOf(cli), bytes);
    const result = await report(cli);
    expect(result.code).toBe(1);
    expect(troubles(result)).toEqual(["identity: fail"]);
    expect(finding(result, "identity").summary).toContain("not a SQLite database");
    expect(finding(result, "audit").status).toBe("skip");
  });

  it("a file cut in the middle", async () => {
    const cli = await authority();
    truncateSync(storeOf(cli), 40_960);
    const result = await report(cli, "--full");
    expect(result.code).toBe(1);
    expect(result.findings.filter(({ status }) => status === "fail").length).toBeGreaterThan(0);
    expect(JSON.stringify(result)).not.toContain("internal");
  });

  it.each([3, 5, 8, 11, 14, 17, 20, 23])("page %i overwritten with noise", async (page) => {
    const cli = await authority();
    const bytes = readFileSync(storeOf(cli));
    const noise = createHash("sha512").update(`page ${page}`).digest();
    for (let at = 0; at < 4096; at += noise.length) noise.copy(bytes, page * 4096 + at);
    writeFileSync(storeOf(cli), bytes);
    const { code } = await report(cli, "--full");
    // A page that holds nothing yet may be overwritten without a loss.
    expect([0, 1]).toContain(code);
    expect((await cli.run("doctor --fix")).code).toBeLessThan(7);
  });

  it("an index that is not that of its table: the thorough check finds it", async () => {
    const cli = await authority();
    tamper(cli, (database) => {
      database.unsafeMode();
      database.pragma("writable_schema = ON");
      // Each index gets the page of the other.
      database.exec(`UPDATE sqlite_schema SET rootpage = (
          SELECT sum(rootpage) FROM sqlite_schema WHERE name IN ('sessions_by_end', 'sessions_by_creation')
        ) - rootpage WHERE name IN ('sessions_by_end', 'sessions_by_creation')`);
    });
    expect(finding(await report(cli), "integrity").status).toBe("pass");
    const result = await report(cli, "--full");
    expect(finding(result, "integrity")).toMatchObject({
      status: "fail",
      fix: expect.stringContaining("restore"),
    });
  });

  it("a row that refers to nothing", async () => {
    const cli = await authority();
    tamper(cli, (database) => {
      database.pragma("foreign_keys = OFF");
      database.exec("DELETE FROM users");
    });
    const result = await report(cli);
    expect(finding(result, "foreign_keys")).toMatchObject({
      status: "fail",
      summary: "1 row of sessions refer to what is not there",
    });
  });

  it("a store of a newer version, a store of an older one, and the database of another program", async () => {
    const cli = await authority();
    tamper(cli, (database) => database.pragma("user_version = 1000"));
    expect(finding(await report(cli), "identity")).toMatchObject({ status: "fail", fix: "Update jwtctl" });
    tamper(cli, (database) => database.pragma("user_version = 3"));
    tamper(cli, (database) => database.pragma("application_id = 7"));
    expect(finding(await report(cli), "identity")).toMatchObject({ status: "fail" });
    const old = new Sqlite(cli.file("old.db", ""));
    old.exec(readFileSync(new URL("../../fixtures/schemas/1.sql", import.meta.url), "utf8"));
    old.close();
    const result = await report(cli, `--db ${cli.path("old.db")}`);
    expect(finding(result, "identity")).toMatchObject({ status: "warn" });
    expect(finding(result, "schema")).toMatchObject({ status: "pass" });
    expect(finding(result, "active_key")).toMatchObject({ status: "skip" });
    const again = new Sqlite(cli.path("old.db"), { readonly: true });
    expect(again.pragma("user_version", { simple: true })).toBe(1);
    again.close();
  });
});

describe("the audit log", () => {
  it("with a row edited is a failure, and so is the trigger that is gone", async () => {
    const cli = await authority();
    tamper(cli, (database) => {
      database.exec(
        "DROP TRIGGER audit_log_keeps_content; UPDATE audit_log SET user_name = 'mallory' WHERE seq = 2",
      );
    });
    const result = await report(cli);
    expect(result.code).toBe(1);
    expect(troubles(result)).toEqual(["schema: fail", "audit: fail"]);
    expect(finding(result, "schema").summary).toBe(
      "trigger audit_log_keeps_content is missing: the audit log may have been altered",
    );
    expect(finding(result, "audit").summary).toBe("entry 2, or the one before it, is not what was written");
  });

  it.each([
    ["a row deleted", "DELETE FROM audit_log WHERE seq = 2", "entry 2 is missing"],
    ["its end cut off", "DELETE FROM audit_log WHERE seq > 3", "the end is cut off: entry 4 is missing"],
  ])("with %s is a failure", async (_, sql, summary) => {
    const cli = await authority();
    tamper(cli, (database) => {
      const trigger = "audit_log_keeps_rows";
      const made = database.prepare("SELECT sql FROM sqlite_schema WHERE name = ?").pluck().get(trigger);
      database.exec(`DROP TRIGGER ${trigger}; ${sql}; ${made}`);
    });
    const result = await report(cli);
    expect(troubles(result)).toEqual(["audit: fail"]);
    expect(finding(result, "audit").summary).toBe(summary);
  });

  /** Cuts the log off after an entry as somebody does who knows how it works: nothing in it is wrong then. */
  const cutAfter = (seq: number) => (database: Database) => {
    const triggers = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all() as {
      name: string;
      sql: string;
    }[];
    for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
    database.prepare("DELETE FROM audit_log WHERE seq > ?").run(seq);
    database.exec(`UPDATE audit_head SET seq = ${seq},
      hash = coalesce((SELECT hash FROM audit_log WHERE seq = ${seq}), '${"0".repeat(64)}')`);
    for (const { sql } of triggers) database.exec(sql);
  };

  it.each([
    ["a login", "login bob --password-stdin --no-save", "1 login, 1 user"],
    ["a refresh", "refresh", "1 login"],
    ["a user", "users add carol --password-stdin", "1 user"],
    ["a new password", "users passwd bob --password-stdin", "1 user"],
    ["a key", "keys generate", "1 key"],
    ["a rotation", "keys rotate", "2 keys"],
  ])("cut off before %s, remembered end and all, is a failure", async (_, words, what) => {
    const cli = await authority();
    await cli.ok("users add bob --password-stdin", { stdin: PASSWORD });
    const { seq } = (await cli.json<{ seq: number }[]>("audit --limit 1"))[0] ?? { seq: 0 };
    cli.clock.advance(60);
    await cli.ok(words, {
      stdin: `${PASSWORD} too`.slice(0, words.startsWith("login") ? PASSWORD.length : 99),
    });
    expect(troubles(await report(cli))).toEqual([]);
    tamper(cli, cutAfter(seq));
    const result = await report(cli);
    expect([result.code, troubles(result)]).toEqual([1, ["audit: fail"]]);
    expect(finding(result, "audit").summary).toBe(`the end is cut off: ${what} changed after the last entry`);
  });

  it("emptied, remembered end and all, is doubtful, and a failure when the store shows that there was more", async () => {
    const cli = await authority();
    await cli.run("login alice --password-stdin", { stdin: "a wrong password" });
    tamper(cli, cutAfter(0));
    const result = await report(cli);
    expect([result.code, troubles(result)]).toEqual([1, ["audit: fail"]]);
    const fresh = new Cli();
    await fresh.ok("init --no-passphrase");
    tamper(fresh, cutAfter(0));
    expect(troubles(await report(fresh))).toEqual(["audit: warn"]);
  });

  it.each([
    ["one login", "tokens revoke --user bob"],
    ["one of several logins", "tokens revoke --all --yes"],
  ])("that tells of a revocation which the store does not know (%s) is a failure", async (_, words) => {
    const cli = await authority();
    await cli.ok("users add bob --password-stdin", { stdin: PASSWORD });
    for (const user of ["alice", "bob"]) {
      await cli.ok(`login ${user} --password-stdin --no-save`, { stdin: PASSWORD });
    }
    await cli.ok(words);
    expect(troubles(await report(cli))).toEqual([]);
    tamper(cli, (database) =>
      database.exec(`UPDATE sessions SET ended_at = NULL, reason = NULL WHERE rowid IN
        (SELECT max(rowid) FROM sessions WHERE reason = 'revoked')`),
    );
    const result = await report(cli);
    expect([result.code, troubles(result)]).toEqual([1, ["audit: fail"]]);
    expect(finding(result, "audit").summary).toMatch(
      /^the log says that \S+ was revoked, and the store has it open$/,
    );
  });

  it("that cannot be written takes nothing from the report of --fix", async () => {
    const cli = await authority();
    chmodSync(storeOf(cli), 0o604);
    tamper(cli, (database) => {
      database.exec("DROP TRIGGER audit_head_stays; DELETE FROM audit_head");
    });
    const fixed = await report(cli, "--fix");
    expect([fixed.code, troubles(fixed)]).toEqual([1, ["schema: fail", "audit: fail"]]);
    expect(fixed.repairs).toMatchObject([
      { id: "permissions", done: true },
      { id: "audit", done: false, summary: expect.stringContaining("the log was not told of the repairs") },
    ]);
  });

  it("with a trigger that somebody has added is a failure of the schema", async () => {
    const cli = await authority();
    tamper(cli, (database) =>
      database.exec(
        "CREATE TRIGGER spy AFTER INSERT ON audit_log BEGIN UPDATE settings SET reuse_window = 60; END",
      ),
    );
    expect(finding(await report(cli), "schema").summary).toBe("trigger spy is not jwtctl's");
  });
});

describe("permissions", () => {
  it("a store that everybody may read is refused by every command, and closed by --fix", async () => {
    const cli = await authority();
    chmodSync(storeOf(cli), 0o604);
    const found = await report(cli);
    expect(troubles(found)).toEqual(["permissions: fail"]);
    expect(finding(found, "permissions").fixable).toBe(true);
    const fixed = await report(cli, "--fix");
    expect(fixed.code).toBe(0);
    expect(fixed.repairs).toEqual([
      { id: "permissions", done: true, summary: `closed to others: ${storeOf(cli)}` },
    ]);
    expect(statSync(storeOf(cli)).mode & 0o777).toBe(0o600);
    await cli.ok("users list");
  });

  it("a group that may read it is a warning, and left as it is", async () => {
    const cli = await authority();
    chmodSync(storeOf(cli), 0o640);
    const result = await report(cli, "--fix");
    expect([result.code, troubles(result)]).toEqual([0, ["permissions: warn"]]);
    expect(statSync(storeOf(cli)).mode & 0o777).toBe(0o640);
    expect((await report(cli, "--fail-on warn")).code).toBe(1);
  });

  it("a directory in which everybody may exchange the store is a failure, and one like /tmp a warning", async () => {
    const cli = await authority();
    chmodSync(cli.path("data"), 0o777);
    expect(troubles(await report(cli))).toEqual(["permissions: fail"]);
    chmodSync(cli.path("data"), 0o1777);
    expect(troubles(await report(cli))).toEqual(["permissions: warn"]);
  });

  it("a symbolic link is a warning", async () => {
    const cli = await authority();
    symlinkSync(storeOf(cli), cli.path("link.db"));
    const result = await report(cli, `--db ${cli.path("link.db")}`);
    expect(troubles(result)).toEqual(["file: warn"]);
  });

  it.each(["-wal", "-shm", "-journal"])(
    "a link planted as %s is told, not followed, and --fix leaves the file it leads to alone",
    async (suffix) => {
      const cli = await authority();
      const victim = cli.file("victim", "not yours");
      chmodSync(victim, 0o644);
      chmodSync(storeOf(cli), 0o604);
      symlinkSync(victim, storeOf(cli) + suffix);
      const fixed = await report(cli, "--fix");
      expect(fixed.repairs).toMatchObject([
        { id: "permissions", done: true, summary: `closed to others: ${storeOf(cli)}` },
      ]);
      expect([statSync(victim).mode & 0o777, readFileSync(victim, "utf8")]).toEqual([0o644, "not yours"]);
      expect([fixed.code, troubles(fixed)]).toEqual([1, ["permissions: fail", "identity: fail"]]);
      expect(finding(fixed, "permissions")).toMatchObject({
        summary: expect.stringContaining(`put beside it: ${storeOf(cli)}${suffix}`),
        fix: expect.stringContaining(`rm ${storeOf(cli)}${suffix};`),
        fixable: false,
      });
      expect(finding(fixed, "identity").summary).toContain("another user has made");
      expect(await cli.refusal(`backup ${cli.path("b.db")}`)).toMatchObject({ code: "store_unusable" });
      unlinkSync(storeOf(cli) + suffix);
      expect(troubles(await report(cli))).toEqual([]);
    },
  );

  it("a directory planted as -wal is told, and --fix leaves it alone", async () => {
    const cli = await authority();
    mkdirSync(`${storeOf(cli)}-wal`, { mode: 0o755 });
    const fixed = await report(cli, "--fix");
    expect([fixed.code, troubles(fixed)]).toEqual([1, ["permissions: fail", "identity: fail"]]);
    expect(statSync(`${storeOf(cli)}-wal`).mode & 0o777).toBe(0o755);
  });

  it("a file that has its name as -wal only besides another is not closed by --fix", async () => {
    const cli = await authority();
    const victim = cli.file("victim", "not yours");
    chmodSync(victim, 0o644);
    linkSync(victim, `${storeOf(cli)}-wal`);
    const fixed = await report(cli, "--fix");
    expect(fixed.repairs).toMatchObject([{ id: "permissions", done: false }]);
    expect(statSync(victim).mode & 0o777).toBe(0o644);
  });

  it("a current login that others may read is a failure, and closed by --fix", async () => {
    const cli = await authority();
    const file = cli.path("state/credentials.json");
    chmodSync(file, 0o644);
    expect(troubles(await report(cli))).toEqual(["credentials: fail"]);
    const fixed = await report(cli, "--fix");
    expect([fixed.code, statSync(file).mode & 0o777]).toEqual([0, 0o600]);
    renameSync(file, cli.path("elsewhere.json"));
    symlinkSync(cli.path("elsewhere.json"), file);
    expect(troubles(await report(cli, "--fix"))).toEqual(["credentials: fail"]);
  });
});

describe("keys", () => {
  it("none that signs", async () => {
    const cli = await authority();
    tamper(cli, (database) =>
      database.exec(
        "UPDATE signing_keys SET state = 'retired', private_form = NULL, private_text = NULL WHERE state = 'active'",
      ),
    );
    expect(troubles(await report(cli))).toEqual(["active_key: fail"]);
  });

  it("two that sign, which the database would not allow", async () => {
    const cli = await authority();
    tamper(cli, (database) => {
      database.exec("DROP INDEX signing_keys_one_active");
      database.exec("UPDATE signing_keys SET state = 'active', activated_at = created_at");
    });
    expect(troubles(await report(cli))).toEqual(["schema: fail", "active_key: fail", "standby_key: warn"]);
  });

  it("no standby: --fix makes one", async () => {
    const cli = await authority();
    tamper(cli, (database) => database.exec("DELETE FROM signing_keys WHERE state = 'standby'"));
    expect(troubles(await report(cli))).toEqual(["standby_key: warn"]);
    const fixed = await report(cli, "--fix");
    expect([fixed.code, troubles(fixed)]).toEqual([0, []]);
    const [standby] = await cli.json<{ kid: string }[]>("keys list --state standby");
    expect(fixed.repairs).toEqual([
      { id: "standby_key", done: true, summary: `made the standby key ${standby?.kid}` },
    ]);
    expect(await cli.json<{ type: string }[]>("audit --limit 2")).toMatchObject([
      { type: "key_added", command: "doctor" },
      { type: "store_repaired", details: { repairs: ["standby_key"] } },
    ]);
  });

  it("no standby, and several --fix at once: one of them makes one", async () => {
    const cli = await authority();
    tamper(cli, (database) => database.exec("DELETE FROM signing_keys WHERE state = 'standby'"));
    const all = await Promise.all(Array.from({ length: 4 }, () => cli.run("doctor --fix --json")));
    const standbys = await cli.json<{ kid: string }[]>("keys list --state standby");
    expect(standbys).toHaveLength(1);
    const said = all.flatMap(({ stdout }) =>
      (JSON.parse(stdout) as { repairs: { id: string; summary: string }[] }).repairs
        .filter(({ id }) => id === "standby_key")
        .map(({ summary }) => summary),
    );
    expect(said.filter((text) => text === `made the standby key ${standbys[0]?.kid}`)).toHaveLength(1);
    for (const text of said) expect(text).toContain(`made the standby key ${standbys[0]?.kid}`);
  });

  it("no standby under a passphrase: --fix makes one when the passphrase is given, and never asks", async () => {
    const unlocked = { env: { JWTCTL_PASSPHRASE: "an old oak behind the mill" } };
    const cli = await authority("init", unlocked);
    tamper(cli, (database) => database.exec("DELETE FROM signing_keys WHERE state = 'standby'"));
    const locked = await report(cli, "--fix", { terminal: { stdin: true, stderr: true } });
    expect(locked.repairs).toEqual([
      {
        id: "standby_key",
        done: false,
        summary: "a new key needs the store's passphrase: give --passphrase-file FILE",
      },
    ]);
    expect(troubles(await report(cli, "--fix", unlocked))).toEqual([]);
  });

  it("an old one is a warning from ninety days on", async () => {
    const cli = await authority();
    cli.clock.advance(90 * DAY - 1);
    expect(troubles(await report(cli))).toEqual([]);
    cli.clock.advance(1);
    expect(troubles(await report(cli))).toEqual(["key_age: warn"]);
  });

  it("a private half kept beyond its use is destroyed by --fix", async () => {
    const cli = await authority();
    await cli.ok("keys rotate --keep-private");
    expect(troubles(await report(cli))).toEqual([]);
    cli.clock.advance(DAY);
    expect(troubles(await report(cli))).toEqual(["private_halves: warn"]);
    const fixed = await report(cli, "--fix");
    expect(fixed.repairs).toContainEqual(expect.objectContaining({ id: "private_halves", done: true }));
    expect(troubles(fixed)).toEqual([]);
    expect(await cli.json("keys list --state retired")).toMatchObject([{ has_private: false }]);
  });

  it("a private half in the clear in a store with a passphrase is a failure", async () => {
    const cli = await authority();
    tamper(cli, (database) => database.exec("UPDATE settings SET encryption = 'passphrase'"));
    expect(troubles(await report(cli))).toEqual(["encryption: fail"]);
  });

  it("one that ends before its tokens, and one without an end, are warnings", async () => {
    const cli = await authority();
    await cli.ok("keys rotate");
    const date = START + 60_000;
    tamper(cli, (database) =>
      database.exec(`UPDATE signing_keys SET retires_at = ${date} WHERE state = 'retiring'`),
    );
    expect(finding(await report(cli), "key_dates").status).toBe("warn");
    tamper(cli, (database) =>
      database.exec("UPDATE signing_keys SET retires_at = NULL WHERE state = 'retiring'"),
    );
    expect(finding(await report(cli), "key_dates").summary).toContain("until retired by hand");
  });
});

describe("the halves of the keys", () => {
  /** Each key gets what the other has. */
  const exchange = (columns: readonly string[]) => (database: Database) => {
    const sets = columns.map((column) => {
      const others = `SELECT other.${column} FROM before AS other WHERE other.position <> signing_keys.position`;
      return `${column} = (${others})`;
    });
    database.exec("CREATE TEMP TABLE before AS SELECT * FROM signing_keys");
    database.exec(`UPDATE signing_keys SET ${sets.join(", ")}`);
  };
  const NEITHER = /^damaged, or that of another key: the (public|private) half of \S+, \S+$/;

  it.each([
    [
      "a public half altered",
      `UPDATE signing_keys SET public_jwk = json_set(public_jwk, '$.x',
         (SELECT public_jwk ->> 'x' FROM signing_keys WHERE state = 'standby')) WHERE state = 'active'`,
      /the public half of \S+$/,
    ],
    [
      "a public half that is no key at all, under a kid of its own",
      `UPDATE signing_keys SET kid = '${thumbprint("AAAA")}',
         public_jwk = '{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}' WHERE state = 'standby'`,
      /the public half of \S+; the private half of \S+$/,
    ],
    [
      "a public half taken out",
      "UPDATE signing_keys SET public_jwk = NULL WHERE state = 'active'",
      /the public half of \S+$/,
    ],
    [
      "an algorithm that the key cannot have",
      "UPDATE signing_keys SET alg = 'RS256' WHERE state = 'active'",
      /the public half of \S+$/,
    ],
    [
      "a private half damaged",
      `UPDATE signing_keys SET private_text = json_set(private_text, '$.d', 'AAAA') WHERE state = 'active'`,
      /the private half of \S+$/,
    ],
    [
      "a private half that is no key",
      "UPDATE signing_keys SET private_text = 'null' WHERE state = 'active'",
      /^it cannot be read: .*a key is not a JWK$/,
    ],
  ])("%s is a failure, and is not backed up", async (_, sql, summary) => {
    const cli = await authority();
    tamper(cli, (database) => database.exec(sql));
    for (const flags of ["", "--full"]) {
      const result = await report(cli, flags);
      expect([result.code, troubles(result)]).toEqual([1, ["key_material: fail"]]);
      expect(finding(result, "key_material").summary).toMatch(summary);
    }
    expect(await cli.refusal(`backup ${cli.path("b.db")}`)).toMatchObject({ exit: 6, code: "store_corrupt" });
    expect(existsSync(cli.path("b.db"))).toBe(false);
  });

  it.each([
    ["public", ["public_jwk"]],
    ["private", ["private_form", "private_text"]],
  ])("%s halves exchanged are a failure, and are not backed up", async (_, columns) => {
    const cli = await authority();
    tamper(cli, exchange(columns));
    const result = await report(cli);
    expect([result.code, troubles(result)]).toEqual([1, ["key_material: fail"]]);
    expect(finding(result, "key_material").summary).toMatch(NEITHER);
    expect(await cli.refusal(`backup ${cli.path("b.db")}`)).toMatchObject({ code: "store_corrupt" });
  });

  it("that are shared secrets are bound by the kid inside", async () => {
    const cli = await authority("init --no-passphrase --alg HS256");
    expect(finding(await report(cli), "key_material")).toMatchObject({ status: "pass" });
    tamper(cli, exchange(["private_form", "private_text"]));
    expect(finding(await report(cli), "key_material").summary).toMatch(NEITHER);
  });

  it("that are sealed are opened with --full and the passphrase, and never asked for", async () => {
    const terminal = { stdin: true, stderr: true };
    const unlocked = { env: { JWTCTL_PASSPHRASE: "an old oak behind the mill" } };
    const other = { env: { JWTCTL_PASSPHRASE: "a young ash before the mill" } };
    const cli = await authority("init", unlocked);
    const summary = async (flags: string, options: RunOptions) => {
      const { status, summary } = finding(await report(cli, flags, options), "key_material");
      return `${status}: ${summary}`;
    };
    const UNOPENED =
      /^pass: .*; 2 sealed private halves not opened: that takes --full and --passphrase-file$/;
    expect(await summary("", unlocked)).toMatch(UNOPENED);
    expect(await summary("--full", { terminal })).toMatch(UNOPENED);
    expect(await summary("--full", unlocked)).toBe("pass: each half is that of its kid");
    expect(await summary("--full", other)).toMatch(
      /^fail: the passphrase that was given does not open the private/,
    );
    tamper(cli, exchange(["private_text"]));
    expect(await summary("", {})).toMatch(UNOPENED);
    expect(await summary("--full", unlocked)).toMatch(
      /^fail: damaged, or that of another key: the private half/,
    );
    tamper(cli, (database) =>
      database.exec(
        "UPDATE signing_keys SET private_text = replace(private_text, '.', '.A') WHERE state = 'active'",
      ),
    );
    expect(await summary("--full", unlocked)).toMatch(/^fail/);
    tamper(cli, (database) => database.exec("UPDATE signing_keys SET private_text = 'A' || private_text"));
    expect(await summary("", {})).toMatch(
      /^fail: damaged, or that of another key: the private half of \S+, \S+$/,
    );
  });
});

/** Of a P-256 key with this for both coordinates (RFC 7638). */
function thumbprint(coordinate: string): string {
  const members = `{"crv":"P-256","kty":"EC","x":"${coordinate}","y":"${coordinate}"}`;
  return createHash("sha256").update(members).digest("base64url");
}

describe("the published key set", () => {
  async function published(): Promise<{ cli: Cli; file: string; check: () => Promise<string> }> {
    const cli = await authority();
    const file = cli.path("jwks.json");
    await cli.ok(["keys", "jwks", "--out", file]);
    const check = async () => {
      const { status, summary } = finding(await report(cli, `--jwks ${file}`), "jwks");
      return `${status}: ${summary.replace(file, "FILE")}`;
    };
    return { cli, file, check };
  }

  const edit = (file: string, change: (keys: Record<string, unknown>[]) => unknown[]) => {
    const { keys } = JSON.parse(readFileSync(file, "utf8")) as { keys: Record<string, unknown>[] };
    writeFileSync(file, JSON.stringify({ keys: change(keys) }));
  };

  it("is in step when it has the same keys, in any order and with members of its own", async () => {
    const { file, check } = await published();
    expect(await check()).toBe("pass: FILE has the 2 keys of the store");
    edit(file, (keys) => keys.reverse().map((key) => ({ x5t: "theirs", ...key })));
    expect(await check()).toMatch(/^pass/);
  });

  it("is behind after a rotation", async () => {
    const { cli, check } = await published();
    await cli.ok("keys rotate");
    expect(await check()).toMatch(/^fail: FILE lacks .*: verifiers refuse its tokens$/);
  });

  it("must not publish a revoked key", async () => {
    const { cli, check } = await published();
    const [active] = await cli.json<{ kid: string }[]>("keys list --state active");
    await cli.ok(["keys", "revoke", active?.kid ?? "", "--yes"]);
    expect(await check()).toBe(`fail: FILE publishes ${active?.kid}, which is revoked`);
  });

  it("must not hold a private member", async () => {
    const { file, check } = await published();
    edit(file, (keys) => keys.map((key, index) => (index === 0 ? { ...key, d: "secret" } : key)));
    expect(await check()).toMatch(/^fail: FILE holds private members of/);
  });

  it("must not have another key under a kid of the store", async () => {
    const { file, check } = await published();
    edit(file, (keys) => keys.map((key) => ({ ...key, x: "AAAA" })));
    expect(await check()).toMatch(/^fail: FILE has another key under/);
  });

  it("may publish keys that the store does not know, with a warning", async () => {
    const { file, check } = await published();
    edit(file, (keys) => [...keys, { kty: "EC", kid: "theirs" }]);
    expect(await check()).toMatch(/^warn: FILE also publishes theirs/);
  });

  it.each([
    ["is not there", (file: string) => renameSync(file, `${file}.gone`)],
    ["is no JSON", (file: string) => writeFileSync(file, "<html>")],
    ["is no key set", (file: string) => writeFileSync(file, '{"keys": [1]}')],
  ])("is a failure when it %s", async (_, spoil) => {
    const { file, check } = await published();
    spoil(file);
    expect(await check()).toMatch(/^fail/);
  });
});

describe("sessions", () => {
  it.each([
    ["forked", "UPDATE refresh_tokens SET consumed_at = NULL, sealed_successor = NULL, sealed_until = NULL"],
    ["with a token missing", "DELETE FROM refresh_tokens WHERE seq = 1"],
    ["without an unused token", "UPDATE refresh_tokens SET consumed_at = 1 WHERE consumed_at IS NULL"],
    ["alive although a used token came back", "UPDATE refresh_tokens SET reused_at = 1 WHERE seq = 1"],
  ])("%s are a failure", async (_, sql) => {
    const cli = await authority();
    tamper(cli, (database) => database.exec(sql));
    const result = await report(cli);
    expect([result.code, troubles(result)]).toEqual([1, ["sessions: fail"]]);
  });

  it("a seal of a login that has ended is a warning, one that is overdue is none; --fix wipes both", async () => {
    const cli = await authority();
    cli.clock.advance(600);
    const overdue = await report(cli);
    expect(finding(overdue, "seals")).toMatchObject({
      status: "pass",
      summary: "1 sealed refresh token goes with the next login or refresh",
    });
    tamper(cli, (database) => database.exec("UPDATE sessions SET ended_at = 1, reason = 'logout'"));
    expect(troubles(await report(cli))).toEqual(["seals: warn"]);
    const fixed = await report(cli, "--fix");
    expect(fixed.repairs).toMatchObject([{ id: "seals", done: true }]);
    expect(finding(fixed, "seals").summary).toBe("nothing is kept longer than it is needed");
  });
});

describe("settings, passwords and the clock", () => {
  it("what is allowed and seldom wise is a warning", async () => {
    const cli = await authority();
    await cli.ok("config set reuse_window 0");
    await cli.ok("users add bob --allow-weak-password --password-stdin", { stdin: "kettle" });
    const result = await report(cli);
    expect([result.code, troubles(result)]).toEqual([0, ["settings: warn", "passwords: warn"]]);
    await cli.ok("config set reuse_window 10s");
    await cli.ok("config set access_ttl 2h");
    expect(finding(await report(cli), "settings").summary).toBe(
      "access tokens live 2 hours, and nothing can end them before",
    );
  });

  it("what jwtctl does not allow is a failure", async () => {
    const cli = await authority();
    tamper(cli, (database) => database.exec("UPDATE settings SET access_ttl = 999999999"));
    expect(troubles(await report(cli))).toEqual(["settings: fail"]);
  });

  it("a clock that went back is a warning, one that cannot be right a failure", async () => {
    const cli = await authority();
    cli.clock.advance(-3600);
    expect(finding(await report(cli), "clock")).toMatchObject({
      status: "warn",
      summary: expect.stringContaining("1 hour ahead of this clock"),
    });
    cli.clock.set(0);
    const result = await report(cli);
    expect([result.code, finding(result, "clock").summary]).toEqual([1, "it is not 1970-01-01T00:00:00Z"]);
    cli.clock.set(Date.UTC(2150, 0, 1));
    expect(finding(await report(cli), "clock").status).toBe("fail");
  });
});

describe("what a restoration leaves that was killed", () => {
  it("a store without its log is a warning; --fix gives it back", async () => {
    const cli = await authority();
    tamper(cli, (database) => database.pragma("journal_mode = DELETE"));
    expect(troubles(await report(cli))).toEqual(["schema: warn"]);
    const fixed = await report(cli, "--fix");
    expect(fixed.repairs).toMatchObject([{ id: "schema", done: true }]);
    expect(troubles(fixed)).toEqual([]);
  });

  it("a store without its log, while another process reads it: it is said that it was not repaired", async () => {
    const cli = await authority();
    tamper(cli, (database) => database.pragma("journal_mode = DELETE"));
    const other = new Sqlite(storeOf(cli));
    onTestFinished(() => void other.close());
    other.exec("BEGIN");
    other.prepare("SELECT count(*) FROM users").get();
    const fixed = await report(cli, "--fix");
    expect(fixed.repairs).toMatchObject([{ id: "schema", done: false }]);
    expect(troubles(fixed)).toEqual(["schema: warn"]);
  });

  it("copies of stores are a warning; --fix removes those that nobody will finish, and nothing else", async () => {
    const cli = await authority();
    const part = (name: string) => cli.file(`data/${name}`, "a store");
    const left = [
      part(`.jwtctl.db.0123abcd.jwtctl-part`),
      part(`.jwtctl.db.0123abcd.jwtctl-part-wal`),
      part(`.old.db.0123abcd.jwtctl-part`),
    ];
    const working = new Sqlite(cli.path("data/.jwtctl.db.4567abcd.jwtctl-part-lock"));
    onTestFinished(() => void working.close());
    // As a process holds it that works on a copy.
    working.exec("BEGIN EXCLUSIVE");
    const kept = [
      part(".jwtctl.db.4567abcd.jwtctl-part"),
      cli.path("data/.jwtctl.db.4567abcd.jwtctl-part-lock"),
      part(`jwtctl.db.0123abcd.jwtctl-part`),
      part(`.jwtctl.db.0123abcd.jwtctl-partial`),
      part("jwtctl.db.before-restore-20260301T120000Z"),
    ];
    const planted = cli.path(`data/.jwtctl.db.ffffffff.jwtctl-part`);
    symlinkSync(cli.path("state"), planted);
    const found = await report(cli);
    expect(troubles(found)).toEqual(["leftovers: warn"]);
    for (const path of left) expect(finding(found, "leftovers").summary).toContain(path);
    const fixed = await report(cli, "--fix");
    expect(fixed.repairs).toMatchObject([{ id: "leftovers", done: true }]);
    expect(troubles(fixed)).toEqual([]);
    expect(left.filter((path) => existsSync(path))).toEqual([]);
    expect([...kept, planted].filter((path) => !existsSync(path))).toEqual([]);
  });

  it("a second name of the store is a warning", async () => {
    const cli = await authority();
    linkSync(storeOf(cli), `${storeOf(cli)}.before-restore-20260301T120000Z`);
    const result = await report(cli, "--fix");
    expect([result.code, troubles(result)]).toEqual([0, ["file: warn"]]);
  });
});

describe("foreign text in what doctor says", () => {
  it("cannot act on the terminal", async () => {
    const cli = await authority();
    const name = "bob\u001b]0;owned\u0007";
    tamper(cli, (database) => database.prepare("UPDATE users SET name = ?, weak_password = 1").run(name));
    tamper(cli, (database) => database.exec('CREATE TABLE "x\u001b[2J" (a)'));
    for (const flags of ["", " --json"]) {
      const { stdout } = await cli.run(`doctor${flags}`);
      expect(stdout).not.toContain("\u001b");
      expect(stdout).toContain("\\u001b");
    }
  });
});

it("a write-ahead log that was left behind is looked at, too, and is no damage", async () => {
  const cli = await authority();
  const other = new Sqlite(storeOf(cli));
  other.exec("UPDATE users SET weak_password = 1");
  const copy = cli.path("crashed.db");
  copyFileSync(storeOf(cli), copy);
  copyFileSync(`${storeOf(cli)}-wal`, `${copy}-wal`);
  other.close();
  for (const file of [copy, `${copy}-wal`]) chmodSync(file, 0o600);
  const before = readFileSync(`${copy}-wal`);
  expect(troubles(await report(cli, `--db ${copy}`))).toEqual(["passwords: warn"]);
  expect(readFileSync(`${copy}-wal`).equals(before)).toBe(true);
  expect(existsSync(copy)).toBe(true);
});
