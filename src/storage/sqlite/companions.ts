import { lstatSync, type Stats } from "node:fs";
import { platform } from "node:os";
import { shellWord } from "../../core/shell-word.ts";
import { type StoreFile, unusable } from "./files.ts";

const SUFFIXES = ["-wal", "-shm", "-journal"];
const GROUP_AND_OTHERS = 0o077;
const GROUP_WRITES = 0o020;

/**
 * SQLite takes the files beside a store for its own, whoever has made them, and writes into them what goes into the
 * store: the private keys first of all. Where others may make files, one of theirs can be there before. To be asked
 * before the store is opened, and again when SQLite has opened its files.
 *
 * @throws AppError `store_unusable` for a file that is another user's, or open to more users than the store is
 */
export function refusePlantedFiles(store: StoreFile): void {
  if (platform() === "win32") return;
  for (const suffix of SUFFIXES) {
    const path = `${store.path}${suffix}`;
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    if (isForeign(stats, store)) {
      throw unusable(store.path, `has a file beside it that another user has made: ${path}`, [
        "Put the store into a directory in which only its owner may make files",
        "If it was used so before, rotate the keys and revoke the logins",
      ]);
    }
    if ((stats.mode & GROUP_AND_OTHERS & ~store.mode) !== 0) {
      throw unusable(store.path, `has a file beside it that is open to more users than it is: ${path}`, [
        `Close it with: chmod ${(store.mode & 0o777).toString(8)} ${shellWord(path)}`,
        "If others may have read it, rotate the keys and revoke the logins",
      ]);
    }
  }
}

/** A store that its group may write to is used by several users, and the files beside it are those of any of them. */
function isForeign(stats: Stats, { uid, mode }: StoreFile): boolean {
  if (!stats.isFile()) return true;
  const isShared = (mode & GROUP_WRITES) !== 0;
  return !isShared && stats.uid !== uid && stats.uid !== process.getuid?.();
}
