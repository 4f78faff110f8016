import type { StoreBackups } from "../core/ports/backups.ts";
import { backUp } from "./sqlite/backup.ts";
import { place, stage } from "./sqlite/restore.ts";
import { lookAt } from "./sqlite/summary.ts";
import { removeTemporary } from "./sqlite/temporary.ts";

/** Copies of stores in SQLite files. */
export function createStoreBackups(): StoreBackups {
  return {
    backUp,
    place,
    async lookAt(path) {
      return lookAt(path);
    },
    async stage(input) {
      return stage(input);
    },
    async discard({ path }) {
      removeTemporary(path);
    },
  };
}
