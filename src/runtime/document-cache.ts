import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import type { DocumentCache } from "../core/remote/ports.ts";
import { makePrivateDirectory } from "../platform/directories.ts";
import type { Files } from "./runtime.ts";

/** No entry is larger: a document of at most 1 MiB, as JSON text within JSON. */
const MAX_ENTRY_BYTES = 8 * 1024 * 1024;

/** No link is followed, and no pipe waited for. Windows has neither flag. */
const NOT_ELSEWHERE = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * One file per document, named by the hash of its address. What is in it decides which signatures are believed: a file
 * that someone else owns or may write is not read.
 */
export function createDocumentCache(files: Files, directory: string): DocumentCache {
  const pathOf = (name: string) => join(directory, `${createHash("sha256").update(name).digest("hex")}.json`);
  return {
    read: (name) => readOwn(pathOf(name)),
    async write(name, entry) {
      try {
        makePrivateDirectory(directory);
        await files.write(pathOf(name), Buffer.from(entry), { mode: 0o600, overwrite: true });
        return true;
      } catch {
        return false;
      }
    },
  };
}

async function readOwn(path: string): Promise<string | undefined> {
  const handle = await open(path, constants.O_RDONLY | NOT_ELSEWHERE).catch(() => undefined);
  try {
    const status = await handle?.stat();
    if (handle === undefined || !status?.isFile() || status.size > MAX_ENTRY_BYTES) return undefined;
    if (!isOurs(status.uid, status.mode)) return undefined;
    return await handle.readFile("utf8");
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}

/** Windows has no owners in this sense; there the directory of the user is what protects the file. */
function isOurs(owner: number, mode: number): boolean {
  const user = process.getuid?.();
  return user === undefined || (owner === user && (mode & 0o022) === 0);
}
