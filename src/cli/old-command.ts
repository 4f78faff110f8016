import type { Command } from "commander";
import type { ErrorCode } from "../core/base/errors.ts";
import type { Context } from "./context.ts";

/**
 * One verb, one file. `configure` names arguments and options, `run` turns them into the input of one use case, calls
 * it, and shows its result.
 */
export interface OldVerb {
  readonly configure: (command: Command) => unknown;
  /** Shown under "Examples" in the help and in the reference: what is typed, and what it does. */
  readonly examples: readonly (readonly [typed: string, does: string])[];
  /** What to do instead, for when more words are given than the verb takes. */
  readonly excessHint?: string;
  /**
   * Does the work. The answer, when there is one, is the error code that decides the exit code although the command
   * has shown a full result (a verification that failed).
   * @throws AppError
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a verb with nothing to add returns nothing
  readonly run: (context: Context, invocation: Invocation) => Promise<ErrorCode | undefined | void>;
}

/** What was typed after the verb, as commander parsed it. */
export interface Invocation {
  /** Positional arguments; `undefined` for optional ones left out. */
  readonly args: readonly (string | undefined)[];
  /** Options by their camel-cased name. Each verb says what it declared through {@link options}. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** The options of an invocation under the type the verb declared them with in `configure`. */
export function options<Options>(invocation: Invocation): Options {
  return invocation.values as Options;
}
