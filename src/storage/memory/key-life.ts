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
  ResealKeys,
  RevokeKey,
} from "../../core/authority/ports/store.ts";
import { destroyOverdue, isStale, listKeys, PASSPHRASE_CHANGED, update } from "./keys.ts";
import { endSessions } from "./sessions.ts";
import { type State, settingsOf } from "./state.ts";

// What happens is decided in core/authority/keys/life-cycle.ts.

export function activateKey(
  state: State,
  input: ActivateKey,
  now: number,
): ActivationResult | PassphraseChanged {
  if (isStale(state, input)) return PASSPHRASE_CHANGED;
  return carryOut(state, decideActivation(currentKeys(state, now), input, now));
}

export function retireKey(state: State, kid: string, now: number): RetirementResult {
  return carryOut(state, decideRetirement(currentKeys(state, now), kid, now));
}

export function revokeKey(state: State, input: RevokeKey, now: number): KeyRevocationResult {
  if (isStale(state, input)) return PASSPHRASE_CHANGED;
  const result = carryOut(state, decideRevocation(currentKeys(state, now), input, now));
  if (result.outcome !== "revoked") return result;
  const revokedSessions = input.withSessions ? endSessions(state, () => true, "key_compromised", now) : [];
  return { ...result, revokedSessions };
}

export function deleteKey(state: State, input: { kid: string; force: boolean }, now: number): DeletionResult {
  return carryOut(state, decideDeletion(currentKeys(state, now), input, now));
}

export function resealKeys(
  state: State,
  { sealingEpoch, encryption, materials }: ResealKeys,
): "resealed" | "changed_meanwhile" {
  const present = [...state.keys.values()].filter(({ material }) => material !== null);
  const given = new Map(materials.map(({ kid, material }) => [kid, material]));
  const complete = present.length === materials.length && present.every(({ key }) => given.has(key.kid));
  if (!complete || isStale(state, { sealingEpoch })) return "changed_meanwhile";
  for (const { key, material } of present) {
    state.keys.set(key.kid, { key, material: given.get(key.kid) ?? material });
  }
  state.settings = { ...settingsOf(state), encryption, sealingEpoch: sealingEpoch + 1 };
  return "resealed";
}

function currentKeys(state: State, now: number) {
  destroyOverdue(state, now);
  return listKeys(state, now);
}

function carryOut<Result>(state: State, { result, change }: Decision<Result>): Result {
  for (const key of change?.updated ?? []) update(state, key);
  for (const { key, material } of change?.added ?? []) state.keys.set(key.kid, { key, material });
  for (const kid of change?.removed ?? []) state.keys.delete(kid);
  return result;
}
