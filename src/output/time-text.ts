import { formatInstant, formatRelative } from "../core/base/time/format.ts";
import type { TimeContext } from "../core/base/time/instant.ts";

/** To the second, so that what was set to ten minutes a moment ago is still in ten minutes. */
export function wholeSecond(instant: number): number {
  return Math.floor(instant / 1000) * 1000;
}

/** How long ago or ahead an instant (ms) is, as in `in 14 minutes`. */
export function relativeText(instant: number, now: number): string {
  return formatRelative(wholeSecond(instant), wholeSecond(now));
}

/** An instant (ms) in local time, to the second. */
export function wallText(instant: number, { utcOffset }: Pick<TimeContext, "utcOffset">): string {
  return formatInstant(wholeSecond(instant), utcOffset) ?? "beyond the calendar";
}

/** An instant (ms) in local time, to the second, with its distance from now. */
export function timeText(instant: number, time: TimeContext): string {
  return `${wallText(instant, time)} (${relativeText(instant, time.now)})`;
}
