import type { ChainVerdict } from "../audit/chain.ts";
import type { AuditHead } from "../audit/entry.ts";
import type { SigningKey } from "../keys/signing-key.ts";
import type { UserStatus } from "../users/user.ts";

/** Copies of whole stores, made and put in place while other processes work. */
export interface StoreBackups {
  /**
   * Writes the store at `from`, as it is at one moment, to a new file that only its owner may read, and compares the
   * copy with it. The file is there whole and verified, or not at all.
   *
   * @param input.output gets the bytes in place of a file, once they are verified
   * @param input.overwrite replace a file that is there
   * @param input.note told what somebody may have to know about the file that was replaced
   * @param input.progress told how many pages of how many are copied
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
  /** What is at the path of a store, as far as it can be read; changes nothing. */
  lookAt(path: string): Promise<Standing>;
  /**
   * Copies a backup beside the store that it is to replace, and looks at every part of it. What was looked at is what
   * will be put in place.
   *
   * @throws AppError `store_corrupt`, `store_foreign`, `store_newer`, `store_not_found`, `file_unreadable`;
   *   `store_busy` for the file of a store in use, which is no backup
   */
  stage(input: { backup: string; target: string }): Promise<Staged>;
  /**
   * Puts a staged store in the place of what is at a path, which is kept aside. While `settle` runs nobody else can
   * write to a store that is there; processes that have it open then go on with the new one.
   *
   * @returns null when `settle` did not want it; what was there goes on as it was
   * @throws AppError `store_busy` when others do not stop writing, or have just made a store where none was;
   *   `store_read_only`, `store_full`, `store_unusable`; what `settle` throws. What was there goes on as it was
   */
  replace(input: Replacement): Promise<Replaced | null>;
}

export interface Replacement {
  readonly staged: Staged;
  /** The path of the store; nothing need be there. */
  readonly target: string;
  /** ms, for the name of what is kept aside. */
  readonly now: number;
  /** Told what is there; returns whether it is to be replaced. */
  readonly settle: (standing: Standing) => Promise<boolean>;
}

export interface Replaced {
  /** Where what was there is kept; null when nothing was. */
  readonly keptAside: string | null;
}

/** How much there is of everything. */
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
  /** The schema is today's: the store can be told of its backup. */
  readonly current: boolean;
}

export interface Staged {
  /** The copy; an absolute path. */
  readonly path: string;
  readonly counts: StoreCounts;
  /** Null for a backup from before there was an audit log. */
  readonly audit: ChainVerdict | null;
  /** Removes the copy, if it is still there. */
  discard(): Promise<void>;
}

/** What a restoration may undo. */
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
  /** Something is there that cannot be read as a store of today's schema. */
  | { readonly state: "unreadable"; readonly why: string }
  | { readonly state: "store"; readonly summary: StoreSummary };
