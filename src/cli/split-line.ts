import { parseArgs } from "node:util";
import { AppError } from "../core/base/errors.ts";
import { contentKind } from "../core/base/text/given-content.ts";
import { type DeclaredOptions, flagOf } from "./declare.ts";
import { didYouMean, suggestionsFor } from "./suggestions.ts";

/** A command line cut into its parts. */
export interface Line {
  /** The words that are no options and no values of options. */
  readonly operands: readonly string[];
  /** The texts of each option that was given, in the order in which they were first given; of a flag none. */
  readonly given: ReadonlyMap<string, readonly string[]>;
}

/**
 * Cuts words into operands and the options that are declared.
 * @param see the hint that leads to the help
 * @throws AppError `usage` for an unknown option, a value that is missing, and one that is not taken
 */
export function splitLine(words: readonly string[], declared: DeclaredOptions, see: string): Line {
  const names = longNames(declared);
  const operands: string[] = [];
  const given = new Map<string, string[]>();
  for (const token of readTokens(words, declared, names)) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const name = names.get(token.name);
    const option = name === undefined ? undefined : declared[name];
    if (name === undefined || option === undefined) {
      const word = words[token.index] ?? "";
      // A PEM text begins with hyphens: it is what the command works on, or is refused as what it is.
      if (contentKind(word) === undefined) throw unknownOption(token.rawName, declared, see);
      operands.push(word);
      continue;
    }
    if (option.refused) throw new AppError("usage", option.refused.message, { hints: option.refused.hints });
    const texts = given.get(name) ?? [];
    given.set(name, texts);
    if (option.value === undefined) {
      if (token.value !== undefined) throw takesNoValue(flagOf(name), see);
    } else if (token.value === undefined || (!token.inlineValue && isFlag(token.value, names, declared))) {
      throw new AppError("usage", `${flagOf(name)} <${option.value}> needs its value`, { hints: [see] });
    } else texts.push(token.value);
  }
  return { operands, given };
}

/** Whether a word is an option itself: then the value of the option before it was forgotten. */
function isFlag(word: string, names: ReadonlyMap<string, string>, declared: DeclaredOptions): boolean {
  if (word.startsWith("--")) return names.has(word.slice(2).split("=", 1)[0] ?? "");
  return Object.values(declared).some(({ short }) => short !== undefined && word === `-${short}`);
}

/** Every long name that is understood, and the option it means. */
function longNames(declared: DeclaredOptions): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(declared).flatMap(([name, { oldNames = [] }]) =>
      [flagOf(name).slice(2), ...oldNames].map((long) => [long, name] as const),
    ),
  );
}

/** The words as tokens, by Node's own parser, which refuses nothing; {@link splitLine} checks them. */
function readTokens(words: readonly string[], declared: DeclaredOptions, names: ReadonlyMap<string, string>) {
  const options: Record<string, { type: "string" | "boolean"; short?: string }> = {};
  for (const [long, name] of names) {
    const { value, short } = declared[name] ?? {};
    const type = value === undefined ? "boolean" : "string";
    options[long] = short !== undefined && flagOf(name) === `--${long}` ? { type, short } : { type };
  }
  const args = [...words];
  return parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

/** What stands after the `=` of an unknown option may be a secret that was meant for a known one: it is not repeated. */
function unknownOption(flag: string, declared: DeclaredOptions, see: string): AppError {
  const flags = Object.keys(declared).filter((name) => !declared[name]?.hidden);
  // What looks like no option may be a secret that begins with hyphens.
  const looksLikeOption =
    (flag.length <= 24 && /^--?[a-z0-9_]+(?:-[a-z0-9_]+){0,2}$/.test(flag)) ||
    /^--[A-Za-z]{1,14}$/.test(flag);
  return new AppError("usage", `unknown option '${looksLikeOption ? flag : `${flag.slice(0, 6)}…`}'`, {
    hints: [...didYouMean(suggestionsFor(flag, flags.map(flagOf))), see],
  });
}

function takesNoValue(flag: string, see: string): AppError {
  return new AppError("usage", `${flag} takes no value`, {
    hints: [`Say ${flag} alone, or leave it out`, see],
  });
}
