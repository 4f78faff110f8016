import { type DeclaredOption, type DeclaredOptions, flagOf } from "../declare.ts";

/** What the words before the one under the cursor say. */
export interface WordsSoFar {
  /** The words that are no options and no values of options, the names of the command among them. */
  readonly operands: readonly string[];
  /** The texts of each option that was given, by its name in the code; of a flag none. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  /** The option whose value comes next. */
  readonly open: DeclaredOption | undefined;
  /** After `--` nothing is an option. */
  readonly isAfterHyphens: boolean;
}

/** Reads a command line that is not yet whole: nothing in it is an error. */
export function readWordsSoFar(words: readonly string[], declared: DeclaredOptions): WordsSoFar {
  const operands: string[] = [];
  const given = new Map<string, string[]>();
  let open: string | undefined;
  for (const [index, word] of words.entries()) {
    if (open !== undefined) {
      given.get(open)?.push(word);
      open = undefined;
    } else if (word === "--") {
      operands.push(...words.slice(index + 1));
      return { operands, given, open: undefined, isAfterHyphens: true };
    } else if (!word.startsWith("-") || word === "-") operands.push(word);
    else {
      const { flag, value } = parted(word);
      const name = optionNamed(flag, declared);
      // An unknown option, or a kid that begins like one: what it is decides the command itself.
      if (name === undefined) continue;
      const texts = given.get(name) ?? [];
      given.set(name, texts);
      if (value !== undefined) texts.push(value);
      else if (declared[name]?.value !== undefined) open = name;
    }
  }
  return { operands, given, open: open === undefined ? undefined : declared[open], isAfterHyphens: false };
}

/** `--out=x` and `-ox` in their parts. */
function parted(word: string): { readonly flag: string; readonly value: string | undefined } {
  const end = word.startsWith("--") ? word.indexOf("=") : 2;
  if (end < 0 || end >= word.length) return { flag: word, value: undefined };
  return { flag: word.slice(0, end), value: word.slice(word.startsWith("--") ? end + 1 : end) };
}

/** The name in the code of the option with this flag; also of one that is only still understood. */
export function optionNamed(flag: string, declared: DeclaredOptions): string | undefined {
  return Object.keys(declared).find((name) => {
    const { short, oldNames = [] } = declared[name] ?? {};
    return flagOf(name) === flag || `-${short}` === flag || oldNames.some((old) => `--${old}` === flag);
  });
}
