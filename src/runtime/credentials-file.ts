import { constants } from "node:fs";
import { type FileHandle, lstat, open, readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { CredentialsFacts } from "../core/analysis/doctor/check-credentials.ts";
import { AppError } from "../core/base/errors.ts";
import { makePrivateDirectory } from "../platform/directories.ts";
import { isMountPoint } from "../platform/mounts.ts";
import { systemCode, systemReason } from "../platform/system-error.ts";
import { withFileLock } from "./file-lock.ts";
import { createFiles } from "./files.ts";
import type { CredentialsFile } from "./runtime.ts";

/** A login is a few hundred bytes; an access token with many claims some thousand. */
const MAX_BYTES = 256 * 1024;
const OTHERS = 0o077;

export function createCredentialsFile(path: string): CredentialsFile {
  const files = createFiles();
  return {
    read: () => read(path),
    status: () => status(path),
    async write(text) {
      makeDirectory(path);
      await files.write(path, new TextEncoder().encode(text), { mode: 0o600, overwrite: true });
    },
    remove: () => files.remove(path),
    async exclusively(work) {
      makeDirectory(path);
      refuseMounted(path);
      return withFileLock(`${path}.lock`, async () => {
        await sweep(path);
        return work();
      });
    },
  };
}

function makeDirectory(path: string): void {
  try {
    makePrivateDirectory(dirname(path));
  } catch (error) {
    throw new AppError("file_unwritable", `cannot make the directory of ${path}: ${systemReason(error)}`, {
      hints: ["Name another file in JWTCTL_CREDENTIALS"],
      cause: error,
    });
  }
}

/** Processes in other containers would not see the lock beside it, and the file cannot be replaced in one step. */
function refuseMounted(path: string): void {
  if (!isMountPoint(path)) return;
  throw new AppError("file_unwritable", `cannot write ${path}: it is mounted by itself`, {
    hints: ["Mount its directory instead, or name another file in JWTCTL_CREDENTIALS"],
  });
}

/** Half-written copies are younger than this, in ms. */
const LITTER_AGE = 60_000;

/** Removes the copies that killed processes have left half-written: they hold secrets, and nobody will finish them. */
async function sweep(path: string): Promise<void> {
  const directory = dirname(path);
  const isCopy = (name: string) => name.startsWith(`.${basename(path)}.`) && name.endsWith(".tmp");
  const names = await readdir(directory).catch(() => []);
  for (const name of names.filter(isCopy)) {
    const copy = join(directory, name);
    const { mtimeMs } = await stat(copy).catch(() => ({ mtimeMs: Date.now() }));
    if (Math.abs(Date.now() - mtimeMs) > LITTER_AGE) await rm(copy, { force: true }).catch(() => undefined);
  }
}

async function status(path: string): Promise<CredentialsFacts | null> {
  try {
    const stats = await lstat(path);
    const kind = stats.isFile() ? "file" : stats.isSymbolicLink() ? "link" : "other";
    const mine = process.getuid === undefined || process.getuid() === stats.uid;
    const mode = process.platform === "win32" ? null : stats.mode & 0o777;
    return { path, mode, mine, kind };
  } catch {
    return null;
  }
}

async function read(path: string): Promise<{ text: string; exposed: boolean } | null> {
  // Not through a symbolic link, and without waiting for whoever may write to a named pipe.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  let handle: FileHandle;
  try {
    handle = await open(path, flags);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT") return null;
    throw unreadable(path, code === "ELOOP" ? "it is a symbolic link" : systemReason(error), error);
  }
  try {
    const exposed = await closeToOthers(handle, path);
    const { buffer, bytesRead } = await handle.read(new Uint8Array(MAX_BYTES + 1), 0, MAX_BYTES + 1, 0);
    if (bytesRead > MAX_BYTES) throw unreadable(path, `it is larger than ${MAX_BYTES} bytes`);
    return { text: new TextDecoder().decode(buffer.subarray(0, bytesRead)), exposed };
  } finally {
    await handle.close();
  }
}

/** @returns whether others could read the file until now */
async function closeToOthers(handle: FileHandle, path: string): Promise<boolean> {
  const status = await handle.stat();
  if (!status.isFile()) throw unreadable(path, "it is not a plain file");
  const me = process.getuid?.();
  // Windows: permissions are the directory's.
  if (me === undefined) return false;
  if (status.uid !== me) throw unreadable(path, "it belongs to another user");
  if ((status.mode & OTHERS) === 0) return false;
  await handle.chmod(status.mode & 0o700);
  return true;
}

function unreadable(path: string, why: string, cause?: unknown): AppError {
  return new AppError("file_unreadable", `cannot use ${path} for the current login: ${why}`, {
    hints: ["Remove it, or name another file in JWTCTL_CREDENTIALS"],
    cause,
  });
}
