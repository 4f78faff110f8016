import { Command, CommanderError, Option } from "commander";
import { AppError, type ErrorCode } from "../core/errors.ts";
import { createStyle, type Style } from "../output/style.ts";
import { CATALOG, type CatalogEntry, GROUPS, NOUNS } from "./catalog.ts";
import type { Invocation, Verb } from "./command.ts";
import type { GlobalOptions } from "./options.ts";

/** What the command line asks for, before anything is done. */
export type Request =
  | {
      readonly kind: "run";
      /** `users add`, whichever of its names was typed. */
      readonly command: string;
      readonly verb: Verb;
      readonly invocation: Invocation;
      readonly globals: GlobalOptions;
    }
  /** Help or the version: text for stdout. */
  | { readonly kind: "text"; readonly text: string };

/**
 * Reads the command line. Only the verb that is asked for is loaded; the others are names and summaries, and not even
 * those when the verb is found.
 *
 * @throws AppError `usage`
 */
export async function readCommandLine(
  argv: readonly string[],
  version: string,
  style: Style,
): Promise<Request> {
  const words = argv[0] === "help" ? [...argv.slice(1), "--help"] : [...argv];
  const entry = locate(words);
  const verb = await entry?.load();
  let request: Request | undefined;
  let printed = "";
  const root = createRoot(version, style, (text) => {
    printed += text;
  });
  if (entry && verb) {
    addVerb(root, entry, verb, (invocation) => {
      request = {
        kind: "run",
        command: entry.path.join(" "),
        verb,
        invocation,
        globals: root.opts() as GlobalOptions,
      };
    });
  } else {
    addStubs(root);
  }
  if (words.length === 0) return { kind: "text", text: root.helpInformation() };
  try {
    await root.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "text", text: printed };
    throw usageError(error, words, verb);
  }
  if (request) return request;
  throw new AppError("usage", `${words[0]} is not a command by itself`, { hints: ["See: jwtctl --help"] });
}

/** The help of one command as the reference prints it: plain, 100 columns, without the options every command has. */
export async function helpOf(entry: CatalogEntry): Promise<string> {
  const style = createStyle({ color: false, isTerminal: false, columns: undefined });
  let printed = "";
  const root = createRoot("", style, (text) => {
    printed += text;
  });
  root.configureHelp({ ...root.configureHelp(), showGlobalOptions: false });
  addVerb(root, entry, await entry.load(), () => undefined);
  await root.parseAsync([...entry.path, "--help"], { from: "user" }).catch((error: unknown) => {
    if (!(error instanceof CommanderError)) throw error;
  });
  return printed;
}

const GLOBAL_OPTIONS = [
  new Option("--db <path>", "the store's file (default: the platform's data directory)").env("JWTCTL_DB"),
  new Option("--json", "print one JSON document; errors are JSON on stderr"),
  new Option("--no-input", "never ask; a missing answer is an error"),
  new Option("--color <when>", "use colours").choices(["auto", "always", "never"]).default("auto"),
  new Option("-q, --quiet", "no notes and warnings on stderr"),
  new Option("-v, --verbose", "say more on stderr"),
  new Option("--passphrase-file <file>", "where the store's passphrase is").env("JWTCTL_PASSPHRASE_FILE"),
];

function createRoot(version: string, style: Style, print: (text: string) => void): Command {
  const root = new Command("jwtctl")
    .description("Issue, inspect and revoke JSON Web Tokens.")
    .usage("<command> [options]")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: print, writeErr: () => undefined, getOutHasColors: () => style.colored })
    .configureHelp({
      showGlobalOptions: true,
      helpWidth: style.columns ?? 100,
      styleTitle: (text) => style.strong(text),
      styleCommandText: (text) => style.command(text),
    });
  // commander would read process.env; the environment reaches the options through the context instead.
  for (const option of GLOBAL_OPTIONS) root.addOption(withoutEnv(option));
  root.addHelpText("after", (context) =>
    context.command === root
      ? "\nStart here:\n  jwtctl demo                 the whole life of a token, on a throw-away store\n  jwtctl decode <token>       what is in it; no key needed\n  jwtctl init                 a store of your own\n"
      : "",
  );
  return root;
}

function withoutEnv(option: Option): Option {
  if (option.envVar === undefined) return option;
  return new Option(option.flags, `${option.description} [${option.envVar}]`);
}

