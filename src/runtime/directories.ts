import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { makeDirectories } from "../platform/make-directories.ts";

/** Makes a directory, and those around it that are missing, for their owner alone. @throws the system's error */
export function makePrivateDirectory(path: string): void {
  makeDirectories(resolve(path), {
    exists: existsSync,
    make: (directory) => mkdirSync(directory, { mode: 0o700 }),
    parentOf: dirname,
  });
}
