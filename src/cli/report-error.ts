import type { Runtime } from "../compose/runtime.ts";
import { AppError } from "../core/base/errors.ts";
import { inShell, type Shell } from "../core/base/text/shell.ts";
import { errorJson, errorText } from "../output/error-view.ts";
import { createStyle, wantsColor } from "../output/style.ts";
import { VERSION } from "../version.ts";
import type { GlobalOptions } from "./global-options.ts";

/** Says on stderr why a command was refused, as text or as JSON. */
export function reportError(
  error: AppError,
  { stderr, env, platform }: Pick<Runtime, "stderr" | "env" | "platform">,
  { json, color }: Pick<GlobalOptions, "json" | "color">,
): void {
  const { isTerminal, columns } = stderr;
  const style = createStyle({ color: wantsColor(color, env, isTerminal), isTerminal, columns });
  const told = forShell(error, platform.shell);
  try {
    stderr.write(json ? errorJson(told) : errorText(told, style));
  } catch {
    // Nothing can be written any more; the exit code is still set.
  }
}

/** The same refusal with the commands in its hints as the shell in use takes them. */
function forShell(error: AppError, shell: Shell): AppError {
  if (shell === "posix") return error;
  const { code, message, data } = error;
  const hints = error.hints.map((hint) => inShell(hint, shell));
  return new AppError(code, message, { hints, data, cause: error });
}

/**
 * Anything that is not a refusal is a mistake of ours. The stack names files and lines of jwtctl; the error's own
 * message is left out, for it may quote a secret.
 */
export function bug(error: unknown): AppError {
  const frames = error instanceof Error ? framesOf(error) : [];
  const kind = error instanceof Error ? error.name : typeof error;
  const place = frames.slice(0, 4).map((line) => line.trim());
  return new AppError("internal", `this is a bug in jwtctl ${VERSION} (${kind})`, {
    hints: [`Report it with the command you ran (without secrets) and this: ${place.join(" ")}`],
    cause: error,
  });
}

/** The lines of a stack that name files. The message stands before them, and may have lines that look like them. */
function framesOf({ stack = "", message }: Error): string[] {
  const start = stack.indexOf(message);
  const behind = start === -1 ? "" : stack.slice(start + message.length);
  return behind.split("\n").filter((line) => /^\s+at /.test(line));
}
