import type { Decision } from "../decision.ts";
import {
  demoted,
  earlierRetirement,
  entering,
  mayHaveTokens,
  type NewSigningKey,
  nextStandby,
  type PrivateMaterial,
  promoted,
  retired,
  revoked,
  type SigningKey,
  unseenUntil,
} from "./signing-key.ts";

// What the commands of the life cycle do to the keys of a store, as pure decisions.
// `keys` are all keys as of `now`, the newest first.

/** What is to be written, in this order: a place is left before it is taken. */
export interface KeyChange {
  /** Keys as they are from now on. */
  readonly updated: readonly SigningKey[];
  readonly added: readonly { readonly key: SigningKey; readonly material: PrivateMaterial | null }[];
  /** The kids of keys that go. */
  readonly removed: readonly string[];
}

/** Verifiers do not know the key that would sign, until a time (ms): nothing has changed. */
export interface Unseen {
  readonly outcome: "unseen";
  readonly key: SigningKey;
  readonly until: number;
}

export type ActivationResult =
  | {
      readonly outcome: "activated";
      readonly active: SigningKey;
      readonly previous: SigningKey | null;
      /** The successor, when it was needed and has been added. */
      readonly standby: SigningKey | null;
    }
  | { readonly outcome: "already_active"; readonly active: SigningKey }
  /** Its private half is gone, or it is retired or revoked. */
  | { readonly outcome: "cannot_sign"; readonly key: SigningKey }
  | Unseen
  /** No standby would be left, and no successor was given. */
  | { readonly outcome: "successor_needed" }
  | { readonly outcome: "not_found" };

/** Makes a standby key, or a retiring one whose private half was kept, the active one. */
export function decideActivation(
  keys: readonly SigningKey[],
  input: { kid: string; successor?: NewSigningKey; keepPrivate: boolean; onlyIfSeen?: boolean },
  now: number,
): Decision<ActivationResult, KeyChange> {
  const key = keys.find(({ kid }) => kid === input.kid);
  if (!key) return { result: { outcome: "not_found" } };
  if (key.state === "active") return { result: { outcome: "already_active", active: key } };
  const canSign = key.hasPrivate && (key.state === "standby" || key.state === "retiring");
  if (!canSign) return { result: { outcome: "cannot_sign", key } };
  const until = input.onlyIfSeen ? unseenUntil(key, keys, now) : undefined;
  if (until !== undefined) return { result: { outcome: "unseen", key, until } };
  const present = keys.find(({ state }) => state === "active");
  const needed = nextStandby(keys.filter(({ kid }) => kid !== key.kid)) === undefined;
  if (needed && !input.successor) return { result: { outcome: "successor_needed" } };
  const previous = present ? demoted(present, now, input.keepPrivate) : null;
  const active = promoted(key, now);
  const added = needed && input.successor ? [joining(input.successor, "standby", now)] : [];
  return {
    result: { outcome: "activated", active, previous, standby: added[0]?.key ?? null },
    change: { updated: previous ? [previous, active] : [active], added, removed: [] },
  };
}

export type RetirementResult =
  | { readonly outcome: "retired"; readonly key: SigningKey }
  /** Its date was one that only a clock far ahead can have given it: it has the right one now. */
  | { readonly outcome: "brought_forward"; readonly key: SigningKey }
  /** Retired already, or retiring with a date: it ends by itself. */
  | { readonly outcome: "unchanged"; readonly key: SigningKey }
  | { readonly outcome: "active"; readonly key: SigningKey }
  | { readonly outcome: "revoked"; readonly key: SigningKey }
  /** Without it no key would be published ahead. */
  | { readonly outcome: "only_standby"; readonly key: SigningKey }
  | { readonly outcome: "not_found" };

/**
 * Ends a standby key, which has signed nothing, or a retiring key that has no date to end at; a date that is too late
 * is set right.
 */
export function decideRetirement(
  keys: readonly SigningKey[],
  kid: string,
  now: number,
): Decision<RetirementResult, KeyChange> {
  const key = keys.find((candidate) => candidate.kid === kid);
  if (!key) return { result: { outcome: "not_found" } };
  if (key.state === "active" || key.state === "revoked") return { result: { outcome: key.state, key } };
  const date = earlierRetirement(key, now);
  if (date !== undefined) {
    const earlier = { ...key, retiresAt: date };
    return {
      result: { outcome: "brought_forward", key: earlier },
      change: { updated: [earlier], added: [], removed: [] },
    };
  }
  if (key.state === "retired" || (key.state === "retiring" && key.retiresAt !== null)) {
    return { result: { outcome: "unchanged", key } };
  }
  if (isOnlyStandby(keys, key)) return { result: { outcome: "only_standby", key } };
  const after = retired({ ...key, retiresAt: now });
  return {
    result: { outcome: "retired", key: after },
    change: { updated: [after], added: [], removed: [] },
  };
}

