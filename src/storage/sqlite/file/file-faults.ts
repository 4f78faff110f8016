import { AppError, type ErrorCode } from "../../../core/base/errors.ts";
import { systemCode, systemReason } from "../../../platform/system-error.ts";

/** What an error of the file system means for the user, judged by its code. */
export function systemFault(error: unknown, path: string, doing: "opened" | "made" = "opened"): unknown {
  if (error instanceof AppError) return error;
  const code = systemCode(error);
  if (typeof code !== "string") return error;
  const fault = (says: string, hint: string, kind: ErrorCode) =>
    new AppError(kind, `the store "${path}" ${says}`, {
      hints: [hint],
      data: { path, system: code },
      cause: error,
    });
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return fault(
        `cannot be ${doing}: the disk is full, or a quota is reached`,
        "Make room and try again",
        "store_full",
      );
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return fault(
        `may not be ${doing} by this user`,
        "Check the permissions of the file and of its directory, or name another file with --db",
        doing === "made" ? "store_read_only" : "store_unusable",
      );
    case "ENOENT":
    case "ENOTDIR":
      return fault(
        `cannot be ${doing}: its directory does not exist and cannot be made`,
        "Name a file in a directory of your own with --db",
        "store_unusable",
      );
    default:
      return fault(
        `cannot be ${doing}: ${systemReason(error)}`,
        "Name another file with --db",
        "store_unusable",
      );
  }
}

export function unusable(path: string, says: string, hints: readonly string[]): AppError {
  return new AppError("store_unusable", `the store "${path}" ${says}`, { hints, data: { path } });
}
