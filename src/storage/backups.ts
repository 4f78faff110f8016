import type { StoreBackups } from "../core/authority/ports/backups.ts";
import { backUp } from "./sqlite/backup.ts";
import { seize } from "./sqlite/seize.ts";
import { stage } from "./sqlite/stage.ts";
import { lookAt } from "./sqlite/summary.ts";
import { removeTemporary } from "./sqlite/temporary.ts";

/** Copies of stores in SQLite files. */
export function createStoreBackups(): StoreBackups {
  return {
    backUp,
    seize,
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
