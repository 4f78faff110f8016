import type { TimeContext } from "../core/base/time/instant.ts";

/** What a shell can offer for a value: files of the machine, names out of the store, or names that jwtctl knows. */
export type Completion =
  | "algorithm"
  | "attack"
  | "audit-type"
  | "claim"
  | "directory"
  | "file"
  | "kid"
  | "rule"
  | "session"
  | "setting"
  | "user";

interface DeclaredFlag {
  /** One line for the help; what follows from the other fields is added to it. */
  readonly help: string;
  /** The letter after a single hyphen. */
  readonly short?: string;
  /** Long names of before, without hyphens: still understood, never shown. */
  readonly oldNames?: readonly string[];
  /** Options and arguments of the same command that cannot be given with it. One side names the other. */
  readonly conflicts?: readonly string[];
  /** Options that must all be given with it. */
  readonly dependsOn?: readonly string[];
  /** It belongs to one of these values of another option, and to no other. */
  readonly onlyWith?: Readonly<Record<string, readonly string[]>>;
  /** With one of these values of another option it must be given. */
  readonly neededWith?: Readonly<Record<string, readonly string[]>>;
  /** It contradicts these values of another option. */
  readonly notWith?: Readonly<Record<string, readonly string[]>>;
  /** What to do instead when it conflicts, or lacks what it depends on. */
  readonly hint?: string;
  /** Understood, but not shown. */
  readonly hidden?: true;
  /** Always refused, with this message and hints; what follows it is never repeated. */
  readonly refused?: { readonly message: string; readonly hints: readonly string[] };
}

/** How the text of a value becomes the value. @param flag what it was given with, for messages @throws AppError */
export type Parse = (text: string, flag: string, time: TimeContext) => unknown;

export interface DeclaredValue {
  /** The only texts it takes. */
  readonly choices?: readonly string[];
  readonly parse?: Parse;
  /** May be given several times; the values come as a list. */
  readonly repeatable?: true;
  readonly completes?: Completion;
  /** It may be a key, a secret or a token itself; everything else that is one is refused before it is looked at. */
  readonly takesContent?: true;
}

/** An option with a value. Without the field `value` an option is a flag, which is there or not. */
interface DeclaredValueOption extends DeclaredFlag, DeclaredValue {
  /** The name of its value, as in `--out <file>`. */
  readonly value: string;
  /** The text that counts when none is given. */
  readonly default?: string;
  /** For the help, when what counts otherwise is found out later, as in "the store's setting". */
  readonly defaultHelp?: string;
  /** The environment variable that is read when it is not given. */
  readonly env?: string;
}

export type DeclaredOption = (DeclaredFlag & { readonly value?: undefined }) | DeclaredValueOption;

export interface DeclaredArgument extends DeclaredValue {
  readonly help: string;
  readonly optional?: true;
}

/** By the name in the code: `ifOlderThan` is `--if-older-than`. */
export type DeclaredOptions = Readonly<Record<string, DeclaredOption>>;

/** By name, in the order in which they are typed. Only the last one can be repeatable. */
export type DeclaredArguments = Readonly<Record<string, DeclaredArgument>>;

type One<D> = D extends { readonly parse: (...given: never[]) => infer Value }
  ? Value
  : D extends { readonly choices: readonly (infer Choice)[] }
    ? Choice
    : string;

type OptionValue<D> = D extends { readonly value: string }
  ? D extends { readonly repeatable: true }
    ? readonly One<D>[]
    : D extends { readonly default: string }
      ? One<D>
      : One<D> | undefined
  : boolean;

type ArgumentValue<D> = D extends { readonly repeatable: true }
  ? readonly One<D>[]
  : D extends { readonly optional: true }
    ? One<D> | undefined
    : One<D>;

/** The values of declared options, by their names. */
export type OptionsOf<O> = { readonly [Name in keyof O]: OptionValue<O[Name]> };

/** What was typed after a command: its arguments and options, by their names. */
export type Chosen<A, O> = { readonly [Name in keyof A]: ArgumentValue<A[Name]> } & OptionsOf<O>;

/** The flag of an option: `ifOlderThan` is `--if-older-than`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** What was given: the values without those that are undefined. */
export function withoutUndefined<Values extends object>(
  values: Values,
): { readonly [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as ReturnType<typeof withoutUndefined<Values>>;
}
