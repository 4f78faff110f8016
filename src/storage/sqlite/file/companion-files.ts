import { lstatSync, type Stats } from "node:fs";
import { platform } from "node:os";
import type { AppError } from "../../../core/base/errors.ts";
import { shellWord } from "../../../core/base/text/wording.ts";
import { unusable } from "./file-faults.ts";
import type { StoreFile } from "./store-file.ts";

/** What SQLite puts beside a database. */
export const COMPANIONS = ["-wal", "-shm", "-journal"] as const;

const GROUP_AND_OTHERS = 0o077;
const GROUP_WRITES = 0o020;

/**
 * SQLite takes the files beside a store for its own, whoever has made them, and writes into them what goes into the
 * store: the private keys first of all. Where others may make files, one of theirs can be there before. To be asked
 * before the store is opened, and again when SQLite has opened its files.
 *
 * @param known of COMPANIONS, those that have been looked at before
 * @throws AppError `store_unusable` for a file that is another user's, or open to more users than the store is
 */
export function refusePlantedFiles(store: StoreFile, known: readonly string[] = []): void {
  if (platform() === "win32") return;
  for (const suffix of COMPANIONS) {
    if (known.includes(suffix)) continue;
    const path = `${store.path}${suffix}`;
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    if (isPlanted(stats, store)) throw planted(store, path);
    if ((stats.mode & GROUP_AND_OTHERS & ~store.mode) !== 0) {
      throw unusable(store.path, `has a file beside it that is open to more users than it is: ${path}`, [
        `Close it with: chmod ${(store.mode & 0o777).toString(8)} ${shellWord(path)}`,
        "If others may have read it, rotate the keys and revoke the logins",
      ]);
    }
  }
}

/**
 * {@link refusePlantedFiles} for who looks at a store whatever its permissions are: even to read it SQLite would use
 * such a file, follow it when it is a link, and take what is in it for a part of the store.
 *
 * @returns of COMPANIONS, those that are there
 * @throws AppError `store_unusable`
 */
export function refuseForeignFiles(store: StoreFile): string[] {
  return COMPANIONS.filter((suffix) => {
    const path = `${store.path}${suffix}`;
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && isPlanted(stats, store)) throw planted(store, path);
    return stats !== undefined;
  });
}

function planted(store: StoreFile, path: string): AppError {
  return unusable(store.path, `has a file beside it that another user has made: ${path}`, [
    "Put the store into a directory in which only its owner may make files",
    "If it was used so before, rotate the keys and revoke the logins",
  ]);
}

/**
 * Whether a file beside a store is no plain file, or another user's. A store that its group may write to is used by
 * several users, and the files beside it are those of any of them.
 */
export function isPlanted(stats: Stats, { uid, mode }: Pick<StoreFile, "uid" | "mode">): boolean {
  // Windows has no owners that are told by numbers, and no links that an unprivileged user could plant.
  if (platform() === "win32") return false;
  if (!stats.isFile()) return true;
  const isShared = (mode & GROUP_WRITES) !== 0;
  return !isShared && stats.uid !== uid && stats.uid !== process.getuid?.();
}
