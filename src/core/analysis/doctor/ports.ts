import type { StoredHalves, StoreFacts } from "./facts.ts";

/** Reads a store for `doctor`, whatever state it is in; only repairs change it. */
export interface StoreExaminer {
  /**
   * Reads the facts for all checks; changes nothing.
   *
   * @param input.full make the thorough integrity check, which compares every index with its table
   * @param input.now ms
   * @throws AppError `store_not_found` when there is no file, or an empty one
   */
  examine(input: { path: string; full: boolean; now: number }): Promise<StoreFacts>;
  /**
   * Reads both halves of every key in one transaction.
   * @returns null for a store of another schema than today's
   * @throws AppError `store_*`
   */
  readHalves(path: string): Promise<readonly StoredHalves[] | null>;
  /** The repairs for findings of the backend's own checks, in the order they have to be made. */
  readonly repairs: readonly StoreRepair[];
}

export interface StoreRepair {
  /** The check whose finding it repairs. */
  readonly id: string;
  /** Before or after the content is repaired. */
  readonly turn: "before_content" | "after_content";
  /** Makes the repair. @returns what was done @throws AppError when it failed */
  run(path: string): Promise<string>;
}
