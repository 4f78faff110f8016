import type { Command } from "commander";
import { AppError } from "../../core/base/errors.ts";

/** Many tokens instead of one. */
export interface LineOptions {
  readonly lines?: boolean;
  readonly jobs?: string;
}

export function lineOptions(command: Command): Command {
  return command
    .option("--lines", "one token a line, from stdin or @file; prints a line of JSON for each")
    .option("--jobs <number>", "with --lines: how many threads work (default: one for each processor)");
}

/** Whether tokens come one a line. @throws AppError `usage` for --jobs without --lines */
export function wantsLines({ lines = false, jobs }: LineOptions): boolean {
  if (jobs !== undefined && !lines) throw new AppError("usage", "--jobs needs --lines");
  return lines;
}
