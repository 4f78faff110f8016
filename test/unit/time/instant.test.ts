import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatInstant, isoInstant } from "../../../src/core/base/time/format.ts";
import { parseInstant, readInstant, type TimeContext } from "../../../src/core/base/time/instant.ts";

const now = Date.UTC(2026, 2, 1, 12, 0, 0);
const utc: TimeContext = { now, utcOffset: () => 0 };

/** Central Europe in 2026: +01:00, and +02:00 from 29 March 01:00 UTC to 25 October 01:00 UTC. */
const summerStart = Date.UTC(2026, 2, 29, 1);
const summerEnd = Date.UTC(2026, 9, 25, 1);
const berlin: TimeContext = {
  now,
  utcOffset: (instant) => (instant >= summerStart && instant < summerEnd ? 120 : 60),
};

function iso(text: string, context = utc): string | null {
  const reading = readInstant(text, context);
  return reading.ok ? isoInstant(reading.instant) : reading.reason;
}

describe("readInstant", () => {
  it.each([
    ["2026-03-01T10:20:30Z", "2026-03-01T10:20:30Z"],
    ["2026-03-01t10:20:30z", "2026-03-01T10:20:30Z"],
    ["2026-03-01T10:20:30.250Z", "2026-03-01T10:20:30.250Z"],
    ["2026-03-01T10:20:30.123456789Z", "2026-03-01T10:20:30.123Z"],
    ["2026-03-01T10:20:30+02:00", "2026-03-01T08:20:30Z"],
    ["2026-03-01T10:20:30-0530", "2026-03-01T15:50:30Z"],
    ["2026-03-01T10:20+02", "2026-03-01T08:20:00Z"],
    ["2026-03-01 10:20:30 +02:00", "2026-03-01T08:20:30Z"],
    ["2026-03-01 10:20:30 UTC", "2026-03-01T10:20:30Z"],
    ["2024-02-29", "2024-02-29T00:00:00Z"],
    ["0001-01-01", "0001-01-01T00:00:00Z"],
    ["1300819380", "2011-03-22T18:43:00Z"],
    ["1300819380.5", "2011-03-22T18:43:00.500Z"],
    ["0", "1970-01-01T00:00:00Z"],
    ["253402300799", "9999-12-31T23:59:59Z"],
    ["now", "2026-03-01T12:00:00Z"],
    ["NOW", "2026-03-01T12:00:00Z"],
    ["+5m", "2026-03-01T12:05:00Z"],
    ["-1h", "2026-03-01T11:00:00Z"],
    ["- 1h", "2026-03-01T11:00:00Z"],
    ["now+1h30m", "2026-03-01T13:30:00Z"],
    ["now - 2 days", "2026-02-27T12:00:00Z"],
    ["+300", "2026-03-01T12:05:00Z"],
    ["-300", "2026-03-01T11:55:00Z"],
    ["in 14 minutes", "2026-03-01T12:14:00Z"],
    ["3 minutes ago", "2026-03-01T11:57:00Z"],
    ["  +5m  ", "2026-03-01T12:05:00Z"],
  ])("reads %j", (text, expected) => {
    expect(iso(text)).toBe(expected);
  });

  it.each([
    ["2026-03-01T12:00", "2026-03-01T11:00:00Z"],
    ["2026-07-01 12:00:00", "2026-07-01T10:00:00Z"],
    ["2026-07-01", "2026-06-30T22:00:00Z"],
    ["2026-07-01T12:00:00Z", "2026-07-01T12:00:00Z"],
  ])("takes %j without an offset for local time", (text, expected) => {
    expect(iso(text, berlin)).toBe(expected);
  });

  it("takes an hour that occurs twice for its first, and skips over one that the clocks skip", () => {
    expect(iso("2026-10-25 02:30", berlin)).toBe("2026-10-25T00:30:00Z");
    expect(iso("2026-03-29 02:30", berlin)).toBe("2026-03-29T01:30:00Z");
    expect(iso("2026-03-29 01:59", berlin)).toBe("2026-03-29T00:59:00Z");
    expect(iso("2026-03-29 03:00", berlin)).toBe("2026-03-29T01:00:00Z");
  });

  it.each([
    ["", "it is empty"],
    ["1700000000000", "13 digits are milliseconds; in seconds it is 1700000000"],
    ["1700000000000000", "16 digits are not seconds; in seconds it is 1700000000"],
    ["1700000000000000000", "19 digits are not seconds; in seconds it is 1700000000"],
    ["17000000000000", "it lies outside the years that can be written with four digits"],
    ["253402300800", "it lies outside the years that can be written with four digits"],
    ["-9000 weeks 3000000d", "it lies outside the years that can be written with four digits"],
    ["5m", "it is a duration; write +5m or -5m to count from now"],
    ["tomorrow", "it has no such form"],
    ["2026-3-1", "it has no such form"],
    ["2026-02-30", "there is no day 2026-02-30"],
    ["2025-02-29", "there is no day 2025-02-29"],
    ["2026-13-01", "there is no day 2026-13-01"],
    ["2026-00-10", "there is no day 2026-00-10"],
    ["2026-03-01T24:00", "there is no time of day 24:00"],
    ["2026-03-01T12:60", "there is no time of day 12:60"],
    ["2026-03-01T23:59:60Z", "there is no time of day 23:59:60"],
    ["2026-03-01Tnoon", '"Tnoon" is not a time of day'],
    ["2026-03-01T12:00 CET", '"CET" is not an offset like Z or +02:00'],
    ["2026-03-01T12:00+25:00", '"+25:00" is not an offset like Z or +02:00'],
    ["+-5m", "it has two signs"],
    ["--5m", "it has two signs"],
    ["+5 months", 'months and years differ in length ("months"); use days or weeks'],
    ["in 5 parsecs", '"parsecs" is not a unit of time'],
  ])("refuses %j", (text, reason) => {
    expect(readInstant(text, utc)).toEqual({ ok: false, reason });
  });

  it("refuses milliseconds given by mistake with the seconds they are", () => {
    expect(() => parseInstant("1772366400000", "--at", utc)).toThrow(
      expect.objectContaining({
        code: "usage",
        message:
          '--at needs a point in time, not "1772366400000": 13 digits are milliseconds; in seconds it is 1772366400',
        hints: [
          "Write it as 2026-03-01T12:00:00Z, 2026-03-01 12:00 (local time), Unix seconds, +5m, -1h, or now",
        ],
      }),
    );
  });

  it("reads back what formatInstant and isoInstant write, in any offset", () => {
    const instant = fc.integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(9998, 0, 1) });
    fc.assert(
      fc.property(instant, fc.integer({ min: -23 * 60, max: 23 * 60 }), (when, offset) => {
        expect(parseInstant(formatInstant(when, () => offset) ?? "", "it", berlin)).toBe(when);
        expect(parseInstant(isoInstant(when) ?? "", "it", berlin)).toBe(when);
      }),
    );
  });

  it("reads local times back as the instant they came from, except in the hour that occurs twice", () => {
    const instant = fc.integer({ min: Date.UTC(2026, 0, 1) / 1000, max: Date.UTC(2026, 11, 31) / 1000 });
    fc.assert(
      fc.property(instant, (seconds) => {
        const when = seconds * 1000;
        if (when >= summerEnd && when < summerEnd + 3_600_000) return;
        const shown = (formatInstant(when, berlin.utcOffset) ?? "").slice(0, 19);
        expect(parseInstant(shown, "it", berlin)).toBe(when);
      }),
    );
  });

  it("never throws", () => {
    const pieces = fc
      .array(
        fc.constantFrom("2026", "-", "03", "T", ":", " ", "Z", "+", "now", "5m", ".", "in ", " ago", "9"),
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(fc.string(), pieces), (text) => {
        const reading = readInstant(text, berlin);
        if (reading.ok) expect(Number.isFinite(reading.instant)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
