import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  lstatSync,
  openSync,
  type Stats,
  statfsSync,
  statSync,
} from "node:fs";
import { platform } from "node:os";
import { dirname } from "node:path";
import { systemReason } from "../../../platform/system-error.ts";
import { isPlanted } from "../file/companion-files.ts";
import { systemFault } from "../file/file-faults.ts";
import type { StoreFile } from "../file/store-file.ts";
import { placeTrouble } from "../file/store-place.ts";
import { abandonedCopies } from "../file/unfinished-copies.ts";
import type { FileFacts, FileMode, FilePart } from "./facts.ts";

const PARTS = [
  { part: "store", suffix: "" },
  { part: "log", suffix: "-wal" },
  { part: "index", suffix: "-shm" },
  { part: "journal", suffix: "-journal" },
] as const;

/** What the file system shows of a store's files and directory. */
export function examineFiles(file: StoreFile): FileFacts {
  const directory = dirname(file.path);
  return {
    linked: file.linked,
    hasModes: platform() !== "win32",
    directory: modeOf(directory, statSync(directory)),
    parts: PARTS.flatMap(({ part, suffix }) => examinePart(file, part, suffix)),
    leftovers: abandonedCopies(directory),
    names: statSync(file.path).nlink,
    place: placeTrouble(file.path) ?? null,
    unwritable: whyUnwritable(file.path) ?? whyUnwritable(directory) ?? null,
    free: freeBytes(directory),
  };
}

function examinePart(file: StoreFile, part: FilePart["part"], suffix: string): FilePart[] {
  const path = `${file.path}${suffix}`;
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  // The store itself may be whoever's it is: the path to it was named.
  const planted = part === "store" ? !stats.isFile() : isPlanted(stats, file);
  return [{ part, size: stats.size, planted, ...modeOf(path, stats) }];
}

function modeOf(path: string, { mode, uid }: Stats): FileMode {
  return { path, mode: mode & 0o7777, mine: process.getuid === undefined || process.getuid() === uid };
}

function whyUnwritable(path: string): string | undefined {
  try {
    accessSync(path, constants.W_OK);
    return undefined;
  } catch (error) {
    return `${path}: ${systemReason(error)}`;
  }
}

function freeBytes(directory: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return null;
  }
}

const OTHERS = 0o007;

/**
 * Takes from the files of a store what every user of the computer may do with them; what their group may is left.
 *
 * @returns the paths that were changed
 * @throws AppError `store_unusable`
 */
export function closeStoreToOthers(file: StoreFile): string[] {
  const { hasModes, parts } = examineFiles(file);
  const open = hasModes ? parts.filter(({ mode, planted }) => !planted && (mode & OTHERS) !== 0) : [];
  try {
    return open.filter((part) => close(part, file)).map(({ path }) => path);
  } catch (error) {
    throw systemFault(error, file.path);
  }
}

/**
 * What is opened is looked at again, and nothing else is changed: since the first look another file, or a link to one,
 * may have been put in its place. No connection of this process has the store open: closing would drop its locks.
 */
function close({ path, part }: FilePart, store: StoreFile): boolean {
  // Without waiting for whoever may write to a named pipe.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    // A file beside the store that has another name as well is not SQLite's.
    if (isPlanted(stats, store) || (part !== "store" && stats.nlink > 1)) return false;
    fchmodSync(descriptor, stats.mode & 0o7777 & ~OTHERS);
    return true;
  } finally {
    closeSync(descriptor);
  }
}
