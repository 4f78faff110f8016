import { parseInstant, type TimeContext } from "../../core/base/time/instant.ts";
import type { Needs } from "../command.ts";
import type { DeclaredOption, DeclaredOptions } from "../declare.ts";

/** Read when it is used, not when the words are: a token from a pipe may be made while the command waits for it. */
export const AT = {
  value: "time",
  help: "evaluate at this time instead of now: ISO 8601, Unix seconds, +5m, -1h",
} as const satisfies DeclaredOption;

/** What counts as now, and in which zone times are shown. */
export const TIME_OPTIONS = {
  at: AT,
  utc: { help: "show times in UTC instead of local time" },
} as const satisfies DeclaredOptions;

interface TimeOptions {
  readonly at?: string | undefined;
  readonly utc?: boolean;
}

/**
 * What counts as now, and the offset to show times in: local, but UTC with --utc and in JSON, which is the same
 * everywhere.
 * @throws AppError `usage`
 */
export function timeContext(
  { at, utc = false }: TimeOptions,
  { terminal, time }: Needs<"terminal" | "time">,
): TimeContext {
  const { now, utcOffset: local } = time();
  const inUtc = () => 0;
  const typed = utc ? inUtc : local;
  return {
    now: at === undefined ? now : parseInstant(at, "--at", { now, utcOffset: typed }),
    utcOffset: terminal.json ? inUtc : typed,
  };
}
