import type { StoredSettings } from "../../core/authority/ports/store-backend.ts";
import type { Settings } from "../../core/authority/settings.ts";
import { isJwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { Connection } from "./connection.ts";
import { corrupt } from "./faults.ts";
import { notInitialised } from "./identity.ts";

type SettingsRow = Settings & {
  readonly encryption: StoredSettings["encryption"];
  readonly sealing_epoch: number;
};

/** Null when the store has not been initialised. */
export function findSettings(db: Connection): StoredSettings | null {
  const row = db.get<SettingsRow>(
    `SELECT issuer, audience, access_ttl, refresh_idle, refresh_max, reuse_window, algorithm, encryption,
       sealing_epoch FROM settings`,
  );
  if (row === undefined) return null;
  const { encryption, sealing_epoch: sealingEpoch, ...values } = row;
  return { values, encryption, sealingEpoch };
}

/** @throws AppError `store_not_found` when the store has not been initialised; `store_corrupt` */
export function readSettings(db: Connection): StoredSettings {
  const settings = findSettings(db);
  if (settings === null) throw notInitialised(db.path);
  if (!isJwsAlgorithm(settings.values.algorithm)) throw corrupt(db.path, "its algorithm setting is unknown");
  return settings;
}

/** Inside a write transaction. @param at ms */
export function writeSettings(
  db: Connection,
  { values, encryption, sealingEpoch }: StoredSettings,
  at: number,
): void {
  db.run(
    `INSERT INTO settings (id, encryption, sealing_epoch, issuer, audience, access_ttl, refresh_idle, refresh_max,
       reuse_window, algorithm, created_at, changed_at)
     VALUES (1, @encryption, @sealingEpoch, @issuer, @audience, @access_ttl, @refresh_idle, @refresh_max,
       @reuse_window, @algorithm, @at, @at)
     ON CONFLICT (id) DO UPDATE SET encryption = @encryption, sealing_epoch = @sealingEpoch, issuer = @issuer,
       audience = @audience, access_ttl = @access_ttl, refresh_idle = @refresh_idle, refresh_max = @refresh_max,
       reuse_window = @reuse_window, algorithm = @algorithm, changed_at = @at`,
    { ...values, encryption, sealingEpoch, at },
  );
}
