const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30.436875 * DAY;
const YEAR = 365.2425 * DAY;

/** The last instant of JavaScript's calendar (the year 275760), in ms; the first is its negative. */
const CALENDAR_END = 8.64e15;

/** Whether an instant (ms) can be written as a date. */
export function isInCalendar(instant: number): boolean {
  return Math.abs(instant) <= CALENDAR_END;
}

/**
 * An instant as a clock on the wall and its offset: `2026-03-01 13:00:00 +01:00`, or `… UTC` where the offset is 0.
 * Parts of a second are shown when there are any. Instants outside the calendar: undefined.
 *
 * @param instant ms since the epoch
 * @param utcOffset minutes east of UTC at an instant
 */
export function formatInstant(
  instant: number,
  utcOffset: (instant: number) => number = () => 0,
): string | undefined {
  if (!isInCalendar(instant)) return undefined;
  const offset = utcOffset(instant);
  const wall = instant + offset * MINUTE;
  if (!isInCalendar(wall)) return undefined;
  const iso = new Date(Math.floor(wall)).toISOString();
  return `${iso
    .replace("T", " ")
    .replace("Z", "")
    .replace(/\.000$/, "")} ${formatOffset(offset)}`;
}

function formatOffset(minutes: number): string {
  if (minutes === 0) return "UTC";
  const two = (number: number) => String(number).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(Math.floor(size % 60))}`;
}

/** An instant (ms) for machines: ISO 8601 in UTC, without `.000`; null outside the calendar. */
export function isoInstant(instant: number): string | null {
  return isInCalendar(instant) ? new Date(Math.floor(instant)).toISOString().replace(".000Z", "Z") : null;
}

/**
 * How long ago or ahead: `3 minutes ago`, `in 14 minutes`, `in 1 hour 59 minutes`, `just now`. Rounded to the nearest:
 * what was set to 15 minutes a moment ago is still in 15 minutes. From a second on the number is never 0.
 */
export function formatRelative(instant: number, now: number): string {
  const distance = instant - now;
  if (Math.abs(distance) < SECOND) return distance > 0 ? "in less than a second" : "just now";
  return distance > 0 ? `in ${formatSpan(distance)}` : `${formatSpan(-distance)} ago`;
}

/** The words around {@link formatRelative} for a date that means something: `expired`, `expires`. */
export interface TimeWords {
  readonly past: string;
  readonly future: string;
}

/** `expired 3 minutes ago`, `expires in 14 minutes`. */
export function formatEvent(instant: number, now: number, words: TimeWords): string {
  return `${instant > now ? words.future : words.past} ${formatRelative(instant, now)}`;
}

/**
 * A span of time in words, rounded to the nearest: one unit, or two while the first is hours or days and smaller than
 * three.
 * @param span ms, 0 or more
 * @param round `Math.ceil` for how long to wait, `Math.floor` for an age that has not reached a limit
 */
export function formatSpan(span: number, round: (number: number) => number = Math.round): string {
  const [seconds, minutes, hours, days] = [SECOND, MINUTE, HOUR, DAY].map((unit) => round(span / unit)) as [
    number,
    number,
    number,
    number,
  ];
  // A value that is rounded up to the next unit is written in that unit: 60 minutes as an hour.
  if (seconds < 60) return count(seconds, "second");
  if (minutes < 60) return count(minutes, "minute");
  if (minutes < 3 * 60) return two(minutes, 60, "hour", "minute");
  if (hours < 24) return count(hours, "hour");
  if (hours < 3 * 24) return two(hours, 24, "day", "hour");
  if (days * DAY < 4 * MONTH) return count(days, "day");
  const months = round(span / MONTH);
  return months < 24 ? count(months, "month") : count(round(span / YEAR), "year");
}

/** @param number of the smaller unit, `size` of which make one of the larger */
function two(number: number, size: number, largeName: string, smallName: string): string {
  const first = count(Math.floor(number / size), largeName);
  const rest = number % size;
  return rest === 0 ? first : `${first} ${count(rest, smallName)}`;
}

function count(number: number, name: string): string {
  return `${number} ${name}${number === 1 ? "" : "s"}`;
}
