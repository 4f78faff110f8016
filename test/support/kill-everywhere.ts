import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { IS_SOAK, partOf } from "./amount.ts";
import { allOf, type Command, type Point, type Points, signalAt } from "./preload.ts";
import type { Ended, Sandbox } from "./spawn.ts";

/** One run of a command that was killed. */
export interface Dead extends Ended {
  /** The moment of the kill: see test/support/preload/signal.cjs. */
  readonly point: string;
  readonly turn: number;
}

/**
 * The beginnings of steps at which a command is killed, counted as test/support/preload/signal.cjs counts its points:
 * nothing happens between the end of one step and the beginning of the next. In the soak it is each one, and numbers
 * without end, for a command may take more steps the next time; in the gate those that must not be missed, by their
 * names, and two more that are drawn.
 *
 * @param points the names of all the command's points, in order
 * @param always the last one of each of these names is among them
 */
export function* beginnings(
  points: readonly string[],
  always: readonly Point[] = ["before COMMIT", "before print"],
): Generator<Points | number> {
  if (IS_SOAK) for (let step = 1; ; step += 2) yield step;
  for (const name of always) {
    const times = points.filter((point) => point === name).length;
    if (times > 0) yield Array(times).fill(name).join(", then ") as Points;
  }
  const steps = points.map((_, index) => index + 1);
  yield* partOf(
    steps.filter((step) => step % 2 === 1 && !always.some((name) => name === points[step - 1])),
    2,
  );
}

/** In place of the number of a step: none. */
const NEVER = 0;

/**
 * Runs a command to its end, and then again and again, killed at one of its {@link beginnings} after the other, until it
 * comes through in spite of it; at last it is killed just after it has printed.
 *
 * @param again what holds afterwards, also when it has come through
 */
export async function killEverywhere(
  sandbox: Sandbox,
  commandAt: (turn: number) => Promise<Command & { env?: Record<string, string> }>,
  again: (dead: Dead) => Promise<void>,
): Promise<void> {
  let turn = 0;
  const killed = async (at: Points | number): Promise<[Dead, string[]]> => {
    const { args, stdin = "", env = {} } = await commandAt(++turn);
    const file = sandbox.path(`points-${turn}`);
    const signal = { ...signalAt("SIGKILL", at), JWTCTL_TEST_POINTS: file };
    const ended = await sandbox.jwtctl(args, { stdin, env: allOf(env, signal) });
    const points = readFileSync(file, "utf8").trim().split("\n");
    return [{ ...ended, turn, point: points.at(-1) ?? "" }, points];
  };
  const [whole, points] = await killed(NEVER);
  expect(whole.signal).toBeNull();
  await again(whole);
  for (const step of beginnings(points)) {
    const [dead] = await killed(step);
    if (dead.point === "before print") expect(dead.stdout).toBe("");
    await again(dead);
    if (IS_SOAK && dead.signal === null) break;
  }
  expect(turn).toBeGreaterThan(3);
  const [dead] = await killed("after print");
  expect([dead.signal, dead.stdout === ""]).toEqual(["SIGKILL", false]);
  await again(dead);
}
