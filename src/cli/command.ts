import type { Ports } from "../compose/ports.ts";
import type { Runtime } from "../compose/runtime.ts";
import type { ErrorCode } from "../core/base/errors.ts";
import type { Chosen, DeclaredArguments, DeclaredOptions } from "./declare.ts";
import type { Terminal } from "./terminal.ts";

/** What a command can work with: the ports of its use cases, and its user. */
export interface CommandPorts extends Ports {
  readonly terminal: Terminal;
  /** The store's passphrase from --passphrase-file or the environment; undefined when neither gives it. */
  givenPassphrase(): Promise<string | undefined>;
  /** Runs another command in this process, in a world that differs in some things from this one. */
  runInside(words: readonly string[], changes: Partial<Runtime>): Promise<ErrorCode | undefined>;
}

/** What a function takes of it. */
export type Needs<Name extends keyof CommandPorts> = Pick<CommandPorts, Name>;

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
  run(chosen: Given, ports: CommandPorts): Promise<ErrorCode | undefined | void>;
}

/** One command: all about it as data, and the function that does it. */
export type Verb = Declared<DeclaredArguments, DeclaredOptions> & Runs<Readonly<Record<string, unknown>>>;

/** Declares a verb. What `run` is given has the types that its arguments and options say. */
export function defineVerb<const A extends DeclaredArguments = None, const O extends DeclaredOptions = None>(
  verb: Declared<A, O> & Runs<Chosen<A, O>>,
): Verb {
  return verb;
}
