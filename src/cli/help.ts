import { Command, Option } from "commander";
import { createStyle, type Style } from "../output/style.ts";
import { CATALOG, type CatalogEntry } from "./catalog.ts";
import type { Verb } from "./command.ts";
import { type DeclaredArgument, type DeclaredOption, type DeclaredOptions, flagOf } from "./declare.ts";
import { GLOBAL_OPTIONS, TEXT_OPTIONS } from "./global-options.ts";
import { GROUPS, NOUNS } from "./nouns.ts";

/** The help of a command, of a noun, or of jwtctl, as it is shown in this style. */
export async function helpAbout(about: CatalogEntry | string | undefined, style: Style): Promise<string> {
  const root = createRoot(style);
  if (typeof about === "object") return helpOfCommand(root, about, await about.load(), style);
  addNames(root);
  if (about === undefined) return root.helpInformation();
  return parentOf(root, about).helpInformation();
}

/** The help of one command as the reference prints it: plain, 100 columns, without the options every command has. */
export async function plainHelp(entry: CatalogEntry): Promise<string> {
  const style = createStyle({ color: false, isTerminal: false, columns: undefined });
  const root = createRoot(style);
  root.configureHelp({ ...root.configureHelp(), showGlobalOptions: false });
  return helpOfCommand(root, entry, await entry.load(), style);
}

function createRoot(style: Style): Command {
  const root = new Command("jwtctl")
    .description("Issue, inspect and revoke JSON Web Tokens.")
    .usage("<command> [options]")
    .helpOption("-h, --help", TEXT_OPTIONS.help.help)
    .helpCommand(false)
    .configureOutput({ getOutHasColors: () => style.colored })
    .configureHelp({
      showGlobalOptions: true,
      helpWidth: style.columns ?? 100,
      minWidthToWrap: 20,
      styleTitle: (text) => style.strong(text),
      styleCommandText: (text) => style.command(text),
      subcommandTerm: namesOf,
      commandUsage: (command) => `${pathOf(command)} ${command.usage()}`,
    });
  addOptions(root, { version: TEXT_OPTIONS.version, ...GLOBAL_OPTIONS });
  return root;
}

function helpOfCommand(root: Command, entry: CatalogEntry, verb: Verb, style: Style): string {
  const command = parentOf(root, entry.path[0], entry).command(entry.path[entry.path.length - 1] ?? "");
  describe(command, entry);
  for (const [name, argument] of Object.entries(verb.arguments ?? {})) {
    command.argument(argumentTerm(name, argument), argumentHelp(argument));
  }
  addOptions(command, verb.options ?? {});
  const examples = verb.examples.map(([typed, does]) => `  $ ${style.command(typed)}\n      ${does}\n`);
  return `${command.helpInformation()}\n${style.strong("Examples:")}\n${examples.join("")}`;
}

function addOptions(command: Command, declared: DeclaredOptions): void {
  for (const [name, option] of Object.entries(declared)) {
    if (!option.hidden) command.addOption(new Option(optionTerm(name, option), optionHelp(option)));
  }
}

/** `-o, --out <file>` */
export function optionTerm(name: string, { short, value }: DeclaredOption): string {
  const letter = short === undefined ? "" : `-${short}, `;
  return `${letter}${flagOf(name)}${value === undefined ? "" : ` <${value}>`}`;
}

/** The declared help with what follows from the rest of the declaration. */
export function optionHelp(option: DeclaredOption): string {
  const { dependsOn = [], help } = option;
  const values = Object.entries(option.onlyWith ?? {}).map(
    ([name, words]) => `with ${flagOf(name)} ${words.join(", ")}: `,
  );
  const condition = [...dependsOn.map((name) => `with ${flagOf(name)}: `), ...values].join("");
  if (option.value === undefined) return condition + help;
  const { choices, repeatable, default: text, defaultHelp = text, env } = option;
  const remarks = [
    ...(repeatable ? ["repeatable"] : []),
    ...(defaultHelp === undefined ? [] : [`default: ${defaultHelp}`]),
    ...(env === undefined ? [] : [`env: ${env}`]),
  ];
  const listed = choices === undefined ? "" : `: ${choices.join(", ")}`;
  return `${condition}${help}${listed}${remarks.length === 0 ? "" : ` (${remarks.join("; ")})`}`;
}

function argumentTerm(name: string, { optional, repeatable }: DeclaredArgument): string {
  const shown = `${name}${repeatable ? "..." : ""}`;
  return optional ? `[${shown}]` : `<${shown}>`;
}

function argumentHelp({ help, choices }: DeclaredArgument): string {
  return choices === undefined ? help : `${help}: ${choices.join(", ")}`;
}

/** Every name of a command; commander would show the first alias only. */
function namesOf(command: Command): string {
  return [command.name(), ...command.aliases()].join("|");
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${namesOf(command)}` : command.name();
}

/** All commands with their names and summaries, under the headings of the help. */
function addNames(root: Command): void {
  for (const group of GROUPS) {
    root.commandsGroup(`${group}:`);
    for (const entry of CATALOG) {
      const [first] = entry.path;
      if ((NOUNS[first] ?? entry).group !== group) continue;
      describe(parentOf(root, first, entry).command(entry.path[entry.path.length - 1] ?? ""), entry);
    }
  }
}

/** The noun of a command, or jwtctl itself for a bare verb. */
function parentOf(root: Command, noun: string, entry?: CatalogEntry): Command {
  if (entry?.path.length === 1) return root;
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
