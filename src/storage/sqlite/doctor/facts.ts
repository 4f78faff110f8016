import type { Known } from "../../../core/analysis/doctor/facts.ts";

/** What was seen of the file of a store, without a judgement. */
export interface SqliteFacts {
  /** Absolute, symbolic links followed. */
  readonly path: string;
  readonly files: FileFacts;
  readonly sqlite: { readonly version: string; readonly oldestSafe: string };
  /** Null when the file could not be opened as a store of any version; `fault` says why. */
  readonly database: DatabaseFacts | null;
  readonly fault: { readonly code: string; readonly message: string } | null;
}

export interface FileFacts {
  /** The path that was named is a symbolic link. */
  readonly linked: boolean;
  /** False where permissions are not told by bits (Windows). */
  readonly hasModes: boolean;
  readonly directory: FileMode;
  /** The store, its log (-wal), the log's index (-shm) and a journal, as far as they are there; links not followed. */
  readonly parts: readonly FilePart[];
  /** Copies of stores beside it that killed processes have left half-made; paths. */
  readonly leftovers: readonly string[];
  /** The names that the store's file has in its file system. */
  readonly names: number;
  /** Why the place cannot hold a store; null when it can. */
  readonly place: { readonly says: string; readonly fix: string } | null;
  /** Why this user cannot write to the store; null when it can be written. */
  readonly unwritable: string | null;
  /** Bytes that this user may still use on the disk; null when it cannot be told. */
  readonly free: number | null;
}

export interface FileMode {
  readonly path: string;
  /** Permission bits, with the sticky bit. */
  readonly mode: number;
  /** It belongs to the user who looks. */
  readonly mine: boolean;
}

export interface FilePart extends FileMode {
  readonly part: "store" | "log" | "index" | "journal";
  readonly size: number;
  /** It is no plain file, or belongs to somebody who has no business there: no command uses the store beside it. */
  readonly planted: boolean;
}

export interface DatabaseFacts {
  readonly version: number;
  readonly newestVersion: number;
  readonly journalMode: string;
  /** What SQLite finds wrong; empty when nothing is. */
  readonly integrity: Known<readonly string[]>;
  /** The integrity check was the thorough one. */
  readonly full: boolean;
  /** Rows that refer to nothing, by table. */
  readonly foreignKeys: Known<readonly { readonly table: string; readonly rows: number }[]>;
  /** Tables, indexes and triggers that are not those of the version. */
  readonly schema: Known<readonly SchemaDifference[]>;
}

export interface SchemaDifference {
  /** `table`, `index`, `trigger`. */
  readonly type: string;
  readonly name: string;
  readonly difference: "missing" | "altered" | "foreign";
}
