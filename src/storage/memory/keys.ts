import { keyWithSameKid } from "../../core/authority/keys/kids.ts";
import {
  afterSigning,
  demoted,
  entering,
  isActivatedAfter,
  keyAt,
  nextStandby,
  promoted,
  retired,
  type SigningKey,
} from "../../core/authority/keys/signing-key.ts";
import type {
  AddKey,
  AddKeyResult,
  PassphraseChanged,
  PromoteStandbyKey,
  PromotionResult,
  Sealing,
} from "../../core/authority/ports/store.ts";
import { isJump, SETTLED_AFTER } from "../../core/base/time/clock-jump.ts";
import { type KeyEntry, type State, settingsOf } from "./state.ts";

export const PASSPHRASE_CHANGED: PassphraseChanged = { outcome: "passphrase_changed" };

/** Whether the passphrase has changed since a private half was sealed. */
export function isStale(state: State, { sealingEpoch }: Sealing): boolean {
  return sealingEpoch !== undefined && sealingEpoch !== settingsOf(state).sealingEpoch;
}

export function listKeys(state: State, now: number): SigningKey[] {
  return [...state.keys.values()].map(({ key }) => keyAt(key, now)).reverse();
}

export function addKey(state: State, input: AddKey, now: number): AddKeyResult {
  const { key, state: keyState, keepPrivate = false, retiresAt } = input;
  if (isStale(state, input)) return PASSPHRASE_CHANGED;
  destroyOverdue(state, now);
  const keys = listKeys(state, now);
  const present = keys.find(({ kid }) => kid === key.kid);
  if (present !== undefined) return { outcome: "duplicate", state: present.state };
  const rival = keyWithSameKid(keys, key);
  if (rival !== undefined) return { outcome: "kid_taken", by: rival.kid };
  const standby = input.onlyIfMissing ? nextStandby(keys) : undefined;
  if (standby !== undefined) return { outcome: "not_missing", standby: standby.kid };
  const entered = entering(key, keyState, now, retiresAt);
  if (keyState === "active") demoteActive(state, keepPrivate, now);
  state.keys.set(key.kid, { key: entered, material: key.privateMaterial });
  return { outcome: "added" };
}

export function promoteStandbyKey(state: State, input: PromoteStandbyKey, now: number): PromotionResult {
  const { successor, keepPrivate, onlyIfActivatedBefore } = input;
  if (isStale(state, input)) return PASSPHRASE_CHANGED;
  destroyOverdue(state, now);
  const active = findActive(state)?.key;
  if (active && isActivatedAfter(active, onlyIfActivatedBefore, { keys: () => listKeys(state, now), now })) {
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

/** Destroys what is kept of the private half of keys that are past their date, unless the clock is in doubt. */
export function destroyOverdue(state: State, now: number): void {
  if (isJump(findLastUse(state, now - SETTLED_AFTER), now)) return;
  for (const { key } of entries(state)) {
    const overdue = key.state === "retiring" && keyAt(key, now).state === "retired";
    if (overdue && key.hasPrivate) update(state, retired(key));
  }
}

/** See `SettingsStore.findLastUse`. */
export function findLastUse(state: State, before: number): number | null {
  const times = [
    ...entries(state).flatMap(({ key }) => [key.createdAt, key.activatedAt]),
    ...[...state.users.values()].flatMap(({ user }) => [user.createdAt, user.lastLoginAt]),
    ...[...state.sessions.values()].flatMap(({ createdAt, lastUsedAt }) =>
      createdAt <= before ? [createdAt, Math.min(lastUsedAt, before)] : [],
    ),
  ].filter((time) => time !== null && time <= before);
  return times.reduce<number | null>((last, time) => Math.max(last ?? time ?? 0, time ?? 0), null);
}

export function update(state: State, key: SigningKey): void {
  const material = key.hasPrivate ? (state.keys.get(key.kid)?.material ?? null) : null;
  state.keys.set(key.kid, { key, material });
}
