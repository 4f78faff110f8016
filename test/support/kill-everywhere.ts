import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { allOf, type Command, type Point, signalAt } from "./preload.ts";
import type { Ended, Sandbox } from "./spawn.ts";

/** One run of a command that was killed. */
export interface Dead extends Ended {
  /** The moment of the kill: see test/support/preload/signal.cjs. */
  readonly point: string;
  readonly turn: number;
}

/**
 * Runs a command again and again, kills it at its first step, at its second, and so on, until it comes through; then
 * once more just after it has printed. Nothing happens between the end of one step and the beginning of the next, so the
 * kills are at beginnings.
 *
 * @param again what holds afterwards, also when it has come through
 */
export async function killEverywhere(
  sandbox: Sandbox,
  commandAt: (turn: number) => Promise<Command & { env?: Record<string, string> }>,
  again: (dead: Dead) => Promise<void>,
): Promise<void> {
  const killed = async (at: Point | number, turn: number): Promise<Dead> => {
    const { args, stdin = "", env = {} } = await commandAt(turn);
    const points = sandbox.path(`points-${turn}`);
    const signal = { ...signalAt("SIGKILL", at), JWTCTL_TEST_POINTS: points };
    const ended = await sandbox.jwtctl(args, { stdin, env: allOf(env, signal) });
    return { ...ended, turn, point: readFileSync(points, "utf8").trim().split("\n").at(-1) ?? "" };
  };
  let turn = 1;
  for (let step = 1; ; step += 2) {
    const dead = await killed(step, turn++);
    if (dead.point === "before print") expect(dead.stdout).toBe("");
    await again(dead);
    if (dead.signal === null) break;
  }
  expect(turn).toBeGreaterThan(3);
  const dead = await killed("after print", turn);
  expect([dead.signal, dead.stdout === ""]).toEqual(["SIGKILL", false]);
  await again(dead);
}
