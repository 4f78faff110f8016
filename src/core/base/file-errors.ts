import { AppError } from "./errors.ts";

/** Why a file was not written; `reason` can follow "cannot write FILE: ". */
export interface WriteRefusal {
  readonly reason: string;
  readonly hint: string;
  /** Something is there that was not to be replaced. */
  readonly isOccupied: boolean;
}

/** The refusal to write a file that the user has named: `file_exists` or `file_unwritable`. */
export function fileUnwritable(
  path: string,
  { reason, hint, isOccupied }: WriteRefusal,
  cause?: unknown,
): AppError {
  if (isOccupied) return new AppError("file_exists", `${path} exists already`, { hints: [hint], cause });
  return new AppError("file_unwritable", `cannot write ${path}: ${reason}`, { hints: [hint], cause });
}
