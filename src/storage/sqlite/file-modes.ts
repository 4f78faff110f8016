import { chmodSync, type Stats, statfsSync, statSync } from "node:fs";
import { platform } from "node:os";
import { dirname } from "node:path";
import type { FileFacts, FileMode } from "../../core/doctor/facts.ts";
import { type StoreFile, systemFault } from "./files.ts";

const PARTS = [
  { part: "store", suffix: "" },
  { part: "log", suffix: "-wal" },
  { part: "index", suffix: "-shm" },
] as const;

/** What the file system shows of a store's files and directory. */
export function examineFiles({ path, linked }: StoreFile): FileFacts {
  const parts = PARTS.flatMap(({ part, suffix }) => {
    const stats = statSync(`${path}${suffix}`, { throwIfNoEntry: false });
    return stats === undefined ? [] : [{ part, size: stats.size, ...modeOf(`${path}${suffix}`, stats) }];
  });
  const directory = dirname(path);
  return {
    linked,
    hasModes: platform() !== "win32",
    directory: modeOf(directory, statSync(directory)),
    parts,
    free: freeBytes(directory),
  };
}

function modeOf(path: string, { mode, uid }: Stats): FileMode {
  return { path, mode: mode & 0o7777, mine: process.getuid === undefined || process.getuid() === uid };
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

/** See `StoreExaminer.closeToOthers`. @throws AppError `store_unusable` */
export function closeStoreToOthers(file: StoreFile): string[] {
  const { hasModes, parts } = examineFiles(file);
  const open = hasModes ? parts.filter(({ mode }) => (mode & OTHERS) !== 0) : [];
  try {
    for (const { path, mode } of open) chmodSync(path, mode & ~OTHERS);
  } catch (error) {
    throw systemFault(error, file.path);
  }
  return open.map(({ path }) => path);
}
