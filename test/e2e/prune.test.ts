import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { authority } from "../support/authority.ts";
import { describeWith } from "../support/needs.ts";
import { addOldSessions } from "../support/old-sessions.ts";
import { allOf, heldAt, signalAt, slowWork } from "../support/preload.ts";
import { behind, expectSound } from "../support/sound-store.ts";
import type { Sandbox } from "../support/spawn.ts";
import { Terminal } from "../support/terminal.ts";

/** More than three steps of `tokens prune`. */
const OLD = 3500;
const STEP = 1000;

/** A store with old logins, and one that goes on. */
async function store(): Promise<Sandbox> {
  const sandbox = await authority({ login: true });
  behind(sandbox, (database) => addOldSessions(database, OLD));
  return sandbox;
}

/** The logins that are left are whole, the one that goes on is among them, and the rest is removed by the next run. */
async function expectInterrupted(sandbox: Sandbox, left: number): Promise<void> {
  await expectSound(sandbox);
  const [logins, tokens] = behind(sandbox, (database) =>
    ["sessions", "refresh_tokens"].map((table) =>
      database.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
    ),
  );
  expect({ logins, tokens }).toEqual({ logins: left + 1, tokens: 2 * left + 1 });
  expect(JSON.parse(await sandbox.ok(["tokens", "prune", "--json"]))).toEqual({
    dry_run: false,
    pruned: left,
  });
  await sandbox.ok(["refresh"]);
  await expectSound(sandbox);
}

describeWith("tokens prune at a terminal", ["tmux", "-V"], () => {
  it("shows how far it is, ends with Ctrl-C, and leaves whole logins only", async () => {
    const sandbox = await store();
    const directory = sandbox.path("barrier");
    mkdirSync(directory);
    expect(spawnSync("mkfifo", [`${directory}/go`]).status).toBe(0);
    const env = Object.entries(allOf(slowWork(), heldAt(directory, 3)));
    writeFileSync(sandbox.path("env.sh"), env.map(([name, value]) => `export ${name}='${value}'\n`).join(""));
    const terminal = new Terminal(sandbox);
    await terminal.shows("READY>");
    terminal.type(". ./env.sh; clear; jwtctl tokens prune");
    await terminal.shows("removing: 57 %");
    terminal.press("C-c");
    await terminal.shows(/\^C\s+READY>/);
    terminal.type("echo CODE=$?");
    await terminal.shows("CODE=130");
    await expectInterrupted(sandbox, OLD - 2 * STEP);
  });

  it("takes the line of the progress away when it has ended", async () => {
    const sandbox = await store();
    const env = Object.entries(slowWork());
    writeFileSync(sandbox.path("env.sh"), env.map(([name, value]) => `export ${name}='${value}'\n`).join(""));
    const terminal = new Terminal(sandbox);
    await terminal.shows("READY>");
    terminal.type(". ./env.sh; clear; jwtctl tokens prune; echo CODE=$?");
    const screen = await terminal.shows("CODE=0");
    expect(screen).toContain(`${OLD} logins`);
    expect(screen).not.toContain("removing");
  });
});

describe("tokens prune", () => {
  it.each(["SIGINT", "SIGKILL"] as const)(
    "that gets a %s in the middle of a step takes the step back",
    async (signal) => {
      const sandbox = await store();
      const env = signalAt(signal, "before COMMIT, then before COMMIT");
      const ended = await sandbox.jwtctl(["tokens", "prune"], { env });
      expect(ended).toMatchObject({ signal, stdout: "", stderr: "" });
      await expectInterrupted(sandbox, OLD - STEP);
    },
  );

  it("shows no progress where nobody sees it", async () => {
    const sandbox = await store();
    const ended = await sandbox.jwtctl(["tokens", "prune"], { env: slowWork() });
    expect(ended).toMatchObject({ code: 0, stderr: "" });
  });
});
