const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30.436875 * DAY;
const YEAR = 365.2425 * DAY;

/** The instants JavaScript's calendar knows, in ms: 271821 BCE to 275760. */
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
 * How long ago or ahead: `3 minutes ago`, `in 14 minutes`, `in 1 hour 59 minutes`, `just now`. Rounded down, so that
 * "in 14 minutes" never promises a fifteenth.
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
 * A span of time in words, rounded down: one unit, or two while the first is hours or days and smaller than three.
 * @param span ms, 0 or more
 */
export function formatSpan(span: number): string {
  if (span < MINUTE) return count(span, SECOND, "second");
  if (span < HOUR) return count(span, MINUTE, "minute");
  if (span < DAY)
    return span < 3 * HOUR ? two(span, HOUR, "hour", MINUTE, "minute") : count(span, HOUR, "hour");
  if (span < 3 * DAY) return two(span, DAY, "day", HOUR, "hour");
  if (span < 4 * MONTH) return count(span, DAY, "day");
  return span < 2 * YEAR ? count(span, MONTH, "month") : count(span, YEAR, "year");
}

function two(span: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = span % large;
  const first = count(span, large, largeName);
  return rest < small ? first : `${first} ${count(rest, small, smallName)}`;
}

function count(span: number, unit: number, name: string): string {
  const number = Math.floor(span / unit);
  return `${number} ${name}${number === 1 ? "" : "s"}`;
}
