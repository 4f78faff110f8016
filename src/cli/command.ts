import type { ErrorCode } from "../core/base/errors.ts";
import type { Context } from "./context.ts";
import type { Chosen, DeclaredArguments, DeclaredOptions } from "./declare.ts";

type None = Record<never, never>;

interface Declared<A, O> {
  readonly arguments?: A;
  readonly options?: O;
  /** Shown in the help and in the reference: what is typed, and what it does. */
  readonly examples: readonly (readonly [typed: string, does: string])[];
  /** What to do when more words are given than the verb takes. */
  readonly excessHint?: string;
}

interface Runs<Given> {
  /**
   * Turns what was typed into the input of one use case, calls it and shows the result. An error code as the answer
   * decides the exit code although a full result was shown (a verification that failed).
   * @throws AppError
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a verb with nothing to add returns nothing
  run(chosen: Given, context: Context): Promise<ErrorCode | undefined | void>;
}

/** One command: all about it as data, and the function that does it. */
export type Verb = Declared<DeclaredArguments, DeclaredOptions> & Runs<Readonly<Record<string, unknown>>>;

/** Declares a verb. What `run` is given has the types that its arguments and options say. */
export function defineVerb<const A extends DeclaredArguments = None, const O extends DeclaredOptions = None>(
  verb: Declared<A, O> & Runs<Chosen<A, O>>,
): Verb {
  return verb;
}
