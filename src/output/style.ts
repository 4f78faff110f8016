import { Chalk } from "chalk";

/**
 * Colours by meaning. This is the only place that knows colours.
 *
 * - The three segments of a token have three colours, the same in the token and in its decoded parts.
 * - Good, bad and doubtful are never shown by colour alone: there is always a word or a mark, too.
 * - Dim text may be skipped.
 */
export interface Style {
  /** The width of the terminal; undefined when lines are not wrapped. */
  readonly columns: number | undefined;
  /** Whether a person reads it at a terminal, where bars and decorations make sense. */
  readonly isTerminal: boolean;
  readonly colored: boolean;
  /** Whether the terminal shows more than ASCII; for decorations only. */
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
 * Whether to use colour: by the user's choice, then NO_COLOR (any non-empty value), FORCE_COLOR (anything but 0),
 * TERM=dumb, then by whether there is a terminal.
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
 * Whether more than ASCII can be shown: unless the locale (the first of LC_ALL, LC_CTYPE and LANG that is set) names
 * another encoding than UTF-8. Without a locale, as in containers, terminals use UTF-8.
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
/** No colours, for pipes and files. Made without chalk, which is loaded only for colours. */
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
