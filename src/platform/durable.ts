import { closeSync, fsyncSync, linkSync, lstatSync, openSync, renameSync, unlinkSync } from "node:fs";
import { systemCode } from "./system-error.ts";

/**
 * Makes what was written to a file, or renamed in a directory, last through a power cut. Not every system can do it for
 * a directory.
 *
 * @throws the system's error
 */
export function syncPath(path: string): void {
  try {
    const descriptor = openSync(path, "r");
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (!["EISDIR", "EPERM", "EINVAL"].includes(systemCode(error) ?? "")) throw error;
  }
}

/**
 * Gives a finished file its name only if nothing has that name: link() fails where rename() would replace.
 *
 * @returns false when something is there; the finished file then stays where it is
 * @throws the system's error
 */
export function placeIfFree(finished: string, path: string): boolean {
  try {
    linkSync(finished, path);
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    if (!hasNoLinks(error)) throw error;
    // The check is then as good as it can be.
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return false;
    renameSync(finished, path);
    return true;
  }
  unlinkSync(finished);
  return true;
}

/** Whether link() failed because the file system has no hard links (FAT, some network shares). */
export function hasNoLinks(error: unknown): boolean {
  return ["EPERM", "ENOTSUP", "ENOSYS"].includes(systemCode(error) ?? "");
}

/** Whether a process is there, whoever it belongs to. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === "EPERM";
  }
}
