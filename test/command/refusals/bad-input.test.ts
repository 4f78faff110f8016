import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { authority, login, PASSWORD } from "../../support/authority.ts";
import { type Ended, Sandbox } from "../../support/spawn.ts";
import { asOrdinaryUser, handOver, withMode } from "../../support/unprivileged.ts";

const JWT = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbGljZSIsImV4cCI6MTcwMDAwMDAwMH0.c2ln";

/** An error with a reason and a next step on stderr, nothing on stdout, and the exit code. */
function refused(ended: Ended, code: number, reason: RegExp): void {
  expect(ended.stdout).toBe("");
  expect(ended.stderr).toMatch(/^(warning: .*\n)*error: .+\n(hint: .+\n)+$/);
  expect(ended.stderr).toMatch(reason);
  expect(ended.code).toBe(code);
}

/** Runs a command that must leave every file of the sandbox as it was. */
async function harmless(sandbox: Sandbox, args: readonly string[], stdin = ""): Promise<Ended> {
  const before = fingerprint(sandbox);
  const ended = await sandbox.jwtctl(args, { stdin });
  expect(fingerprint(sandbox)).toEqual(before);
  return ended;
}

function fingerprint(sandbox: Sandbox): Record<string, string> {
  // Node keeps there what it compiled; no input decides about it.
  const codeCache = sandbox.path("cache", "jwtctl", "code");
  const names = readdirSync(sandbox.directory, { recursive: true, withFileTypes: true });
  const files = names.filter(
    (entry) => entry.isFile() && !/-(wal|shm)$/.test(entry.name) && !entry.parentPath.startsWith(codeCache),
  );
  return Object.fromEntries(
    files.map((entry) => {
      const path = `${entry.parentPath}/${entry.name}`;
      return [path, createHash("sha256").update(readFileSync(path)).digest("hex")];
    }),
  );
}

