import { closeSync, fstatSync, openSync, rmSync, statSync } from "node:fs";
import { platform } from "node:os";
import { basename, dirname, join } from "node:path";
import type { AppError } from "../../../core/base/errors.ts";
import { shellWord } from "../../../core/base/text/wording.ts";
import { fileSystemType, isMountPoint } from "../../../platform/mounts.ts";
import { systemFault, unusable } from "./file-faults.ts";

/** Why a place cannot hold a store; `says` can follow the path of the store. */
export interface PlaceTrouble {
  readonly says: string;
  readonly fix: string;
}

/**
 * File systems of which several machines, or a machine and its guests, see each other's changes late or not at all: the
 * shared memory of SQLite's log is not shared there (https://sqlite.org/wal.html section 1), nor are locks kept.
 */
const SHARED_BY_MACHINES: ReadonlySet<string> = new Set([
  ..."nfs nfs4 cifs smb3 smbfs 9p virtiofs ceph lustre afs gfs2 ocfs2 beegfs gpfs davfs vboxsf vmhgfs prl_fs".split(
    " ",
  ),
  ..."fuse.sshfs fuse.glusterfs fuse.ceph fuse.rclone fuse.s3fs fuse.gcsfuse fuse.davfs2 fuse.vmhgfs-fuse".split(
    " ",
  ),
  ..."fuse.grpcfuse fuse.osxfs fakeowner".split(" "),
]);

/** @returns undefined where a store can lie, or where it cannot be told */
export function placeTrouble(path: string): PlaceTrouble | undefined {
  const type = fileSystemType(path);
  if (type !== undefined && SHARED_BY_MACHINES.has(type)) {
    return {
      says: `lies on a file system that several machines share (${type}): what is written there can be lost, and the store damaged`,
      fix: "Put the store on a local disk of the machine that uses it",
    };
  }
  return isMountPoint(path) ? MOUNTED_BY_ITSELF : undefined;
}

const MOUNTED_BY_ITSELF: PlaceTrouble = {
  says: "is mounted by itself: its log lies beside it in this container alone, and whoever else uses the file loses changes and damages it",
  fix: "Mount its directory instead of the file",
};

/**
 * A store that is there already may be replaced where it is, on a shared file system too; a file that is mounted by itself
 * can be neither locked nor moved.
 *
 * @throws AppError `store_unusable`
 */
export function refuseToRestoreTo(path: string): void {
  const isStore = (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
  if (isMountPoint(path)) throw unusable(path, MOUNTED_BY_ITSELF.says, [MOUNTED_BY_ITSELF.fix]);
  if (isStore) refuseSharedDirectory(path);
  else refusePlace(path);
}

/** To be asked before a store is made somewhere. @throws AppError `store_unusable` */
export function refusePlace(path: string): void {
  const trouble = placeTrouble(path);
  if (trouble !== undefined) throw unusable(path, trouble.says.replace(/^lies/, "would lie"), [trouble.fix]);
  refuseWithoutModes(path);
  refuseSharedDirectory(path, "would lie");
}

/**
 * Where every user may make files, the one that SQLite is about to make beside the store can be there already and be
 * theirs, with all that is written into it.
 *
 * @throws AppError `store_unusable`
 */
export function refuseSharedDirectory(path: string, lies = "lies"): void {
  const directory = dirname(path);
  if (!isSharedDirectory(directory)) return;
  throw unusable(path, `${lies} in a directory in which every user of this computer may make files`, [
    `Give it one of its own: ${join(directory, "jwtctl", basename(path))}${lies === "lies" ? ` (mkdir -m 700 ${shellWord(join(directory, "jwtctl"))}, and move the store there)` : ""}`,
  ]);
}

/** Whether every user of the computer may make files in a directory. */
export function isSharedDirectory(directory: string): boolean {
  return platform() !== "win32" && (statSync(directory).mode & 0o002) !== 0;
}

/** @throws AppError `store_unusable` where a file that is made for its owner alone is open to others all the same */
function refuseWithoutModes(path: string): void {
  if (platform() === "win32" || keepsModes(dirname(path), path)) return;
  throw noModes(path);
}

function noModes(path: string): AppError {
  return unusable(
    path,
    "would lie on a file system that keeps no permissions: every user could read the private keys",
    ["Put the store on a disk that does (not one of Windows, or a share mounted with fixed permissions)"],
  );
}

function keepsModes(directory: string, path: string): boolean {
  const probe = join(directory, `.jwtctl-probe-${process.pid}-${Math.floor(performance.now() * 1000)}`);
  try {
    const descriptor = openSync(probe, "wx", 0o600);
    try {
      return (fstatSync(descriptor).mode & 0o077) === 0;
    } finally {
      closeSync(descriptor);
      rmSync(probe, { force: true });
    }
  } catch (error) {
    throw systemFault(error, path, "made");
  }
}
