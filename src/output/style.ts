import { Chalk } from "chalk";

/**
 * How jwtctl looks. The only place that knows colours; views speak of meanings.
 *
 * - The three segments of a token have three colours, the same in the token and in its decoded parts.
 * - Good, bad and doubtful are never told by colour alone: a word or a mark always says it too.
 * - Dim is for what may be skipped over.
 */
export interface Style {
  /** The width to lay out for; undefined when lines have no end. */
  readonly columns: number | undefined;
  /** True when the reader is a person at a terminal: bars and decorations make sense. */
  readonly isTerminal: boolean;
  readonly colored: boolean;
  /** Whether the terminal shows more than ASCII; only decorations depend on it. */
  readonly unicode: boolean;
  header(text: string): string;
  payload(text: string): string;
  signature(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  doubtful(text: string): string;
  strong(text: string): string;
  dim(text: string): string;
  title(text: string): string;
  command(text: string): string;
}

export type ColorChoice = "auto" | "always" | "never";

/**
 * Whether to colour: what the user said, then NO_COLOR (any non-empty value), FORCE_COLOR (anything but 0), TERM=dumb,
 * then whether there is a terminal.
 */
export function wantsColor(
  choice: ColorChoice,
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (choice !== "auto") return choice === "always";
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  return isTerminal && env.TERM !== "dumb";
}

/**
 * Whether more than ASCII can be shown: unless the locale (POSIX: LC_ALL, LC_CTYPE, LANG, the first that is set) names
 * another encoding than UTF-8. Where no locale is set, as in containers, terminals are UTF-8 all the same.
 */
export function showsUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  return env.TERM !== "dumb" && (!locale || /utf-?8/i.test(locale));
}

/** @param options.unicode true unless told otherwise */
export function createStyle(options: {
  color: boolean;
  isTerminal: boolean;
  columns: number | undefined;
  unicode?: boolean;
}): Style {
  const { columns, isTerminal, color: colored, unicode = true } = options;
  return { columns, isTerminal, colored, unicode, ...(colored ? colors() : PLAIN) };
}

type Colors = Omit<Style, "columns" | "isTerminal" | "colored" | "unicode">;

const plain = (text: string) => text;
/** Most output goes into pipes and files. */
const PLAIN: Colors = {
  ...{ header: plain, payload: plain, signature: plain, good: plain, bad: plain },
  ...{ doubtful: plain, strong: plain, dim: plain, title: plain, command: plain },
};

function colors(): Colors {
  const chalk = new Chalk({ level: 1 });
  return {
    header: chalk.red,
    payload: chalk.magenta,
    signature: chalk.cyan,
    good: chalk.green,
    bad: chalk.red.bold,
    doubtful: chalk.yellow,
    strong: chalk.bold,
    dim: chalk.dim,
    title: chalk.bold.underline,
    command: chalk.cyan,
  };
}
