import type { Decision } from "../decision.ts";
import type {
  AddKey,
  AddKeyResult,
  PassphraseChanged,
  PromoteStandbyKey,
  PromotionResult,
} from "../ports/key-store.ts";
import { keyWithSameKid } from "./kids.ts";
import type { KeyChange } from "./life-cycle.ts";
import {
  demoted,
  entering,
  isActivatedAfter,
  nextStandby,
  promoted,
  type SigningKey,
  unseenUntil,
} from "./signing-key.ts";

// How keys come into a store and take their turn. `keys` are all keys as of `now` (ms), the newest first.

/**
 * Adds a key; an active one demotes the present one.
 * @throws AppError `key_unusable`, see {@link entering}
 */
export function decideAddition(
  keys: readonly SigningKey[],
  input: AddKey,
  now: number,
): Decision<Exclude<AddKeyResult, PassphraseChanged>, KeyChange> {
  const { key, state, keepPrivate = false, retiresAt } = input;
  const present = keys.find(({ kid }) => kid === key.kid);
  if (present !== undefined) return { result: { outcome: "duplicate", state: present.state } };
  const rival = keyWithSameKid(keys, key);
  if (rival !== undefined) return { result: { outcome: "kid_taken", by: rival.kid } };
  const standby = input.onlyIfMissing ? nextStandby(keys) : undefined;
  if (standby !== undefined) return { result: { outcome: "not_missing", standby: standby.kid } };
  const entered = entering(key, state, now, retiresAt);
  const replaced = state === "active" ? activeOf(keys) : undefined;
  return {
    result: { outcome: "added" },
    change: {
      updated: replaced ? [demoted(replaced, now, keepPrivate)] : [],
      added: [{ key: entered, material: key.privateMaterial }],
      removed: [],
    },
  };
}

/**
 * The oldest standby becomes the active key, and the successor a standby.
 * @throws AppError `key_unusable` for a successor without a private half
 */
export function decidePromotion(
  keys: readonly SigningKey[],
  { successor, keepPrivate, onlyIfActivatedBefore, onlyIfSeen = false }: PromoteStandbyKey,
  now: number,
): Decision<Exclude<PromotionResult, PassphraseChanged>, KeyChange> {
  const active = activeOf(keys);
  if (active && isActivatedAfter(active, onlyIfActivatedBefore, { keys: () => keys, now })) {
    return { result: { outcome: "too_young", active } };
  }
  const candidate = nextStandby(keys);
  if (candidate === undefined) return { result: { outcome: "no_standby" } };
  const until = onlyIfSeen ? unseenUntil(candidate, keys, now) : undefined;
  if (until !== undefined) return { result: { outcome: "unseen", key: candidate, until } };
  const standby = entering(successor, "standby", now);
  const previous = active ? demoted(active, now, keepPrivate) : null;
  const next = promoted(candidate, now);
  return {
    result: { outcome: "promoted", active: next, standby, previous },
    change: {
      updated: previous ? [previous, next] : [next],
      added: [{ key: standby, material: successor.privateMaterial }],
      removed: [],
    },
  };
}

function activeOf(keys: readonly SigningKey[]): SigningKey | undefined {
  return keys.find(({ state }) => state === "active");
}
