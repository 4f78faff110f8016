import type { PassphraseChanged, ResealKeys, Sealing } from "../../core/authority/ports/store.ts";
import type { Connection } from "./connection.ts";
import { notInitialised } from "./identity.ts";

export const PASSPHRASE_CHANGED: PassphraseChanged = { outcome: "passphrase_changed" };

/** @throws AppError `store_not_found` when the store has not been initialised */
export function readSealingEpoch(db: Connection): number {
  const row = db.get<{ sealing_epoch: number }>("SELECT sealing_epoch FROM settings");
  if (row === undefined) throw notInitialised(db.path);
  return row.sealing_epoch;
}

/** Whether the passphrase has changed since a private half was sealed. Inside a write transaction. */
export function isStale(db: Connection, { sealingEpoch }: Sealing): boolean {
  return sealingEpoch !== undefined && sealingEpoch !== readSealingEpoch(db);
}

/** Inside a write transaction. */
export function resealKeys(
  db: Connection,
  { sealingEpoch, encryption, materials }: ResealKeys,
  now: number,
): "resealed" | "changed_meanwhile" {
  const present = db.all<{ kid: string }>("SELECT kid FROM signing_keys WHERE private_text IS NOT NULL");
  const given = new Set(materials.map(({ kid }) => kid));
  const complete = present.length === materials.length && present.every(({ kid }) => given.has(kid));
  if (!complete || isStale(db, { sealingEpoch })) return "changed_meanwhile";
  for (const { kid, material } of materials) {
    db.run("UPDATE signing_keys SET private_form = @form, private_text = @text WHERE kid = @kid", {
      kid,
      form: material.form,
      text: material.form === "plain" ? JSON.stringify(material.jwk) : material.jwe,
    });
  }
  db.run(
    "UPDATE settings SET encryption = @encryption, sealing_epoch = sealing_epoch + 1, changed_at = @now",
    {
      encryption,
      now,
    },
  );
  return "resealed";
}
