import { AppError } from "../errors.ts";

/**
 * The longest duration that is accepted, in seconds: ten thousand years. More is a slip, and would leave the calendar.
 */
export const MAX_DURATION_SECONDS = 10_000 * 366 * 86_400;

/** The forms a duration can be typed in, for hints. */
export const DURATION_FORMS = "15m, 1h30m, 90 days, 2 weeks, or a plain number of seconds";
const AGE_FORMS = "12h, 30d, 90 days or 2 weeks";

interface Unit {
  readonly seconds: number;
  readonly names: readonly string[];
}

// The largest first, the order in which they must be typed. Months and years have no fixed length and are left out.
const UNITS: readonly Unit[] = [
  { seconds: 604_800, names: ["w", "wk", "wks", "week", "weeks"] },
  { seconds: 86_400, names: ["d", "day", "days"] },
  { seconds: 3600, names: ["h", "hr", "hrs", "hour", "hours"] },
  { seconds: 60, names: ["m", "min", "mins", "minute", "minutes"] },
  { seconds: 1, names: ["s", "sec", "secs", "second", "seconds"] },
];

const PART = /(\d+)(?:\.(\d+))?\s*([a-zµ]*)\s*/iy;
/** Limits of a number: digits before the decimal point, and after it. */
const MAX_DIGITS = 15;
const MAX_FRACTION_DIGITS = 3;

export type DurationReading =
  | { readonly ok: true; readonly seconds: number }
  | { readonly ok: false; readonly reason: string };

/**
 * Reads an unsigned duration: `15m`, `1h30m`, `1h 30m`, `2 weeks`, `1.5h`, or a plain number of seconds. A leading `+`
 * is allowed. Units go from the largest to the smallest, each once; the sum must be whole seconds.
 */
export function readDuration(text: string): DurationReading {
  const body = text.trim().replace(/^\+\s*/, "");
  if (body === "") return refusal("it is empty");
  if (body.startsWith("-")) return refusal("it is negative");
  if (/^\d+$/.test(body)) return total(body.length > MAX_DIGITS ? Number.POSITIVE_INFINITY : Number(body));
  let seconds = 0;
  let smallest = -1;
  PART.lastIndex = 0;
  while (PART.lastIndex < body.length) {
    const at = PART.lastIndex;
    const [, whole = "", fraction = "", name = ""] = PART.exec(body) ?? [];
    if (whole === "") return refusal(`"${body.slice(at)}" is not a number with a unit`);
    if (name === "") return refusal(`${whole} has no unit`);
    const index = UNITS.findIndex((unit) => unit.names.includes(name.toLowerCase()));
    const unit = UNITS[index];
    if (unit === undefined) return refusal(unknownUnit(name));
    if (index === smallest) return refusal(`the unit "${name}" occurs twice`);
    if (index < smallest) return refusal("its units are not in order, the largest first");
    if (whole.length > MAX_DIGITS) return total(Number.POSITIVE_INFINITY);
    if (fraction.length > MAX_FRACTION_DIGITS) return refusal("it has more than three decimal places");
    smallest = index;
    seconds += Number(whole) * unit.seconds + (Number(fraction.padEnd(3, "0")) * unit.seconds) / 1000;
  }
  return total(seconds);
}

function total(seconds: number): DurationReading {
  if (seconds > MAX_DURATION_SECONDS) return refusal("it is longer than ten thousand years");
  if (!Number.isInteger(seconds)) return refusal("it is not a whole number of seconds");
  return { ok: true, seconds };
}

function unknownUnit(name: string): string {
  if (/^(mo|mon|month|months|y|yr|yrs|year|years)$/i.test(name)) {
    return `months and years differ in length ("${name}"); use days or weeks`;
  }
  if (/^(ms|us|µs|ns|milli.*|micro.*|nano.*)$/i.test(name))
    return `seconds are the smallest unit, not "${name}"`;
  return `"${name}" is not a unit of time`;
}

function refusal(reason: string): DurationReading {
  return { ok: false, reason };
}

/**
 * {@link readDuration} for what a user typed.
 * @param what the option or setting it was given for, as in `--ttl`
 * @returns whole seconds, 0 or more
 * @throws AppError `usage`
 */
export function parseDuration(text: string, what: string): number {
  return requireDuration(text, what, DURATION_FORMS);
}

function requireDuration(text: string, what: string, forms: string): number {
  const reading = readDuration(text);
  if (reading.ok) return reading.seconds;
  throw new AppError("usage", `${what} needs a duration, not "${text}": ${reading.reason}`, {
    hints: [`Write it as ${forms}`],
  });
}

/**
 * {@link parseDuration} for an age at which something is given up for good: a plain number is refused, for days were
 * meant where seconds would be taken.
 * @returns whole seconds, 0 or more
 * @throws AppError `usage`
 */
export function parseAge(text: string, what: string): number {
  if (/^\s*\+?\s*\d+\s*$/.test(text)) {
    const number = text.replace(/[+\s]/g, "");
    throw new AppError("usage", `${what} needs a unit: ${number} of what?`, {
      hints: [`For days write ${what} ${number}d, for hours ${number}h`],
    });
  }
  return requireDuration(text, what, AGE_FORMS);
}

/**
 * A duration as {@link parseDuration} reads it back: `90d`, `1h 30m`, `15m`, `0s`. Weeks are written as days.
 * @param seconds whole, 0 or more
 */
export function formatDuration(seconds: number): string {
  const parts: string[] = [];
  let left = seconds;
  for (const unit of UNITS.slice(1)) {
    const count = Math.floor(left / unit.seconds);
    if (count > 0) parts.push(`${count}${unit.names[0]}`);
    left -= count * unit.seconds;
  }
  return parts.length === 0 ? "0s" : parts.join(" ");
}
