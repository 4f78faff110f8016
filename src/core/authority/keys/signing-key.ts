import { AppError } from "../../base/errors.ts";
import type { JwsAlgorithm } from "../../jose/algorithms.ts";
import type { Jwk } from "../../jose/jwk.ts";

/**
 * The life of a signing key: `standby` (published, does not sign yet) → `active` (signs; one per store) → `retiring`
 * (verifies only, while its tokens live) → `retired`. `revoked` from any state: compromised, trusted no more.
 */
export const KEY_STATES = ["standby", "active", "retiring", "retired", "revoked"] as const;
export type KeyState = (typeof KEY_STATES)[number];

/** A signing key as the store lists it; the private half is read apart (`Store.readPrivateKey`). Times are ms. */
export interface SigningKey {
  /** RFC 7638 thumbprint; a random id for `oct` keys, whose thumbprint would give the secret away to guessing. */
  readonly kid: string;
  readonly alg: JwsAlgorithm;
  readonly state: KeyState;
  /** The public JWK with `kid`, `alg` and `use`; null for `oct` keys, which have no public half. */
  readonly publicJwk: Jwk | null;
  readonly hasPrivate: boolean;
  readonly createdAt: number;
  readonly activatedAt: number | null;
  /** When a retiring key stops verifying. */
  readonly retiresAt: number | null;
  readonly revokedAt: number | null;
  /** The latest `exp` (NumericDate, seconds) this key has signed; null when it has signed nothing. */
  readonly maxExp: number | null;
  /** The kid an imported key signed under where it came from; its tokens are found by it too. */
  readonly formerKid?: string;
  /** It has signed a token that never expires, and so stays `retiring` until it is retired by hand. */
  readonly signedWithoutExp?: boolean;
}

/** Whether the private halves of a store are kept under a passphrase. */
export type KeyEncryption = "passphrase" | "none";

/** The private half as the store keeps it: in the clear, or as a compact JWE under the store's passphrase. */
export type PrivateMaterial =
  | { readonly form: "plain"; readonly jwk: Jwk }
  | { readonly form: "encrypted"; readonly jwe: string };

/** A key about to enter the store. */
export interface NewSigningKey {
  readonly kid: string;
  readonly alg: JwsAlgorithm;
  readonly publicJwk: Jwk | null;
  readonly privateMaterial: PrivateMaterial | null;
  /** The kid it signed under where it comes from, when that is another. */
  readonly formerKid?: string;
}

/** How long consumers may keep a JWKS before they fetch it again, in ms. */
export const JWKS_CACHE_MS = 10 * 60 * 1000;
/** The largest leeway a verifier may grant, in seconds. */
export const MAX_LEEWAY_SECONDS = 300;

/**
 * When a key that leaves `active` may stop verifying: after the last token it signed has expired everywhere, leeway
 * and cached JWKS included. A key that signed nothing may stop once the caches have turned over.
 */
export function retirementOf(maxExp: number | null, now: number): number {
  const lastExpiry = maxExp === null ? now : Math.max(now, (maxExp + MAX_LEEWAY_SECONDS) * 1000);
  return lastExpiry + JWKS_CACHE_MS;
}

/**
 * The state as of `now`: a retiring key whose date has passed is retired. This is told anew every time and not written
 * down, so that a clock that was ahead and is set right has ended no key before its time.
 */
export function stateAt(key: Pick<SigningKey, "state" | "retiresAt">, now: number): KeyState {
  return key.state === "retiring" && key.retiresAt !== null && key.retiresAt <= now ? "retired" : key.state;
}

/** Whether tokens of this key are accepted, and so whether it belongs in the JWKS. */
export function isPublished(key: Pick<SigningKey, "state" | "retiresAt">, now: number): boolean {
  const state = stateAt(key, now);
  return state === "standby" || state === "active" || state === "retiring";
}

/** The end of the year 9999 (NumericDate): what expires later never does, for a key and for a calendar. */
const LAST_EXP = 253_402_300_799;

/** The key after it has signed a token with this `exp` (NumericDate, perhaps fractional; null: without one). */
export function afterSigning(key: SigningKey, exp: number | null): SigningKey {
  if (exp === null || exp > LAST_EXP) return { ...key, signedWithoutExp: true };
  const seconds = Math.max(0, Math.ceil(exp));
  return { ...key, maxExp: key.maxExp === null ? seconds : Math.max(key.maxExp, seconds) };
}

/** Whether the key is kept long enough for a token with this `exp` by what it has signed before. */
export function covers(key: SigningKey, exp: number | null): boolean {
  const after = afterSigning(key, exp);
  return after.maxExp === key.maxExp && Boolean(after.signedWithoutExp) === Boolean(key.signedWithoutExp);
}

/** How far ahead a date may lie that a clock set wrong by hours, or to another time zone, has written; ms. */
export const MAX_AHEAD_MS = 24 * 60 * 60 * 1000;

/**
 * Whether the key's activation lies so far ahead that a wrong clock must have written it: nobody knows how long the key
 * has been active. When the whole store lies ahead, it is this clock that is wrong.
 *
 * @param keys all keys of the store
 * @param now ms
 */
