import { AppError } from "../core/base/errors.ts";
import { type ContentKind, contentKind } from "../core/base/text/given-content.ts";
import type { TimeContext } from "../core/base/time/instant.ts";
import {
  type DeclaredArguments,
  type DeclaredOption,
  type DeclaredOptions,
  type DeclaredValue,
  flagOf,
  type OptionsOf,
} from "./declare.ts";
import type { Line } from "./split-line.ts";

/** Where values come from that were not typed, and what they are read with. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly time: TimeContext;
}

interface Reading extends Surroundings {
  /** The hint that leads to the help. */
  readonly see: string;
}

/**
 * Refuses options that contradict one another, before any value is looked at.
 * @param present the names of the arguments that were given, which an option may exclude
 * @throws AppError `usage`
 */
export function checkOptions(
  given: Line["given"],
  declared: DeclaredOptions,
  present: readonly string[],
): void {
  for (const [name, texts] of given) {
    const option = declared[name];
    if (option?.value === undefined || option.repeatable || texts.length < 2) continue;
    throw new AppError("usage", `${flagOf(name)} is given twice`, { hints: ["Give it once"] });
  }
  refuseConflicts([...given.keys(), ...present], declared);
  refuseMissing(given, declared);
  checkCompanions(given, declared);
}

/** The values of options under their names. @throws AppError `usage`, and what the parsers throw */
export function readOptions<O extends DeclaredOptions>(
  given: Line["given"],
  declared: O,
  reading: Reading,
): OptionsOf<O> {
  const entries = Object.entries(declared).map(([name, option]) => [
    name,
    optionValue(name, option, given.get(name), reading),
  ]);
  // What the declarations say is what was read: the one place where the types take this on trust.
  return Object.fromEntries(entries) as OptionsOf<O>;
}

function refuseConflicts(names: readonly string[], declared: DeclaredOptions): void {
  for (const [index, second] of names.entries()) {
    for (const first of names.slice(0, index)) {
      const [a, b] = [declared[first], declared[second]];
      if (!a?.conflicts?.includes(second) && !b?.conflicts?.includes(first)) continue;
      throw new AppError(
        "usage",
        `${shown(first, declared)} and ${shown(second, declared)} contradict each other`,
        { hints: [a?.hint ?? b?.hint ?? "Give one of them"] },
      );
    }
  }
}

/** Refuses an option without the value of another one that it belongs to, and that value without the option. */
function checkCompanions(given: Line["given"], declared: DeclaredOptions): void {
  for (const [name, { onlyWith = {}, neededWith = {}, notWith = {}, hint }] of Object.entries(declared)) {
    const hints = hint === undefined ? [] : [hint];
    const has = (other: string, values: readonly string[]) =>
      given.get(other)?.some((value) => values.includes(value)) === true;
    for (const [other, values] of Object.entries(onlyWith)) {
      if (!given.has(name) || has(other, values)) continue;
      const needed = values.map((value) => `${flagOf(other)} ${value}`).join(" or ");
      throw new AppError("usage", `${flagOf(name)} goes only with ${needed}`, { hints });
    }
    for (const [other, values] of Object.entries(notWith)) {
      if (!given.has(name) || !has(other, values)) continue;
      const value = given.get(other)?.[0];
      throw new AppError("usage", `${flagOf(name)} and ${flagOf(other)} ${value} contradict each other`, {
        hints,
      });
    }
    for (const [other, values] of Object.entries(neededWith)) {
      if (given.has(name) || !has(other, values)) continue;
      const value = declared[name]?.value ?? "";
      throw new AppError("usage", `${flagOf(other)} ${given.get(other)?.[0]} needs ${flagOf(name)}`, {
        hints: [`Give ${flagOf(name)} <${value}>: ${declared[name]?.help}`],
      });
    }
  }
}

