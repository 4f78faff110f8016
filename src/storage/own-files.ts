import { existsSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { AppError } from "../core/base/errors.ts";
import { COMPANIONS } from "./sqlite/file/companion-files.ts";

/**
 * To be asked before anything is written to a file that a user has named: a store that is written over is lost, with
 * every key and login in it, and what lies beside it SQLite plays into it or removes.
 *
 * @param target where to
 * @param store the path of the store; it need not be there
 * @param hint what to do instead
 * @throws AppError `usage` when the target is the store, whatever link leads to it, or the log of a database
 */
export function refuseFilesOfStore(target: string, store: string, hint = "Name another file"): void {
  const refuse = (what: string) => {
    throw new AppError("usage", `${what}, and nothing was written`, { hints: [hint] });
  };
  if (isSameFile(target, store)) refuse(`${target} is the store itself`);
  const real = placeOf(store);
  for (const suffix of COMPANIONS) {
    const isCompanion = [store, real].some((path) => isSameFile(target, `${path}${suffix}`));
    if (isCompanion) refuse(`${target} is the log of the store ${store}`);
  }
  const place = placeOf(target);
  const database = COMPANIONS.map((suffix) =>
    place.endsWith(suffix) ? place.slice(0, -suffix.length) : "",
  ).find((path) => path !== "" && existsSync(path));
  if (database !== undefined) refuse(`${target} would be taken for the log of ${database}`);
}

/** Whether two paths lead to one file, by whatever links; for files that are not there, whether it would be one. */
export function isSameFile(first: string, second: string): boolean {
  if (placeOf(first) === placeOf(second)) return true;
  const [one, other] = [identityOf(first), identityOf(second)];
  return one !== undefined && one === other;
}

/** Where a path leads: symbolic links are followed as far as there is something. */
function placeOf(path: string): string {
  const absolute = resolve(path);
  return real(absolute) ?? join(real(dirname(absolute)) ?? dirname(absolute), basename(absolute));
}

function real(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** What says which file it is, whatever its name; undefined when there is none, or this user may not look. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
