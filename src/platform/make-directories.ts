/** What making directories takes of a file system. */
export interface DirectoryMaker {
  readonly exists: (path: string) => boolean;
  /** One directory whose parent is there; throws the system's error. */
  readonly make: (path: string) => void;
  /** The directory something is in; a root is in itself. */
  readonly parentOf: (path: string) => string;
}

/**
 * Makes a directory and those around it that are missing, one by one from the outside, and ends where one cannot be
 * made. Node's own recursive mkdir asks for ever below /proc, where nothing can be made although nothing forbids it.
 *
 * @param path absolute
 * @throws the system's error
 */
export function makeDirectories(path: string, maker: DirectoryMaker): void {
  const parent = maker.parentOf(path);
  if (parent === path || maker.exists(path)) return;
  makeDirectories(parent, maker);
  try {
    maker.make(path);
  } catch (error) {
    // Another process made it at the same moment; whether it is a directory the next step finds out.
    if ((error as { code?: unknown }).code !== "EEXIST") throw error;
  }
}
