import { type Ended, run, type Sandbox } from "./spawn.ts";

const AS_ROOT = process.getuid?.() === 0 ? [] : ["--map-root-user"];

/** Whether this user may have file systems of their own: for `describeWith`. */
export const MOUNTS = ["unshare", "--mount", ...AS_ROOT, "mount", "-t", "tmpfs", "none", "/mnt"] as const;

/**
 * Runs a bash script that sees file systems of its own: what it mounts is there for it alone, and goes with it.
 *
 * @param options.network a network of its own, too, with nothing but a loopback
 */
export function inNamespace(
  sandbox: Sandbox,
  script: string,
  options: { env?: Record<string, string>; network?: boolean } = {},
): Promise<Ended> {
  const { env = {}, network = false } = options;
  const own = ["--mount", ...AS_ROOT, ...(network ? ["--net"] : [])];
  const up = network ? "ip link set lo up\n" : "";
  return run("unshare", [...own, "bash", "-c", `${up}${script}`], {
    env: { ...sandbox.env, ...env },
    cwd: sandbox.directory,
  }).ended;
}
