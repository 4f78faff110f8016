import type { Database, Statement } from "better-sqlite3";
import type { AppError } from "../../core/base/errors.ts";
import { corrupt, readOnly, sqliteCode, storeFault } from "./faults.ts";

/** What a statement takes: by position (`?`) or by name (`@name`). */
export type Parameters = readonly SqlValue[] | Readonly<Record<string, SqlValue>>;
export type SqlValue = string | number | Uint8Array | null;

/** The end of what a Date can tell (ECMA-262 section 21.4.1.1), in ms. */
const LATEST_TIME = 8.64e15;

/** 4 MB: long enough to be quick, short enough to tell how far it is. */
const PAGES_AT_A_TIME = 1000;

/** One open database: prepared statements on demand, whole transactions, faults as AppErrors. */
export class Connection {
  readonly path: string;
  readonly #database: Database;
  readonly #writable: boolean | AppError;
  #beforeFirstWrite: (() => void) | undefined;
  readonly #statements = new Map<string, Statement<unknown[]>>();

  /** @param writable an error is what is said to who wants to write */
  constructor(database: Database, path: string, writable: boolean | AppError, beforeFirstWrite?: () => void) {
    this.#database = database;
    this.path = path;
    this.#writable = writable;
    this.#beforeFirstWrite = beforeFirstWrite;
  }

  /** Runs one read: a single statement, and so one consistent picture. @throws AppError `store_*` */
  read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeFault(error, this.path);
    }
  }

  /**
   * Runs `work` in one transaction that holds the write lock from its start, so that what it reads stays true until it
   * is durable. Whatever is thrown, nothing has changed: an outcome whose writes must stay is returned, not thrown.
   *
   * @throws AppError `store_*`
   */
  write<T>(work: () => T): T {
    if (this.#writable !== true) throw this.#writable || readOnly(this.path);
    this.#beforeFirstWrite?.();
    this.#beforeFirstWrite = undefined;
    try {
      this.#database.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        this.#database.exec("COMMIT");
        return result;
      } catch (error) {
        // SQLite has rolled back by itself after some errors (a full disk, for one).
        if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
        throw error;
      }
    } catch (error) {
      throw storeFault(error, this.path);
    }
  }

  /** Runs several reads that see the store at one moment. @throws AppError `store_*` */
  readTogether<T>(work: () => T): T {
    if (this.#database.inTransaction) return this.read(work);
    return this.read(() => {
      this.#database.exec("BEGIN");
      try {
        return work();
      } finally {
        if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
      }
    });
  }

  get<Row>(sql: string, parameters: Parameters = []): Row | undefined {
    return this.#sane(this.#statement(sql).get(parameters) as Row | undefined);
  }

  all<Row>(sql: string, parameters: Parameters = []): Row[] {
    const rows = this.#statement(sql).all(parameters) as Row[];
    for (const row of rows) this.#sane(row);
    return rows;
  }

  /** Row by row; nothing else can be done on the connection meanwhile. */
  iterate<Row>(sql: string, parameters: Parameters = []): IterableIterator<Row> {
    return this.#statement(sql).iterate(parameters) as IterableIterator<Row>;
  }

  /** @returns how many rows changed */
  run(sql: string, parameters: Parameters = []): number {
    return this.#statement(sql).run(parameters).changes;
  }

  /**
   * Writes a copy of the whole database, as it is at one moment, into an empty file. Others may write meanwhile: they
   * are not kept waiting, and the copy does not begin anew because of them.
   *
   * @param look what is to be known of that moment
   * @throws SqliteError
   */
  async copyTo<T>(path: string, look: () => T, progress: (done: number, total: number) => void): Promise<T> {
    this.#database.exec("BEGIN");
    try {
      const seen = look();
      await this.#database.backup(path, {
        progress({ totalPages, remainingPages }) {
          progress(totalPages - remainingPages, totalPages);
          return PAGES_AT_A_TIME;
        },
      });
      return seen;
    } finally {
      if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
    }
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  /** Nothing that is stored is counted so high, and no time is so far away: a bit has flipped. */
  #sane<Row>(row: Row): Row {
    for (const value of Object.values(row ?? {})) {
      if (typeof value === "number" && Math.abs(value) > LATEST_TIME) {
        throw corrupt(this.path, "a number in it is beyond the calendar");
      }
    }
    return row;
  }

  #statement(sql: string): Statement<unknown[]> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      try {
        statement = this.#database.prepare<unknown[]>(sql);
      } catch (error) {
        // The statements are constants that fit the schema: when one does not, somebody has altered the tables.
        if (sqliteCode(error) === "SQLITE_ERROR") {
          throw corrupt(this.path, "its tables are not those of its version", error);
        }
        throw error;
      }
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
