import { readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** What the name of a replaced store has behind its own. */
export const KEPT_MARK = ".before-restore-";

/**
 * Takes away the second name of a store that a restoration has given it and could not use, because it was killed: who
 * opened the file by it would have another log than those who open it by its own, and both would damage it. To be asked
 * only by who has the store locked: a restoration that is at work needs the name.
 */
export function removeSecondNames(path: string): void {
  const store = statSync(path);
  if (store.nlink < 2) return;
  const directory = dirname(path);
  for (const name of readdirSync(directory)) {
    if (!name.startsWith(`${basename(path)}${KEPT_MARK}`)) continue;
    const other = statSync(join(directory, name), { throwIfNoEntry: false });
    if (other?.ino === store.ino && other.dev === store.dev) rmSync(join(directory, name), { force: true });
  }
}
