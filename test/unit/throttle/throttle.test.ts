import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decideAttempt,
  FORGOTTEN_AFTER,
  FREE_ATTEMPTS,
  LONGEST_WAIT,
  lockedUntil,
  STALE_CLOCK,
  type ThrottleState,
  UNTRIED,
  waitAfter,
} from "../../../src/core/authority/users/throttle.ts";

const NOW = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

/** The state after so many wrong passwords, each at the first moment at which it is allowed. */
function afterAttempts(attempts: number, start = NOW): { state: ThrottleState; now: number } {
  let state = UNTRIED;
  let now = start;
  for (let attempt = 0; attempt < attempts; attempt++) {
    now = Math.max(now, state.lockedUntil ?? now);
    state = decideAttempt(state, now).state;
  }
  return { state, now };
}

describe("the throttle", () => {
  test("lets the first five attempts through at once and holds the sixth back", () => {
    const { state, now } = afterAttempts(FREE_ATTEMPTS);
    expect(now).toBe(NOW);
    expect(decideAttempt(state, NOW)).toEqual({ outcome: "throttled", retryAt: NOW + 1000, state });
    expect(decideAttempt(state, NOW + 1000).outcome).toBe("allowed");
  });

  test("doubles the wait from a second up to fifteen minutes", () => {
    expect([4, 5, 6, 7, 8, 14, 15, 16, 1000].map(waitAfter)).toEqual([
      0,
      1000,
      2000,
      4000,
      8000,
      512_000,
      LONGEST_WAIT,
      LONGEST_WAIT,
      LONGEST_WAIT,
    ]);
  });

  test("does not count what it holds back", () => {
    const { state } = afterAttempts(FREE_ATTEMPTS);
    let kept = state;
    for (let attempt = 0; attempt < 100; attempt++) kept = decideAttempt(kept, NOW + 999).state;
    expect(kept).toEqual(state);
  });

  test("parallel guesses at one moment: five get through, whatever their number", () => {
    let state = UNTRIED;
    let allowed = 0;
    for (let guess = 0; guess < 100; guess++) {
      const decision = decideAttempt(state, NOW);
      if (decision.outcome === "allowed") allowed++;
      state = decision.state;
    }
    expect([allowed, state.attempts]).toEqual([FREE_ATTEMPTS, FREE_ATTEMPTS]);
  });

  test("guessing without a pause gets through about a hundred times a day", () => {
    let state = UNTRIED;
    let allowed = 0;
    for (let now = NOW; now < NOW + FORGOTTEN_AFTER; ) {
      const decision = decideAttempt(state, now);
      if (decision.outcome === "allowed") allowed++;
      else now = decision.retryAt;
      state = decision.state;
    }
    expect(allowed).toBeLessThanOrEqual(15 + (24 * 60) / 15);
  });

  test("forgets after a day without an attempt", () => {
    const { state, now } = afterAttempts(20);
    expect(decideAttempt(state, now + FORGOTTEN_AFTER - 1).state.attempts).toBe(21);
    expect(decideAttempt(state, now + FORGOTTEN_AFTER).state.attempts).toBe(1);
  });

  test("a clock ten years ahead and back locks nobody out for longer than the wait", () => {
    const { state } = afterAttempts(20, NOW + 3650 * 24 * 60 * MINUTE);
    const decision = decideAttempt(state, NOW);
    expect(decision).toMatchObject({ outcome: "throttled", retryAt: NOW + LONGEST_WAIT });
    // What is kept has the right date now: the wait does not begin anew with each attempt.
    expect(decideAttempt(decision.state, NOW + LONGEST_WAIT - 1).outcome).toBe("throttled");
    expect(decideAttempt(decision.state, NOW + LONGEST_WAIT).outcome).toBe("allowed");
    expect(lockedUntil(state, NOW)).toBe(NOW + LONGEST_WAIT);
  });

  test("a clock one hour back does not open a lock", () => {
    const { state, now } = afterAttempts(20);
    expect(decideAttempt(state, now - 60 * MINUTE).outcome).toBe("throttled");
  });

  test("a clock that was read before a wait shortens no lock, and counts from the last attempt", () => {
    const { state } = afterAttempts(8);
    expect(state.lockedUntil).toBe((state.lastAttemptAt ?? 0) + 8000);
    const stale = (state.lastAttemptAt ?? 0) - STALE_CLOCK;
    expect(decideAttempt(state, stale)).toEqual({ outcome: "throttled", retryAt: state.lockedUntil, state });
    expect(lockedUntil(state, stale)).toBe(state.lockedUntil);
    // One that is further behind has been set back: nobody waits longer than the wait.
    expect(decideAttempt(state, stale - 1)).toMatchObject({ retryAt: stale - 1 + 8000 });

    const four = { attempts: 4, lockedUntil: null, lastAttemptAt: NOW };
    expect(decideAttempt(four, NOW - STALE_CLOCK).state).toEqual({
      attempts: 5,
      lockedUntil: NOW + 1000,
      lastAttemptAt: NOW,
    });
  });

  test("a lock only ever moves on, in whatever order processes with clocks up to ten seconds apart come", () => {
    const clock = fc.array(fc.integer({ min: NOW, max: NOW + STALE_CLOCK }), { maxLength: 60 });
    fc.assert(
      fc.property(clock, (readings) => {
        let state = UNTRIED;
        for (const now of readings) {
          const next = decideAttempt(state, now).state;
          expect(next.lockedUntil ?? 0).toBeGreaterThanOrEqual(state.lockedUntil ?? 0);
          state = next;
        }
        // As many as real time allows: five, and one more after 1, 2, 4 and 8 s.
        expect(2 ** (state.attempts - FREE_ATTEMPTS) - 1).toBeLessThanOrEqual(STALE_CLOCK / 1000);
      }),
    );
  });

  test("says until when a name is locked, and nothing once the wait is over", () => {
    const { state } = afterAttempts(FREE_ATTEMPTS);
    expect(lockedUntil(state, NOW)).toBe(NOW + 1000);
    expect(lockedUntil(state, NOW + 1000)).toBeNull();
    expect(lockedUntil(UNTRIED, NOW)).toBeNull();
  });

  test("never makes anybody wait longer than fifteen minutes and a moment, whatever is kept and whatever the clock shows", () => {
    const instant = fc.integer({ min: 0, max: 8.64e15 });
    fc.assert(
      fc.property(fc.array(instant, { maxLength: 40 }), (clock) => {
        let state = UNTRIED;
        for (const now of clock) {
          const decision = decideAttempt(state, now);
          if (decision.outcome === "throttled") {
            expect(decision.retryAt - now).toBeGreaterThan(0);
            expect(decision.retryAt - now).toBeLessThanOrEqual(LONGEST_WAIT + STALE_CLOCK);
          }
          state = decision.state;
        }
      }),
    );
  });
});
