import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { OutputClosed } from "../../../src/runtime/runtime.ts";
import { Cli, Story } from "../../support/run.ts";

const PASSWORD = "seven green kettles hum";

/** A store in which something has happened: nine entries. */
async function eventful(): Promise<Cli> {
  const cli = new Cli();
  await cli.ok("init --no-passphrase");
  await cli.ok("users add alice --claim role=reader --password-stdin", { stdin: PASSWORD });
  cli.clock.advance(3600);
  await cli.run("login alice --password-stdin", { stdin: "not the password" });
  await cli.run("login mallory --password-stdin", { stdin: "not the password" });
  await cli.ok("login alice --password-stdin", { stdin: PASSWORD });
  cli.clock.advance(60);
  await cli.ok("refresh");
  await cli.ok("config set access_ttl 5m");
  await cli.ok("users disable alice");
  return cli;
}

interface Entry {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly user: string | null;
  readonly os_user: string;
  readonly command: string;
  readonly hash: string;
  readonly details: Record<string, unknown>;
}

const types = (entries: readonly Entry[]) => entries.map(({ type }) => type);

describe("audit", () => {
  it("tells a person what happened", async () => {
    const cli = await eventful();
    const story = new Story(cli);
    const person = { terminal: true, columns: 200, env: { NO_COLOR: "1" } };
    await story.tell("audit", person);
    await story.tell("audit --user ALICE --limit 2", person);
    await story.tell("audit --user nobody", person);
    await story.tell("audit verify", person);
    await story.tell(`audit export ${cli.path("audit.ndjson")}`, person);
    await story.tell("audit --type refusal", person);
    await story.tell("audit --since yesterday", person);
    await story.tell("audit --limit few", person);
    await story.tell("audit list extra", person);
    await expect(story.toString()).toMatchFileSnapshot("golden/audit.txt");
  });

  it("fits the width of a terminal", async () => {
    const cli = await eventful();
    const text = await cli.ok("audit", { terminal: true, columns: 100, env: { NO_COLOR: "1" } });
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  it("has the documented JSON", async () => {
    const cli = await eventful();
    const entries = await cli.json<Entry[]>("audit");
    expect(types(entries)).toEqual([
      "store_initialised",
      "user_added",
      "login_refused",
      "login_refused",
      "login_started",
      "token_refreshed",
      "settings_changed",
      "user_disabled",
      "login_revoked",
    ]);
    expect(entries[1]).toEqual({
      seq: 2,
      at: "2026-03-01T12:00:00.000Z",
      type: "user_added",
      os_user: "tester",
      command: "users add",
      user: "alice",
      login: null,
      kid: null,
      reason: null,
      details: { weak_password: false, claims: ["role"] },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it("shows what is asked for", async () => {
    const cli = await eventful();
    const shown = async (flags: string) => types(await cli.json<Entry[]>(`audit ${flags}`));
    const [start] = await cli.json<{ login: string }[]>("audit --type login_started");
    expect(await shown("--since 2026-03-01T13:01:00Z")).toEqual([
      "token_refreshed",
      "settings_changed",
      "user_disabled",
      "login_revoked",
    ]);
    expect(await shown("--until 2026-03-01T13:00:00Z")).toEqual(["store_initialised", "user_added"]);
    expect(await shown("--type settings_changed --type store")).toEqual([
      "store_initialised",
      "settings_changed",
    ]);
    expect(await shown("--user alice --type login --limit 2")).toEqual(["login_started", "login_revoked"]);
    expect(await shown(`--session ${start?.login.slice(0, 6)}`)).toEqual([
      "login_started",
      "token_refreshed",
      "login_revoked",
    ]);
    expect(await shown("--all")).toHaveLength(9);
    expect(await cli.refusal("audit list --limit 0")).toMatchObject({ exit: 2, code: "usage" });
    const [key] = await cli.json<{ kid: string }[]>("keys list --state active");
    expect(await shown(`--kid ${key?.kid.slice(0, 8)}`)).toEqual(["store_initialised"]);
    expect(await shown("--kid gone")).toEqual([]);
  });

  it("says when there is more than it shows", async () => {
    const cli = await eventful();
    for (let time = 0; time < 50; time++) {
      await cli.ok(`config set access_ttl ${time % 2 === 0 ? "6m" : "7m"}`);
    }
    const { stdout, stderr } = await cli.run("audit");
    expect(stdout.trimEnd().split("\n")).toHaveLength(51);
    expect(stderr).toContain("only the newest 50 are shown");
    expect((await cli.run("audit --all")).stderr).toBe("");
  });

  it("never holds the name that nobody has: it may be a password", async () => {
    const cli = await eventful();
    await cli.run("login 'correct horse battery staple' --password-stdin", { stdin: "alice" });
    expect(await cli.ok("audit --all --json")).not.toContain("horse");
    expect(readFileSync(cli.path("data/jwtctl.db"), "latin1")).not.toContain("horse");
  });

  it("refuses contradictions and numbers that are none", async () => {
    const cli = await eventful();
    for (const flags of [
      "--follow --until now",
      "--limit 3 --all",
      "--limit -1",
      "--type nothing",
      "--since soon",
    ]) {
      expect([flags, (await cli.refusal(`audit ${flags}`)).exit]).toEqual([flags, 2]);
    }
    for (const flags of ["export - --after many", "export - --after 1000", "verify --head 12"]) {
      expect([flags, (await cli.refusal(`audit ${flags}`)).exit]).toEqual([flags, 2]);
    }
  });

  it("needs a store", async () => {
    for (const verb of ["", "export -", "verify"]) {
      expect((await new Cli().refusal(`audit ${verb}`)).code).toBe("store_not_found");
    }
  });
});

describe("audit --follow", () => {
  it("shows the newest entries, then what happens as it happens, a line of JSON each", async () => {
    const cli = await eventful();
    let pauses = 0;
    const { stdout, code } = await cli.run("audit --follow --json --limit 1", {
      async onPause() {
        pauses++;
        if (pauses === 1) await cli.ok("users enable alice");
        else if (pauses === 2) await cli.ok("users disable alice");
        else throw new OutputClosed();
      },
    });
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    expect(types(lines.map((line) => JSON.parse(line) as Entry))).toEqual([
      "login_revoked",
      "user_enabled",
      "user_disabled",
    ]);
  });

  it("shows only what is asked for", async () => {
    const cli = await eventful();
    let pauses = 0;
    const { stdout } = await cli.run("audit -f --limit 0 --type user_enabled", {
      async onPause() {
        pauses++;
        if (pauses === 1) await cli.ok("users enable alice");
        else if (pauses === 2) await cli.ok("config set access_ttl 10m");
        else throw new OutputClosed();
      },
    });
    expect(stdout).toBe("2026-03-01 13:01:00 UTC  user_enabled       alice  [tester: users enable]\n");
  });

  it("ends quietly when nobody reads any more", async () => {
    const cli = await eventful();
    expect(await cli.run("audit --follow", { stdoutClosed: true })).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("an export", () => {
  it("can be verified without the store and without jwtctl", async () => {
    const cli = await eventful();
    const file = cli.path("audit.ndjson");
    await cli.ok(["audit", "export", file]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const verdict = await cli.json(["audit", "verify", file, "--db", cli.path("no-such.db")]);
    expect(verdict).toMatchObject({ intact: true, entries: 9, first_seq: 1, last_seq: 9, fault_count: 0 });
    // As docs/audit.md says.
    const script = `
prev=$(printf '%064d' 0)
while read -r line; do
  canonical=$(printf '%s' "$line" | sed 's/,"hash":"[0-9a-f]*"}$/}/')
  hash=$(printf '%s' "$canonical" | sha256sum | cut -d' ' -f1)
  case $line in '{"prev":"'$prev'"'*'"hash":"'$hash'"}') prev=$hash ;; *) echo "altered: $line"; exit 1 ;; esac
done < "$1"
echo "intact: $prev"`;
    const { head } = verdict as { head: string };
    expect(execFileSync("bash", ["-c", script, "bash", file], { encoding: "utf8" })).toBe(
      `intact: ${head.split(":")[1]}\n`,
    );
  });

  it("to stdout is nothing but entries, and can be added to later", async () => {
    const cli = await eventful();
    const first = await cli.ok("audit export -");
    expect(first.trimEnd().split("\n")).toHaveLength(9);
    await cli.ok("users enable alice");
    const rest = await cli.ok("audit export - --after 9");
    const file = cli.file("audit.ndjson", first + rest);
    expect(await cli.json(["audit", "verify", file])).toMatchObject({ intact: true, entries: 10 });
    const part = cli.file("part.ndjson", rest);
    expect(await cli.json(["audit", "verify", part])).toMatchObject({ intact: true, first_seq: 10 });
    expect(await cli.ok("audit export - --after 10")).toBe("");
  });

  it("replaces no file unless it is told to", async () => {
    const cli = await eventful();
    const file = cli.file("audit.ndjson", "precious");
    expect((await cli.refusal(["audit", "export", file])).code).toBe("file_exists");
    expect(readFileSync(file, "utf8")).toBe("precious");
    await cli.ok(["audit", "export", file, "--force"]);
    expect(readFileSync(file, "utf8")).toMatch(/^\{"prev"/);
  });

  it.each([
    ["an entry edited", (lines: string[]) => lines.with(2, lines[2]?.replace("alice", "carol") ?? ""), 3],
    ["an entry removed", (lines: string[]) => lines.toSpliced(4, 1), 5],
    ["two entries exchanged", (lines: string[]) => lines.with(3, lines[4] ?? "").with(4, lines[3] ?? ""), 4],
  ])("with %s is found out", async (_, change, seq) => {
    const cli = await eventful();
    const lines = (await cli.ok("audit export -")).trimEnd().split("\n");
    const file = cli.file("audit.ndjson", `${change(lines).join("\n")}\n`);
    const { code, stdout } = await cli.run(["audit", "verify", file, "--json"]);
    expect(code).toBe(1);
    const verdict = JSON.parse(stdout) as { intact: boolean; faults: { seq: number }[] };
    expect([verdict.intact, verdict.faults[0]?.seq]).toEqual([false, seq]);
    expect((await cli.run(["audit", "verify", file])).stdout).toMatch(/^altered: /);
  });

  it("cut at its end shows nothing by itself; a head noted elsewhere does", async () => {
    const cli = await eventful();
    const { head } = await cli.json<{ head: string }>("audit verify");
    const lines = (await cli.ok("audit export -")).trimEnd().split("\n");
    const file = cli.file("audit.ndjson", `${lines.slice(0, 5).join("\n")}\n`);
    expect((await cli.run(["audit", "verify", file])).code).toBe(0);
    expect((await cli.run(["audit", "verify", file, "--head", head])).code).toBe(1);
    expect((await cli.run(["audit", "verify", "--head", head])).code).toBe(0);
  });

  it("that is something else is found out, whatever it is", async () => {
    const cli = await eventful();
    const secret = "\u001b]0;owned\u0007";
    for (const content of ["", "{}\n", secret, "x".repeat(3_000_000)]) {
      const file = cli.file("audit.ndjson", content);
      const { code, stdout, stderr } = await cli.run(["audit", "verify", file]);
      expect([content.length, code]).toEqual([
        content.length,
        content === "" ? 0 : content.length > 99 ? 5 : 1,
      ]);
      expect(stdout + stderr).not.toContain("\u001b");
    }
    expect((await cli.refusal("audit verify no-such-file")).code).toBe("file_unreadable");
  });
});

describe("a log that was worked on in the store", () => {
  it("is found out by audit verify, and can still be read", async () => {
    const cli = await eventful();
    const database = new Sqlite(cli.path("data/jwtctl.db"));
    database.exec("DROP TRIGGER audit_log_keeps_content; DROP TRIGGER audit_log_keeps_rows");
    database.exec("UPDATE audit_log SET user_name = char(27) || ']0;x' || char(7) WHERE seq = 3");
    database.exec("DELETE FROM audit_log WHERE seq = 6");
    database.close();
    const { code, stdout } = await cli.run("audit verify");
    expect(code).toBe(1);
    expect(stdout).toContain("entry 3, or the one before it, is not what was written");
    expect(stdout).toContain("entry 6 is missing");
    const text = await cli.ok("audit");
    expect(text).toContain("\\u001b]0;x\\u0007");
    expect(text).not.toContain("\u001b");
  });
});

it("an export that fails halfway leaves no part of a file", async () => {
  const cli = await eventful();
  const file = cli.path("audit.ndjson");
  writeFileSync(
    cli.path("data/jwtctl.db"),
    "SQLite format 3\u0000 and then nothing that makes sense".padEnd(4096),
  );
  expect((await cli.refusal(["audit", "export", file])).exit).toBe(6);
  expect(() => statSync(file)).toThrow("ENOENT");
});
