import { type AuditRecord, readDetails } from "../../core/authority/audit/canonical.ts";
import { ChainCheck, type ChainVerdict } from "../../core/authority/audit/chain.ts";
import { AUDIT_ORIGIN, type AuditEntry, type AuditHead } from "../../core/authority/audit/entry.ts";
import { isOver } from "../../core/authority/audit/refusal-quota.ts";
import type { AuditFilter } from "../../core/authority/ports/audit-store.ts";
import { userNameKey } from "../../core/authority/users/user.ts";
import type { AuditTables } from "../audit-log.ts";
import { sha256 } from "../digest.ts";
import type { State } from "./state.ts";

export function auditTables(state: State): AuditTables {
  return {
    head: () => readAuditHead(state),
    append: (record) => void state.audit.push(record),
    quota: (subject) => state.refusals.get(subject),
    setQuota: (subject, quota) => void state.refusals.set(subject, quota),
    takeOverdueQuotas(now) {
      const over = [...state.refusals]
        .filter(([, quota]) => isOver(quota, now))
        .map(([subject, quota]) => ({ subject, ...quota }))
        .sort((a, b) => a.since - b.since || (a.subject < b.subject ? -1 : 1));
      for (const { subject } of over) state.refusals.delete(subject);
      return over;
    },
    userName: (id) => state.users.get(id)?.user.name ?? null,
    sessionOwners: (ids) => ids.map((id) => ({ id, user: state.sessions.get(id)?.userName ?? "" })),
    keys: () => [...state.keys.values()].map(({ key }) => key),
  };
}

export function readAuditHead(state: State): AuditHead {
  const last = state.audit.at(-1);
  return last === undefined ? AUDIT_ORIGIN : { seq: last.seq, hash: last.hash };
}

export function listAudit(state: State, filter: AuditFilter): AuditEntry[] {
  const { afterSeq = 0, since, until, user, session, kid, types, limit } = filter;
  const fits = (record: AuditRecord) =>
    record.seq > afterSeq &&
    (since === undefined || record.at >= since) &&
    (until === undefined || record.at < until) &&
    (user === undefined || (record.user !== null && userNameKey(record.user) === userNameKey(user))) &&
    (session === undefined || isAbout(record, session)) &&
    (kid === undefined || record.kid === kid) &&
    (types === undefined || (types as readonly string[]).includes(record.type));
  const found = state.audit.filter(fits);
  return found
    .slice(limit === undefined ? 0 : Math.max(0, found.length - limit))
    .map((record) => ({ ...record, details: readDetails(record.details) }));
}

function isAbout(record: AuditRecord, session: string): boolean {
  const sessions = readDetails(record.details).get("logins");
  return record.session === session || (Array.isArray(sessions) && sessions.includes(session));
}

export function readAuditRecords(
  state: State,
  { afterSeq, limit }: { afterSeq: number; limit: number },
): { previous: AuditHead; records: AuditRecord[] } {
  const before = state.audit.findLast(({ seq }) => seq <= afterSeq);
  return {
    previous: before === undefined ? AUDIT_ORIGIN : { seq: before.seq, hash: before.hash },
    records: state.audit.filter(({ seq }) => seq > afterSeq).slice(0, limit),
  };
}

export function verifyAudit(state: State, anchor?: AuditHead): ChainVerdict {
  const check = new ChainCheck(sha256, anchor);
  for (const record of state.audit) check.record(record);
  return check.verdict(readAuditHead(state));
}
