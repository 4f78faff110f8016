import type { Store } from "../core/authority/ports/store.ts";
import type { StepOptions } from "./engine/stepper.ts";
import type { DatabaseOptions } from "./sqlite/database.ts";
import { createSqliteStore, openSqliteStore } from "./sqlite/store.ts";

export type StoreOptions = StepOptions & Pick<DatabaseOptions, "warn">;

/**
 * Opens the store at `path`; an older schema is brought up to date on the way.
 *
 * @throws AppError `store_not_found` when there is none, or one that `init` has not filled; `store_foreign`,
 *   `store_newer`, `store_corrupt`, `store_read_only`, `store_busy`, `store_full`, `store_unusable`
 */
export async function openStore(path: string, options: StoreOptions = {}): Promise<Store> {
  return openSqliteStore(path, options);
}

/**
 * Opens the store at `path`, and makes its file and schema first when they are missing; `Store.initialise` fills it.
 * What is there and is not a store stays as it is.
 *
 * @throws AppError as {@link openStore}, but never `store_not_found`
 */
export async function createStore(path: string, options: StoreOptions = {}): Promise<Store> {
  return createSqliteStore(path, options);
}
