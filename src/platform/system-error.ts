import { getSystemErrorMap } from "node:util";

/** The code of an error of the operating system (`ENOENT`); undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Plainer than the system's own messages, or plain where the system has none. */
const PLAIN: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of the path is not a directory",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is reached",
  EFBIG: "the file would be too large",
  EROFS: "the file system is read-only",
  EIO: "the disk or the device failed",
  EBADF: "it is closed",
  EXDEV: "it lies on another file system than its directory",
  ENXIO: "nobody reads from it",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "it is a symbolic link, or symbolic links lead in a circle",
  EMFILE: "this process may not open more files (see ulimit -n)",
  ENFILE: "the system may not open more files",
  ESTALE: "the file server has lost the file",
};

/** Why the operating system refused, in words that can follow "cannot write FILE: ". Never a bare code. */
export function systemReason(error: unknown): string {
  const code = systemCode(error);
  if (code === undefined) return error instanceof Error ? error.message : String(error);
  return PLAIN[code] ?? messageOf(error) ?? `the operating system refused (${code})`;
}

function messageOf(error: unknown): string | undefined {
  const { errno } = error as NodeJS.ErrnoException;
  return getSystemErrorMap().get(errno ?? 0)?.[1];
}
