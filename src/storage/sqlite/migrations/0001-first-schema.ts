/**
 * Schema version 1. Once released it never changes: later versions are migrations of their own.
 *
 * Times are integers, milliseconds since the epoch, unless the name says `exp` (NumericDate, seconds). JSON is text.
 */
export const FIRST_SCHEMA = `
-- One row, written by init: a store without it has a schema, but has not been initialised.
CREATE TABLE settings (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  encryption TEXT NOT NULL CHECK (encryption IN ('passphrase', 'none')),
  -- Counts the changes of the passphrase.
  sealing_epoch INTEGER NOT NULL DEFAULT 0,
  issuer TEXT NOT NULL,
  audience TEXT NOT NULL,
  access_ttl INTEGER NOT NULL CHECK (access_ttl > 0),
  refresh_idle INTEGER NOT NULL CHECK (refresh_idle > 0),
  refresh_max INTEGER NOT NULL CHECK (refresh_max > 0),
  reuse_window INTEGER NOT NULL CHECK (reuse_window >= 0),
  algorithm TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE signing_keys (
  -- The order in which keys came in: two may share a millisecond.
  position INTEGER PRIMARY KEY,
  kid TEXT NOT NULL UNIQUE,
  -- The kid an imported key signed under where it came from.
  former_kid TEXT UNIQUE,
  alg TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('standby', 'active', 'retiring', 'retired', 'revoked')),
  public_jwk TEXT,
  private_form TEXT CHECK (private_form IN ('plain', 'encrypted')),
  private_text TEXT,
  created_at INTEGER NOT NULL,
  activated_at INTEGER,
  demoted_at INTEGER,
  retires_at INTEGER,
  revoked_at INTEGER,
  max_exp INTEGER,
  signed_without_exp INTEGER NOT NULL DEFAULT 0 CHECK (signed_without_exp IN (0, 1)),
  CHECK (former_kid <> kid),
  CHECK ((private_form IS NULL) = (private_text IS NULL)),
  CHECK (state NOT IN ('standby', 'active') OR private_text IS NOT NULL),
  CHECK (state <> 'active' OR activated_at IS NOT NULL),
  CHECK (retires_at IS NULL OR state NOT IN ('standby', 'active')),
  CHECK ((state = 'revoked') = (revoked_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX signing_keys_one_active ON signing_keys (state) WHERE state = 'active';

CREATE TABLE users (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  -- The form under which names are unique: NFC, lower case.
  name_key TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL CHECK (status IN ('active', 'disabled')),
  password_hash TEXT NOT NULL,
  weak_password INTEGER NOT NULL CHECK (weak_password IN (0, 1)),
  claims TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_login_at INTEGER,
  password_changed_at INTEGER NOT NULL,
  failed_attempts INTEGER NOT NULL DEFAULT 0 CHECK (failed_attempts >= 0),
  locked_until INTEGER
) STRICT;

CREATE TABLE logins (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
  user_name TEXT NOT NULL,
  client_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  idle_expires_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  rotations INTEGER NOT NULL DEFAULT 0 CHECK (rotations >= 0),
  -- Written when the end is first seen, and final from then on.
  ended_at INTEGER,
  reason TEXT CHECK (reason IN (
    'idle', 'absolute', 'reuse_detected', 'logout', 'revoked', 'password_changed', 'user_disabled', 'user_removed',
    'key_compromised'
  )),
  CHECK (idle_expires_at <= expires_at),
  CHECK ((ended_at IS NULL) = (reason IS NULL)),
  CHECK (user_id IS NOT NULL OR ended_at IS NOT NULL)
) STRICT;
CREATE INDEX logins_by_user ON logins (user_id, created_at, id);
CREATE INDEX logins_by_creation ON logins (created_at, id);
CREATE INDEX logins_by_end ON logins (expires_at, id);
CREATE INDEX logins_open ON logins (user_id, idle_expires_at) WHERE ended_at IS NULL;

CREATE TABLE refresh_tokens (
  login_id TEXT NOT NULL REFERENCES logins (id) ON DELETE CASCADE,
  -- Counts from 1, the token the login began with.
  seq INTEGER NOT NULL CHECK (seq >= 1),
  hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  created_at INTEGER NOT NULL,
  idle_expires_at INTEGER NOT NULL,
  consumed_at INTEGER,
  reused_at INTEGER,
  -- The successor's secret under a key only this token's holder has, until the successor is used or the window ends.
  sealed_successor BLOB,
  sealed_until INTEGER,
  PRIMARY KEY (login_id, seq),
  CHECK ((sealed_successor IS NULL) = (sealed_until IS NULL)),
  CHECK (consumed_at IS NOT NULL OR (sealed_until IS NULL AND reused_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_sealed ON refresh_tokens (sealed_until) WHERE sealed_until IS NOT NULL;
`;
