import {
  KEY_STATES,
  type KeyState,
  type PrivateMaterial,
  type SigningKey,
} from "../../core/authority/keys/signing-key.ts";
import type { KeysChange, KeysFacts, KeysQuestion } from "../../core/authority/ports/store-backend.ts";
import { isJwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { Connection } from "./connection.ts";
import { corrupt } from "./faults.ts";
import { findLastUse } from "./last-use.ts";
import { listSeals, wipeSeal } from "./sealed-successors.ts";
import { endSessions, listOpenSessions } from "./sessions.ts";
import { findSettings, writeSettings } from "./settings.ts";

interface KeyRow {
  readonly kid: string;
  readonly former_kid: string | null;
  readonly alg: string;
  readonly state: KeyState;
  readonly public_jwk: string | null;
  readonly has_private: 0 | 1;
  readonly created_at: number;
  readonly activated_at: number | null;
  readonly retires_at: number | null;
  readonly revoked_at: number | null;
  readonly max_exp: number | null;
  readonly signed_without_exp: 0 | 1;
}

const SELECT_KEY = `SELECT kid, former_kid, alg, state, public_jwk, private_text IS NOT NULL AS has_private, created_at,
  activated_at, retires_at, revoked_at, max_exp, signed_without_exp FROM signing_keys`;

/** As they are recorded, the newest first. */
export function listKeys(db: Connection): SigningKey[] {
  return db.all<KeyRow>(`${SELECT_KEY} ORDER BY position DESC`).map((row) => keyOf(db, row));
}

export function findActiveKey(db: Connection): SigningKey | null {
  const row = db.get<KeyRow>(`${SELECT_KEY} WHERE state = 'active'`);
  return row === undefined ? null : keyOf(db, row);
}

export function readPrivateKey(db: Connection, kid: string): PrivateMaterial | null {
  const row = db.get<{ private_form: "plain" | "encrypted" | null; private_text: string }>(
    "SELECT private_form, private_text FROM signing_keys WHERE kid = ?",
    [kid],
  );
  if (row === undefined || row.private_form === null) return null;
  if (row.private_form === "encrypted") return { form: "encrypted", jwe: row.private_text };
  return { form: "plain", jwk: jwkOf(db, row.private_text) };
}

/** What a step on the keys is decided by. */
export function keysFacts(db: Connection, question: KeysQuestion): KeysFacts {
  const { lastUseBefore, openSessions, seals } = question;
  return {
    settings: findSettings(db),
    keys: listKeys(db),
    ...(lastUseBefore !== undefined && { lastUse: findLastUse(db, lastUseBefore) }),
    ...(openSessions && { open: listOpenSessions(db, { all: true }) }),
    ...(seals && { seals: listSeals(db) }),
  };
}

/** Inside a write transaction. A place is left before it is taken: only one key is active at any moment. */
export function applyToKeys(db: Connection, change: KeysChange, at: number): void {
  if (change.settings) writeSettings(db, change.settings, at);
  for (const key of change.updated ?? []) updateKey(db, key, at);
  for (const { key, material } of change.added ?? []) insertKey(db, key, material);
  for (const kid of change.removed ?? []) db.run("DELETE FROM signing_keys WHERE kid = ?", [kid]);
  for (const { kid, material } of change.resealed ?? []) {
    db.run("UPDATE signing_keys SET private_form = ?, private_text = ? WHERE kid = ?", [
      material.form,
      textOf(material),
      kid,
    ]);
  }
  endSessions(db, change.ended ?? []);
  for (const { sessionId, seq } of change.wiped ?? []) wipeSeal(db, sessionId, seq);
}

function insertKey(db: Connection, key: SigningKey, material: PrivateMaterial | null): void {
  db.run(
    `INSERT INTO signing_keys
       (kid, former_kid, alg, state, public_jwk, private_form, private_text, created_at, activated_at, retires_at)
     VALUES
       (@kid, @former_kid, @alg, @state, @public_jwk, @private_form, @private_text, @created_at, @activated_at, @retires_at)`,
    {
      kid: key.kid,
      former_kid: key.formerKid ?? null,
      alg: key.alg,
      state: key.state,
      public_jwk: key.publicJwk && JSON.stringify(key.publicJwk),
      private_form: material?.form ?? null,
      private_text: material && textOf(material),
      created_at: key.createdAt,
      activated_at: key.activatedAt,
      retires_at: key.retiresAt,
    },
  );
}

function textOf(material: PrivateMaterial): string {
  return material.form === "plain" ? JSON.stringify(material.jwk) : material.jwe;
}

/**
 * Writes what can change in a key, inside a write transaction; its private half is destroyed when the key is said to
 * have none.
 * @param at when the key leaves the active place, if it does
 */
export function updateKey(db: Connection, key: SigningKey, at: number): void {
  db.run(
    `UPDATE signing_keys SET activated_at = @activated_at, retires_at = @retires_at, revoked_at = @revoked_at,
       demoted_at = iif(state = 'active' AND @state <> 'active', @at, demoted_at), state = @state,
       max_exp = @max_exp, signed_without_exp = @signed_without_exp,
       private_form = iif(@has_private, private_form, NULL), private_text = iif(@has_private, private_text, NULL)
     WHERE kid = @kid`,
    {
      kid: key.kid,
      state: key.state,
      activated_at: key.activatedAt,
      retires_at: key.retiresAt,
      revoked_at: key.revokedAt,
      max_exp: key.maxExp,
      signed_without_exp: key.signedWithoutExp ? 1 : 0,
      has_private: key.hasPrivate ? 1 : 0,
      at,
    },
  );
}

function keyOf(db: Connection, row: KeyRow): SigningKey {
  if (!isJwsAlgorithm(row.alg)) throw corrupt(db.path, "a key has an unknown algorithm");
  // A state that nobody knows would take the key out of every list without a word.
  if (!KEY_STATES.includes(row.state)) throw corrupt(db.path, "a key has an unknown state");
  return {
    kid: row.kid,
    alg: row.alg,
    state: row.state,
    publicJwk: row.public_jwk === null ? null : jwkOf(db, row.public_jwk),
    hasPrivate: row.has_private === 1,
    createdAt: row.created_at,
    activatedAt: row.activated_at,
    retiresAt: row.retires_at,
    revokedAt: row.revoked_at,
    maxExp: row.max_exp,
    signedWithoutExp: row.signed_without_exp === 1,
    ...(row.former_kid === null ? {} : { formerKid: row.former_kid }),
  };
}

function jwkOf(db: Connection, text: string): Jwk {
  const jwk = jsonOf(db, text) as Jwk | null;
  if (typeof jwk?.kty !== "string") throw corrupt(db.path, "a key is not a JWK");
  return jwk;
}

function jsonOf(db: Connection, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Without the cause: its message quotes the text, which may be a private key.
    throw corrupt(db.path, "a key is not JSON");
  }
}
