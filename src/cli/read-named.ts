import { AppError } from "../core/base/errors.ts";
import type { Needs } from "./command.ts";

/**
 * Reads a file that the user has named. People also give the content in place of the name: the refusal then says how the
 * content itself is given.
 *
 * @param itself that hint, as in "A secret itself is given with --secret env:NAME"
 * @throws AppError `file_unreadable`, `input_too_large`, `usage` for what cannot be a name
 */
export async function readNamed(
  { files }: Needs<"files">,
  path: string,
  limit: number,
  itself: string,
): Promise<Uint8Array> {
  try {
    return await files.read(path, limit);
  } catch (error) {
    if (!(error instanceof AppError) || !/^(?:usage|file_unreadable)$/.test(error.code)) throw error;
    const { code, message, hints, data } = error;
    throw new AppError(code, message, { hints: [...hints, itself], data, cause: error });
  }
}
