import Sqlite from "better-sqlite3";
import type {
  ContentFacts,
  KeyFact,
  Known,
  SessionFacts,
  StoredHalves,
} from "../../core/analysis/doctor/facts.ts";
import { AppError } from "../../core/base/errors.ts";
import { SETTLED_AFTER } from "../../core/base/time/clock-jump.ts";
import { verifyAudit } from "./audit.ts";
import type { Connection } from "./connection.ts";
import { logTraces } from "./examine-audit-log.ts";
import { storeFault } from "./faults.ts";
import { listKeys, readPrivateKey } from "./keys.ts";
import { findLastUse } from "./last-use.ts";
import { findSettings, readSettings } from "./settings.ts";

/** What is in a store of today's schema, each part by itself. @param now ms */
export function examineContent(db: Connection, now: number): ContentFacts {
  return {
    initialised: known(() => findSettings(db) !== null),
    settings: known(() => readSettings(db).values),
    encryption: known(() => (findSettings(db) ?? readSettings(db)).encryption),
    keys: known(() => examineKeys(db)),
    halves: known(() => storedHalves(db)),
    audit: known(() => verifyAudit(db)),
    traces: known(() => logTraces(db)),
    sessions: known(() => examineSessions(db, now)),
    weakUsers: known(() =>
      db
        .all<{ name: string }>("SELECT name FROM users WHERE weak_password = 1 ORDER BY name_key")
        .map(({ name }) => name),
    ),
    newestTime: known(() => newestTime(db)),
    lastUse: known(() => findLastUse(db, now - SETTLED_AFTER)),
  };
}

/** Both halves of every key, of one moment. */
export function storedHalves(db: Connection): StoredHalves[] {
  return db.readTogether(() =>
    listKeys(db).map(({ kid, alg, publicJwk }) => ({
      kid,
      alg,
      publicJwk,
      privateMaterial: readPrivateKey(db, kid),
    })),
  );
}

function examineKeys(db: Connection): KeyFact[] {
  const forms = new Map(
    db
      .all<{ kid: string; private_form: KeyFact["privateForm"] }>(
        "SELECT kid, private_form FROM signing_keys",
      )
      .map(({ kid, private_form }) => [kid, private_form]),
  );
  return listKeys(db).map((key) => ({
    ...key,
    privateForm: forms.get(key.kid) ?? null,
  }));
}

function examineSessions(db: Connection, now: number): SessionFacts {
  const facts = db.get<Omit<SessionFacts, "overdueSeals" | "strandedSeals">>(
    `SELECT
       count(*) FILTER (WHERE ended_at IS NULL AND unused <> 1) AS "withoutOneUnused",
       count(*) FILTER (WHERE tokens <> newest OR tokens <> rotations + 1) AS "withGaps",
       count(*) FILTER (WHERE oldest_unused < newest) AS forked,
       count(*) FILTER (WHERE reuses > 0 AND coalesce(reason, '') <> 'reuse_detected') AS "reusedAlive"
     FROM (
       SELECT sessions.ended_at, sessions.reason, sessions.rotations, count(token.seq) AS tokens,
         coalesce(max(token.seq), 0) AS newest,
         count(token.seq) FILTER (WHERE token.consumed_at IS NULL) AS unused,
         min(token.seq) FILTER (WHERE token.consumed_at IS NULL) AS oldest_unused,
         count(token.reused_at) AS reuses
       FROM sessions LEFT JOIN refresh_tokens AS token ON token.session_id = sessions.id
       GROUP BY sessions.id
     )`,
  );
  const seals = db.get<Pick<SessionFacts, "overdueSeals" | "strandedSeals">>(
    `SELECT count(*) FILTER (WHERE ended_at IS NULL AND sealed_until <= ?) AS "overdueSeals",
       count(*) FILTER (WHERE ended_at IS NOT NULL) AS "strandedSeals"
     FROM refresh_tokens JOIN sessions ON sessions.id = session_id WHERE sealed_until IS NOT NULL`,
    [now],
  );
  if (facts === undefined || seals === undefined) throw new Error("a count has no row");
  return { ...facts, ...seals };
}

/** The tables that bear times which no clock has yet reached when they are written. */
function newestTime(db: Connection): number | null {
  const row = db.get<{ newest: number | null }>(
    `SELECT max(at) AS newest FROM (
       SELECT max(at) AS at FROM audit_log
       UNION ALL SELECT max(changed_at) FROM settings
       UNION ALL SELECT max(created_at) FROM signing_keys
       UNION ALL SELECT max(activated_at) FROM signing_keys
       UNION ALL SELECT max(created_at) FROM users
       UNION ALL SELECT max(last_login_at) FROM users
       UNION ALL SELECT max(last_used_at) FROM sessions
     )`,
  );
  return row?.newest ?? null;
}

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
