// Whole-process times, as ratios of paired runs: A B A B …, so that a machine whose speed drifts does not matter.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const LAUNCHER = resolve(import.meta.dirname, "../../bin/jwtctl.js");
export const JWTCTL = [process.execPath, LAUNCHER];

/**
 * One run, by the shell's own accounting: seconds on the clock and seconds of the processors (user + system), threads
 * and all. Its output is thrown away.
 * @param {readonly string[]} command
 * @param {Record<string, string>} env
 * @throws Error when the command fails
 */
export function timesOf(command, env = {}) {
  const script = 'TIMEFORMAT="%3R %3U %3S"; time "$@" >/dev/null 2>"$ERRORS"';
  const errors = join(scratch(), "stderr");
  const { stderr, status } = spawnSync("bash", ["-c", script, "bash", ...command], {
    env: { ...process.env, ...env, ERRORS: errors },
    encoding: "utf8",
    input: "",
  });
  const [wall, user, system] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
  if (status !== 0 || !Number.isFinite(wall + user + system)) {
    throw new Error(`${command.slice(0, 6).join(" ")} ended with ${status}: ${stderr}`);
  }
  return { wall, cpu: user + system };
}

/** CPU seconds of one run. */
export function cpuSeconds(command, env) {
  return timesOf(command, env).cpu;
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The median ratio of the CPU times of A and B over paired runs, after one warm-up of each. A command is a list of words
 * or a function that gives one for each run, for commands that cannot be run twice.
 */
export function pairedRatio(a, b, { runs = 21, envA = {}, envB = {} } = {}) {
  const once = (command, env) => cpuSeconds(typeof command === "function" ? command() : command, env);
  once(a, envA);
  once(b, envB);
  const pairs = Array.from({ length: runs }, () => [once(a, envA), once(b, envB)]);
  return {
    ratio: median(pairs.map(([first, second]) => first / second)),
    a: median(pairs.map(([first]) => first)),
    b: median(pairs.map(([, second]) => second)),
  };
}

const PEAK = `if (require("node:worker_threads").isMainThread)
  process.on("exit", () => process._rawDebug("peak", process.resourceUsage().maxRSS));`;

/** The largest memory a run of Node ever had, in MiB, whatever it writes. @param {string} script for bash */
export function peakOf(script) {
  const hook = join(scratch(), "peak.cjs");
  writeFileSync(hook, PEAK);
  const { stderr } = spawnSync("bash", ["-c", `{ ${script}; } >/dev/null`], {
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: `--require ${hook}` },
  });
  const peaks = [...stderr.matchAll(/peak (\d+)/g)].map((match) => Number(match[1]) / 1024);
  if (peaks.length === 0) throw new Error(`no peak: ${stderr}`);
  return Math.max(...peaks);
}

let directory;

/** A directory that is gone when the benchmark ends. */
export function scratch() {
  if (directory === undefined) {
    directory = mkdtempSync(join(tmpdir(), "jwtctl-bench-"));
    process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
  }
  return directory;
}
