import { execute } from "./cli/execute.ts";
import { guessGlobals } from "./cli/global-options.ts";
import { bug, reportError } from "./cli/report-error.ts";
import { EXIT_CODE_OF, type ExitCode } from "./exit-codes.ts";
import type { Runtime } from "./runtime/runtime.ts";

/**
 * Runs one command.
 *
 * @param argv the words after the program's name
 * @returns the exit code; nothing is thrown
 */
export async function main(argv: readonly string[], runtime: Runtime): Promise<ExitCode> {
  const code = await execute(argv, runtime);
  return code === undefined ? 0 : EXIT_CODE_OF[code];
}

/** Reports an error that came from where nothing waits for it. @returns the exit code */
export function reportCrash(error: unknown, argv: readonly string[], runtime: Runtime): ExitCode {
  const failure = bug(error);
  reportError(failure, runtime, guessGlobals(argv));
  return EXIT_CODE_OF[failure.code];
}
