import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { onTestFinished } from "vitest";
import type { Store } from "../../src/core/authority/ports/store.ts";

import {
  createSqliteStore,
  openSqliteStore,
  type SqliteStoreOptions,
} from "../../src/storage/sqlite/store.ts";
import { fill } from "./store-samples.ts";

/** A directory of its own for one test, removed afterwards. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "jwtctl-store-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Where a test's store will lie. */
export function temporaryPath(): string {
  return join(temporaryDirectory(), "jwtctl.db");
}

/** Opens a store, closed when the test ends. */
export async function opened(path: string, options?: SqliteStoreOptions): Promise<Store> {
  return closedAfterwards(await openSqliteStore(path, options));
}

/** Makes a store with its schema and nothing in it, closed when the test ends. */
export async function created(path: string, options?: SqliteStoreOptions): Promise<Store> {
  return closedAfterwards(await createSqliteStore(path, options));
}

/** A closed store with a user and a login ({@link fill}) at a path of its own. */
export async function filledFile(): Promise<string> {
  const path = temporaryPath();
  const store = await createSqliteStore(path);
  await fill(store);
  await store.close();
  return path;
}

/** SQLite's own verdict on a copy of the file and its log as they lie on the disk: "ok", or what is wrong. */
export function integrityOf(path: string): unknown {
  const copy = temporaryPath();
  copyFileSync(path, copy);
  if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
  const database = new Sqlite(copy);
  try {
    const foreignKeys = database.pragma("foreign_key_check") as unknown[];
    return foreignKeys.length > 0 ? foreignKeys : database.pragma("integrity_check", { simple: true });
  } finally {
    database.close();
  }
}

function closedAfterwards(store: Store): Store {
  onTestFinished(() => store.close());
  return store;
}
