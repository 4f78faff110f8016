import { randomBytes } from "node:crypto";
import { closeSync, constants, lstatSync, openSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isAlive } from "../../../platform/durable.ts";
import { COMPANIONS } from "./companion-files.ts";

const MARK = ".jwtctl-part";

/**
 * Makes an empty file that only its owner may read beside the one that is to be written, and sweeps away those that
 * processes have left which were killed.
 *
 * @throws an error of the file system
 */
export function temporaryBeside(path: string): string {
  const name = basename(path);
  const directory = dirname(path);
  sweep(directory, name);
  const temporary = join(directory, `.${name}.${process.pid}-${randomBytes(4).toString("hex")}${MARK}`);
  const { O_CREAT, O_EXCL, O_RDWR } = constants;
  closeSync(openSync(temporary, O_CREAT | O_EXCL | O_RDWR | (constants.O_NOFOLLOW ?? 0), 0o600));
  return temporary;
}

/**
 * Sweeps away what processes that were killed have left beside a file: whole copies of the store, private keys and all.
 * As far as this user may.
 */
export function sweepBeside(path: string): void {
  try {
    sweep(dirname(path), basename(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** Removes a temporary database with all that belongs to it. */
export function removeTemporary(path: string): void {
  for (const suffix of ["", ...COMPANIONS]) rmSync(`${path}${suffix}`, { force: true });
}

function sweep(directory: string, name: string): void {
  for (const { entry, of, alive } of partsIn(directory)) {
    if (of === name && !alive) rmSync(join(directory, entry), { force: true });
  }
}

/** Whether a process that is alive makes, or has made ready, what is to replace the file; true when it cannot be told. */
export function isBeingReplaced(path: string): boolean {
  try {
    return partsIn(dirname(path)).some(({ of, alive }) => alive && of === basename(path));
  } catch {
    return true;
  }
}

/**
 * What processes have left in a directory that were killed while they wrote a backup or a restored store: whole copies
 * of stores, perhaps. Only plain files, of this user or of the one who owns the directory.
 *
 * @returns paths; none from a directory that this user may not list
 */
export function leftParts(directory: string): string[] {
  const owners = [process.getuid?.(), statSync(directory).uid];
  return listable(directory)
    .filter(({ alive }) => !alive)
    .map(({ entry }) => join(directory, entry))
    .filter((path) => {
      const stats = lstatSync(path, { throwIfNoEntry: false });
      return stats?.isFile() && (process.getuid === undefined || owners.includes(stats.uid));
    });
}

function listable(directory: string): Part[] {
  try {
    return partsIn(directory);
  } catch {
    return [];
  }
}

interface Part {
  readonly entry: string;
  /** The name of the file that it was to become. */
  readonly of: string;
  /** The process that made it is. */
  readonly alive: boolean;
}

const PART = new RegExp(`^\\.(.+)\\.(\\d+)-[0-9a-f]{8}\\${MARK}(?:-wal|-shm|-journal)?$`);

function partsIn(directory: string): Part[] {
  return readdirSync(directory).flatMap((entry) => {
    const [, of, pid] = PART.exec(entry) ?? [];
    return of === undefined ? [] : [{ entry, of, alive: isAlive(Number(pid)) }];
  });
}
