import type { CommanderError } from "commander";
import { AppError } from "../core/errors.ts";
import { CATALOG } from "./catalog.ts";
import type { Verb } from "./command.ts";
import { locate, locateNoun } from "./locate.ts";

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
  const [complaint = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const suggestion = rest.join(" ").match(/Did you mean (?:one of )?(.*?)\?/)?.[1];
  const hints = suggestion ? [`Did you mean ${suggestion}?`] : [];
  switch (error.code) {
    case "commander.help":
      return { message: `${command} needs to know what to do`, hints: verbHints(command) };
    case "commander.unknownCommand":
      return { message: complaint, hints: suggestion ? hints : verbHints(command) };
    case "commander.unknownOption":
      return { message: withoutValue(complaint), hints };
    case "commander.excessArguments":
      return { message: excess(complaint, command), hints: verb?.excessHint ? [verb.excessHint] : [] };
    case "commander.missingArgument":
      return {
        message: complaint.replace(/^missing required argument '(.*)'$/, `${command} needs <$1>`),
        hints,
      };
    case "commander.optionMissingArgument":
      return { message: complaint.replace(/^option '(.*)' argument missing$/, "$1 needs its value"), hints };
    case "commander.invalidArgument":
      return choice(complaint);
    default:
      return { message: complaint, hints };
  }
}

function verbHints(command: string): string[] {
  const verbs = CATALOG.filter(({ path }) => path.length === 2 && path[0] === command).map(
    ({ path }) => path[1],
  );
  return verbs.length === 0 ? [] : [`Choose from: ${verbs.join(", ")}`];
}

/** What stands after the `=` of an unknown option may be a secret that was meant for a known one. */
function withoutValue(complaint: string): string {
  return complaint.replace(/^(unknown option '[^'=]+)=.*'/s, "$1'");
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
