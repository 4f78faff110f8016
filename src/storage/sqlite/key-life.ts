import {
  type ActivationResult,
  type Decision,
  type DeletionResult,
  decideActivation,
  decideDeletion,
  decideRetirement,
  decideRevocation,
  type RetirementResult,
} from "../../core/authority/keys/life-cycle.ts";
import type {
  ActivateKey,
  KeyRevocationResult,
  PassphraseChanged,
  RevokeKey,
} from "../../core/authority/ports/store.ts";
import type { Connection } from "./connection.ts";
import { destroyOverdue, insert, listKeys, update } from "./keys.ts";
import { isStale, PASSPHRASE_CHANGED } from "./sealing.ts";
import { wipeOldSeals, wipeSealsOfEndedSessions } from "./seals.ts";
import { endSessions } from "./sessions.ts";

// Each function runs inside a write transaction; what happens is decided in core/authority/keys/life-cycle.ts.

export function activateKey(
  db: Connection,
  input: ActivateKey,
  now: number,
): ActivationResult | PassphraseChanged {
  if (isStale(db, input)) return PASSPHRASE_CHANGED;
  return carryOut(db, decideActivation(currentKeys(db, now), input, now), now);
}

export function retireKey(db: Connection, kid: string, now: number): RetirementResult {
  return carryOut(db, decideRetirement(currentKeys(db, now), kid, now), now);
}

export function revokeKey(db: Connection, input: RevokeKey, now: number): KeyRevocationResult {
  if (isStale(db, input)) return PASSPHRASE_CHANGED;
  const result = carryOut(db, decideRevocation(currentKeys(db, now), input, now), now);
  if (result.outcome !== "revoked") return result;
  const revokedSessions = input.withSessions ? endSessions(db, { all: true }, "key_compromised", now) : [];
  return { ...result, revokedSessions };
}

export function deleteKey(
  db: Connection,
  input: { kid: string; force: boolean },
  now: number,
): DeletionResult {
  return carryOut(db, decideDeletion(currentKeys(db, now), input, now), now);
}

/** Destroys and wipes what has no more use. @returns how many seals were wiped */
export function tidy(db: Connection, now: number): number {
  destroyOverdue(db, now);
  db.run(
    `UPDATE signing_keys SET private_form = NULL, private_text = NULL
     WHERE state IN ('retired', 'revoked') AND private_text IS NOT NULL`,
  );
  return wipeOldSeals(db, now) + wipeSealsOfEndedSessions(db);
}

function currentKeys(db: Connection, now: number) {
  destroyOverdue(db, now);
  return listKeys(db, now);
}

function carryOut<Result>(db: Connection, { result, change }: Decision<Result>, now: number): Result {
  for (const key of change?.updated ?? []) update(db, key, now);
  for (const { key, material } of change?.added ?? []) insert(db, key, material);
  for (const kid of change?.removed ?? []) db.run("DELETE FROM signing_keys WHERE kid = ?", [kid]);
  return result;
}
