import type { LogTraces } from "../../core/analysis/doctor/facts.ts";
import type { Connection } from "./connection.ts";

/** Reads each table once, and computes no hash. Of one moment. */
export function logTraces(db: Connection): LogTraces {
  return db.readTogether(() => {
    const newest = db.get<{ entries: number; at: number | null }>(
      "SELECT count(*) AS entries, max(at) AS at FROM audit_log",
    );
    const used = db.get<{ used: 0 | 1 }>(
      `SELECT EXISTS (SELECT 1 FROM users WHERE last_attempt_at IS NOT NULL)
         OR EXISTS (SELECT 1 FROM unknown_name_attempts) OR EXISTS (SELECT 1 FROM refusal_quotas) AS used`,
    );
    return {
      entries: newest?.entries ?? 0,
      usedSince: used?.used === 1,
      newer: newerThan(db, newest?.at ?? Number.NEGATIVE_INFINITY),
      reopened: reopened(db),
    };
  });
}

/** Only times at which something was done that the log is told of in the same transaction. */
function newerThan(db: Connection, at: number): LogTraces["newer"] {
  const counts = db.get<LogTraces["newer"]>(
    `SELECT
       (SELECT count(*) FROM sessions WHERE max(created_at, last_used_at) > @at) AS sessions,
       (SELECT count(*) FROM users
        WHERE max(created_at, password_changed_at, coalesce(last_login_at, created_at)) > @at) AS users,
       (SELECT count(*) FROM signing_keys
        WHERE max(created_at, coalesce(activated_at, created_at), coalesce(revoked_at, created_at)) > @at) AS keys`,
    { at },
  );
  return counts ?? { sessions: 0, users: 0, keys: 0 };
}

function reopened(db: Connection): string[] {
  return db
    .all<{ id: string }>(
      `SELECT id FROM sessions WHERE ended_at IS NULL AND id IN (
         SELECT session_id FROM audit_log WHERE type IN ('login_revoked', 'reuse_detected') AND session_id IS NOT NULL
         UNION ALL
         SELECT revoked.value
         FROM audit_log, json_each(iif(json_valid(details), details, '{}'), '$.logins') AS revoked
         WHERE audit_log.type = 'login_revoked' AND audit_log.session_id IS NULL
       ) ORDER BY created_at, id`,
    )
    .map(({ id }) => id);
}
