import { describe, expect, it } from "vitest";
import {
  formatEvent,
  formatInstant,
  formatRelative,
  formatSpan,
  isoInstant,
} from "../../../src/core/base/time/format.ts";

const at = Date.UTC(2026, 2, 1, 12, 0, 0);
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

describe("formatInstant", () => {
  it.each([
    [at, 0, "2026-03-01 12:00:00 UTC"],
    [at, 60, "2026-03-01 13:00:00 +01:00"],
    [at, -210, "2026-03-01 08:30:00 -03:30"],
    [at + 250, 0, "2026-03-01 12:00:00.250 UTC"],
    [at, 13 * 60, "2026-03-02 01:00:00 +13:00"],
    [-1 * day, 0, "1969-12-31 00:00:00 UTC"],
    [Date.UTC(12000, 0, 1), 0, "+012000-01-01 00:00:00 UTC"],
  ])("writes %d at offset %i", (instant, offset, text) => {
    expect(formatInstant(instant, () => offset)).toBe(text);
  });

  it("has no date for instants outside the calendar (exp in nanoseconds, infinite)", () => {
    for (const instant of [1.7e21, -1e16, Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(formatInstant(instant)).toBeUndefined();
      expect(isoInstant(instant)).toBeNull();
    }
    expect(formatInstant(8.64e15, () => 60)).toBeUndefined();
  });
});

describe("formatRelative", () => {
  it.each([
    [0, "just now"],
    [-999, "just now"],
    [1, "in less than a second"],
    [second, "in 1 second"],
    [-second, "1 second ago"],
    [59 * second, "in 59 seconds"],
    [15 * minute - 1, "in 15 minutes"],
    [15 * minute - 20 * second, "in 15 minutes"],
    [14 * minute + 20 * second, "in 14 minutes"],
    [59.6 * second, "in 1 minute"],
    [-1.4 * second, "1 second ago"],
    [hour - second, "in 1 hour"],
    [day - minute, "in 1 day"],
    [3 * day - minute, "in 3 days"],
    [14 * day - second, "in 14 days"],
    [-(90 * day - 5 * minute), "90 days ago"],
    [-3 * minute, "3 minutes ago"],
    [hour, "in 1 hour"],
    [2 * hour - minute, "in 1 hour 59 minutes"],
    [2 * hour - second, "in 2 hours"],
    [5 * hour + 10 * minute, "in 5 hours"],
    [-(day + 2 * hour), "1 day 2 hours ago"],
    [-45 * day, "45 days ago"],
    [90 * day, "in 90 days"],
    [-200 * day, "7 months ago"],
    [-190 * day, "6 months ago"],
    [-15 * 365.25 * day, "15 years ago"],
  ])("puts a distance of %d ms in words", (distance, text) => {
    expect(formatRelative(at + distance, at)).toBe(text);
  });
});

describe("formatEvent", () => {
  const words = { past: "expired", future: "expires" };
  it("chooses the word by the side of now", () => {
    expect(formatEvent(at - 3 * minute, at, words)).toBe("expired 3 minutes ago");
    expect(formatEvent(at + 14 * minute, at, words)).toBe("expires in 14 minutes");
    expect(formatEvent(at, at, words)).toBe("expired just now");
  });
});

describe("formatSpan", () => {
  it.each([
    [0, "0 seconds"],
    [minute, "1 minute"],
    [3 * hour, "3 hours"],
    [2 * day, "2 days"],
    [2 * day + hour, "2 days 1 hour"],
    [7300 * day, "20 years"],
    [2 * 365.2425 * day - hour, "2 years"],
  ])("writes %d ms", (span, text) => {
    expect(formatSpan(span)).toBe(text);
  });

  it("rounds a wait up, so that who waits so long has waited long enough, and an age down on demand", () => {
    expect(formatSpan(1, Math.ceil)).toBe("1 second");
    expect(formatSpan(61 * second, Math.ceil)).toBe("2 minutes");
    expect(formatSpan(30 * day - minute, Math.floor)).toBe("29 days");
  });

  it("says 0 of nothing that has lasted a second", () => {
    for (let span = second; span < 100 * 365 * day; span = Math.ceil(span * 1.07)) {
      expect(formatSpan(span)).not.toMatch(/\b0 /);
      expect(formatSpan(span)).not.toMatch(/\b(60 (second|minute)|24 hour)/);
    }
  });
});
