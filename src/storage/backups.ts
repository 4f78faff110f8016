import type { StoreBackups } from "../core/authority/ports/backups.ts";
import { backUp } from "./sqlite/backup.ts";
import { stage } from "./sqlite/prepare-restore.ts";
import { replaceStore } from "./sqlite/replace-store.ts";
import { lookAt } from "./sqlite/summarise-store.ts";

/** Copies of stores in SQLite files. */
export function createStoreBackups(): StoreBackups {
  return {
    backUp,
    replace: replaceStore,
    async lookAt(path) {
      return lookAt(path);
    },
    async stage(input) {
      return stage(input);
    },
  };
}
