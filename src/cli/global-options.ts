import { AppError } from "../core/base/errors.ts";
import type { DeclaredOptions, OptionsOf } from "./declare.ts";

/** An empty path is a variable that was never set: to take the default instead would be another store. */
function path(text: string, flag: string): string {
  if (text !== "") return text;
  throw new AppError("usage", `${flag} is empty`, {
    hints: [`Give a path, or leave ${flag} out; a variable in the command line may not be set`],
  });
}

/** Refuses an empty value, as a variable gives it that was never set. @throws AppError `usage` */
export function notEmpty(text: string, flag: string): string {
  if (text !== "") return text;
  throw new AppError("usage", `${flag} is empty`, {
    hints: [`Leave ${flag} out if that is meant; a variable in the command line may not be set`],
  });
}

/** What every command takes, before and after its own words. */
export const GLOBAL_OPTIONS = {
  db: {
    value: "path",
    help: "the store's file",
    parse: path,
    defaultHelp: "the platform's data directory",
    env: "JWTCTL_DB",
    completes: "file",
  },
  json: { help: "print one JSON document; errors are JSON on stderr" },
  noInput: { help: "never ask; a missing answer is an error" },
  color: { value: "when", help: "use colours", choices: ["auto", "always", "never"], default: "auto" },
  quiet: { short: "q", help: "no notes and warnings on stderr" },
  verbose: { short: "v", help: "more detail, on stderr" },
  passphraseFile: {
    value: "file",
    help: "file with the store's passphrase",
    parse: path,
    env: "JWTCTL_PASSPHRASE_FILE",
    completes: "file",
  },
} as const satisfies DeclaredOptions;

export type GlobalOptions = OptionsOf<typeof GLOBAL_OPTIONS>;

/** The options that end in a text instead of a command. */
export const TEXT_OPTIONS = {
  version: { short: "V", help: "print the version" },
  help: { short: "h", help: "show help" },
} as const satisfies DeclaredOptions;

/** How an error is shown when the words could not be read: it must still come out as they say. */
export function guessGlobals(argv: readonly string[]): Pick<GlobalOptions, "json" | "color"> {
  const end = argv.indexOf("--");
  const words = end < 0 ? argv : argv.slice(0, end);
  const color = words.findLast((word) => word.startsWith("--color"));
  const choice = color?.includes("=") ? color.split("=")[1] : words[words.indexOf("--color") + 1];
  return {
    json: words.includes("--json"),
    color: choice === "always" || choice === "never" ? choice : "auto",
  };
}