export function isAgeUnknown(
  key: SigningKey,
  keys: readonly Pick<SigningKey, "createdAt">[],
  now: number,
): boolean {
  const ahead = key.activatedAt !== null && key.activatedAt > now + MAX_AHEAD_MS;
  return ahead && keys.some(({ createdAt }) => createdAt <= now);
}

/** Whether the active key became active after `time` (ms; undefined: never), as far as that is known. */
export function isActivatedAfter(
  key: SigningKey,
  time: number | undefined,
  { keys, now }: { keys: () => readonly SigningKey[]; now: number },
): boolean {
  if (time === undefined || key.activatedAt === null) return false;
  return key.activatedAt > time && !isAgeUnknown(key, keys(), now);
}

/**
 * The date that a retiring key should have, when a clock that was ahead has given it a later one; otherwise undefined.
 * A key that came with its date, or has none, is left to it.
 */
export function earlierRetirement(key: SigningKey, now: number): number | undefined {
  if (key.state !== "retiring" || key.retiresAt === null || key.activatedAt === null) return undefined;
  const date = retirementOf(key.maxExp, now);
  return !key.signedWithoutExp && date < key.retiresAt ? date : undefined;
}

/** Whether what is kept of a key's private half has no more use: the key, as it is recorded, is past its date. */
export function isOverdue(key: SigningKey, now: number): boolean {
  return key.state === "retiring" && key.hasPrivate && stateAt(key, now) === "retired";
}

/** The key as of `now`. */
export function keyAt(key: SigningKey, now: number): SigningKey {
  const state = stateAt(key, now);
  return state === key.state ? key : { ...key, state };
}

/** The standby that has been published longest: the one to sign next. @param keys the newest first */
export function nextStandby(keys: readonly SigningKey[]): SigningKey | undefined {
  return keys.findLast((key) => key.state === "standby");
}

/**
 * When every verifier knows a standby key (ms), if that lies ahead: {@link JWKS_CACHE_MS} after it came, for sets that were
 * fetched before do not have it. A key that is as old as those which verify now is in all sets there are. What a clock that
 * was ahead has written tells nothing.
 *
 * @param keys all keys of the store
 */
export function unseenUntil(key: SigningKey, keys: readonly SigningKey[], now: number): number | undefined {
  const until = key.createdAt + JWKS_CACHE_MS;
  if (key.state !== "standby" || key.createdAt > now || until <= now) return undefined;
  const isLater = keys.some((other) => isPublished(other, now) && other.createdAt < key.createdAt);
  return isLater ? until : undefined;
}

/** A key that becomes the active one. */
export function promoted(key: SigningKey, now: number): SigningKey {
  return { ...key, state: "active", activatedAt: now, retiresAt: null };
}

/**
 * The active key when another takes its place. Its private half goes, unless it is to be kept or is a shared secret
 * (`oct`), without which its tokens could not be verified while they live.
 */
export function demoted(key: SigningKey, now: number, keepPrivate: boolean): SigningKey {
  return {
    ...key,
    state: "retiring",
    retiresAt: key.signedWithoutExp ? null : retirementOf(key.maxExp, now),
    hasPrivate: key.hasPrivate && (keepPrivate || key.publicJwk === null),
  };
}

/** A key that was ended by hand, or is past its date and has to lose its private half: retired for good. */
export function retired(key: SigningKey): SigningKey {
  return { ...key, state: "retired", hasPrivate: false };
}

/** A key that is trusted no more, from now on and for good. */
export function revoked(key: SigningKey, now: number): SigningKey {
  return { ...key, state: "revoked", revokedAt: now, retiresAt: null, hasPrivate: false };
}

/** Whether tokens of this key may still be accepted somewhere, or would be without its revocation. */
export function mayHaveTokens(key: SigningKey, now: number): boolean {
  if (key.state === "retiring" && (key.retiresAt === null || key.retiresAt > now)) return true;
  if (key.signedWithoutExp) return key.state !== "retired";
  return key.maxExp !== null && (key.maxExp + MAX_LEEWAY_SECONDS) * 1000 > now;
}

/**
 * A key as it enters the store.
 *
 * @param retiresAt for a retiring key, ms; null: it stays until it is retired by hand
 * @throws AppError `key_unusable` when it is to sign, now or later, and has no private half, or has no half at all
 */
export function entering(
  input: NewSigningKey,
  state: "standby" | "active" | "retiring",
  now: number,
  retiresAt: number | null = null,
): SigningKey {
  const hasPrivate = input.privateMaterial !== null;
  if (!hasPrivate && (state !== "retiring" || input.publicJwk === null)) {
    throw new AppError("key_unusable", `the key "${input.kid}" has no private half to sign with`, {
      hints: ["A public key can only verify: keys import FILE --as retiring"],
    });
  }
  return {
    kid: input.kid,
    alg: input.alg,
    state,
    publicJwk: input.publicJwk,
    hasPrivate,
    createdAt: now,
    activatedAt: state === "active" ? now : null,
    retiresAt: state === "retiring" ? retiresAt : null,
    revokedAt: null,
    maxExp: null,
    signedWithoutExp: false,
    ...(input.formerKid === undefined ? {} : { formerKid: input.formerKid }),
  };
}
