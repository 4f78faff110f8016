import { Context } from "./cli/context.ts";
import { type GlobalOptions, guessGlobals } from "./cli/global-options.ts";
import { type Request, readCommandLine } from "./cli/read-command-line.ts";
import { AppError } from "./core/base/errors.ts";
import type { TimeContext } from "./core/base/time/instant.ts";
import { EXIT_CODE_OF, type ExitCode } from "./exit-codes.ts";
import { errorJson, errorText } from "./output/error-view.ts";
import { createStyle, wantsColor } from "./output/style.ts";
import { OutputClosed, type Runtime } from "./runtime/runtime.ts";
import { VERSION } from "./version.ts";

/**
 * Runs one command.
 *
 * @param argv the words after the program's name
 * @returns the exit code; nothing is thrown
 */
export async function main(argv: readonly string[], runtime: Runtime): Promise<ExitCode> {
  let globals = guessGlobals(argv);
  let context: Context | undefined;
  try {
    const request = await readCommandLine(argv, { env: runtime.env, time: userTime(runtime) });
    if (request.kind !== "run") {
      runtime.stdout.write(await textOf(request, runtime, globals));
      return 0;
    }
    globals = request.globals;
    context = new Context(runtime, request.globals, request.command);
    const code = await request.verb.run(request.chosen, context);
    return code === undefined ? 0 : EXIT_CODE_OF[code];
  } catch (error) {
    if (error instanceof OutputClosed) return 0;
    const failure =
      error instanceof AppError
        ? withNextStep(error, context?.command)
        : ((await context?.damage(error)) ?? bug(error));
    report(failure, runtime, globals);
    return EXIT_CODE_OF[failure.code];
  } finally {
    // What was to be done is done and said; a close that fails can only leave work for the next opening.
    await context?.close().catch(() => undefined);
  }
}

/** The clock and the calendar of the user. */
function userTime({ clock, platform }: Runtime): TimeContext {
  return { now: clock.now(), utcOffset: (instant) => platform.utcOffset(instant) };
}

async function textOf(
  request: Exclude<Request, { readonly kind: "run" }>,
  { stdout, env }: Runtime,
  { color }: Pick<GlobalOptions, "color">,
): Promise<string> {
  if (request.kind === "version") return `${VERSION}\n`;
  const { isTerminal, columns } = stdout;
  const style = createStyle({ color: wantsColor(color, env, isTerminal), isTerminal, columns });
  return (await import("./cli/help.ts")).helpAbout(request.about, style);
}

/** Whoever typed a command wrong finds in its help how it goes, when there is nothing better to say. */
function withNextStep(error: AppError, command: string | undefined): AppError {
  if (error.code !== "usage" || error.hints.length > 0 || command === undefined) return error;
  return new AppError(error.code, error.message, {
    hints: [`See: jwtctl ${command} --help`],
    data: error.data,
    cause: error,
  });
}

function report(error: AppError, runtime: Runtime, globals: Pick<GlobalOptions, "json" | "color">): void {
  const { stderr } = runtime;
  const color = wantsColor(globals.color, runtime.env, stderr.isTerminal);
  const style = createStyle({ color, isTerminal: stderr.isTerminal, columns: stderr.columns });
  try {
    stderr.write(globals.json ? errorJson(error) : errorText(error, style));
  } catch {
    // Nobody is left to tell; the exit code still does.
  }
}

/** Tells of an error that came from where nobody waits for it. @returns the exit code */
export function reportCrash(error: unknown, argv: readonly string[], runtime: Runtime): ExitCode {
  const failure = bug(error);
  report(failure, runtime, guessGlobals(argv));
  return EXIT_CODE_OF[failure.code];
}

/** The lines of a stack that name files. The message stands before them, and may have lines that look like them. */
function framesOf({ stack = "", message }: Error): string[] {
  const start = stack.indexOf(message);
  const behind = start === -1 ? "" : stack.slice(start + message.length);
  return behind.split("\n").filter((line) => /^\s+at /.test(line));
}

/**
 * Anything that is not a refusal is a mistake of ours. The stack names files and lines of jwtctl; the error's own
 * message is left out, for it may quote a secret.
 */
function bug(error: unknown): AppError {
  const frames = error instanceof Error ? framesOf(error) : [];
  const kind = error instanceof Error ? error.name : typeof error;
  return new AppError("internal", `this is a bug in jwtctl ${VERSION} (${kind})`, {
    hints: [
      `Report it with the command you ran (without secrets) and this: ${frames
        .slice(0, 4)
        .map((line) => line.trim())
        .join(" ")}`,
    ],
    cause: error,
  });
}
