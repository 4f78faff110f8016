import type { KeyEncryption } from "../../core/authority/keys/signing-key.ts";
import type { NewStore } from "../../core/authority/ports/store.ts";
import type { Settings } from "../../core/authority/settings.ts";
import { isJwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { Connection } from "./connection.ts";
import { corrupt } from "./faults.ts";
import { notInitialised } from "./identity.ts";
import { insertFirstKey } from "./keys.ts";

export function isInitialised(db: Connection): boolean {
  return db.get("SELECT id FROM settings") !== undefined;
}

/** Inside a write transaction. */
export function initialise(
  db: Connection,
  input: NewStore,
  now: number,
): "initialised" | "already_initialised" {
  if (isInitialised(db)) return "already_initialised";
  db.run(
    `INSERT INTO settings (id, encryption, issuer, audience, access_ttl, refresh_idle, refresh_max, reuse_window,
       algorithm, created_at, changed_at)
     VALUES (1, @encryption, @issuer, @audience, @access_ttl, @refresh_idle, @refresh_max, @reuse_window,
       @algorithm, @now, @now)`,
    { ...input.settings, encryption: input.encryption, now },
  );
  insertFirstKey(db, input.active, "active", now);
  insertFirstKey(db, input.standby, "standby", now);
  return "initialised";
}

/** @throws AppError `store_not_found` when the store has not been initialised */
export function readSettings(db: Connection): Settings {
  const settings = db.get<Settings>(
    "SELECT issuer, audience, access_ttl, refresh_idle, refresh_max, reuse_window, algorithm FROM settings",
  );
  if (settings === undefined) throw notInitialised(db.path);
  if (!isJwsAlgorithm(settings.algorithm)) throw corrupt(db.path, "its algorithm setting is unknown");
  return settings;
}

/** Inside a write transaction. */
export function writeSettings(db: Connection, changes: Partial<Settings>, now: number): void {
  const settings = { ...readSettings(db), ...changes };
  db.run(
    `UPDATE settings SET issuer = @issuer, audience = @audience, access_ttl = @access_ttl,
       refresh_idle = @refresh_idle, refresh_max = @refresh_max, reuse_window = @reuse_window,
       algorithm = @algorithm, changed_at = @now`,
    { ...settings, now },
  );
}

/** @throws AppError `store_not_found` when the store has not been initialised */
export function readEncryption(db: Connection): KeyEncryption {
  const row = db.get<{ encryption: KeyEncryption }>("SELECT encryption FROM settings");
  if (row === undefined) throw notInitialised(db.path);
  return row.encryption;
}