export type RevocationResult =
  | {
      readonly outcome: "revoked";
      /** False when it had been revoked before. */
      readonly changed: boolean;
      readonly key: SigningKey;
      /** The key that signs from now on, when the revoked one was active. */
      readonly active: SigningKey | null;
      /** A replacement that was added as the standby. */
      readonly standby: SigningKey | null;
    }
  /** The places that fall vacant take so many new keys, and fewer were given. */
  | { readonly outcome: "replacements_needed"; readonly count: number }
  | Unseen
  | { readonly outcome: "not_found" };

/**
 * Revokes a key. When it was active the standby takes its place, and new keys fill what falls vacant: the active place
 * where there was no standby, and the standby's.
 */
export function decideRevocation(
  keys: readonly SigningKey[],
  input: { kid: string; replacements: readonly NewSigningKey[]; onlyIfSeen?: boolean },
  now: number,
): Decision<RevocationResult, KeyChange> {
  const key = keys.find(({ kid }) => kid === input.kid);
  if (!key) return { result: { outcome: "not_found" } };
  if (key.state === "revoked") {
    return { result: { outcome: "revoked", changed: false, key, active: null, standby: null } };
  }
  const standbys = keys.filter(({ kid, state }) => state === "standby" && kid !== key.kid);
  const heir = key.state === "active" ? nextStandby(standbys) : undefined;
  const until = heir && input.onlyIfSeen ? unseenUntil(heir, keys, now) : undefined;
  if (heir && until !== undefined) return { result: { outcome: "unseen", key: heir, until } };
  const places: ("active" | "standby")[] = [];
  if (key.state === "active" && !heir) places.push("active");
  const left = standbys.length - (heir ? 1 : 0);
  if (left === 0 && (key.state === "active" || key.state === "standby")) places.push("standby");
  if (places.length > input.replacements.length) {
    return { result: { outcome: "replacements_needed", count: places.length } };
  }
  const added = places.flatMap((place, index) => {
    const replacement = input.replacements[index];
    return replacement ? [joining(replacement, place, now)] : [];
  });
  const after = revoked(key, now);
  const successor = heir ? promoted(heir, now) : undefined;
  const find = (place: "active" | "standby") => added.find((one) => one.key.state === place)?.key ?? null;
  return {
    result: {
      outcome: "revoked",
      changed: true,
      key: after,
      active: successor ?? find("active"),
      standby: find("standby"),
    },
    change: { updated: successor ? [after, successor] : [after], added, removed: [] },
  };
}

export type DeletionResult =
  | { readonly outcome: "deleted"; readonly key: SigningKey }
  | { readonly outcome: "active"; readonly key: SigningKey }
  /** Tokens it signed may still be in use. */
  | { readonly outcome: "tokens_alive"; readonly key: SigningKey }
  | { readonly outcome: "only_standby"; readonly key: SigningKey }
  | { readonly outcome: "not_found" };

/** Takes a key out of the store. `force` overrides everything but the active state: somebody must sign. */
export function decideDeletion(
  keys: readonly SigningKey[],
  input: { kid: string; force: boolean },
  now: number,
): Decision<DeletionResult, KeyChange> {
  const key = keys.find(({ kid }) => kid === input.kid);
  if (!key) return { result: { outcome: "not_found" } };
  if (key.state === "active") return { result: { outcome: "active", key } };
  if (!input.force && mayHaveTokens(key, now)) return { result: { outcome: "tokens_alive", key } };
  if (!input.force && isOnlyStandby(keys, key)) return { result: { outcome: "only_standby", key } };
  return { result: { outcome: "deleted", key }, change: { updated: [], added: [], removed: [key.kid] } };
}

/** Whether this is the one key that is published ahead. */
export function isOnlyStandby(keys: readonly SigningKey[], key: SigningKey): boolean {
  return key.state === "standby" && keys.filter(({ state }) => state === "standby").length === 1;
}

function joining(input: NewSigningKey, state: "standby" | "active", now: number) {
  return { key: entering(input, state, now), material: input.privateMaterial };
}
