import { keyWithSameKid } from "../../core/authority/keys/kids.ts";
import {
  afterSigning,
  covers,
  demoted,
  entering,
  isActivatedAfter,
  KEY_STATES,
  type KeyState,
  keyAt,
  type NewSigningKey,
  nextStandby,
  type PrivateMaterial,
  promoted,
  retired,
  type SigningKey,
} from "../../core/authority/keys/signing-key.ts";
import type {
  AddKey,
  AddKeyResult,
  PromoteStandbyKey,
  PromotionResult,
} from "../../core/authority/ports/store.ts";
import { isJump, SETTLED_AFTER } from "../../core/base/time/clock-jump.ts";
import { isJwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { Connection } from "./connection.ts";
import { corrupt } from "./faults.ts";
import { findLastUse } from "./last-use.ts";
import { isStale, PASSPHRASE_CHANGED } from "./sealing.ts";

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

/** The newest first, states as of `now`. */
export function listKeys(db: Connection, now: number): SigningKey[] {
  return db.all<KeyRow>(`${SELECT_KEY} ORDER BY position DESC`).map((row) => keyAt(keyOf(db, row), now));
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

/** Inside a write transaction. */
export function addKey(db: Connection, input: AddKey, now: number): AddKeyResult {
  const { key, state, keepPrivate = false, retiresAt } = input;
  if (isStale(db, input)) return PASSPHRASE_CHANGED;
  destroyOverdue(db, now);
  const keys = listKeys(db, now);
  const present = keys.find(({ kid }) => kid === key.kid);
  if (present !== undefined) return { outcome: "duplicate", state: present.state };
  const rival = keyWithSameKid(keys, key);
  if (rival !== undefined) return { outcome: "kid_taken", by: rival.kid };
  const standby = input.onlyIfMissing ? nextStandby(keys) : undefined;
  if (standby !== undefined) return { outcome: "not_missing", standby: standby.kid };
  const entered = entering(key, state, now, retiresAt);
  if (state === "active") demoteActive(db, keepPrivate, now);
  insert(db, entered, key.privateMaterial);
  return { outcome: "added" };
}

/** Inside a write transaction. */
export function promoteStandbyKey(db: Connection, input: PromoteStandbyKey, now: number): PromotionResult {
  const { successor, keepPrivate, onlyIfActivatedBefore } = input;
  if (isStale(db, input)) return PASSPHRASE_CHANGED;
  destroyOverdue(db, now);
  const active = findActive(db);
  if (active && isActivatedAfter(active, onlyIfActivatedBefore, { keys: () => listKeys(db, now), now }))
    return { outcome: "too_young", active };
  const candidate = oneKey(db, "WHERE state = 'standby' ORDER BY position LIMIT 1");
  if (candidate === undefined) return { outcome: "no_standby" };
  const standby = entering(successor, "standby", now);
  const previous = demoteActive(db, keepPrivate, now);
  const promotedKey = promoted(candidate, now);
  update(db, promotedKey, now);
  insert(db, standby, successor.privateMaterial);
  return { outcome: "promoted", active: promotedKey, standby, previous };
}

/** Whether the key signs, and is kept for such a token already: then nothing need be written. */
export function isReserved(db: Connection, kid: string, exp: number | null): boolean {
  const key = findActive(db);
  return key?.kid === kid && covers(key, exp);
}

/** Inside a write transaction. */
export function reserveSignature(db: Connection, kid: string, exp: number | null): "reserved" | "not_active" {
  const key = findActive(db);
  if (key === undefined || key.kid !== kid) return "not_active";
  update(db, afterSigning(key, exp), null);
  return "reserved";
}

/** Inside a write transaction, for {@link initialise} of an empty store. */
export function insertFirstKey(
  db: Connection,
  key: NewSigningKey,
  state: "standby" | "active",
  now: number,
): void {
  insert(db, entering(key, state, now), key.privateMaterial);
}

function findActive(db: Connection): SigningKey | undefined {
  return oneKey(db, "WHERE state = 'active'");
}

function oneKey(db: Connection, where: string): SigningKey | undefined {
  const row = db.get<KeyRow>(`${SELECT_KEY} ${where}`);
  return row && keyOf(db, row);
}

/** @returns the key that was active, as it is now */
function demoteActive(db: Connection, keepPrivate: boolean, now: number): SigningKey | null {
  const active = findActive(db);
  if (active === undefined) return null;
  const key = demoted(active, now, keepPrivate);
  update(db, key, now);
  return key;
}

/** Destroys what is kept of the private half of keys that are past their date, unless the clock is in doubt. */
export function destroyOverdue(db: Connection, now: number): void {
  const due = db.all<KeyRow>(
    `${SELECT_KEY} WHERE state = 'retiring' AND retires_at <= ? AND private_text IS NOT NULL`,
    [now],
  );
  if (due.length === 0 || isJump(findLastUse(db, now - SETTLED_AFTER), now)) return;
  for (const row of due) update(db, retired(keyOf(db, row)), null);
}

export function insert(db: Connection, key: SigningKey, material: PrivateMaterial | null): void {
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
      private_text: material && (material.form === "plain" ? JSON.stringify(material.jwk) : material.jwe),
      created_at: key.createdAt,
      activated_at: key.activatedAt,
      retires_at: key.retiresAt,
    },
  );
}

/**
 * Writes what can change in a key; its private half is destroyed when the key is said to have none.
 * @param now when the key may be leaving the active place; null when it is not
 */
export function update(db: Connection, key: SigningKey, now: number | null): void {
  db.run(
    `UPDATE signing_keys SET activated_at = @activated_at, retires_at = @retires_at, revoked_at = @revoked_at,
       demoted_at = iif(state = 'active' AND @state <> 'active', @now, demoted_at), state = @state,
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
      now,
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
