import { Command, CommanderError } from "commander";
import { AppError } from "../core/base/errors.ts";
import { createStyle, type Style } from "../output/style.ts";
import { CATALOG, type CatalogEntry, GROUPS, NOUNS } from "./catalog.ts";
import type { Invocation, Verb } from "./command.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";
import { isHelp, locate, namesNothing } from "./locate.ts";
import type { GlobalOptions } from "./options.ts";
import { refuseRepeats } from "./repeats.ts";
import { usageError } from "./usage-error.ts";

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
  const words = withHelpLast(argv);
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
  try {
    await root.parseAsync(asTyped(words, entry?.path[0] === "keys"), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: "text", text: printed };
    throw usageError(error, words, verb);
  }
  if (request) return request;
  throw new AppError("usage", "there is no command", { hints: ["See: jwtctl --help"] });
}

/** `help keys rotate` and `keys help rotate` ask what `keys rotate --help` does. */
function withHelpLast(argv: readonly string[]): readonly string[] {
  const [first = "", second] = argv;
  if (first === "help") return [...argv.slice(1), "--help"];
  return first in NOUNS && second === "help" ? [first, ...argv.slice(2), "--help"] : argv;
}

/** Without a word the help is meant; help about what there is not is a typing error like any other. */
function asTyped(words: readonly string[], takesKids: boolean): string[] {
  if (words.length === 0) return ["--help"];
  if (namesNothing(words)) return words.filter((word) => !isHelp(word));
  return takesKids ? withKidsLast(words) : [...words];
}

/** A SHA-256 thumbprint in base64url (RFC 7638) that begins like an option, as one in 64 does. */
const KID_LIKE_AN_OPTION = /^-[\w-]{42}$/;

/** Puts kids that begin with a hyphen where no options are looked for: who copies one out of a list knows nothing of `--`. */
function withKidsLast(words: readonly string[]): string[] {
  if (words.includes("--")) return [...words];
  const isKid = (word: string, index: number) =>
    KID_LIKE_AN_OPTION.test(word) && words[index - 1] !== "--kid";
  const kids = words.filter(isKid);
  if (kids.length === 0) return [...words];
  return [...words.filter((word, index) => !isKid(word, index)), "--", ...kids];
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
      minWidthToWrap: 20,
      styleTitle: (text) => style.strong(text),
      styleCommandText: (text) => style.command(text),
      subcommandTerm: namesOf,
      commandUsage: (command) => `${pathOf(command)} ${command.usage()}`,
    });
  for (const option of GLOBAL_OPTIONS) root.addOption(option);
  refuseRepeats(root);
  root.addHelpText("after", (context) => (context.command === root ? startHere(style) : ""));
  return root;
}

const START: readonly (readonly [typed: string, does: string])[] = [
  ["jwtctl demo", "the whole life of a token, on a throw-away store"],
  ["jwtctl decode <token>", "what is in it; no key needed"],
  ["jwtctl init", "a store of your own"],
];

function startHere(style: Style): string {
  const lines = START.map(([typed, does]) => `  ${style.command(typed.padEnd(24))}  ${does}\n`);
  return `\n${style.strong("Start here:")}\n${lines.join("")}`;
}

/** Every name of a command; commander would show the first alias only. */
function namesOf(command: Command): string {
  return [command.name(), ...command.aliases()].join("|");
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${namesOf(command)}` : command.name();
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
  refuseRepeats(command);
  if (verb.examples.length > 0) {
    const { styleTitle, styleCommandText } = command.createHelp();
    const lines = verb.examples.map(([typed, does]) => `  $ ${styleCommandText(typed)}\n      ${does}`);
    command.addHelpText("after", `\n${styleTitle("Examples:")}\n${lines.join("\n")}`);
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
