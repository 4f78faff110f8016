import { constants, copyFileSync, linkSync, lstatSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { AppError } from "../../../core/base/errors.ts";
import { hasNoLinks, placeIfFree, syncPath } from "../../../platform/durable.ts";
import { COMPANIONS } from "./companion-files.ts";
import { systemFault } from "./file-faults.ts";
import { hasWriteAheadLog } from "./store-file.ts";

/**
 * Puts a finished store in the place of a file that is no store, which is kept aside, or in a free place. Killed at any
 * point, it leaves the old file or the new one at the path: the old one gets a second name first.
 *
 * @param of.finished a closed store beside the path
 * @param of.wasThere whether something was there when it was looked at
 * @param now ms
 * @returns where the old file is; null when there was none, or only an empty one
 * @throws AppError `store_*`; everything is as it was
 */
export function swapFiles(
  { path, finished, wasThere }: { path: string; finished: string; wasThere: boolean },
  now: number,
): string | null {
  if (hasWriteAheadLog(finished)) throw new Error("the staged store was not closed");
  const undo: (() => void)[] = [];
  try {
    syncPath(finished);
    const aside = freeNameAside(path, now);
    if (!wasThere && lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw madeMeanwhile(path);
    const isOccupied = wasThere && statSync(path).size > 0;
    if (isOccupied) {
      giveSecondName(path, aside);
      undo.push(() => rmSync(aside, { force: true }));
    }
    // A log left beside the place would be played into the restored store. It goes last, and comes back first.
    for (const suffix of COMPANIONS) moveAside(`${path}${suffix}`, `${aside}${suffix}`, undo);
    if (wasThere) renameSync(finished, path);
    else if (!placeIfFree(finished, path)) throw madeMeanwhile(path);
    undo.length = 0;
    syncPath(dirname(path));
    return isOccupied ? aside : null;
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw systemFault(error, path);
  }
}

/** `jwtctl.db.before-restore-20260301T120000Z`; with a number where that is taken. @param now ms */
export function freeNameAside(path: string, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+/g, "");
  const base = `${path}.before-restore-${stamp}`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (lstatSync(name, { throwIfNoEntry: false }) === undefined) return name;
  }
}

function giveSecondName(path: string, aside: string): void {
  try {
    linkSync(path, aside);
  } catch (error) {
    if (!hasNoLinks(error)) throw error;
    copyFileSync(path, aside, constants.COPYFILE_EXCL);
  }
}

function moveAside(path: string, aside: string, undo: (() => void)[]): void {
  const size = lstatSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return;
  if (size === 0) {
    rmSync(path, { force: true });
    return;
  }
  renameSync(path, aside);
  undo.push(() => renameSync(aside, path));
}

function madeMeanwhile(path: string): AppError {
  return new AppError("store_busy", `another process has made "${path}" just now`, {
    hints: ["Run the command again: it asks before it replaces what is there"],
    data: { path },
  });
}
