/**
 * How often a password may be guessed. The first five wrong ones cost nothing; after the fifth, and after each one
 * more, nobody may try for a second, two, four, up to fifteen minutes. An attempt is counted before the password is
 * hashed, so that guesses made at the same moment count each other; the right password sets the count back to none.
 */

/** So many attempts may fail before there is a wait. */
export const FREE_ATTEMPTS = 5;
const FIRST_WAIT = 1000;
/** In ms. */
export const LONGEST_WAIT = 15 * 60 * 1000;
/** An account that nobody has guessed at for a day starts anew, in ms. */
export const FORGOTTEN_AFTER = 24 * 60 * 60 * 1000;

/** What a store keeps about the attempts at one name. Times are ms. */
export interface ThrottleState {
  /** Attempts since the last right password; those that are being checked right now included. */
  readonly attempts: number;
  readonly lockedUntil: number | null;
  readonly lastAttemptAt: number | null;
}

/** A clock that is behind by no more than this (ms) was read a while ago, and has not been set back. */
export const STALE_CLOCK = 10_000;

export const UNTRIED: ThrottleState = { attempts: 0, lockedUntil: null, lastAttemptAt: null };

/** `state` is what is kept from now on, also by a refusal. */
export type ThrottleDecision =
  | { readonly outcome: "allowed"; readonly state: ThrottleState }
  | { readonly outcome: "throttled"; readonly retryAt: number; readonly state: ThrottleState };

/** Decides on an attempt at `now` (ms) and counts it when it is allowed. */
export function decideAttempt(kept: ThrottleState, now: number): ThrottleDecision {
  const state = sane(kept, now);
  if (state.lockedUntil !== null && now < state.lockedUntil) {
    return { outcome: "throttled", retryAt: state.lockedUntil, state };
  }
  const attempts = state.attempts + 1;
  const wait = waitAfter(attempts);
  const at = Math.max(now, state.lastAttemptAt ?? now);
  return {
    outcome: "allowed",
    state: { attempts, lockedUntil: wait === 0 ? null : at + wait, lastAttemptAt: at },
  };
}

/** Until when (ms) nobody may try; null when somebody may. */
export function lockedUntil(state: ThrottleState, now: number): number | null {
  const until = sane(state, now).lockedUntil;
  return until !== null && now < until ? until : null;
}

/** How long to wait after so many attempts, in ms. */
export function waitAfter(attempts: number): number {
  if (attempts < FREE_ATTEMPTS) return 0;
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempts - FREE_ATTEMPTS));
}

/**
 * What a clock that was wrong has left behind is put right: a lock lasts no longer than its wait from now, but for a
 * moment ({@link STALE_CLOCK}) by which processes that came at once may be apart. Without that moment, one whose clock
 * was read early would shorten the lock of another. The count stays whatever the clock does, unless a day has gone by.
 */
function sane(state: ThrottleState, now: number): ThrottleState {
  const { attempts, lastAttemptAt } = state;
  if (lastAttemptAt !== null && now - lastAttemptAt >= FORGOTTEN_AFTER) return UNTRIED;
  if (lastAttemptAt === null || lastAttemptAt <= now + STALE_CLOCK) return state;
  const wait = waitAfter(attempts);
  return { attempts, lockedUntil: wait === 0 ? null : now + wait, lastAttemptAt: now };
}
