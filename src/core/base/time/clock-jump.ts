const DAY = 86_400_000;

/** How old a use of the store must be, in ms, to prove that time has passed; a later one may have a wrong date. */
export const SETTLED_AFTER = 30 * DAY;
/** How long a store may be unused, in ms, before the clock is doubted. */
export const LONGEST_PAUSE = 366 * DAY;

/**
 * Whether the clock may be far ahead: the store was not used for a year, although it was used before. Irreversible
 * steps then have to wait until the user confirms them.
 *
 * @param lastUse the latest use that is at least {@link SETTLED_AFTER} old, in ms; null when the store is younger
 * @param now ms
 */
export function isJump(lastUse: number | null, now: number): boolean {
  return lastUse !== null && now - lastUse > LONGEST_PAUSE;
}
