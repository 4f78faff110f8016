import Sqlite, { type Database } from "better-sqlite3";
import { expect } from "vitest";
import { examineKeyMaterial } from "../../src/app/doctor/key-material.ts";
import { runChecks } from "../../src/core/analysis/doctor/run-checks.ts";
import { createKeyTools } from "../../src/crypto/key-tools.ts";
import { createKeyVault } from "../../src/crypto/key-vault.ts";
import { createStoreExaminer } from "../../src/storage/examiner.ts";
import type { Sandbox } from "./spawn.ts";

/** Where a sandbox has its store. */
export function storeOf(sandbox: Sandbox): string {
  return sandbox.path("data", "jwtctl", "jwtctl.db");
}

/** Works on the file of a store behind jwtctl's back. */
export function behind<T>(sandbox: Sandbox, work: (database: Database) => T): T {
  const database = new Sqlite(storeOf(sandbox), { fileMustExist: true });
  try {
    return work(database);
  } finally {
    database.close();
  }
}

interface Chain {
  readonly session_id: string;
  readonly rotations: number;
  readonly tokens: number;
  readonly newest: number;
  readonly open: number;
  readonly newest_open: number;
}

/**
 * What holds of every store at every moment, whatever was killed, raced or filled up: SQLite finds the file whole, no
 * row points nowhere, one key signs and has its private half, no login has forked or lost a refresh token, only the
 * newest token of a login is unused, what is kept for a repetition belongs to the token before the newest, and
 * `doctor --full` finds nothing that fails, the audit log's chain included.
 */
export async function expectSound(sandbox: Sandbox): Promise<void> {
  behind(sandbox, (database) => {
    expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
    expect(database.pragma("foreign_key_check")).toEqual([]);
    expect(rows(database, "SELECT kid FROM signing_keys WHERE state = 'active'")).toHaveLength(1);
    for (const chain of rows<Chain>(database, CHAINS)) {
      expect(chain, "a login forked or lost a token").toMatchObject({
        tokens: chain.rotations + 1,
        newest: chain.rotations + 1,
        open: 1,
        newest_open: 1,
      });
    }
    expect(rows(database, STRAY_SEALS), "a successor is kept that nobody may get").toEqual([]);
  });
  const now = Date.now();
  const store = await createStoreExaminer().examine({ path: storeOf(sandbox), full: true, now });
  const halves = store.content?.halves.ok ? store.content.halves.value : [];
  const vault = createKeyVault(createKeyTools({ bytes: () => new Uint8Array() }));
  const keyMaterial = await examineKeyMaterial(halves, async () => undefined, vault);
  const findings = runChecks({ store, credentials: null, jwks: undefined, keyMaterial, now });
  const failures = findings.filter(({ status }) => status === "fail");
  expect(failures, "what doctor --full says").toEqual([]);
}

const CHAINS = `
  SELECT session_id, sessions.rotations, count(*) AS tokens, max(seq) AS newest,
    sum(consumed_at IS NULL) AS open, sum(consumed_at IS NULL AND seq = sessions.rotations + 1) AS newest_open
  FROM refresh_tokens JOIN sessions ON sessions.id = session_id GROUP BY session_id`;
const STRAY_SEALS = `
  SELECT session_id, seq FROM refresh_tokens JOIN sessions ON sessions.id = session_id
  WHERE sealed_successor IS NOT NULL AND seq <> sessions.rotations`;

function rows<Row>(database: Database, sql: string): Row[] {
  return database.prepare<[], Row>(sql).all();
}
