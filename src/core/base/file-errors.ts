import { AppError } from "./errors.ts";
import { contentKind } from "./text/given-content.ts";

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

/**
 * The name of a file that a user gave, if it can be one.
 * @throws AppError `usage` for an empty one, as an unset variable gives it, and for a `~` that no shell has expanded: it
 *   would make a directory of that name
 */
export function usableName(path: string): string {
  if (path === "") {
    throw new AppError("usage", "the name of a file is empty", {
      hints: ["Give a name; a variable in the command line may not be set"],
    });
  }
  const kind = contentKind(path);
  if (kind !== undefined) {
    throw new AppError("usage", `${kind} was given where the name of a file is expected`, {
      hints: [
        kind.endsWith("token")
          ? "Give the token itself, without @ before it"
          : "Write it to a file, and give the name of that file",
      ],
    });
  }
  if (path === "~" || path.startsWith("~/")) {
    throw new AppError("usage", `nothing has put the home directory in the place of ~ in "${path}"`, {
      hints: [`Write "$HOME${path.slice(1)}", or the whole path; a directory that is called ~ is ./~`],
    });
  }
  return path;
}