function refuseMissing(given: Line["given"], declared: DeclaredOptions): void {
  for (const name of given.keys()) {
    const { dependsOn = [], hint } = declared[name] ?? {};
    const missing = dependsOn.find((other) => !given.has(other));
    if (missing === undefined) continue;
    throw new AppError("usage", `${flagOf(name)} needs ${flagOf(missing)}`, {
      hints: hint === undefined ? [] : [hint],
    });
  }
}

function shown(name: string, declared: DeclaredOptions): string {
  return name in declared ? flagOf(name) : `a value for <${name}>`;
}

function optionValue(
  name: string,
  option: DeclaredOption,
  given: readonly string[] | undefined,
  reading: Reading,
): unknown {
  if (option.value === undefined) return given !== undefined;
  const read = (text: string, flag: string) => readValue(text, flag, option, reading);
  if (option.repeatable) return (given ?? []).map((text) => read(text, flagOf(name)));
  const [typed] = given ?? [];
  if (typed !== undefined) return read(typed, flagOf(name));
  const variable = option.env === undefined ? undefined : reading.env[option.env];
  if (option.env !== undefined && variable) return read(variable, option.env);
  return option.default === undefined ? undefined : read(option.default, flagOf(name));
}

function readValue(
  text: string,
  flag: string,
  declared: DeclaredValue & { readonly value?: string },
  { time, see }: Reading,
): unknown {
  refuseContent(text, flag, declared, see);
  const { choices, parse } = declared;
  if (choices !== undefined && !choices.includes(text)) {
    throw new AppError("usage", `${flag} cannot be "${text}"`, {
      hints: [`Choose from: ${choices.join(", ")}`, see],
    });
  }
  return parse === undefined ? text : parse(text, flag, time);
}

const SECRET_KINDS: ReadonlySet<ContentKind> = new Set(["a private key", "a token", "a refresh token"]);

/** A private key or a token that stands where neither belongs: it would come out in a report, or in a token. */
function refuseContent(
  text: string,
  flag: string,
  { value, completes, takesContent }: DeclaredValue & { readonly value?: string },
  see: string,
): void {
  // The names of files are checked where they are read, which knows how else they can be given.
  if (takesContent || completes === "file") return;
  const kind = contentKind(value === "name=value" ? (text.split("=")[0] ?? "") : text);
  if (kind === undefined || !SECRET_KINDS.has(kind)) return;
  const what = value === undefined ? flag : `the ${value} of ${flag}`;
  throw new AppError("usage", `${kind} was given where ${what} is expected`, { hints: [see] });
}

/**
 * The values of a verb's arguments under their names.
 * @param command its name, as in `users add`
 * @throws AppError `usage` when there are too few or too many, and what the parsers throw
 */
export function readArguments(
  operands: readonly string[],
  { declared, excessHint }: { readonly declared: DeclaredArguments; readonly excessHint: string | undefined },
  command: string,
  reading: Reading,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(declared);
  const most = entries.some(([, { repeatable }]) => repeatable) ? Number.POSITIVE_INFINITY : entries.length;
  if (operands.length > most) {
    throw new AppError("usage", excess(command, most, operands.length), {
      hints: [...(excessHint === undefined ? [] : [excessHint]), reading.see],
    });
  }
  return Object.fromEntries(
    entries.map(([name, argument], index) => {
      const read = (text: string) => readValue(text, `<${name}>`, argument, reading);
      const text = operands[index];
      if (text === undefined && !argument.optional) {
        const required = entries.filter(([, { optional }]) => !optional);
        const usage = [command, ...required.map(([other]) => other.toUpperCase())].join(" ");
        throw new AppError("usage", `missing ${name}: jwtctl ${usage}`, {
          hints: [reading.see],
        });
      }
      if (argument.repeatable) return [name, operands.slice(index).map(read)];
      return [name, text === undefined ? undefined : read(text)];
    }),
  );
}

function excess(command: string, most: number, given: number): string {
  const takes = most === 0 ? "no argument" : most === 1 ? "one argument" : `${most} arguments`;
  return `${command} takes ${takes}, and ${given} ${given === 1 ? "was" : "were"} given`;
}
