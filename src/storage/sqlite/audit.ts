import { type AuditRecord, readDetails } from "../../core/authority/audit/canonical.ts";
import { ChainCheck, type ChainVerdict } from "../../core/authority/audit/chain.ts";
import { AUDIT_ORIGIN, type AuditEntry, type AuditHead } from "../../core/authority/audit/entry.ts";
import type { QuotaState } from "../../core/authority/audit/refusal-quota.ts";
import type { AuditFilter } from "../../core/authority/ports/audit-store.ts";
import type { RefusalCount, StepLog } from "../../core/authority/ports/store-backend.ts";
import { userNameKey } from "../../core/authority/users/user.ts";
import { sha256 } from "../digest.ts";
import type { Connection, SqlValue } from "./connection.ts";
import { corrupt } from "./faults.ts";

interface AuditRow {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly os_user: string;
  readonly command: string;
  readonly user_name: string | null;
  readonly session_id?: string | null;
  /** What the column was called before schema version 3; backups of old stores are verified too. */
  readonly login_id?: string | null;
  readonly kid: string | null;
  readonly reason: string | null;
  readonly details: string;
  readonly hash: string;
}

/** Inside a write transaction: what a step tells the log, and what is kept of refusals. */
export function writeLog(db: Connection, log: StepLog): void {
  const over = takeOverdueCounts(db, log.over);
  const columns = "since, written, skipped";
  const kept =
    log.subject === undefined
      ? undefined
      : db.get<QuotaState>(`SELECT ${columns} FROM refusal_quotas WHERE subject = ?`, [log.subject]);
  const { entries, count } = log.entries({ over, kept });
  if (log.subject !== undefined && count !== undefined) {
    db.run(
      `INSERT INTO refusal_quotas (subject, since, written, skipped) VALUES (@subject, @since, @written, @skipped)
       ON CONFLICT (subject) DO UPDATE SET since = @since, written = @written, skipped = @skipped`,
      { subject: log.subject, ...count },
    );
  }
  if (entries.length === 0) return;
  for (const record of log.chain(entries, readAuditHead(db))) append(db, record);
}

function takeOverdueCounts(db: Connection, { upTo, beyond }: StepLog["over"]): RefusalCount[] {
  const where = "WHERE since <= ? OR since > ?";
  const columns = "subject, since, written, skipped";
  const over = db.all<RefusalCount>(
    `SELECT ${columns} FROM refusal_quotas ${where} ORDER BY since, subject`,
    [upTo, beyond],
  );
  if (over.length > 0) db.run(`DELETE FROM refusal_quotas ${where}`, [upTo, beyond]);
  return over;
}

function append(db: Connection, record: AuditRecord): void {
  db.run(
    `INSERT INTO audit_log (seq, at, type, os_user, command, user_name, session_id, kid, reason, details, hash)
     VALUES (@seq, @at, @type, @osUser, @command, @user, @session, @kid, @reason, @details, @hash)`,
    { ...record },
  );
  db.run("UPDATE audit_head SET seq = ?, hash = ?", [record.seq, record.hash]);
}

/** @throws AppError `store_corrupt` when the store does not say where its log ends */
export function readAuditHead(db: Connection): AuditHead {
  const head = db.get<AuditHead>("SELECT seq, hash FROM audit_head");
  if (head === undefined) throw corrupt(db.path, "it does not say where its audit log ends");
  return head;
}

export function listAudit(db: Connection, filter: AuditFilter): AuditEntry[] {
  const { where, parameters } = conditions(filter);
  const { user, session, limit = Number.POSITIVE_INFINITY } = filter;
  const key = user === undefined ? undefined : userNameKey(user);
  const found: AuditEntry[] = [];
  for (const row of db.iterate<AuditRow>(`SELECT * FROM audit_log ${where} ORDER BY seq DESC`, parameters)) {
    if (found.length >= limit) break;
    if (key !== undefined && (row.user_name === null || userNameKey(row.user_name) !== key)) continue;
    if (session !== undefined && !isAbout(row, session)) continue;
    found.push(entryOf(row));
  }
  return found.reverse();
}

/** An entry about several logins has their ids in its details. */
function isAbout(row: AuditRow, session: string): boolean {
  if (row.session_id === session) return true;
  const sessions = row.type === "login_revoked" ? readDetails(row.details).get("logins") : undefined;
  return Array.isArray(sessions) && sessions.includes(session);
}

function conditions({ afterSeq, since, until, kid, types, session }: AuditFilter) {
  const parts: string[] = [];
  const parameters: Record<string, SqlValue> = {};
  const demand = (sql: string, name: string, value: SqlValue | undefined) => {
    if (value === undefined) return;
    parts.push(sql);
    parameters[name] = value;
  };
  demand("seq > @afterSeq", "afterSeq", afterSeq);
  demand("at >= @since", "since", since);
  demand("at < @until", "until", until);
  demand("kid = @kid", "kid", kid);
  // Those that may be about it: what is about several sessions names them in its details.
  demand("(session_id = @session OR (type = 'login_revoked' AND session_id IS NULL))", "session", session);
  demand("type IN (SELECT value FROM json_each(@types))", "types", types && JSON.stringify(types));
  return { where: parts.length === 0 ? "" : `WHERE ${parts.join(" AND ")}`, parameters };
}

export function readAuditRecords(
  db: Connection,
  { afterSeq, limit }: { afterSeq: number; limit: number },
): { previous: AuditHead; records: AuditRecord[] } {
  // Rows are only ever added: what the first statement saw is still so for the second.
  const previous = db.get<AuditHead>(
    "SELECT seq, hash FROM audit_log WHERE seq <= ? ORDER BY seq DESC LIMIT 1",
    [afterSeq],
  );
  const rows = db.all<AuditRow>("SELECT * FROM audit_log WHERE seq > ? ORDER BY seq LIMIT ?", [
    afterSeq,
    limit,
  ]);
  return { previous: previous ?? AUDIT_ORIGIN, records: rows.map(storedRecord) };
}

/** Of one moment: what other processes append meanwhile is not seen, and the head fits. */
export function verifyAudit(db: Connection, anchor?: AuditHead): ChainVerdict {
  return db.readTogether(() => {
    const check = new ChainCheck(sha256, anchor);
    for (const row of db.iterate<AuditRow>("SELECT * FROM audit_log ORDER BY seq")) {
      check.record(storedRecord(row));
    }
    return check.verdict(readAuditHead(db));
  });
}

function storedRecord(row: AuditRow): AuditRecord {
  const { seq, at, type, command, kid, reason, details, hash } = row;
  return {
    seq,
    at,
    type,
    osUser: row.os_user,
    command,
    user: row.user_name,
    session: row.session_id ?? row.login_id ?? null,
    kid,
    reason,
    details,
    hash,
  };
}

function entryOf(row: AuditRow): AuditEntry {
  return { ...storedRecord(row), details: readDetails(row.details) };
}
