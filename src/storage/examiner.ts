import type { StoreExaminer } from "../core/analysis/doctor/ports.ts";
import { examineStore, readHalves } from "./sqlite/doctor/examine-store.ts";
import { REPAIRS } from "./sqlite/doctor/repairs.ts";

/** Looks at stores in SQLite files. */
export function createStoreExaminer(): StoreExaminer {
  return {
    repairs: REPAIRS,
    async examine({ path, full, now }) {
      return examineStore(path, { full, now });
    },
    async readHalves(path) {
      return readHalves(path);
    },
  };
}
