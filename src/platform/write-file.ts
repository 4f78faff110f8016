import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { placeIfFree, syncPath } from "./durable.ts";
import { isMountPoint } from "./mounts.ts";
import { systemCode, systemReason } from "./system-error.ts";

/** Why a file was not written; `reason` can follow "cannot write FILE: ". What was there is as it was. */
export class WriteRefused extends Error {
  readonly reason: string;
  readonly hint: string;
  /** Something is there that was not to be replaced. */
  readonly isOccupied: boolean;

  constructor(reason: string, hint: string, options: { isOccupied?: boolean; cause?: unknown } = {}) {
    super(reason, { cause: options.cause });
    this.reason = reason;
    this.hint = hint;
    this.isOccupied = options.isOccupied ?? false;
  }
}

/** What is at the name of a file that is to be written. A device or a pipe is written to, and never replaced. */
export type WriteTarget =
  | { readonly kind: "free" }
  | { readonly kind: "file"; readonly stats: Stats; readonly isLink: boolean }
  | { readonly kind: "stream" };

export interface Placing {
  /** Permission bits of a new file; one that is replaced is never opened wider, and keeps what is narrower. */
  readonly mode: number;
  readonly overwrite: boolean;
  /** Told what somebody may have to know about the file that was replaced. */
  readonly note?: ((text: string) => void) | undefined;
}

/** @throws WriteRefused for what can neither be replaced nor written to, and for what is not to be replaced */
export function writeTarget(path: string, overwrite: boolean): WriteTarget {
  // Node throws a TypeError for it, which is no system error.
  if (path.includes("\0")) throw new WriteRefused("its name holds a NUL character", "Name another file");
  const own = inWords(path, () => lstatSync(path, { throwIfNoEntry: false }));
  const stats = own?.isSymbolicLink() ? (statSync(path, { throwIfNoEntry: false }) ?? own) : own;
  if (own === undefined || stats === undefined) return { kind: "free" };
  if (stats.isCharacterDevice() || stats.isFIFO()) return { kind: "stream" };
  if (stats.isDirectory()) throw new WriteRefused("it is a directory", "Name a file in it");
  if (stats.isSocket()) throw new WriteRefused("it is a socket", "Name a file");
  if (stats.isBlockDevice()) throw new WriteRefused("it is a block device", "Name a file");
  if (!overwrite) throw occupied();
  return { kind: "file", stats, isLink: own.isSymbolicLink() };
}

function occupied(): WriteRefused {
  return new WriteRefused("it exists already", "Choose another name, or replace it with --force", {
    isOccupied: true,
  });
}

