import {
  chmodSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { authority, PASSWORD } from "../support/authority.ts";
import { killEverywhere } from "../support/kill-everywhere.ts";
import { together } from "../support/preload.ts";
import { behind, expectSound, storeOf } from "../support/sound-store.ts";
import { IN_MEMORY, type Sandbox } from "../support/spawn.ts";

async function namesIn(sandbox: Sandbox, path = storeOf(sandbox)): Promise<string[]> {
  const users = JSON.parse(await sandbox.ok(["users", "list", "--json", "--db", path])) as { name: string }[];
  return users.map(({ name }) => name);
}

/** What `doctor --full` does not pass, as `check: status`. */
async function troubles(sandbox: Sandbox, ...flags: readonly string[]): Promise<string[]> {
  const { stdout } = await sandbox.jwtctl(["doctor", "--full", "--json", ...flags]);
  const { findings } = JSON.parse(stdout) as { findings: { id: string; status: string }[] };
  return findings
    .filter(({ status }) => status === "warn" || status === "fail")
    .map(({ id, status }) => `${id}: ${status}`);
}

/** As the header has it (https://sqlite.org/fileformat2.html section 1.3.3). */
const hasLog = (sandbox: Sandbox) => readFileSync(storeOf(sandbox))[18] === 2;

describe("kill -9 at every step of restore", () => {
  it("leaves the old store or the restored one, whole; doctor --fix sweeps up, and nothing is lost", async () => {
    const sandbox = await authority({ login: true, in: IN_MEMORY });
    const directory = dirname(storeOf(sandbox));
    const backup = sandbox.path("backup.db");
    await sandbox.ok(["backup", backup]);
    await sandbox.ok(["users", "add", "bob", "--password-stdin"], { stdin: PASSWORD });
    const before = sandbox.path("before");
    cpSync(directory, before, { recursive: true });
    const seen = new Set<string>();
    const restore = { args: ["restore", backup, "--yes", "--json"] };
    const command = async () => {
      rmSync(directory, { recursive: true });
      cpSync(before, directory, { recursive: true });
      return restore;
    };
    await killEverywhere(sandbox, command, async ({ point }) => {
      const left = (await troubles(sandbox)).map((trouble) => trouble.split(":")[0] ?? "");
      for (const check of left) seen.add(check);
      // Whatever warns now is a trace of the kill.
      expect(["leftovers"], point).toEqual(expect.arrayContaining(left));
      expect([point, await troubles(sandbox, "--fix")]).toEqual([point, []]);
      expect(hasLog(sandbox), point).toBe(true);
      expect(
        readdirSync(directory).filter((name) => name.includes("jwtctl-part")),
        point,
      ).toEqual([]);
      await expectSound(sandbox);
      const names = await namesIn(sandbox);
      if (!names.includes("bob")) {
        const live = JSON.parse(await sandbox.ok(["tokens", "list", "--status", "active", "--json"]));
        expect([point, live]).toEqual([point, []]);
        const aside = readdirSync(directory).filter((name) => /before-restore-\w+$/.test(name));
        expect([point, aside.length]).toEqual([point, 1]);
        expect(await namesIn(sandbox, `${directory}/${aside[0]}`)).toEqual(["alice", "bob"]);
      }
      await sandbox.ok(restore.args);
      expect([point, await namesIn(sandbox)]).toEqual([point, ["alice"]]);
    });
    expect([...seen]).toEqual(["leftovers"]);
  });
});

describe("doctor --fix", () => {
  /** A store of which everything is amiss that can be repaired. */
  async function neglected(): Promise<{ sandbox: Sandbox; neglect: () => void; victim: string }> {
    const sandbox = await authority({ in: IN_MEMORY });
    const victim = sandbox.path("victim");
    writeFileSync(victim, "not yours", { mode: 0o644 });
    const part = `${dirname(storeOf(sandbox))}/.jwtctl.db`;
    symlinkSync(victim, `${part}.ffffffff.jwtctl-part`);
    const neglect = () => {
      behind(sandbox, (database) => {
        database.exec("DELETE FROM signing_keys WHERE state = 'standby'");
        database.pragma("journal_mode = DELETE");
      });
      writeFileSync(`${part}.0123abcd.jwtctl-part`, "a store");
      chmodSync(storeOf(sandbox), 0o604);
    };
    return { sandbox, neglect, victim };
  }

  async function expectRepaired(sandbox: Sandbox, victim: string): Promise<void> {
    expect(await troubles(sandbox)).toEqual([]);
    await expectSound(sandbox);
    expect(statSync(storeOf(sandbox)).mode & 0o007).toBe(0);
    expect([statSync(victim).mode & 0o777, readFileSync(victim, "utf8")]).toEqual([0o644, "not yours"]);
  }

  it("killed (-9) at every step, and run again, repairs the rest", async () => {
    const { sandbox, neglect, victim } = await neglected();
    const command = async () => {
      neglect();
      return { args: ["doctor", "--fix", "--json"] };
    };
    await killEverywhere(sandbox, command, async () => {
      await sandbox.ok(["doctor", "--fix"]);
      await expectRepaired(sandbox, victim);
    });
  });

  it("run by several at once repairs everything, and harms nothing", async () => {
    const { sandbox, neglect, victim } = await neglected();
    neglect();
    const ended = await together(
      sandbox,
      Array.from({ length: 4 }, () => ({ args: ["doctor", "--fix", "--json"] })),
    );
    for (const { code, stderr } of ended) expect([code, stderr]).toEqual([0, ""]);
    await sandbox.ok(["doctor", "--fix"]);
    await expectRepaired(sandbox, victim);
  });

  it("beside processes that write does not keep them from it, and takes nothing from them", async () => {
    const { sandbox, neglect, victim } = await neglected();
    neglect();
    // What everybody may read nobody writes.
    chmodSync(storeOf(sandbox), 0o600);
    const users = Array.from({ length: 4 }, (_, index) => `user-${index}`);
    const ended = await together(sandbox, [
      { args: ["doctor", "--fix", "--json"] },
      ...users.map((name) => ({ args: ["users", "add", name, "--password-stdin"], stdin: PASSWORD })),
    ]);
    for (const { code, stderr } of ended) expect([code, stderr]).toEqual([0, ""]);
    expect(await namesIn(sandbox)).toEqual(["alice", ...users]);
    await sandbox.ok(["doctor", "--fix"]);
    await expectRepaired(sandbox, victim);
  });
});
