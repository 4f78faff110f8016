import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { systemCode } from "./system-error.ts";

/** What making directories takes of a file system. */
export interface DirectoryMaker {
  readonly exists: (path: string) => boolean;
  /** Makes one directory whose parent is there; throws the system's error. */
  readonly make: (path: string) => void;
}

const PRIVATE: DirectoryMaker = {
  exists: existsSync,
  make: (directory) => mkdirSync(directory, { mode: 0o700 }),
};

/**
 * Makes a directory, and the missing ones around it, for their owner alone. Node's own recursive mkdir never ends below
 * /proc, where the system says ENOENT although the parent is there.
 *
 * @throws the system's error
 */
export function makePrivateDirectory(path: string, maker: DirectoryMaker = PRIVATE): void {
  makeOneByOne(resolve(path), maker);
}

function makeOneByOne(path: string, maker: DirectoryMaker): void {
  const parent = dirname(path);
  if (parent === path || maker.exists(path)) return;
  makeOneByOne(parent, maker);
  try {
    maker.make(path);
  } catch (error) {
    // Another process made it at the same moment; whether it is a directory the next step finds out.
    if (systemCode(error) !== "EEXIST") throw error;
  }
}
