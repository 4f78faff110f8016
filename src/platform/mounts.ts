import { readFileSync, realpathSync } from "node:fs";
import { dirname } from "node:path";

/** One mounted file system. */
interface Mount {
  readonly point: string;
  /** As Linux names it: `ext4`, `nfs4`, `fuse.sshfs`. */
  readonly type: string;
}

/** Whether a path is mounted by itself, as with `docker run -v ./file:/data/file`; false where it cannot be told. */
export function isMountPoint(path: string): boolean {
  const real = realPath(path);
  return mounts().some(({ point }) => point === real);
}

/** The type of the file system that a path lies on, or its directory does; undefined where it cannot be told. */
export function fileSystemType(path: string): string | undefined {
  const real = realPath(path) ?? realPath(dirname(path));
  if (real === undefined) return undefined;
  // Of several mounts at one point the last one is seen.
  const around = mounts().filter(({ point }) => isWithin(real, point));
  return around.reduce<Mount | undefined>(
    (inner, mount) => (inner === undefined || mount.point.length >= inner.point.length ? mount : inner),
    undefined,
  )?.type;
}

function isWithin(path: string, point: string): boolean {
  return point === "/" || path === point || path.startsWith(`${point}/`);
}

/** What `/proc/self/mountinfo` says (proc_pid_mountinfo(5)); nothing on other systems. */
function mounts(): readonly Mount[] {
  try {
    return readFileSync("/proc/self/mountinfo", "utf8").split("\n").flatMap(mountOf);
  } catch {
    return [];
  }
}

function mountOf(line: string): Mount[] {
  const [before = "", after = ""] = line.split(" - ");
  const point = before.split(" ")[4];
  const type = after.split(" ")[0];
  return point && type ? [{ point: unescaped(point), type }] : [];
}

/** Space, tab, line break and backslash stand there as `\040`. */
function unescaped(text: string): string {
  const bytes = text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return bytes;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
