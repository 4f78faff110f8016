import { isJump, SETTLED_AFTER } from "../../base/time/clock-jump.ts";
import { tokenMinted } from "../audit/events.ts";
import { keyEvents } from "../audit/key-events.ts";
import type { Decision, FactsNeeded } from "../decision.ts";
import type {
  KeyRevocationResult,
  MintNote,
  PassphraseChanged,
  ResealKeys,
  RevokeKey,
  Sealing,
} from "../ports/key-store.ts";
import type { Tidied } from "../ports/store.ts";
import type { KeysChange, KeysFacts, KeysQuestion } from "../ports/store-backend.ts";
import { decideSessionEnds } from "../sessions/revocation.ts";
import { decideRevocation, type KeyChange } from "./life-cycle.ts";
import { afterSigning, covers, isOverdue, keyAt, retired, type SigningKey } from "./signing-key.ts";

// What every step on the keys has in common: what is overdue is destroyed first, and the log is told of all that is
// different afterwards.

/** A decision on the keys, or the question when the store was last used, on which hangs what may be destroyed. */
type KeysDecision<Result> = Decision<Result, KeysChange> | FactsNeeded<KeysQuestion>;

const PASSPHRASE_CHANGED: PassphraseChanged = { outcome: "passphrase_changed" };
const NOTHING: KeyChange = { updated: [], added: [], removed: [] };

/**
 * One step on the keys of a store.
 *
 * @param now ms
 * @param decide gets all keys as of `now`, the newest first
 */
export function decideOnKeys<Result>(
  facts: KeysFacts,
  now: number,
  decide: (keys: readonly SigningKey[]) => Decision<Result, KeyChange>,
): KeysDecision<Result> {
  const overdue = facts.keys.filter((key) => isOverdue(key, now));
  if (overdue.length > 0 && facts.lastUse === undefined) {
    return { needs: { lastUseBefore: now - SETTLED_AFTER } };
  }
  // Under a clock that has run ahead nothing is overdue, as far as anybody knows.
  const destroyed = overdue.length === 0 || isJump(facts.lastUse ?? null, now) ? [] : overdue.map(retired);
  const keys = keysAfter(facts.keys, { ...NOTHING, updated: destroyed });
  const { result, change = NOTHING } = decide(keys.map((key) => keyAt(key, now)));
  const whole = { ...change, updated: [...destroyed, ...change.updated] };
  if (whole.updated.length + whole.added.length + whole.removed.length === 0) return { result };
  return {
    result,
    change: whole,
    events: keyEvents(facts.keys.toReversed(), keysAfter(facts.keys, whole).toReversed()),
  };
}

/**
 * {@link decideOnKeys} for whoever brings a private half in: not when the passphrase has changed since it was sealed.
 */
export function decideOnSealedKeys<Result>(
  facts: KeysFacts,
  { sealingEpoch }: Sealing,
  now: number,
  decide: (keys: readonly SigningKey[]) => Decision<Result, KeyChange>,
): KeysDecision<Result | PassphraseChanged> {
  const isStale = sealingEpoch !== undefined && sealingEpoch !== facts.settings?.sealingEpoch;
  return isStale ? { result: PASSPHRASE_CHANGED } : decideOnKeys(facts, now, decide);
}

/** The keys of a store after a change, the newest first. */
export function keysAfter(keys: readonly SigningKey[], change: KeyChange): SigningKey[] {
  const updated = new Map(change.updated.map((key) => [key.kid, key]));
  const left = keys.filter(({ kid }) => !change.removed.includes(kid));
  return [
    ...change.added.map(({ key }) => key).toReversed(),
    ...left.map((key) => updated.get(key.kid) ?? key),
  ];
}

/** Revokes a key, and every session with it when that is asked for. */
export function decideKeyRevocation(
  facts: KeysFacts,
  input: RevokeKey,
  now: number,
): KeysDecision<KeyRevocationResult> {
  const decision = decideOnSealedKeys(facts, input, now, (keys) => decideRevocation(keys, input, now));
  if ("needs" in decision) return decision;
  const { result, change, events = [] } = decision;
  if (result.outcome !== "revoked") return { result, ...(change && { change }), events };
  const open = input.withSessions ? (facts.open ?? []) : [];
  const ends = decideSessionEnds(open, "key_compromised", now);
  return {
    result: { ...result, revokedSessions: ends.result },
    ...((change ?? ends.change) && { change: { ...change, ended: ends.change ?? [] } }),
    events: [...events, ...(ends.events ?? [])],
  };
}

/** Destroys private halves and wipes sealed successors that have no more use. */
export function decideTidying(facts: KeysFacts, now: number): KeysDecision<Tidied> {
  const ended = ({ state, hasPrivate }: SigningKey) =>
    hasPrivate && (state === "retired" || state === "revoked");
  const leftovers = facts.keys.filter(ended).map((key) => ({ ...key, hasPrivate: false }));
  const decision = decideOnKeys(facts, now, () => ({
    result: undefined,
    change: { ...NOTHING, updated: leftovers },
  }));
  if ("needs" in decision) return decision;
  const { change = {}, events = [] } = decision;
  const wiped = (facts.seals ?? []).filter(({ until, sessionEnded }) => sessionEnded || until <= now);
  const destroyed = new Set(change.updated?.map(({ kid }) => kid));
  return {
    result: {
      destroyed: facts.keys.toReversed().flatMap(({ kid }) => (destroyed.has(kid) ? [kid] : [])),
      seals: wiped.length,
    },
    ...(destroyed.size + wiped.length > 0 && { change: { ...change, wiped } }),
    events,
  };
}

/**
 * Swaps all private halves for the same ones sealed in another way, unless they or the passphrase have changed since.
 */
export function decideReseal(
  { settings, keys }: KeysFacts,
  { sealingEpoch, encryption, materials }: ResealKeys,
): Decision<"resealed" | "changed_meanwhile", KeysChange> {
  const present = keys.filter(({ hasPrivate }) => hasPrivate);
  const given = new Set(materials.map(({ kid }) => kid));
  const complete = present.length === materials.length && present.every(({ kid }) => given.has(kid));
  if (!complete || settings?.sealingEpoch !== sealingEpoch) return { result: "changed_meanwhile" };
  return {
    result: "resealed",
    change: { settings: { ...settings, encryption, sealingEpoch: sealingEpoch + 1 }, resealed: materials },
    events: [{ type: "passphrase_changed", details: { encryption, keys: materials.length } }],
  };
}

/**
 * Notes that a key will sign a token with this `exp`.
 *
 * @param active the active key
 * @param exp NumericDate; null for a token that never expires
 */
export function decideSignature(
  active: SigningKey | null,
  { kid, exp, minted }: { kid: string; exp: number | null; minted: MintNote | undefined },
): Decision<"reserved" | "not_active", SigningKey> {
  if (active?.kid !== kid) return { result: "not_active" };
  return {
    result: "reserved",
    // A key that has signed a token that lives as long or longer is kept for this one too.
    ...(!covers(active, exp) && { change: afterSigning(active, exp) }),
    ...(minted && { events: [tokenMinted(kid, exp, minted)] }),
  };
}
