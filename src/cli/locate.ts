import { CATALOG, type CatalogEntry, NOUNS } from "./catalog.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";

/** The entry the first words name, global options before or between them passed over. */
export function locate(words: readonly string[]): CatalogEntry | undefined {
  const [first, second] = firstWords(words);
  if (first === undefined) return undefined;
  return CATALOG.find((entry) => {
    if (entry.path.length === 1) return names(entry, first);
    if (entry.path[0] !== first) return false;
    // The help of a noun is about all of its verbs.
    return second === undefined ? (entry.default ?? false) && !asksForHelp(words) : names(entry, second);
  });
}

/** The noun that stands first, when one does. */
export function locateNoun(words: readonly string[]): string | undefined {
  const [first] = firstWords(words);
  return first !== undefined && first in NOUNS ? first : undefined;
}

/** Whether the words name something that there is not, as in `keys lst` or `decod`. */
export function namesNothing(words: readonly string[]): boolean {
  const [first, second] = firstWords(words);
  if (first === undefined || locate(words)) return false;
  return locateNoun(words) === undefined || second !== undefined;
}

export function asksForHelp(words: readonly string[]): boolean {
  return words.some(isHelp);
}

export function isHelp(word: string): boolean {
  return word === "-h" || word === "--help";
}

/** The first two words that are no options. Behind an option of a verb nobody knows what is one. */
function firstWords(words: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (let index = 0; index < words.length && found.length < 2; index++) {
    const word = words[index] ?? "";
    if (word === "--") break;
    if (!word.startsWith("-") || word === "-") found.push(word);
    else if (takesValue(word)) index++;
    else if (!isGlobalFlag(word)) break;
  }
  return found;
}

function names(entry: CatalogEntry, word: string): boolean {
  return entry.path[entry.path.length - 1] === word || (entry.aliases?.includes(word) ?? false);
}

function takesValue(word: string): boolean {
  return GLOBAL_OPTIONS.some((option) => option.required && (option.long === word || option.short === word));
}

function isGlobalFlag(word: string): boolean {
  const flag = word.split("=", 1)[0];
  return isHelp(word) || GLOBAL_OPTIONS.some((option) => option.long === flag || option.short === flag);
}
