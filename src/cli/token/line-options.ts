import { AppError } from "../../core/base/errors.ts";
import type { DeclaredOption, DeclaredOptions } from "../declare.ts";

const MOST_JOBS = 256;

function parseJobs(text: string, flag: string): number {
  const jobs = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (jobs >= 1 && jobs <= MOST_JOBS) return jobs;
  throw new AppError("usage", `${flag} needs a number of threads from 1 to ${MOST_JOBS}, not "${text}"`);
}

export const LINES = {
  help: "one token a line, from stdin or @file; prints a line of JSON for each",
} as const satisfies DeclaredOption;

/** Many tokens instead of one. Each verb says what does not go with them. */
export const LINE_OPTIONS = {
  lines: LINES,
  jobs: {
    value: "number",
    help: "how many threads work",
    defaultHelp: "one for each processor",
    parse: parseJobs,
    dependsOn: ["lines"],
  },
} as const satisfies DeclaredOptions;
