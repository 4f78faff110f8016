const DAY = 86_400_000;

/**
 * How long a use of the store must lie back before it counts as a sign that time has really passed, in ms. What
 * happened later may have happened under a clock that was wrong, be it for a month.
 */
export const SETTLED_AFTER = 30 * DAY;
/** How long a store may lie unused before the clock is doubted rather than believed, in ms. */
export const LONGEST_PAUSE = 366 * DAY;

/**
 * Whether the clock shows a time to which nothing in the store leads: nobody used it in the year that ended a month
 * ago, although somebody did before. Then either nobody did, or the clock is far ahead, and what cannot be undone has
 * to wait until somebody says which.
 *
 * @param lastUse the latest use that is {@link SETTLED_AFTER} back or more, ms; null when the store is younger
 */
export function isJump(lastUse: number | null, now: number): boolean {
  return lastUse !== null && now - lastUse > LONGEST_PAUSE;
}
