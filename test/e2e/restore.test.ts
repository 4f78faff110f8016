import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { IS_SOAK } from "../support/amount.ts";
import { authority, PASSWORD } from "../support/authority.ts";
import { beginnings } from "../support/kill-everywhere.ts";
import { type Command, pointsOf, signalAt, together } from "../support/preload.ts";
import { expectSound, storeOf } from "../support/sound-store.ts";
import { IN_MEMORY, type Sandbox } from "../support/spawn.ts";

/** A backup in which alice is the only user, of a store that has another user since. */
async function backedUp(): Promise<{ sandbox: Sandbox; backup: string }> {
  const sandbox = await authority({ in: IN_MEMORY });
  const backup = sandbox.path("backup.db");
  await sandbox.ok(["backup", backup]);
  await addUser(sandbox, "bob");
  return { sandbox, backup };
}

const addUser = (sandbox: Sandbox, name: string) =>
  sandbox.ok(["users", "add", name, "--password-stdin"], { stdin: PASSWORD });

async function usersIn(sandbox: Sandbox, db = storeOf(sandbox)): Promise<string[]> {
  const users = JSON.parse(await sandbox.ok(["users", "list", "--db", db, "--json"])) as { name: string }[];
  return users.map(({ name }) => name);
}

/** What lies beside the store under such a name. */
function beside(sandbox: Sandbox, mark: string): string[] {
  const directory = join(storeOf(sandbox), "..");
  return readdirSync(directory)
    .filter((name) => name.includes(mark))
    .map((name) => join(directory, name));
}

/** Byte 18 of the header: 2 in a write-ahead-log file (https://sqlite.org/fileformat2.html section 1.3). */
const isInLogMode = (path: string) => readFileSync(path)[18] === 2;

describe("kill -9 at every step of restore", () => {
  it("leaves the old store or the new one, and a whole copy of the old one aside before any of it is overwritten", async () => {
    const { sandbox, backup } = await backedUp();
    const restore = ["restore", backup, "--yes", "--json"];
    const ends = new Set<string>();
    const seen = new Set<string>();
    const points = sandbox.path("points");
    const all = await pointsOf(sandbox, { args: restore });
    await addUser(sandbox, "bob");
    for (const step of beginnings(all, ["before copy", "before print"])) {
      const env = { ...signalAt("SIGKILL", step), JWTCTL_TEST_POINTS: points };
      const { signal } = await sandbox.jwtctl(restore, { env });
      const point = readFileSync(points, "utf8").trim().split("\n").at(-1);
      const users = await usersIn(sandbox);
      expect([["alice"], ["alice", "bob"]], `after ${point}`).toContainEqual(users);
      ends.add(users.join());
      expect([point, isInLogMode(storeOf(sandbox))]).toEqual([point, true]);
      expect([point, statSync(storeOf(sandbox)).nlink]).toEqual([point, 1]);
      await expectSound(sandbox);
      for (const kept of beside(sandbox, "before-restore")) {
        expect(await usersIn(sandbox, kept)).toEqual(["alice", "bob"]);
      }
      if (IS_SOAK && signal === null) break;
      if (!users.includes("bob")) await addUser(sandbox, "bob");
      seen.add(point ?? "");
    }
    expect([...ends].sort()).toEqual(["alice", "alice,bob"]);
    expect([...seen].join()).toContain("copy");
    await sandbox.ok(restore);
    expect(beside(sandbox, "jwtctl-part")).toEqual([]);
  });

  it("leaves no copy of the private keys once a backup has been made", async () => {
    const { sandbox, backup } = await backedUp();
    const env = signalAt("SIGKILL", "before COMMIT");
    expect((await sandbox.jwtctl(["restore", backup, "--yes"], { env })).signal).toBe("SIGKILL");
    expect(beside(sandbox, "jwtctl-part")).not.toEqual([]);
    await sandbox.ok(["backup", backup, "--force"]);
    expect(beside(sandbox, "jwtctl-part")).toEqual([]);
  });
});

describe("restorations and other commands at the same moment", () => {
  it("what a command has said is done is in the store, or in one that was kept aside and named as undone", async () => {
    const { sandbox, backup } = await backedUp();
    const restore: Command = { args: ["restore", backup, "--yes", "--json"] };
    let added = 0;
    let restored = 0;
    // A restoration gives up when it is never alone for ten seconds.
    while (restored === 0) {
      const names = Array.from({ length: 12 }, () => `user-${++added}`);
      const adding = names.map((name) => ({
        args: ["users", "add", name, "--password-stdin"],
        stdin: PASSWORD,
      }));
      const ended = await together(sandbox, [...adding, restore, restore, restore]);
      for (const { code, stdout, stderr } of ended) {
        if (code !== 0)
          expect([code, stdout, stderr]).toEqual([6, "", expect.stringContaining("another process")]);
      }
      const told = ended.slice(names.length).filter(({ code }) => code === 0);
      restored += told.length;
      const found = [...(await usersIn(sandbox))];
      for (const { stdout } of told) {
        const { kept_aside, undone } = JSON.parse(stdout) as {
          kept_aside: string;
          undone: { user: string }[];
        };
        const lost = (await usersIn(sandbox, kept_aside)).filter((name) => name !== "alice");
        expect(undone.map(({ user }) => user).sort()).toEqual(lost.sort());
        found.push(...lost);
      }
      for (const [index, name] of names.entries()) {
        if (ended[index]?.code === 0) expect(found).toContain(name);
      }
      await expectSound(sandbox);
      expect([isInLogMode(storeOf(sandbox)), beside(sandbox, "jwtctl-part")]).toEqual([true, []]);
    }
    expect(existsSync(backup)).toBe(true);
  });
});
