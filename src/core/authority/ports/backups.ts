import type { ChainVerdict } from "../audit/chain.ts";
import type { AuditHead } from "../audit/entry.ts";
import type { SigningKey } from "../keys/signing-key.ts";
import type { UserStatus } from "../users/user.ts";

/** Makes and restores copies of whole stores while other processes work. */
export interface StoreBackups {
  /**
   * Writes a snapshot of the store at `from` to a file and verifies the copy. The file is complete or does not exist.
   *
   * @param input.output gets the verified bytes, in place of a file
   * @param input.overwrite replace an existing file
   * @param input.note called with what the user may have to know about the replaced file
   * @param input.progress called with the copied pages and all pages
   * @throws AppError `store_*` when the store cannot be read or the copy is not what it should be; `file_exists`,
   *   `file_unwritable`, `usage` when `to` is the store itself
   */
  backUp(input: {
    from: string;
    to: string;
    output?: ((part: Uint8Array) => void) | undefined;
    overwrite: boolean;
    progress: (done: number, total: number) => void;
    note?: ((text: string) => void) | undefined;
  }): Promise<BackedUp>;
  /** Reads a summary of what is at the path of a store; changes nothing. */
  lookAt(path: string): Promise<Standing>;
  /**
   * Copies a backup to a file beside the store and verifies the copy, which later replaces the store.
   *
   * @throws AppError `store_corrupt`, `store_foreign`, `store_newer`, `store_not_found`, `file_unreadable`;
   *   `store_busy` for the file of a store in use, which is no backup
   */
  stage(input: { backup: string; target: string }): Promise<Staged>;
  /**
   * Replaces the store at a path by a staged one and keeps the old one aside. While `settle` runs no other process can
   * write to the old store; processes that have it open continue with the new one.
   *
   * @returns null when `settle` refused; nothing was changed then
   * @throws AppError `store_busy` when others do not stop writing, or have just made a store where none was;
   *   `store_read_only`, `store_full`, `store_unusable`; what `settle` throws. What was there goes on as it was
   */
  replace(input: Replacement): Promise<Replaced | null>;
}

export interface Replacement {
  readonly staged: Staged;
  /** The path of the store, which need not exist. */
  readonly target: string;
  /** ms, for the name of the old store. */
  readonly now: number;
  /** Gets a summary of the old store; returns whether to replace it. */
  readonly settle: (standing: Standing) => Promise<boolean>;
}

export interface Replaced {
  /** The path of the old store; null when there was none. */
  readonly keptAside: string | null;
}

/** The numbers of rows. */
export interface StoreCounts {
  readonly keys: number;
  readonly users: number;
  readonly sessions: number;
  readonly refreshTokens: number;
  readonly auditEntries: number;
}

export interface BackedUp {
  readonly bytes: number;
  readonly counts: StoreCounts;
  /** Null for a store from before there was an audit log. */
  readonly audit: ChainVerdict | null;
  /** Whether the store has today's schema, so that its audit log can have an entry of the backup. */
  readonly current: boolean;
}

export interface Staged {
  /** The absolute path of the copy. */
  readonly path: string;
  readonly counts: StoreCounts;
  /** Null for a backup from before there was an audit log. */
  readonly audit: ChainVerdict | null;
  /** Deletes the copy if it still exists. */
  discard(): Promise<void>;
}

/** The parts of a store that a restore may change back. */
export interface StoreSummary {
  readonly keys: readonly SigningKey[];
  readonly users: readonly {
    readonly name: string;
    readonly status: UserStatus;
    readonly passwordChangedAt: number;
  }[];
  readonly auditHead: AuditHead;
}

export type Standing =
  | { readonly state: "nothing" }
  /** There is a file that cannot be read as a store of today's schema. */
  | { readonly state: "unreadable"; readonly why: string }
  | { readonly state: "store"; readonly summary: StoreSummary };
