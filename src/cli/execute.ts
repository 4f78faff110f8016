import { createPorts, userTime } from "../compose/ports.ts";
import { OutputClosed, type Runtime } from "../compose/runtime.ts";
import { AppError, type ErrorCode } from "../core/base/errors.ts";
import { createStyle, wantsColor } from "../output/style.ts";
import { VERSION } from "../version.ts";
import type { CommandPorts } from "./command.ts";
import { concealed } from "./conceal.ts";
import { type GlobalOptions, guessGlobals } from "./global-options.ts";
import { locate, locateNoun } from "./locate.ts";
import { givenPassphrase, passphraseForStore } from "./passphrase.ts";
import { type Request, readCommandLine, seeHelp } from "./read-command-line.ts";
import { bug, reportError } from "./report-error.ts";
import { Terminal } from "./terminal.ts";

/**
 * Runs one command, and says on stderr why it was refused.
 *
 * @param argv the words after the program's name
 * @returns the error code that decides the exit code; undefined when all went well; nothing is thrown
 */
export async function execute(argv: readonly string[], runtime: Runtime): Promise<ErrorCode | undefined> {
  let manner: Pick<GlobalOptions, "json" | "color"> = guessGlobals(argv);
  let ports: CommandPorts | undefined;
  try {
    const request = await readCommandLine(argv, { env: runtime.env, time: userTime(runtime) });
    if (request.kind !== "run") {
      runtime.stdout.write(await textOf(request, runtime, manner));
      return undefined;
    }
    manner = request.globals;
    ports = createCommandPorts(runtime, request.globals, request.command);
    return (await request.verb.run(request.chosen, ports)) ?? undefined;
  } catch (error) {
    if (error instanceof OutputClosed) return undefined;
    const failure =
      error instanceof AppError
        ? withNextStep(error, argv, ports?.hasChanged() ?? false)
        : ((await ports?.damage(error)) ?? bug(error));
    reportError(concealed(failure, argv), runtime, manner);
    return failure.code;
  } finally {
    // What was to be done is done and said; a close that fails can only leave work for the next opening.
    await ports?.close().catch(() => undefined);
  }
}

function createCommandPorts(runtime: Runtime, globals: GlobalOptions, command: string): CommandPorts {
  const terminal = new Terminal(runtime, globals);
  const settings = { db: globals.db, command };
  const person = {
    warn: (text: string) => terminal.warn(text),
    passphrase: () => passphraseForStore(ports),
  };
  const ports: CommandPorts = {
    ...createPorts(runtime, settings, person),
    terminal,
    givenPassphrase: () => givenPassphrase(globals.passphraseFile, ports),
    runInside: (words, changes) => execute(words, { ...runtime, ...changes }),
  };
  return ports;
}

/**
 * A typing error without a better hint leads to the help of its command. Who is not told what a command has done would run
 * it again.
 */
function withNextStep(error: AppError, words: readonly string[], isChanged: boolean): AppError {
  if (error.code === "output_failed" && isChanged) {
    const { code, message, data } = error;
    const hints = [DONE, ...error.hints];
    return new AppError(code, `${message}; what was to be done is done`, { hints, data, cause: error });
  }
  if (error.code !== "usage" || error.hints.length > 0) return error;
  const { code, message, data } = error;
  const hints = [seeHelp(locate(words)?.path.join(" ") ?? locateNoun(words))];
  return new AppError(code, message, { hints, data, cause: error });
}

const DONE = "Do not run it again without a look at what it did: jwtctl audit list --limit 5";

/** The start screen, help or the version, for stdout. */
async function textOf(
  request: Exclude<Request, { readonly kind: "run" }>,
  { stdout, env }: Runtime,
  { color }: Pick<GlobalOptions, "color">,
): Promise<string> {
  if (request.kind === "version") return `${VERSION}\n`;
  const { isTerminal, columns } = stdout;
  const style = createStyle({ color: wantsColor(color, env, isTerminal), isTerminal, columns });
  if (request.kind === "start") return (await import("./start-screen.ts")).startScreen(VERSION, style);
  return (await import("./help.ts")).helpAbout(request.about, style);
}
