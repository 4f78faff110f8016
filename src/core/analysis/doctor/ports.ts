import type { StoredHalves, StoreFacts } from "./facts.ts";

/** Looks at the file of a store, whatever state it is in, and changes nothing of it. */
export interface StoreExaminer {
  /**
   * @param input.full the thorough integrity check, which compares every index with its table
   * @param input.now ms
   * @throws AppError `store_not_found` when nothing is there, or no store yet
   */
  examine(input: { path: string; full: boolean; now: number }): Promise<StoreFacts>;
  /**
   * Both halves of every key, of one moment.
   * @returns null for a store of another schema than today's
   * @throws AppError `store_*`
   */
  readHalves(path: string): Promise<readonly StoredHalves[] | null>;
  /**
   * Takes from the store's files what every user of the computer may do with them; what their group may is left.
   * @returns the paths that were changed
   * @throws AppError `store_unusable`
   */
  closeToOthers(path: string): Promise<readonly string[]>;
  /** Has the store written through a log again. @returns false when another process was in the way */
  regainLog(path: string): Promise<boolean>;
  /** Removes the copies beside the store that killed processes have left. @returns their paths */
  removeLeftovers(path: string): Promise<readonly string[]>;
  /** Moves what waits in the store's log into its file. @returns false when another process was in the way */
  emptyLog(path: string): Promise<boolean>;
}