/** An empty file that only its owner may read, beside the one that it is to become. @throws WriteRefused */
export async function openBeside(path: string): Promise<{ handle: FileHandle; temporary: string }> {
  // The name of a file may have 255 bytes; this one has more than the other.
  const name = basename(path).slice(0, 60);
  const temporary = join(dirname(path), `.${name}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    return { handle: await open(temporary, "wx", 0o600), temporary };
  } catch (error) {
    throw noFileBeside(path, error);
  }
}

/** Why no file can be made in the directory of another. */
export function noFileBeside(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  const directory = dirname(path) === "." ? "the directory you are in" : `the directory ${dirname(path)}`;
  if (code === "ENOENT") {
    return new WriteRefused(
      "its directory does not exist",
      "Make the directory first, or choose another place",
      {
        cause: error,
      },
    );
  }
  if (!["EACCES", "EPERM", "EROFS"].includes(code)) return refused(path, error);
  return new WriteRefused(
    `no file can be made in ${directory} (${systemReason(error)})`,
    "A new file is written there and then takes the name, so that nobody reads half a file: the directory has to be writable",
    { cause: error },
  );
}

/**
 * Gives a finished file its name. Owner, group and access list of the file that it replaces are kept; where they cannot
 * be, the old file is overwritten in place, which keeps them, or what changed is noted. So is one that is mounted by
 * itself, which cannot be replaced.
 *
 * @param temporary a file in the same directory, written to the end; gone afterwards
 * @throws WriteRefused
 */
export function placeFile(temporary: string, path: string, target: WriteTarget, options: Placing): void {
  inWords(path, () => {
    if (target.kind !== "file") {
      chmodSync(temporary, options.mode);
      if (options.overwrite) renameSync(temporary, path);
      else if (!placeIfFree(temporary, path)) throw occupied();
    } else if (!takeOver(temporary, path, target.stats, options) || !replace(temporary, path)) {
      overwriteInPlace(temporary, path, target.stats, options.mode);
    }
    noteIfOpen(path, options);
    if (target.kind === "file" && target.isLink)
      options.note?.(`${path} was a symbolic link; now it is the file itself`);
    syncPath(dirname(path));
  });
}

/** On a disk of Windows, or a share mounted with fixed permissions, nothing can be closed to others. */
function noteIfOpen(path: string, { mode, note }: Placing): void {
  if (process.platform === "win32" || (statSync(path).mode & 0o077 & ~mode) === 0) return;
  note?.(`${path} is open to every user of this computer: its file system keeps no permissions`);
}

/** @returns false for what is mounted by itself */
function replace(temporary: string, path: string): boolean {
  try {
    renameSync(temporary, path);
    return true;
  } catch (error) {
    if (systemCode(error) === "EBUSY" && isMountPoint(path)) return false;
    throw error;
  }
}

const GROUP = 0o070;
const OTHERS_READ = 0o004;

/**
 * Gives the new file what the old one has: owner, group, access list, and permissions as far as they are meant.
 * @returns false when that is not possible and the old file can be overwritten instead
 */
function takeOver(temporary: string, path: string, old: Stats, { mode, note }: Placing): boolean {
  const now = statSync(temporary);
  const isKept =
    (now.uid === old.uid && now.gid === old.gid) || tryTo(() => chownSync(temporary, old.uid, old.gid));
  const isGroupKept = isKept || now.gid === old.gid || tryTo(() => chownSync(temporary, now.uid, old.gid));
  const isForSome = (old.mode & OTHERS_READ) === 0 && (mode & old.mode & GROUP) !== 0;
  if (isForSome && !isGroupKept && isWritable(path)) return false;
  // An access list shows only in that there are permissions for the group; cp of Linux knows how to copy one.
  if (isForSome && isGroupKept)
    spawnSync("/bin/cp", ["--attributes-only", "--preserve=mode", "--", path, temporary]);
  chmodSync(temporary, old.mode & 0o777 & mode);
  if (!isGroupKept && isForSome) {
    note?.(
      `${path} could not keep its group (${old.gid}): who read it as a member of that group no longer can`,
    );
  } else if (!isKept && (old.mode & OTHERS_READ) === 0 && now.uid !== old.uid && old.uid !== 0) {
    note?.(`${path} belonged to another user (${old.uid}), who can no longer read it`);
  }
  return true;
}

function tryTo(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}

function isWritable(path: string): boolean {
  return tryTo(() => closeSync(openSync(path, constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0))));
}

/** Not atomic: for what can only be written so. */
function overwriteInPlace(temporary: string, path: string, old: Stats, mode: number): void {
  const source = openSync(temporary, "r");
  try {
    const descriptor = openSync(path, constants.O_WRONLY);
    try {
      // Before a byte of it is there.
      if ((old.mode & 0o777 & ~mode) !== 0) fchmodSync(descriptor, old.mode & 0o777 & mode);
      ftruncateSync(descriptor, copyBytes(source, descriptor));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } finally {
    closeSync(source);
  }
  rmSync(temporary, { force: true });
}

/** @returns how many bytes were copied */
export function copyBytes(from: number, to: number): number {
  const chunk = new Uint8Array(1024 * 1024);
  for (let total = 0; ; ) {
    const length = readSync(from, chunk);
    if (length === 0) return total;
    for (let written = 0; written < length; ) written += writeSync(to, chunk, written, length - written);
    total += length;
  }
}

function inWords<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw refused(path, error);
  }
}

/** An error of the system as why a file was not written. */
export function refused(path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  if (code === "EBUSY" && isMountPoint(path)) {
    return new WriteRefused(
      "it is mounted by itself, and cannot be replaced",
      "Mount its directory instead",
      {
        cause: error,
      },
    );
  }
  return new WriteRefused(systemReason(error), "Choose another place", { cause: error });
}
