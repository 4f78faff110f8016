import { CATALOG, type CatalogEntry } from "./catalog.ts";
import { type DeclaredOption, flagOf } from "./declare.ts";
import { GLOBAL_OPTIONS, TEXT_OPTIONS } from "./global-options.ts";
import { NOUNS } from "./nouns.ts";

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

/** The first two words that are no options. After an option of a verb no word is certain to be one. */
function firstWords(words: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (let index = 0; index < words.length && found.length < 2; index++) {
    const word = words[index] ?? "";
    if (word === "--") break;
    if (!word.startsWith("-") || word === "-") {
      found.push(word);
      continue;
    }
    const option = globalOption(word.split("=", 1)[0]);
    if (option === undefined) break;
    if (option.value !== undefined && !word.includes("=")) index++;
  }
  return found;
}

function globalOption(flag: string | undefined): DeclaredOption | undefined {
  const declared: Readonly<Record<string, DeclaredOption>> = { ...GLOBAL_OPTIONS, ...TEXT_OPTIONS };
  const names = Object.keys(declared);
  const name = names.find(
    (candidate) => flagOf(candidate) === flag || `-${declared[candidate]?.short}` === flag,
  );
  return name === undefined ? undefined : declared[name];
}

function names(entry: CatalogEntry, word: string): boolean {
  return entry.path[entry.path.length - 1] === word || (entry.aliases?.includes(word) ?? false);
}
