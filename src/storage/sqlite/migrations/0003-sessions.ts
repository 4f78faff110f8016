/**
 * Schema version 3: what a login starts is a session, and its tables say so. Once released it never changes.
 *
 * SQLite cannot rename an index: each is made again. The triggers of the audit log look at rows, which stay as they are.
 */
export const SESSIONS = `
ALTER TABLE logins RENAME TO sessions;
ALTER TABLE refresh_tokens RENAME COLUMN login_id TO session_id;
-- The records that are hashed keep their member "login" (docs/audit.md): only the column has the new name.
ALTER TABLE audit_log RENAME COLUMN login_id TO session_id;

DROP INDEX logins_by_user;
DROP INDEX logins_by_creation;
DROP INDEX logins_by_end;
DROP INDEX logins_open;
CREATE INDEX sessions_by_user ON sessions (user_id, created_at, id);
CREATE INDEX sessions_by_creation ON sessions (created_at, id);
CREATE INDEX sessions_by_end ON sessions (expires_at, id);
CREATE INDEX sessions_open ON sessions (user_id, idle_expires_at) WHERE ended_at IS NULL;
`;
