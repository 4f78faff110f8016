import { AppError } from "../core/base/errors.ts";
import { usableName } from "../core/base/file-errors.ts";
import type { Files } from "../runtime/runtime.ts";

/** The files that a user names. jwtctl's own cannot be written over through them. */
export interface UserFiles extends Files {
  /**
   * For a file that will be written later: it can be refused before a question is asked.
   * @throws AppError `usage` for the store, what lies beside it, and the current session, whatever link leads there
   */
  refuseOwn(path: string): Promise<void>;
  /** `-` for every name of standard output (`/dev/stdout`), any other name as it is. */
  outputName(path: string): Promise<string>;
}

/** @param own where jwtctl keeps what it lives on */
export function createUserFiles(
  files: Files,
  own: { storePath(): Promise<string>; credentialsPath(): Promise<string> },
): UserFiles {
  const refuseOwn = async (path: string) => {
    usableName(path);
    const { isSameFile, refuseFilesOfStore } = await import("../storage/own-files.ts");
    refuseFilesOfStore(path, await own.storePath());
    const session = await own.credentialsPath().catch(() => undefined);
    // Without a home directory there is no current session to be written over.
    if (session === undefined) return;
    if (!isSameFile(path, session) && !isSameFile(path, `${session}.lock`)) return;
    throw new AppError("usage", `${path} is the file of the current login, and nothing was written`, {
      hints: ["Name another file"],
    });
  };
  return {
    ...files,
    async write(path, content, options) {
      await refuseOwn(path);
      return files.write(path, content, options);
    },
    refuseOwn,
    outputName: async (path) => ((await files.isStandardOutput(usableName(path))) ? "-" : path),
  };
}
