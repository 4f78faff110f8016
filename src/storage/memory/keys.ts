import {
  afterSigning,
  demoted,
  entering,
  isActivatedAfter,
  type KeyState,
  keyAt,
  promoted,
  retired,
  type SigningKey,
} from "../../core/keys/signing-key.ts";
import type { AddKey, PromoteStandbyKey, PromotionResult } from "../../core/ports/store.ts";
import type { KeyEntry, State } from "./state.ts";

export function listKeys(state: State, now: number): SigningKey[] {
  return [...state.keys.values()].map(({ key }) => keyAt(key, now)).reverse();
}

export function addKey(
  state: State,
  { key, state: keyState, keepPrivate = false, retiresAt }: AddKey,
  now: number,
): { outcome: "added" } | { outcome: "duplicate"; state: KeyState } {
  noteRetirements(state, now);
  const present = state.keys.get(key.kid);
  if (present !== undefined) return { outcome: "duplicate", state: present.key.state };
  const entered = entering(key, keyState, now, retiresAt);
  if (keyState === "active") demoteActive(state, keepPrivate, now);
  state.keys.set(key.kid, { key: entered, material: key.privateMaterial });
  return { outcome: "added" };
}

export function promoteStandbyKey(
  state: State,
  { successor, keepPrivate, onlyIfActivatedBefore }: PromoteStandbyKey,
  now: number,
): PromotionResult {
  noteRetirements(state, now);
  const active = findActive(state)?.key;
  if (active !== undefined && isActivatedAfter(active, onlyIfActivatedBefore)) {
    return { outcome: "too_young", active };
  }
  const candidate = entries(state).find(({ key }) => key.state === "standby");
  if (candidate === undefined) return { outcome: "no_standby" };
  const standby = entering(successor, "standby", now);
  if (state.keys.has(standby.kid)) throw new Error("the successor is in the store already");
  const previous = demoteActive(state, keepPrivate, now);
  const next = promoted(candidate.key, now);
  update(state, next);
  state.keys.set(standby.kid, { key: standby, material: successor.privateMaterial });
  return { outcome: "promoted", active: next, standby, previous };
}

export function reserveSignature(state: State, kid: string, exp: number | null): "reserved" | "not_active" {
  const active = findActive(state);
  if (active?.key.kid !== kid) return "not_active";
  update(state, afterSigning(active.key, exp));
  return "reserved";
}

function entries(state: State): KeyEntry[] {
  return [...state.keys.values()];
}

function findActive(state: State): KeyEntry | undefined {
  return entries(state).find(({ key }) => key.state === "active");
}

function demoteActive(state: State, keepPrivate: boolean, now: number): SigningKey | null {
  const active = findActive(state);
  if (active === undefined) return null;
  const key = demoted(active.key, now, keepPrivate);
  update(state, key);
  return key;
}

function noteRetirements(state: State, now: number): void {
  for (const { key } of entries(state)) {
    if (key.state === "retiring" && keyAt(key, now).state === "retired") update(state, retired(key));
  }
}

function update(state: State, key: SigningKey): void {
  const material = key.hasPrivate ? (state.keys.get(key.kid)?.material ?? null) : null;
  state.keys.set(key.kid, { key, material });
}
