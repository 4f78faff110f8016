/** Schema version 2: the audit log, and what slows down the guessing of passwords. Once released it never changes. */
export const AUDIT_AND_THROTTLE = `
ALTER TABLE users ADD COLUMN last_attempt_at INTEGER;

-- Attempts at names that nobody has, so that they are answered as those of users are. The names themselves may be
-- passwords typed into the wrong field: a name is only known by 16 bits of a salted hash, which it shares with others.
CREATE TABLE unknown_name_attempts (
  bucket INTEGER PRIMARY KEY CHECK (bucket BETWEEN 0 AND 65535),
  failed_attempts INTEGER NOT NULL CHECK (failed_attempts >= 0),
  locked_until INTEGER,
  last_attempt_at INTEGER
) STRICT;
CREATE TABLE unknown_name_salt (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  salt BLOB NOT NULL CHECK (length(salt) = 16)
) STRICT;
INSERT INTO unknown_name_salt (id, salt) VALUES (1, randomblob(16));

-- Each hash is the SHA-256 of the row and of the hash before it (docs/audit.md). No index: rows are written at the end
-- and read from an end.
CREATE TABLE audit_log (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  type TEXT NOT NULL,
  os_user TEXT NOT NULL,
  command TEXT NOT NULL,
  user_name TEXT,
  login_id TEXT,
  kid TEXT,
  reason TEXT,
  -- JSON, exactly as it was hashed.
  details TEXT NOT NULL,
  hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;

-- The last row of the log, kept apart: a log whose end was cut off is noticed.
CREATE TABLE audit_head (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seq INTEGER NOT NULL CHECK (seq >= 0),
  hash TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '${"0".repeat(64)}');

CREATE TRIGGER audit_log_keeps_rows BEFORE DELETE ON audit_log BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_log_keeps_content BEFORE UPDATE ON audit_log BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
-- REPLACE deletes without asking the trigger above, and so it is stopped here.
CREATE TRIGGER audit_log_appends BEFORE INSERT ON audit_log
WHEN NEW.seq IS NOT (SELECT seq + 1 FROM audit_head) BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_head_is_one BEFORE INSERT ON audit_head
WHEN EXISTS (SELECT 1 FROM audit_head) BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON audit_head
WHEN NEW.seq IS NOT OLD.seq + 1 OR NEW.hash IS NOT (SELECT hash FROM audit_log WHERE seq = NEW.seq) BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- Refusals that change nothing, counted where they are too many to be written one by one.
CREATE TABLE refusal_quotas (
  subject TEXT NOT NULL PRIMARY KEY,
  since INTEGER NOT NULL,
  written INTEGER NOT NULL CHECK (written >= 0),
  skipped INTEGER NOT NULL CHECK (skipped >= 0)
) STRICT, WITHOUT ROWID;
CREATE INDEX refusal_quotas_by_age ON refusal_quotas (since);
`;
