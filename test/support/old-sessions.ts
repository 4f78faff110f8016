import { randomBytes } from "node:crypto";
import type { Database } from "better-sqlite3";

const DAY = 86_400_000;

/** Gives alice so many logins that ended long enough ago to be pruned, each with a used refresh token and an open one. */
export function addOldSessions(database: Database, count: number): void {
  const user = database.prepare<[], { id: string }>("SELECT id FROM users WHERE name = 'alice'").get();
  const session = database.prepare(
    `INSERT INTO sessions (id, user_id, user_name, client_id, created_at, last_used_at, idle_expires_at, expires_at,
     rotations) VALUES (?, ?, 'alice', 'jwtctl', ?, ?, ?, ?, 1)`,
  );
  const token = database.prepare(
    `INSERT INTO refresh_tokens (session_id, seq, hash, created_at, idle_expires_at, consumed_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const created = Date.now() - 200 * DAY;
  const used = created + DAY;
  database.transaction(() => {
    for (let index = 0; index < count; index++) {
      const id = `old-${index}`;
      session.run(id, user?.id, created, used, used + 14 * DAY, created + 90 * DAY);
      token.run(id, 1, randomBytes(32), created, created + 14 * DAY, used);
      token.run(id, 2, randomBytes(32), used, used + 14 * DAY, null);
    }
  })();
}
