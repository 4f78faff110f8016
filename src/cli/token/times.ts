import type { Command } from "commander";
import { parseInstant, type TimeContext } from "../../core/base/time/instant.ts";
import type { Context } from "../context.ts";

/** What counts as now, and where the clock hangs. */
export interface TimeOptions {
  readonly at?: string;
  readonly utc?: boolean;
}

export function timeOptions(command: Command): Command {
  return command
    .option("--at <time>", "answer for another time than now: ISO 8601, Unix seconds, +5m, -1h")
    .option("--utc", "show times in UTC instead of local time");
}

/**
 * What counts as now, and the offset to show times in: local, but UTC with --utc and in JSON, which is the same
 * everywhere.
 * @throws AppError `usage`
 */
export function timeContext(context: Context, { at, utc }: TimeOptions): TimeContext {
  const { platform } = context.runtime;
  const inUtc = () => 0;
  const typed = utc ? inUtc : (instant: number) => platform.utcOffset(instant);
  const now = context.now();
  return {
    now: at === undefined ? now : parseInstant(at, "--at", { now, utcOffset: typed }),
    utcOffset: context.globals.json ? inUtc : typed,
  };
}
