import { CATALOG, type CatalogEntry } from "../catalog.ts";
import type { Verb } from "../command.ts";
import { type Completion, type DeclaredOptions, type DeclaredValue, flagOf } from "../declare.ts";
import { GLOBAL_OPTIONS, TEXT_OPTIONS } from "../global-options.ts";
import { locate, locateNoun, namesNothing } from "../locate.ts";
import { NOUNS } from "../nouns.ts";
import { optionNamed, readWordsSoFar, type WordsSoFar } from "./words-so-far.ts";

/** A word that can stand at the cursor, and what it is. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** What can stand at the cursor. */
export interface Offer {
  readonly candidates: readonly Candidate[];
  /** What else can: what the shell knows (files, directories), or what has to be looked up. */
  readonly names?: Completion | undefined;
  /** What of the word stands before those names: `--kid=`. */
  readonly before?: string;
  /** Whether one of those names may begin with a hyphen here and still be understood. */
  readonly takesHyphen?: boolean;
}

const NOTHING: Offer = { candidates: [] };

/**
 * The command that the words name, when the word at the cursor does not belong to its name.
 * @param words the words after the program's name; the last one is at the cursor
 */
export function commandOf(words: readonly string[]): CatalogEntry | undefined {
  const word = words[words.length - 1] ?? "";
  const before = words.slice(0, -1);
  // `audit` alone is already a command, but the verb of another one can follow.
  return locate(word.startsWith("-") ? before : [...before, ""]);
}

/**
 * What can stand at the cursor. It depends on nothing but what the commands declare.
 *
 * @param words the words after the program's name; the last one is at the cursor, as far as it is typed
 * @param verb what {@link commandOf} leads to; undefined when no command is named yet
 */
export function offerFor(words: readonly string[], verb: Verb | undefined): Offer {
  const before = words.slice(0, -1);
  const word = words[words.length - 1] ?? "";
  if (before[0] === "help") {
    return word.startsWith("-") ? NOTHING : fitting(commandNames(before.slice(1), word), word);
  }
  const entry = verb === undefined ? undefined : commandOf(words);
  const declared: DeclaredOptions = { ...verb?.options, ...GLOBAL_OPTIONS, ...TEXT_OPTIONS };
  const line = readWordsSoFar(before, declared);
  if (line.open?.value !== undefined) return valueOffer(line.open, word, "", true);
  if (line.isAfterHyphens) return argumentOffer(entry, verb, line, word);
  if (word.startsWith("--") && word.includes("=")) return inlineOffer(word, declared);
  const candidates = word.startsWith("-") ? optionNames(declared, verb, line, entry) : [];
  if (entry === undefined) {
    return fitting(word.startsWith("-") ? candidates : commandNames(before, word), word);
  }
  const { candidates: values, ...names } = argumentOffer(entry, verb, line, word);
  const isEnd = word === "" && argumentAt(entry, verb, line) === undefined;
  const all = isEnd ? optionNames(declared, verb, line, entry) : [...candidates, ...values];
  return { ...names, ...fitting(all, word) };
}

function fitting(candidates: readonly Candidate[], word: string): Offer {
  return { candidates: candidates.filter(({ value }) => value.startsWith(word)) };
}

/** The names that can follow: verbs of the noun that stands there, or nouns and bare verbs. */
function commandNames(before: readonly string[], word: string): readonly Candidate[] {
  const noun = locateNoun(before);
  if (namesNothing(before) || (noun === undefined && locate(before) !== undefined)) return [];
  if (noun !== undefined && locate([...before, ""]) !== undefined) return [];
  const entries = CATALOG.filter(({ path }) => (noun === undefined ? path.length === 1 : path[0] === noun));
  const verbs = entries.flatMap(({ path, aliases = [], summary }) => {
    const name = path[path.length - 1] ?? "";
    // An alias beside its command would only make the list longer: it is for those who begin to type it.
    const others = word === "" ? [] : aliases.map((value) => ({ value, description: `the same as ${name}` }));
    return [{ value: name, description: summary }, ...others];
  });
  if (noun !== undefined) return verbs;
  const nouns = Object.entries(NOUNS).map(([value, { summary }]) => ({ value, description: summary }));
  return [...nouns, ...verbs, { value: "help", description: "Show the help of a command" }];
}

/** The options that can still be given. */
function optionNames(
  declared: DeclaredOptions,
  verb: Verb | undefined,
  line: WordsSoFar,
  entry: CatalogEntry | undefined,
): readonly Candidate[] {
  const given = operandsOf(entry, line).length;
  const present = [...line.given.keys(), ...Object.keys(verb?.arguments ?? {}).slice(0, given)];
  return Object.entries(declared).flatMap(([name, option]) => {
    const { hidden, refused, conflicts = [], notWith = {}, short, help } = option;
    const isRepeated = line.given.has(name) && !(option.value !== undefined && option.repeatable);
    const isExcluded = present.some(
      (other) => conflicts.includes(other) || declared[other]?.conflicts?.includes(name),
    );
    const contradicts = Object.entries(notWith).some(([other, values]) =>
      line.given.get(other)?.some((value) => values.includes(value)),
    );
    if (hidden || refused || isRepeated || isExcluded || contradicts) return [];
    const letter = short === undefined ? [] : [{ value: `-${short}`, description: help }];
    return [{ value: flagOf(name), description: help }, ...letter];
  });
}

/** The operands behind the command's own name. */
function operandsOf(entry: CatalogEntry | undefined, { operands }: WordsSoFar): readonly string[] {
  if (entry === undefined) return [];
  const isShort = entry.default === true && operands[1] !== entry.path[1];
  return operands.slice(isShort ? 1 : entry.path.length);
}

function argumentAt(
  entry: CatalogEntry | undefined,
  verb: Verb | undefined,
  line: WordsSoFar,
): DeclaredValue | undefined {
  const taken = Object.entries(verb?.arguments ?? {});
  const last = taken[taken.length - 1];
  const found = taken[operandsOf(entry, line).length] ?? (last?.[1].repeatable ? last : undefined);
  if (found === undefined) return undefined;
  const [name, argument] = found;
  const isExcluded = [...line.given.keys()].some((other) =>
    verb?.options?.[other]?.conflicts?.includes(name),
  );
  return isExcluded ? undefined : argument;
}

function argumentOffer(
  entry: CatalogEntry | undefined,
  verb: Verb | undefined,
  line: WordsSoFar,
  word: string,
): Offer {
  const argument = argumentAt(entry, verb, line);
  if (argument === undefined) return NOTHING;
  // A kid is understood where it stands, whatever it begins with; any other word needs `--` before its hyphen.
  return valueOffer(argument, word, "", line.isAfterHyphens || argument.completes === "kid");
}

/** The values of `--name=`. */
function inlineOffer(word: string, declared: DeclaredOptions): Offer {
  const flag = word.slice(0, word.indexOf("="));
  const option = declared[optionNamed(flag, declared) ?? ""];
  if (option?.value === undefined) return NOTHING;
  return valueOffer(option, word, `${flag}=`, true);
}

function valueOffer(
  { choices = [], completes }: DeclaredValue,
  word: string,
  before: string,
  takesHyphen: boolean,
): Offer {
  const listed = choices.map((choice) => ({ value: before + choice, description: "" }));
  return { ...fitting(listed, word), names: completes, before, takesHyphen };
}
