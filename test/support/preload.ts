import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Ended, Sandbox } from "./spawn.ts";

/** The environment that loads one of test/support/preload before the program. */
function preload(name: string, env: Record<string, string>): Record<string, string> {
  return { NODE_OPTIONS: `--require "${resolve(import.meta.dirname, "preload", `${name}.cjs`)}"`, ...env };
}

/** The environment of a machine whose clock is wrong. @param seconds how far it is ahead */
export function clockOff(seconds: number): Record<string, string> {
  return preload("clock", { JWTCTL_TEST_CLOCK: String(seconds) });
}

/** The environment of a machine on which a directory lies on another kind of file system: see preload/place.cjs. */
export function placedOn(place: { mountinfo?: string; noModes?: string }): Record<string, string> {
  const { mountinfo = "", noModes = "" } = place;
  return preload("place", { JWTCTL_TEST_MOUNTINFO: mountinfo, JWTCTL_TEST_NO_MODES: noModes });
}

/** The environment of a process that finds a file of another user beside its store once it has looked: see preload/planted.cjs. */
export function planting(file: string, as: string): Record<string, string> {
  return preload("planted", { JWTCTL_TEST_PLANT: file, JWTCTL_TEST_PLANT_AS: as });
}

/** How far {@link clockOff} sets a clock ahead in this environment; undefined where it preloads anything else. */
export function secondsAhead(env: Readonly<Record<string, string>>): number | undefined {
  if (env["NODE_OPTIONS"] === undefined) return 0;
  const seconds = Number(env["JWTCTL_TEST_CLOCK"]);
  const plain = Object.entries(clockOff(seconds));
  return plain.every(([name, value]) => env[name] === value) && !("JWTCTL_TEST_CLOCK_STEP" in env)
    ? seconds
    : undefined;
}

/**
 * The environment of a process whose clock stands still, but for the wait before one of its transactions: see
 * preload/held.cjs.
 *
 * @param held.now what its clock shows (ms)
 * @param held.wait how long its wait takes, by its clock (ms)
 * @param held.at the number of the transaction, counted from 1; 0 for none
 * @param held.asked the file it makes when it waits
 */
export function heldUp(held: {
  now: number;
  wait?: number;
  at?: number;
  asked?: string;
}): Record<string, string> {
  return preload("held", {
    JWTCTL_TEST_NOW: String(held.now),
    JWTCTL_TEST_WAIT: String(held.wait ?? 0),
    JWTCTL_TEST_HELD_AT: String(held.at ?? 0),
    JWTCTL_TEST_ASKED: held.asked ?? "",
  });
}

/** The environment of a machine on which everything seems to take very long: the clock runs on whenever it is read. */
export function slowWork(): Record<string, string> {
  return preload("clock", { JWTCTL_TEST_CLOCK: "0", JWTCTL_TEST_CLOCK_STEP: "1" });
}

/** Several of these environments in one. */
export function allOf(...environments: readonly Record<string, string>[]): Record<string, string> {
  const options = environments.flatMap(({ NODE_OPTIONS }) => NODE_OPTIONS ?? []);
  return Object.assign({}, ...environments, { NODE_OPTIONS: options.join(" ") });
}

/** The environment of a process that stands before one of its transactions, counted from 1, until `directory/go` is written to. */
export function heldAt(directory: string, transaction: number): Record<string, string> {
  return preload("barrier", {
    JWTCTL_TEST_BARRIER: directory,
    JWTCTL_TEST_BARRIER_AT: String(transaction),
  });
}

/** Moments in the life of a process that names one: see preload/signal.cjs. */
export type Point =
  `${"before" | "after"} ${"BEGIN" | "COMMIT" | "ROLLBACK" | "open" | "rename" | "copy" | "print"}`;

/** Points that are to be passed in this order; the signal comes at the last. */
export type Points = Point | `${Point}, then ${string}`;

/** The environment of a process that gets a signal at a point: named, the last of several in order, or counted from 1. */
export function signalAt(
  signal: "SIGKILL" | "SIGSTOP" | "SIGINT",
  at: Points | number,
): Record<string, string> {
  return preload("signal", { JWTCTL_TEST_SIGNAL: signal, JWTCTL_TEST_SIGNAL_AT: String(at) });
}

/** Runs a command to its end and returns the names of the points it passes, in order. */
export async function pointsOf(sandbox: Sandbox, command: Command): Promise<string[]> {
  const points = sandbox.path("points");
  const env = preload("signal", { JWTCTL_TEST_SIGNAL_AT: "0", JWTCTL_TEST_POINTS: points });
  await sandbox.ok(command.args, { ...command, env });
  return readFileSync(points, "utf8").trim().split("\n");
}

export interface Command {
  readonly args: readonly string[];
  readonly stdin?: string;
  /** For {@link together}: what is preloaded besides. */
  readonly env?: Record<string, string>;
  /** For {@link together}: the transaction to wait before, counted from 1; the first, if not said otherwise. */
  readonly transaction?: number;
}

/** In place of a transaction: before the SQLite library is loaded, for a command that makes the file first. */
export const AT_START = 0;

let barriers = 0;

/**
 * Starts a process for each command, waits until every one is about to begin its transaction, and lets them go at the
 * same moment.
 */
export async function together(sandbox: Sandbox, commands: readonly Command[]): Promise<Ended[]> {
  const directory = sandbox.path(`barrier-${++barriers}`);
  const go = join(directory, "go");
  mkdirSync(directory);
  if (spawnSync("mkfifo", [go]).status !== 0) throw new Error("mkfifo failed");
  let over = 0;
  const ended = commands.map(async ({ args, stdin, transaction = 1, env: own = {} }) => {
    const env = allOf(own, heldAt(directory, transaction));
    const result = await sandbox.start(args, { env, ...(stdin !== undefined && { stdin }) }).ended;
    over += 1;
    return result;
  });
  const waiting = () => readdirSync(directory).filter((name) => name !== "go").length;
  while (waiting() < commands.length && over === 0) await sleep(20);
  // Kept open until the end: a process that comes late passes without waiting.
  const descriptor = openSync(go, "r+");
  try {
    return await Promise.all(ended);
  } finally {
    closeSync(descriptor);
  }
}

/** Waits until a condition of the outside world holds, for as long as the test lasts. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

/** Whether a process stands still (Linux). */
export function isStopped(pid: number | undefined): boolean {
  const status = `/proc/${pid}/stat`;
  return existsSync(status) && /\) [Tt] /.test(readFileSync(status, "utf8"));
}

/** The environment of a process in which one thing is broken and its errors quote all of these secrets. */
export function careless(broken: string, secrets: readonly string[]): Record<string, string> {
  return preload("careless", { JWTCTL_TEST_BREAK: broken, JWTCTL_TEST_SECRETS: secrets.join("\n    at ") });
}
