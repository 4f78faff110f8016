import { AppError } from "../errors.ts";
import { readDuration } from "./duration.ts";

/** The present time and the user's time zone. */
export interface TimeContext {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Minutes east of UTC that local time is ahead at an instant (ms). Always 0 to work in UTC. */
  readonly utcOffset: (instant: number) => number;
}

/** The forms an instant can be typed in, for hints. */
export const INSTANT_FORMS =
  "2026-03-01T12:00:00Z, 2026-03-01 12:00 (local time), Unix seconds, +5m, -1h, or now";

/** The years that can be written with four digits, in ms: 0000 to 9999. */
const YEAR_0 = -62_167_219_200_000;
const YEAR_10000 = 253_402_300_800_000;

export type InstantReading =
  /** Milliseconds since the epoch. */
  { readonly ok: true; readonly instant: number } | { readonly ok: false; readonly reason: string };

/**
 * Reads an instant: ISO 8601 with an offset or in local time, a date alone (its local midnight), Unix seconds (with
 * decimals, too), `now`, `now-1h`, `+5m`, `-90s`, `in 5 minutes`, `5 minutes ago`. A number with a sign is relative.
 */
export function readInstant(text: string, context: TimeContext): InstantReading {
  const body = text.trim().replace(/\s+/g, " ");
  if (body === "") return refusal("it is empty");
  if (/^\d+(\.\d+)?$/.test(body)) return fromUnixSeconds(body);
  const relative = relativeParts(body);
  if (relative !== undefined) return fromNow(relative.sign, relative.duration, context.now);
  return fromCalendar(body, context);
}

/**
 * {@link readInstant} for what a user typed.
 * @param what the option it was given for, as in `--at`
 * @returns milliseconds since the epoch
 * @throws AppError `usage`
 */
export function parseInstant(text: string, what: string, context: TimeContext): number {
  const reading = readInstant(text, context);
  if (reading.ok) return reading.instant;
  throw new AppError("usage", `${what} needs a point in time, not "${text}": ${reading.reason}`, {
    hints: [`Write it as ${INSTANT_FORMS}`],
  });
}

function fromUnixSeconds(text: string): InstantReading {
  const [whole = ""] = text.split(".");
  const digits = whole.replace(/^0+(?=\d)/, "");
  if (digits.length === 13) {
    return refusal(`13 digits are milliseconds; in seconds it is ${digits.slice(0, -3)}`);
  }
  if (digits.length === 16 || digits.length === 19) {
    return refusal(`${digits.length} digits are not seconds; in seconds it is ${digits.slice(0, 10)}`);
  }
  return checked(Math.round(Number(text) * 1000));
}

function relativeParts(body: string): { sign: 1 | -1; duration: string } | undefined {
  if (/^now$/i.test(body)) return { sign: 1, duration: "0" };
  const signed = /^(?:now ?)?([+-])(.+)$/i.exec(body);
  if (signed) return { sign: signed[1] === "-" ? -1 : 1, duration: signed[2] ?? "" };
  const ahead = /^in (.+)$/i.exec(body);
  if (ahead) return { sign: 1, duration: ahead[1] ?? "" };
  const ago = /^(.+) ago$/i.exec(body);
  return ago ? { sign: -1, duration: ago[1] ?? "" } : undefined;
}

function fromNow(sign: 1 | -1, duration: string, now: number): InstantReading {
  const reading = /^\s*[+-]/.test(duration) ? refusal("it has two signs") : readDuration(duration);
  return reading.ok ? checked(now + sign * reading.seconds * 1000) : reading;
}

const DATE = /^(\d{4})-(\d\d)-(\d\d)/;
const TIME = /^[ T](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?/i;
const OFFSET = /^ ?(?:(Z|UTC)|([+-])(\d\d)(?::?(\d\d))?)$/i;

function fromCalendar(body: string, context: TimeContext): InstantReading {
  const date = DATE.exec(body);
  if (!date) return refusal(misread(body));
  const afterDate = body.slice(date[0].length);
  const time = TIME.exec(afterDate);
  const afterTime = afterDate.slice(time?.[0].length ?? 0);
  if (!time && afterTime !== "") return refusal(`"${afterTime.trim()}" is not a time of day`);
  const midnight = utcDate(Number(date[1]), Number(date[2]), Number(date[3]));
  if (midnight === undefined) return refusal(`there is no day ${date[0]}`);
  const ofDay = timeOfDay(time);
  if (ofDay === undefined) return refusal(`there is no time of day ${time?.[0].slice(1)}`);
  const wall = midnight + ofDay;
  if (afterTime === "") return checked(fromLocal(wall, context.utcOffset));
  const offset = offsetMinutes(OFFSET.exec(afterTime));
  if (offset === undefined) return refusal(`"${afterTime.trim()}" is not an offset like Z or +02:00`);
  return checked(wall - offset * 60_000);
}

function misread(body: string): string {
  const bare = readDuration(body);
  return bare.ok ? `it is a duration; write +${body} or -${body} to count from now` : "it has no such form";
}

function utcDate(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const real =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return real ? date.getTime() : undefined;
}

/** Milliseconds since midnight; undefined for 25:00 and its like. Leap seconds do not exist in Unix time. */
function timeOfDay(match: RegExpExecArray | null): number | undefined {
  if (!match) return 0;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const milliseconds = Math.floor(Number(`0.${match[4] ?? 0}`) * 1000 + 1e-6);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
}

function offsetMinutes(match: RegExpExecArray | null): number | undefined {
  if (!match) return undefined;
  if (match[1] !== undefined) return 0;
  const [hours, minutes] = [Number(match[3]), Number(match[4] ?? 0)];
  if (hours > 23 || minutes > 59) return undefined;
  return (match[2] === "-" ? -1 : 1) * (hours * 60 + minutes);
}

/**
 * The instant at which a local clock shows `wall`. An hour that occurs twice means its first; one that the clocks skip
 * means the same distance after the jump, as in ECMAScript.
 */
function fromLocal(wall: number, utcOffset: (instant: number) => number): number {
  const day = 86_400_000;
  const before = utcOffset(wall - day) * 60_000;
  const after = utcOffset(wall + day) * 60_000;
  const first = wall - before;
  if (utcOffset(first) * 60_000 === before) return first;
  const second = wall - after;
  return utcOffset(second) * 60_000 === after ? second : first;
}

function checked(instant: number): InstantReading {
  if (instant >= YEAR_0 && instant < YEAR_10000) return { ok: true, instant };
  return refusal("it lies outside the years that can be written with four digits");
}

function refusal(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
