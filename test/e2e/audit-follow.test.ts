import { describe, expect, it } from "vitest";
import { authority, PASSWORD } from "../support/authority.ts";
import type { Sandbox } from "../support/spawn.ts";

/** Starts a follower, and waits for each line that it is to say. */
function follow(sandbox: Sandbox, ...flags: readonly string[]) {
  const running = sandbox.start(["audit", "--follow", "--json", ...flags]);
  let said = "";
  const waiting: (() => void)[] = [];
  running.child.stdout?.on("data", (text: string) => {
    said += text;
    for (const wake of waiting.splice(0)) wake();
  });
  return {
    ...running,
    async lines(count: number): Promise<string[]> {
      while (said.split("\n").length <= count) await new Promise<void>((wake) => waiting.push(wake));
      return said.trimEnd().split("\n");
    },
  };
}

describe("audit --follow", () => {
  it("shows what other processes do, as they do it, and ends quietly with Ctrl-C", async () => {
    const sandbox = await authority();
    const { child, ended, lines } = follow(sandbox, "--limit", "1");
    expect(JSON.parse((await lines(1))[0] ?? "")).toMatchObject({ type: "user_added", command: "users add" });
    await sandbox.jwtctl(["login", "alice", "--password-stdin"], { stdin: "not the password" });
    await sandbox.ok(["login", "alice", "--password-stdin"], { stdin: PASSWORD });
    const told = (await lines(3)).map((line) => JSON.parse(line) as { type: string; seq: number });
    expect(told.map(({ type }) => type)).toEqual(["user_added", "login_refused", "login_started"]);
    child.kill("SIGINT");
    const { signal, code, stderr } = await ended;
    expect([stderr, signal ?? code]).toEqual(["", signal === null ? 130 : "SIGINT"]);
    expect(await sandbox.ok(["audit", "verify"])).toMatch(/^intact/);
  });

  it("goes on with the log of a backup that is restored meanwhile", async () => {
    const sandbox = await authority();
    const backup = sandbox.path("backup.db");
    await sandbox.ok(["backup", backup]);
    for (const ttl of ["5m", "6m", "7m", "8m"]) await sandbox.ok(["config", "set", "access_ttl", ttl]);
    const { child, ended, lines } = follow(sandbox, "--limit", "1");
    await lines(1);
    await sandbox.ok(["restore", backup, "--yes"]);
    const told = (await lines(2)).map((line) => JSON.parse(line) as { type: string; command: string });
    expect(told.map(({ type }) => type)).toEqual(["settings_changed", "store_restored"]);
    child.kill("SIGINT");
    await ended;
  });

  it("ends quietly when its reader has gone", async () => {
    const sandbox = await authority();
    // The follower notices with the line after the one that head has taken.
    const { code, stderr, stdout } = await sandbox.bash(
      `set -o pipefail
       (sleep 0.1; until jwtctl config set access_ttl 5m && jwtctl config set access_ttl 6m && ! [ -e run ]; do :; done) >/dev/null &
       touch run
       jwtctl audit --follow --limit 1 | head -n 1
       status=$?
       rm run
       wait
       exit $status`,
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  });
});