function addVerb(
  root: Command,
  entry: CatalogEntry,
  verb: Verb,
  run: (invocation: Invocation) => void,
): void {
  const command = parentOf(root, entry).command(entry.path[entry.path.length - 1] ?? "", {
    isDefault: entry.default ?? false,
  });
  describe(command, entry);
  verb.configure(command);
  if (verb.examples.length > 0) {
    const lines = verb.examples.map(([typed, does]) => `  $ ${typed}\n      ${does}`);
    command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
  }
  command.action((...received: unknown[]) => {
    const args = received.slice(0, command.registeredArguments.length).flat() as (string | undefined)[];
    run({ args, values: command.opts() });
  });
}

function addStubs(root: Command): void {
  root.commandsGroup(`${GROUPS[0]}:`);
  const nouns = new Set<string>();
  for (const group of GROUPS) {
    root.commandsGroup(`${group}:`);
    for (const entry of CATALOG) {
      const [first] = entry.path;
      const noun = NOUNS[first];
      if ((noun ? noun.group : entry.group) !== group) continue;
      if (noun) nouns.add(first);
      describe(parentOf(root, entry).command(entry.path[entry.path.length - 1] ?? ""), entry);
    }
  }
}

function parentOf(root: Command, entry: CatalogEntry): Command {
  if (entry.path.length === 1) return root;
  const [noun] = entry.path;
  const present = root.commands.find((command) => command.name() === noun);
  if (present) return present;
  return root
    .command(noun)
    .description(NOUNS[noun]?.summary ?? "")
    .usage("<verb> [options]")
    .helpCommand(false);
}

function describe(command: Command, entry: CatalogEntry): void {
  command.description(entry.summary).summary(entry.summary);
  for (const alias of entry.aliases ?? []) command.alias(alias);
}

/** The entry the first words name, global options before or between them passed over. */
function locate(words: readonly string[]): CatalogEntry | undefined {
  const bare: string[] = [];
  for (let index = 0; index < words.length && bare.length < 2; index++) {
    const word = words[index] ?? "";
    if (word === "--") break;
    if (!word.startsWith("-") || word === "-") bare.push(word);
    else if (takesValue(word)) index++;
    else if (!isGlobalFlag(word)) break;
  }
  const [first, second] = bare;
  if (first === undefined) return undefined;
  // The help of a noun is about all of its verbs.
  const isHelp = words.includes("--help") || words.includes("-h");
  return CATALOG.find((entry) => {
    if (entry.path.length === 1) return names(entry, first);
    if (entry.path[0] !== first) return false;
    return second === undefined ? (entry.default ?? false) && !isHelp : names(entry, second);
  });
}

function names(entry: CatalogEntry, word: string): boolean {
  return entry.path[entry.path.length - 1] === word || (entry.aliases?.includes(word) ?? false);
}

function takesValue(word: string): boolean {
  return GLOBAL_OPTIONS.some((option) => option.required && (option.long === word || option.short === word));
}

function isGlobalFlag(word: string): boolean {
  const flag = word.split("=", 1)[0];
  return (
    ["-h", "--help"].includes(word) ||
    GLOBAL_OPTIONS.some((option) => option.long === flag || option.short === flag)
  );
}

/** commander's complaint in jwtctl's form: the message without its prefix, the suggestion as a hint. */
function usageError(error: CommanderError, words: readonly string[], verb: Verb | undefined): AppError {
  const known = words.filter((word) => !word.startsWith("-")).slice(0, 2);
  const noun = known[0] !== undefined && known[0] in NOUNS ? known[0] : undefined;
  const entry = locate(words);
  const help = entry
    ? `jwtctl ${entry.path.join(" ")} --help`
    : noun
      ? `jwtctl ${noun} --help`
      : "jwtctl --help";
  if (error.code === "commander.help") {
    const verbs = CATALOG.filter((candidate) => candidate.path[0] === noun).map(
      (candidate) => candidate.path[1],
    );
    return new AppError("usage", `${noun ?? "jwtctl"} needs to know what to do: ${verbs.join(", ")}`, {
      hints: [`See: ${help}`],
    });
  }
  const [message = "", ...rest] = error.message.replace(/^error: /, "").split("\n");
  const suggestion = rest.join(" ").match(/Did you mean (?:one of )?(.*?)\?/)?.[1];
  const excess = error.code === "commander.excessArguments" ? verb?.excessHint : undefined;
  const code: ErrorCode = "usage";
  return new AppError(code, withoutValue(message), {
    hints: [
      ...(suggestion ? [`Did you mean ${suggestion}?`] : []),
      ...(excess ? [excess] : []),
      `See: ${help}`,
    ],
  });
}

/** What stands after the `=` of an unknown option may be a secret that was meant for a known one. */
function withoutValue(message: string): string {
  return message.replace(/^(unknown option '[^'=]+)=.*'/s, "$1'");
}
