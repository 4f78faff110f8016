import type { KeyPorts } from "../app/keys/store-passphrase.ts";
import type { StoreExaminer } from "../core/analysis/doctor/ports.ts";
import type { StoreBackups } from "../core/authority/ports/backups.ts";
import type { Store } from "../core/authority/ports/store.ts";
import type { AppError } from "../core/base/errors.ts";
import { usableName } from "../core/base/file-errors.ts";
import type { Clock } from "../core/base/ports.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { CryptoPorts } from "./crypto-ports.ts";

/** What the settings say about the store, and about the command that uses it. */
export interface StoreSettings {
  /** The path of its file; undefined for the platform's data directory. */
  readonly db: string | undefined;
  /** What the audit log names, as in `users add`. */
  readonly command: string;
}

/** The store of a command, opened once and when it is first used; and what works on whole stores. */
export interface StorePorts {
  /** As it was given, or in the platform's data directory. */
  storePath(): Promise<string>;
  /** {@link storePath} from the root, for what outlives the working directory. */
  absoluteStorePath(): Promise<string>;
  /**
   * @param path for when something else than the settings says which
   * @throws AppError `store_not_found` and the other `store_*` codes
   */
  store(path?: string): Promise<Store>;
  /** A store that may still have to be filled, for `init`. */
  newStore(): Promise<Store>;
  /** Opens another store than that of the command; the caller closes it. */
  openStoreAt(path: string): Promise<Store>;
  /** What most use cases on the store work with. */
  storeAndClock(): Promise<{ readonly store: Store; readonly clock: Clock }>;
  /** What the use cases of signing keys work with. */
  keyPorts(): Promise<KeyPorts & { readonly store: Store }>;
  /** Looks at a store's file whatever state it is in. */
  storeExaminer(): Promise<StoreExaminer>;
  storeBackups(): Promise<StoreBackups>;
  /**
   * What an unexpected error is put down to when the store that is open is damaged; undefined when it is sound, or none
   * is open. Values that a sound store cannot hold are not checked one by one.
   */
  damage(cause: unknown): Promise<AppError | undefined>;
  /** Whether the command has changed the store. */
  hasChanged(): boolean;
  /** Closes what was opened. */
  close(): Promise<void>;
}

export function createStorePorts(
  { clock, stopwatch, platform }: Pick<Runtime, "clock" | "stopwatch" | "platform">,
  { db, command }: StoreSettings,
  { keyTools, keyVault }: Pick<CryptoPorts, "keyTools" | "keyVault">,
  warn: (text: string) => void,
): StorePorts {
  let opened: { readonly store: Store; readonly path: string } | undefined;
  let isChanged = false;
  const storage = () => import("../storage/open-store.ts");
  const options = async () => ({
    actor: { osUser: await platform.accountName(), command },
    stopwatch,
    warn,
    changed: () => {
      isChanged = true;
    },
  });
  const keep = async (path: string, opening: Promise<Store>) => {
    opened = { store: await opening, path };
    return opened.store;
  };
  const storePath = async () =>
    (db === undefined ? undefined : usableName(db)) ??
    platform.join(await platform.dataDirectory(), "jwtctl.db");
  const openStoreAt = async (path: string) => (await storage()).openStore(path, await options());
  const store = async (path?: string) => {
    if (opened) return opened.store;
    const named = path ?? (await storePath());
    return keep(named, openStoreAt(named));
  };
  const storeExaminer = async () => (await import("../storage/examiner.ts")).createStoreExaminer();
  return {
    storePath,
    absoluteStorePath: async () => platform.absolute(await storePath()),
    store,
    async newStore() {
      const path = await storePath();
      return keep(path, (await storage()).createStore(path, await options()));
    },
    openStoreAt,
    storeAndClock: async () => ({ store: await store(), clock }),
    keyPorts: async () => ({
      store: await store(),
      keyTools: await keyTools(),
      keyVault: await keyVault(),
      clock,
    }),
    storeExaminer,
    storeBackups: async () => (await import("../storage/backups.ts")).createStoreBackups(),
    async damage(cause) {
      const path = opened?.path;
      if (path === undefined) return undefined;
      const { damageOf } = await import("../app/doctor/damage.ts");
      return damageOf({ path, now: clock.now(), cause }, await storeExaminer()).catch(() => undefined);
    },
    hasChanged: () => isChanged,
    async close() {
      await opened?.store.close();
      opened = undefined;
    },
  };
}
