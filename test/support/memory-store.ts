import type { Actor } from "../../src/core/authority/audit/entry.ts";
import type { Store } from "../../src/core/authority/ports/store.ts";
import { createStoreOn } from "../../src/storage/engine/store-engine.ts";
import { MemoryBackend } from "./memory-backend.ts";

/** A store that lives as long as the process: empty until `initialise`. */
export function createMemoryStore(actor?: Actor): Store {
  return createStoreOn(new MemoryBackend(), actor ? { actor } : {});
}
