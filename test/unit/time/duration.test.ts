import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/base/errors.ts";
import {
  formatDuration,
  MAX_DURATION_SECONDS,
  parseDuration,
  readDuration,
} from "../../../src/core/base/time/duration.ts";

describe("readDuration", () => {
  it.each([
    ["15m", 900],
    ["1h30m", 5400],
    ["1h 30m", 5400],
    ["1 hour 30 minutes", 5400],
    ["+1d", 86_400],
    ["+ 1d", 86_400],
    ["2 weeks", 1_209_600],
    ["2w", 1_209_600],
    ["90 days", 7_776_000],
    ["1d2h3m4s", 93_784],
    ["1.5h", 5400],
    ["0.5m", 30],
    ["1.001h", undefined],
    ["900", 900],
    ["0", 0],
    ["0s", 0],
    ["  15 MIN ", 900],
    ["10secs", 10],
  ])("reads %j", (text, seconds) => {
    const reading = readDuration(text);
    expect(reading.ok ? reading.seconds : undefined).toBe(seconds);
  });

  it.each([
    ["", "it is empty"],
    ["+", "it is empty"],
    ["-5m", "it is negative"],
    ["abc", '"abc" is not a number with a unit'],
    ["5m!", '"!" is not a number with a unit'],
    ["1h-5m", '"-5m" is not a number with a unit'],
    ["5 fortnights", '"fortnights" is not a unit of time'],
    ["5 months", 'months and years differ in length ("months"); use days or weeks'],
    ["1y", 'months and years differ in length ("y"); use days or weeks'],
    ["500ms", 'seconds are the smallest unit, not "ms"'],
    ["0.5s", "it is not a whole number of seconds"],
    ["1.0001h", "it has more than three decimal places"],
    ["1h30", "30 has no unit"],
    ["30 1h", "30 has no unit"],
    ["1.5", "1 has no unit"],
    ["30m1h", "its units are not in order, the largest first"],
    ["1h1h", 'the unit "h" occurs twice'],
    ["1h2hours", 'the unit "hours" occurs twice'],
    ["99999999999999999999999h", "it is longer than ten thousand years"],
    ["9".repeat(400), "it is longer than ten thousand years"],
    ["999999999 weeks", "it is longer than ten thousand years"],
    ["1e5", '"e" is not a unit of time'],
    ["PT15M", '"PT15M" is not a number with a unit'],
    ["٣m", '"٣m" is not a number with a unit'],
  ])("refuses %j", (text, reason) => {
    expect(readDuration(text)).toEqual({ ok: false, reason });
  });

  it("never throws, and gives whole seconds within its limits", () => {
    const text = fc
      .array(fc.constantFrom(..."0123456789.+- hmsdwxy".split(""), "hour", "weeks"))
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(fc.string(), text), (anything) => {
        const reading = readDuration(anything);
        if (!reading.ok) return;
        expect(Number.isInteger(reading.seconds)).toBe(true);
        expect(reading.seconds).toBeGreaterThanOrEqual(0);
        expect(reading.seconds).toBeLessThanOrEqual(MAX_DURATION_SECONDS);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("formatDuration", () => {
  it.each([
    [0, "0s"],
    [59, "59s"],
    [900, "15m"],
    [5400, "1h 30m"],
    [86_400, "1d"],
    [7_776_000, "90d"],
    [93_784, "1d 2h 3m 4s"],
  ])("writes %i seconds", (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it("writes what is read back as the same duration", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_DURATION_SECONDS }), (seconds) => {
        expect(parseDuration(formatDuration(seconds), "it")).toBe(seconds);
      }),
    );
  });
});

describe("parseDuration", () => {
  it("refuses as a usage error that names the option and the accepted forms", () => {
    try {
      parseDuration("5 months", "--ttl");
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(AppError);
      expect(error).toMatchObject({
        code: "usage",
        message:
          '--ttl needs a duration, not "5 months": months and years differ in length ("months"); use days or weeks',
        hints: ["Write it as 15m, 1h30m, 90 days, 2 weeks, or a plain number of seconds"],
      });
    }
  });
});
