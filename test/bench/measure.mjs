// Whole-process CPU time, as ratios of paired runs: A B A B …, so that a machine whose speed drifts does not matter.
import { spawnSync } from "node:child_process";

/**
 * CPU seconds (user + system) of one run, by the shell's own accounting.
 * @param {readonly string[]} command
 * @param {Record<string, string>} env
 */
export function cpuSeconds(command, env) {
  const result = spawnSync(
    "bash",
    ["-c", 'TIMEFORMAT="%3U %3S"; time "$@" >/dev/null 2>&1', "bash", ...command],
    {
      env: { ...process.env, ...env },
      encoding: "utf8",
      input: "",
    },
  );
  const [user, system] = result.stderr.trim().split("\n").at(-1).split(" ").map(Number);
  if (!Number.isFinite(user + system)) throw new Error(`no times for ${command.join(" ")}: ${result.stderr}`);
  return user + system;
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The median ratio of A to B over paired runs, after one warm-up of each.
 * @param {readonly string[]} a
 * @param {readonly string[]} b
 */
export function pairedRatio(a, b, { runs = 21, env = {} } = {}) {
  cpuSeconds(a, env);
  cpuSeconds(b, env);
  const pairs = Array.from({ length: runs }, () => [cpuSeconds(a, env), cpuSeconds(b, env)]);
  return {
    ratio: median(pairs.map(([first, second]) => first / second)),
    a: median(pairs.map(([first]) => first)),
    b: median(pairs.map(([, second]) => second)),
  };
}
