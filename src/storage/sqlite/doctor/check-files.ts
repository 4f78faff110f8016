import { type Finding, named } from "../../../core/analysis/doctor/finding.ts";
import { counted, shellWord } from "../../../core/base/text/wording.ts";
import { fail, pass, skip, warn } from "./checks.ts";
import type { FileFacts, SqliteFacts } from "./facts.ts";

const OTHERS = 0o007;
const GROUP = 0o070;
const WRITE_BY_OTHERS = 0o002;
const WRITE_BY_GROUP = 0o020;
/** The sticky bit: only the owner may rename or delete a file there, as in /tmp. */
const STICKY = 0o1000;

export function checkFile({ path, files }: SqliteFacts): Finding {
  if (!files.linked) return files.names > 1 ? severalNames(path, files.names) : pass("file", path);
  return warn(
    "file",
    `the path is a symbolic link to ${path}: who may change the link chooses the store`,
    `Name the file itself: --db ${shellWord(path)}`,
  );
}

/** A store file with several hard links, perhaps from a killed restore: SQLite keeps another log for each name. */
function severalNames(path: string, names: number): Finding {
  return warn(
    "file",
    `${path} has ${counted(names - 1, "other name")} (hard links): a program that opens it by one of them damages it`,
    `Find the other names (find DIRECTORY -samefile ${shellWord(path)}), and remove them: the store stays`,
  );
}

export function checkPermissions({ files }: SqliteFacts): Finding {
  if (!files.hasModes) return skip("permissions", "this system has no permission bits to look at");
  const { directory } = files;
  const parts = files.parts.filter(({ planted }) => !planted);
  const open = parts.filter(({ mode }) => (mode & OTHERS) !== 0).map(({ path }) => path);
  const planted = files.parts.filter((part) => part.planted).map(({ path }) => path);
  if (planted.length > 0) {
    return fail(
      "permissions",
      `SQLite would take for the store's own what somebody else has put beside it: ${named(planted)}`,
      `Look at it, and remove it: rm ${planted.map(shellWord).join(" ")}; then give the store a directory in which only its owner may make files`,
      open.length > 0,
    );
  }
  if (open.length > 0) {
    return fail(
      "permissions",
      `every user of this computer may read or write ${named(open)}`,
      `Close it with: chmod 600 ${open.map(shellWord).join(" ")}; if others may have read it, rotate the keys and revoke the logins`,
      true,
    );
  }
  if ((directory.mode & WRITE_BY_OTHERS) !== 0 && (directory.mode & STICKY) === 0) {
    return fail(
      "permissions",
      `every user of this computer may put another file in the store's place: ${directory.path} is open to all`,
      `Close it with: chmod o-w ${shellWord(directory.path)}`,
    );
  }
  if ((directory.mode & WRITE_BY_OTHERS) !== 0) {
    return warn(
      "permissions",
      `every user of this computer may make files beside the store, and SQLite would use them: ${directory.path} is open to all`,
      "Back the store up (jwtctl backup FILE), and restore it into a directory of its own: jwtctl restore FILE --db PATH",
    );
  }
  return ownershipAndGroup(files);
}

function ownershipAndGroup({ directory, parts }: FileFacts): Finding {
  const foreign = parts.filter(({ mine }) => !mine).map(({ path }) => path);
  if (foreign.length > 0) {
    return warn(
      "permissions",
      `${named(foreign)} belongs to another user`,
      "Run jwtctl as the user who owns the store",
    );
  }
  const shared = parts.filter(({ mode }) => (mode & GROUP) !== 0).map(({ path }) => path);
  if (shared.length > 0) {
    return warn(
      "permissions",
      `the group may read or write ${named(shared)}`,
      `If that is not meant: chmod 600 ${shared.map(shellWord).join(" ")}`,
    );
  }
  if ((directory.mode & WRITE_BY_GROUP) !== 0 && (directory.mode & STICKY) === 0) {
    return warn(
      "permissions",
      `the group may put another file in the store's place: it may write to ${directory.path}`,
      `If that is not meant: chmod g-w ${shellWord(directory.path)}`,
    );
  }
  return pass("permissions", `only its owner may read ${counted(parts.length, "file")} of the store`);
}

export function checkPlace({ files: { place } }: SqliteFacts): Finding {
  if (place === null) return pass("place", "on a file system of this machine");
  return fail("place", `the store ${place.says}`, `Back it up (jwtctl backup FILE). ${place.fix}`);
}

export function checkWritable({ files: { unwritable } }: SqliteFacts): Finding {
  if (unwritable === null) return pass("writable", "this user can write to the store");
  return warn(
    "writable",
    `what only reads works, and nothing can be written: ${unwritable}`,
    "If that is not meant, check who owns it (ls -l) and how its disk is mounted (findmnt --target PATH)",
  );
}

const MIB = 1024 * 1024;
/** Room for a few transactions, in bytes. */
const LEAST_FREE = 10 * MIB;
const LITTLE_FREE = 100 * MIB;

export function checkDisk({ files }: SqliteFacts): Finding {
  if (files.free === null) return skip("disk", "how much room is left cannot be told here");
  const size = files.parts.reduce((sum, part) => sum + part.size, 0);
  const told = `${inWords(files.free)} free, the store has ${inWords(size)}`;
  const fix = "Make room, or move the store to a larger disk";
  if (files.free < LEAST_FREE) return fail("disk", `${told}: it cannot go on growing`, fix);
  // A backup or a rebuilt table needs as much room as the store.
  if (files.free < Math.max(LITTLE_FREE, size)) return warn("disk", told, fix);
  return pass("disk", told);
}

/** Bytes. SQLite empties the log at 4 MB, unless a process holds it open. */
const LARGE_LOG = 64 * MIB;

export function checkLogSize({ files }: SqliteFacts): Finding {
  const log = files.parts.find(({ part }) => part === "log")?.size ?? 0;
  if (log === 0) return pass("log_size", "nothing waits in the write-ahead log");
  if (log < LARGE_LOG) return pass("log_size", `${inWords(log)} in the write-ahead log`);
  return warn(
    "log_size",
    `the write-ahead log has ${inWords(log)}: a process that reads, or was stopped, keeps it from being emptied`,
    "End stopped jwtctl processes, then run: jwtctl doctor --fix",
    true,
  );
}

export function checkLeftovers({ files: { leftovers } }: SqliteFacts): Finding {
  if (leftovers.length === 0) return pass("leftovers", "nothing that was not finished lies beside the store");
  return warn(
    "leftovers",
    `a backup or a restoration that was killed has left ${named(leftovers)}, perhaps with the private keys in it`,
    "Remove what nobody will finish: jwtctl doctor --fix",
    true,
  );
}

function inWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < MIB) return `${Math.round(bytes / 1024)} KiB`;
  return bytes < 1024 * MIB ? `${Math.round(bytes / MIB)} MiB` : `${(bytes / 1024 / MIB).toFixed(1)} GiB`;
}
