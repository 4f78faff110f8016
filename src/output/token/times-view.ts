import { writeJson } from "../../core/base/json/write.ts";
import { largest } from "../../core/base/largest.ts";
import { formatEvent, formatInstant, formatRelative, formatSpan } from "../../core/base/time/format.ts";
import type { TimeContext } from "../../core/base/time/instant.ts";
import type { ClaimTime, TokenTimes } from "../../core/jose/token/times.ts";
import { dateWords } from "../../core/jose/token/times.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";

/** The width from which a date claim fits on one line. */
const TABLE_WIDTH = 76;
const HEADINGS = ["CLAIM", "SECONDS", "TIME", "FROM NOW"] as const;

/**
 * Every date claim in three forms: NumericDate, local time, and distance from now. All cells are ASCII, so that their
 * width is their length.
 */
export function timesText(times: TokenTimes, time: TimeContext, style: Style): string {
  if (style.columns !== undefined && style.columns < TABLE_WIDTH) return stacked(times, time, style);
  const rows = times.claims.map((claim) => [safe(claim.name), rawText(claim), clockText(claim, time)]);
  const widths = HEADINGS.slice(0, -1).map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const padded = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  const lines = times.claims.map((claim, index) => {
    const [name = "", ...cells] = padded(rows[index] ?? []);
    const event = eventPaint(claim, times, style)(eventText(claim, time.now));
    return `${[style.payload(name), ...cells, event].join("  ")}\n`;
  });
  return `${style.dim(padded(HEADINGS).join("  "))}\n${lines.join("")}`;
}

function stacked(times: TokenTimes, time: TimeContext, style: Style): string {
  const width = largest(times.claims.map(({ name }) => name.length)) + 2;
  return times.claims
    .map((claim) => {
      const name = style.payload(safe(claim.name).padEnd(width));
      const event = eventPaint(claim, times, style)(eventText(claim, time.now));
      return `${name}${event}\n${" ".repeat(width)}${rawText(claim)} = ${clockText(claim, time)}\n`;
    })
    .join("");
}

function rawText({ value }: ClaimTime): string {
  return safe(writeJson(value));
}

function clockText({ instant }: ClaimTime, { utcOffset }: TimeContext): string {
  return (instant === undefined ? undefined : formatInstant(instant, utcOffset)) ?? "beyond the calendar";
}

function eventText({ name, seconds }: ClaimTime, now: number): string {
  const words = dateWords(name);
  const instant = seconds * 1000;
  return words === undefined ? formatRelative(instant, now) : formatEvent(instant, now, words);
}

function eventPaint({ name }: ClaimTime, times: TokenTimes, style: Style): (text: string) => string {
  if (name === "exp") return times.expired ? style.bad : style.good;
  if (name === "nbf" && times.notYetValid) return style.bad;
  return (text) => text;
}

const NARROWEST_BAR = 10;
const WIDEST_BAR = 48;

/**
 * A bar from issue to expiry with the present time on it, for a terminal. Empty when a date is missing, or the token
 * expires before it begins.
 */
export function lifetimeBar(times: TokenTimes, style: Style): string {
  const { lifetime, now } = times;
  if (lifetime === undefined || !style.isTerminal) return "";
  const [start, end] = [lifetime.start * 1000, lifetime.end * 1000];
  const span = end - start;
  if (!(span > 0) || !Number.isFinite(span)) return "";
  const passed = (now - start) / span;
  const words = barWords(passed, span, now - start, style);
  const room = (style.columns ?? 80) - words.before.length - words.after.length - 2;
  if (room < NARROWEST_BAR) return "";
  const width = Math.min(WIDEST_BAR, room);
  return `${style.dim(words.before)} ${bar(passed, width, style)} ${style.dim(words.after)}\n`;
}

function barWords(
  passed: number,
  span: number,
  age: number,
  style: Style,
): { before: string; after: string } {
  const dot = style.unicode ? " · " : ", ";
  if (passed < 0) return { before: `now${dot}issued`, after: `expires (lives ${formatSpan(span)})` };
  if (passed >= 1) return { before: "issued", after: `expired${dot}now (lived ${formatSpan(span)})` };
  return { before: "issued", after: `expires (now ${formatSpan(age)} of ${formatSpan(span)})` };
}

const BAR = { passed: "━", now: "●", left: "─" };
const ASCII_BAR = { passed: "=", now: "O", left: "-" };

function bar(passed: number, width: number, style: Style): string {
  const glyphs = style.unicode ? BAR : ASCII_BAR;
  if (passed < 0) return style.dim(glyphs.left.repeat(width));
  if (passed >= 1) return style.bad(glyphs.passed.repeat(width));
  const before = Math.min(width - 1, Math.floor(passed * width));
  const [done, left] = [glyphs.passed.repeat(before), glyphs.left.repeat(width - before - 1)];
  return `${style.dim(done)}${style.strong(glyphs.now)}${style.good(left)}`;
}
