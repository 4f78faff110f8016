import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { authority, login, PASSWORD, type TokenResponse } from "../support/authority.ts";
import { allOf, heldUp, isStopped, signalAt, until } from "../support/preload.ts";
import { behind, expectSound } from "../support/sound-store.ts";
import { type Ended, type Running, refusalOf, type Sandbox } from "../support/spawn.ts";

const SECOND = 1000;
/** How long another process holds the lock, by the clock of the one that waits: half a second less than the window. */
const WAIT = 9.5 * SECOND;

let users = 0;

/** A process that has the lock and stands still. */
async function holder(sandbox: Sandbox): Promise<Running> {
  const running = sandbox.start(["users", "add", `user-${++users}`, "--password-stdin"], {
    stdin: PASSWORD,
    env: signalAt("SIGSTOP", "before COMMIT"),
  });
  await until(() => isStopped(running.child.pid));
  return running;
}

interface Refresh {
  readonly token: string;
  /** What the clock shows when the process starts (ms). */
  readonly now: number;
  /** The transaction before which it waits for {@link WAIT}; none when left out. */
  readonly waitsAt?: number;
  readonly killed?: boolean;
}

/** Refreshes a token, perhaps behind a process that holds the lock, perhaps killed when the trade is durable. */
async function refresh(sandbox: Sandbox, { token, now, waitsAt, killed }: Refresh): Promise<Ended> {
  const asked = sandbox.path(`asked-${now}`);
  const held = heldUp({ now, wait: WAIT, ...(waitsAt !== undefined && { at: waitsAt }), asked });
  const env = killed ? allOf(held, signalAt("SIGKILL", "before print")) : held;
  if (waitsAt === undefined) return sandbox.jwtctl(["refresh", "-", "--json"], { stdin: token, env });
  const holding = await holder(sandbox);
  const { ended } = sandbox.start(["refresh", "-", "--json"], { stdin: token, env });
  let over = false;
  ended.then(() => {
    over = true;
  });
  await until(() => existsSync(asked) || over);
  holding.child.kill("SIGCONT");
  expect(await holding.ended).toMatchObject({ code: 0 });
  expect(existsSync(asked), "it has waited for the lock").toBe(true);
  return ended;
}

/** A login, and the time from which the clocks of a test go on. @param reserved no signature has to be reserved any more */
async function begun(reserved: boolean) {
  const sandbox = await authority();
  const { refresh_token: token } = await login(sandbox, "--no-save");
  if (reserved) await sandbox.ok(["mint", "--sub", "alice", "--ttl", "20h", "--quiet"]);
  return { sandbox, token, start: Date.now() + 5 * SECOND };
}

/** The kill came after the trade was durable, and before a word of it was printed. */
function expectKilled(sandbox: Sandbox, dead: Ended): void {
  expect([dead.signal, dead.stdout]).toEqual(["SIGKILL", ""]);
  const rotations = behind(sandbox, (db) => db.prepare("SELECT rotations FROM sessions").pluck().all());
  expect(rotations).toEqual([1]);
}

/** The answer that was lost came again, and the login goes on with it. */
async function expectRecovered(sandbox: Sandbox, again: Ended, now: number): Promise<void> {
  expect(again).toMatchObject({ code: 0, stderr: "" });
  const { refresh_token: token } = JSON.parse(again.stdout) as TokenResponse;
  expect((await refresh(sandbox, { token, now })).code).toBe(0);
  const logins = behind(sandbox, (db) => db.prepare("SELECT rotations, reason FROM sessions").all());
  expect(logins).toEqual([{ rotations: 2, reason: null }]);
  await expectSound(sandbox);
}

describe("window 10 s, a lock that others hold for 9.5 s, and a refresh killed (-9) after its commit and before its print", () => {
  it("the first use waited: the same token buys the same successor until the window is over", async () => {
    const { sandbox, token, start } = await begun(true);
    expectKilled(sandbox, await refresh(sandbox, { token, now: start, waitsAt: 1, killed: true }));
    const used = start + WAIT;
    const [consumed] = behind(sandbox, (db) =>
      db.prepare("SELECT consumed_at FROM refresh_tokens WHERE seq = 1").pluck().all(),
    );
    expect(consumed).toBe(used);
    const last = used + 10 * SECOND - 1;
    await expectRecovered(sandbox, await refresh(sandbox, { token, now: last }), last);
  });

  it.each([
    ["to reserve a signature", false],
    ["to trade", true],
  ])("the repetition, made in time, has to wait %s: the same successor", async (_, reserved) => {
    const { sandbox, token, start } = await begun(reserved);
    expectKilled(sandbox, await refresh(sandbox, { token, now: start, killed: true }));
    const again = await refresh(sandbox, { token, now: start + 9 * SECOND, waitsAt: 1 });
    await expectRecovered(sandbox, again, start + 20 * SECOND);
  });

  it("the repetition comes too late: theft, whoever was waited for", async () => {
    const { sandbox, token, start } = await begun(true);
    expectKilled(sandbox, await refresh(sandbox, { token, now: start, waitsAt: 1, killed: true }));
    const late = await refresh(sandbox, { token, now: start + WAIT + 10 * SECOND, waitsAt: 1 });
    expect([late.code, refusalOf(late).code]).toEqual([1, "refresh_reused"]);
    const reasons = behind(sandbox, (db) => db.prepare("SELECT reason FROM sessions").pluck().all());
    expect(reasons).toEqual(["reuse_detected"]);
    await expectSound(sandbox);
  });
});