describe("bad input is refused with its reason, a hint and the right exit code, and changes nothing", () => {
  it("unknown command", async () => {
    const ended = await harmless(new Sandbox({ processes: false }), ["decod", JWT]);
    refused(ended, 2, /unknown command 'decod'[\s\S]*Did you mean decode\?/);
  });

  it("unknown option", async () => {
    refused(
      await harmless(new Sandbox({ processes: false }), ["decode", "--jso", JWT]),
      2,
      /unknown option '--jso'[\s\S]*--json/,
    );
  });

  it("missing store", async () => {
    const sandbox = new Sandbox({ processes: false });
    refused(await harmless(sandbox, ["keys", "list"]), 3, /jwtctl init/);
    expect(readdirSync(sandbox.directory).filter((name) => name !== "cache")).toEqual([]);
  });

  it("garbage token", async () => {
    refused(await harmless(new Sandbox({ processes: false }), ["decode", "garbage"]), 5, /not a token/);
  });

  it("truncated token", async () => {
    const sandbox = await authority({ processes: false });
    const token = (await sandbox.ok(["mint", "--sub", "bob"])).trim();
    const verified = await harmless(sandbox, ["verify", token.slice(0, -22)]);
    expect(verified.code).toBe(1);
    expect(verified.stdout).toMatch(/48 of the 64 bytes[\s\S]*token_cut/);
    refused(await harmless(sandbox, ["decode", token.slice(0, 20)]), 5, /cut off/);
  });

  it("garbage key file", async () => {
    const sandbox = new Sandbox({ processes: false });
    writeFileSync(sandbox.path("key.pem"), "this is not a key\n");
    refused(await harmless(sandbox, ["verify", JWT, "--key", sandbox.path("key.pem")]), 5, /key/);
  });

  it("store that is not SQLite", async () => {
    const sandbox = new Sandbox({ processes: false });
    writeFileSync(sandbox.path("notes.txt"), "these are my notes, not a database\n".repeat(40));
    refused(
      await harmless(sandbox, ["keys", "list", "--db", sandbox.path("notes.txt")]),
      6,
      /not a jwtctl store/,
    );
    refused(
      await harmless(sandbox, ["init", "--no-passphrase", "--db", sandbox.path("notes.txt")]),
      6,
      /not a jwtctl store/,
    );
  });

  it("SQLite file of another program", async () => {
    const sandbox = new Sandbox({ processes: false });
    const other = new Database(sandbox.path("other.db"));
    other.exec("PRAGMA application_id = 252006675; CREATE TABLE notes (text TEXT)");
    other.close();
    refused(await harmless(sandbox, ["init", "--no-passphrase", "--db", sandbox.path("other.db")]), 6, /./);
  });

  it("store from a newer version", async () => {
    const sandbox = await authority({ processes: false });
    const path = sandbox.path("data", "jwtctl", "jwtctl.db");
    const store = new Database(path);
    store.pragma("user_version = 9999");
    store.close();
    refused(await harmless(sandbox, ["keys", "list"]), 6, /newer/);
  });

  it("read-only store", async () => {
    const sandbox = await authority({ processes: false });
    handOver(sandbox);
    await withMode(sandbox.path("data", "jwtctl", "jwtctl.db"), 0o400, async () => {
      // What a process keeps of its code is there from the first one on.
      await asOrdinaryUser(sandbox, ["users", "disable", "alice"]);
      const before = fingerprint(sandbox);
      refused(await asOrdinaryUser(sandbox, ["users", "disable", "alice"]), 6, /not written/);
      expect(fingerprint(sandbox)).toEqual(before);
    });
  });

  it("wrong password and unknown user are told apart by nobody", async () => {
    const sandbox = await authority({ processes: false });
    const wrong = await sandbox.jwtctl(["login", "alice", "--password-stdin"], {
      stdin: "not the password at all",
    });
    const nobody = await sandbox.jwtctl(["login", "mallory", "--password-stdin"], {
      stdin: "not the password at all",
    });
    refused(wrong, 1, /user name or password/);
    expect(nobody).toEqual(wrong);
  });

  it("disabled user", async () => {
    const sandbox = await authority({ processes: false });
    await sandbox.ok(["users", "disable", "alice"]);
    refused(await sandbox.jwtctl(["login", "alice", "--password-stdin"], { stdin: PASSWORD }), 1, /disabled/);
  });

  it("expired refresh token", async () => {
    const sandbox = await authority({ processes: false });
    const { refresh_token } = await login(sandbox);
    const store = new Database(sandbox.path("data", "jwtctl", "jwtctl.db"));
    const columns = store.prepare("SELECT name FROM pragma_table_info('refresh_tokens')").pluck().all();
    expect(columns).toContain("idle_expires_at");
    store.exec("UPDATE refresh_tokens SET idle_expires_at = created_at + 1");
    store.exec("UPDATE sessions SET idle_expires_at = created_at + 1");
    store.close();
    refused(await sandbox.jwtctl(["refresh", "-"], { stdin: refresh_token }), 4, /expired/);
  });

  it("a prompt is needed and there is no terminal", async () => {
    const sandbox = new Sandbox({ processes: false });
    refused(await harmless(sandbox, ["init"]), 2, /--passphrase-file|--no-passphrase/);
    const owner = await authority({ processes: false });
    refused(await harmless(owner, ["users", "add", "bob"]), 2, /--password-stdin/);
    refused(await harmless(owner, ["login", "alice"]), 2, /--password-stdin/);
  });

  it("with --json every error is one JSON document on stderr", async () => {
    const sandbox = new Sandbox({ processes: false });
    const cases: [string[], string, number][] = [
      [["decod", "--json"], "usage", 2],
      [["keys", "list", "--json"], "store_not_found", 3],
      [["--json", "decode", "garbage"], "token_malformed", 5],
      [["keys", "--json"], "usage", 2],
    ];
    for (const [args, code, exit] of cases) {
      const ended = await sandbox.jwtctl(args);
      expect(ended.stdout).toBe("");
      const { error } = JSON.parse(ended.stderr);
      expect(error).toEqual({ code, message: expect.any(String), hints: expect.any(Array) });
      expect(ended.code).toBe(exit);
    }
  });

  it("a directory where the store should be", async () => {
    const sandbox = new Sandbox({ processes: false });
    mkdirSync(sandbox.path("store.db"));
    const ended = await harmless(sandbox, ["keys", "list", "--db", sandbox.path("store.db")]);
    expect(ended.stderr).toMatch(/^error: /);
    expect(ended.code).toBe(6);
    rmSync(sandbox.path("store.db"), { recursive: true });
  });
});
