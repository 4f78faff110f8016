import { Command, type CommanderError, type Option } from "commander";
import { AppError } from "../core/base/errors.ts";
import { CATALOG, NOUNS } from "./catalog.ts";
import type { Verb } from "./command.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";
import { locate, locateNoun } from "./locate.ts";
import { didYouMean, suggestionsFor } from "./suggestions.ts";

/** commander's complaint in jwtctl's form: what is wrong in its words, what to do about it as hints. */
export function usageError(
  error: CommanderError,
  words: readonly string[],
  verb: Verb | undefined,
): AppError {
  const command = locate(words)?.path.join(" ") ?? locateNoun(words);
  const see = `See: jwtctl ${command === undefined ? "" : `${command} `}--help`;
  const { message, hints } = explain(error, command ?? "jwtctl", verb);
  return new AppError("usage", message, { hints: [...hints, see] });
}

interface Explanation {
  readonly message: string;
  readonly hints: readonly string[];
}

function explain(error: CommanderError, command: string, verb: Verb | undefined): Explanation {
  const [complaint = ""] = error.message.replace(/^error: /, "").split("\n(Did you mean ");
  switch (error.code) {
    case "commander.help":
      return { message: `${command} needs to know what to do`, hints: verbHints(command) };
    case "commander.unknownCommand": {
      const meant = didYouMean(suggestionsFor(quotedIn(complaint), namesUnder(command)));
      return { message: complaint, hints: meant.length > 0 ? meant : verbHints(command) };
    }
    case "commander.unknownOption":
      return unknownOption(complaint, verb);
    case "commander.excessArguments":
      return { message: excess(complaint, command), hints: verb?.excessHint ? [verb.excessHint] : [] };
    case "commander.missingArgument":
      return {
        message: complaint.replace(/^missing required argument '(.*)'$/, `${command} needs <$1>`),
        hints: [],
      };
    case "commander.optionMissingArgument":
      return {
        message: complaint.replace(/^option '(.*)' argument missing$/, "$1 needs its value"),
        hints: [],
      };
    case "commander.invalidArgument":
      return choice(complaint);
    default:
      return { message: complaint, hints: [] };
  }
}

function verbHints(command: string): string[] {
  const verbs = CATALOG.filter(({ path }) => path.length === 2 && path[0] === command).map(
    ({ path }) => path[1],
  );
  return verbs.length === 0 ? [] : [`Choose from: ${verbs.join(", ")}`];
}

/** What stands after the `=` of an unknown option may be a secret that was meant for a known one: it is not repeated. */
function unknownOption(complaint: string, verb: Verb | undefined): Explanation {
  const [flag = ""] = quotedIn(complaint).split("=", 1);
  const known = optionsOf(verb);
  if (known.some(({ long, short }) => long === flag || short === flag)) {
    return { message: `${flag} takes no value`, hints: [`Say ${flag} alone, or leave it out`] };
  }
  const flags = known.flatMap(({ long, hidden }) => (long && !hidden ? [long] : []));
  return { message: `unknown option '${flag}'`, hints: didYouMean(suggestionsFor(flag, flags)) };
}

function optionsOf(verb: Verb | undefined): readonly Option[] {
  const command = new Command();
  verb?.configure(command);
  return [...command.options, ...GLOBAL_OPTIONS];
}

/** The commands that can stand where an unknown one does: the verbs of a noun, or the nouns and the bare verbs. */
function namesUnder(command: string): readonly string[] {
  const inNoun = command in NOUNS;
  const entries = CATALOG.filter(({ path }) =>
    inNoun ? path[0] === command && path.length === 2 : path.length === 1,
  );
  const names = entries.flatMap(({ path, aliases = [] }) => [path[path.length - 1] ?? "", ...aliases]);
  return inNoun ? names : [...Object.keys(NOUNS), ...names];
}

function quotedIn(complaint: string): string {
  return complaint.match(/'(.*)'/s)?.[1] ?? "";
}

function excess(complaint: string, command: string): string {
  const [, expected = "", given = ""] = complaint.match(/Expected (\d+) arguments? but got (\d+)/) ?? [];
  const takes =
    expected === "0" ? "no argument" : expected === "1" ? "one argument" : `${expected} arguments`;
  return `${command} takes ${takes}, and ${given} ${given === "1" ? "was" : "were"} given`;
}

function choice(complaint: string): Explanation {
  const [, flag, value, choices] =
    complaint.match(
      /^option '(?:-\w, )?(--[\w-]+).*?' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/s,
    ) ?? [];
  if (flag === undefined) return { message: complaint, hints: [] };
  return { message: `${flag} cannot be "${value}"`, hints: [`Choose from: ${choices}`] };
}
