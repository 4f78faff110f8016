import type { Connection } from "./connection.ts";

/** See `SettingsStore.findLastUse`. It walks through all logins: for what is rare. */
export function findLastUse(db: Connection, before: number): number | null {
  const row = db.get<{ last: number | null }>(
    `SELECT max(at) AS last FROM (
       SELECT max(created_at) AS at FROM signing_keys WHERE created_at <= @before
       UNION ALL SELECT max(activated_at) FROM signing_keys WHERE activated_at <= @before
       UNION ALL SELECT max(created_at) FROM users WHERE created_at <= @before
       UNION ALL SELECT max(last_login_at) FROM users WHERE last_login_at <= @before
       UNION ALL SELECT max(max(created_at, min(last_used_at, @before))) FROM sessions WHERE created_at <= @before
     )`,
    { before },
  );
  return row?.last ?? null;
}
