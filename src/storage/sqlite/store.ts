import type { Store } from "../../core/authority/ports/store.ts";
import type { StepOptions } from "../engine/stepper.ts";
import { createStoreOn } from "../engine/store-engine.ts";
import { SqliteBackend } from "./backend.ts";
import type { Connection } from "./connection.ts";
import { createDatabase, type DatabaseOptions, openDatabase } from "./database.ts";
import { notInitialised } from "./identity.ts";
import { findSettings } from "./settings.ts";

export type SqliteStoreOptions = DatabaseOptions & StepOptions;

/** @throws AppError as {@link openDatabase}; `store_not_found` also when the store has not been initialised */
export async function openSqliteStore(path: string, options: SqliteStoreOptions = {}): Promise<Store> {
  const db = openDatabase(path, options);
  try {
    if (db.read(() => findSettings(db)) === null) throw notInitialised(path);
    return storeOn(db, options);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** @throws AppError as {@link createDatabase} */
export async function createSqliteStore(path: string, options: SqliteStoreOptions = {}): Promise<Store> {
  return storeOn(await createDatabase(path, options), options);
}

/** The store on an open database. */
export function storeOn(db: Connection, options: StepOptions = {}): Store {
  return createStoreOn(new SqliteBackend(db), options);
}
