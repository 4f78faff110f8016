import Sqlite from "better-sqlite3";
import type { Known } from "../../core/analysis/doctor/facts.ts";
import { AppError } from "../../core/base/errors.ts";
import { storeFault } from "./faults.ts";

/** What the work finds out, or why it could not: a damaged page stops one question, not all of them. */
export function known<T>(work: () => T): Known<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    const fault = storeFault(error, "");
    if (fault instanceof AppError) return { ok: false, why: whyOf(error, fault) };
    throw fault;
  }
}

/** SQLite's own words say more than ours, and quote nothing of what is stored. */
function whyOf(error: unknown, fault: AppError): string {
  return error instanceof Sqlite.SqliteError ? error.message : fault.message;
}
