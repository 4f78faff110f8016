import type { Command, Option } from "commander";
import type { CatalogEntry } from "./catalog.ts";
import type { Verb } from "./command.ts";
import type { DeclaredArgument, DeclaredOption } from "./declare.ts";
import type { OldVerb } from "./old-command.ts";
import { collect } from "./options.ts";

/** The verb of an entry; one that still declares itself to commander is read from there. */
export async function loadVerb(entry: CatalogEntry): Promise<Verb> {
  const verb = await entry.load();
  return "configure" in verb ? translated(verb) : verb;
}

async function translated(old: OldVerb): Promise<Verb> {
  const { Command } = await import("commander");
  const command = new Command();
  old.configure(command);
  const options = Object.fromEntries(command.options.map((option) => declaredOption(option, command)));
  const taken = command.registeredArguments.map((argument): [string, DeclaredArgument] => [
    argument.name(),
    {
      help: argument.description,
      ...(argument.required ? {} : { optional: true as const }),
      ...(argument.variadic ? { repeatable: true as const } : {}),
      ...(argument.name() === "kid" ? { completes: "kid" as const } : {}),
    },
  ]);
  return {
    arguments: Object.fromEntries(taken),
    options,
    examples: old.examples,
    ...(old.excessHint === undefined ? {} : { excessHint: old.excessHint }),
    run(chosen, context) {
      const args = taken.flatMap(([name]) => chosen[name] as string | undefined);
      return old.run(context, { args, values: oldValues(chosen, command) });
    },
  };
}

function declaredOption(option: Option, command: Command): [string, DeclaredOption] {
  const attribute = option.attributeName();
  const name = option.negate ? `no${attribute[0]?.toUpperCase()}${attribute.slice(1)}` : attribute;
  const common = {
    help: option.description.replace(/ \(repeatable\)/, "").replace("(repeatable; ", "("),
    ...(option.short ? { short: option.short.slice(1) } : {}),
    ...(option.hidden ? { hidden: true as const } : {}),
    ...(option.negate &&
    command.options.some((other) => other !== option && other.attributeName() === attribute)
      ? { conflicts: [attribute] }
      : {}),
  };
  if (attribute === "password" && option.optional) {
    return [
      name,
      {
        ...common,
        refused: {
          message: "a password is never taken from the command line",
          hints: [
            "Leave it out to be asked, or use --password-stdin or --password-file FILE",
            "What was typed is in the shell's history now: take another password",
          ],
        },
      },
    ];
  }
  if (!option.required) return [name, common];
  return [
    name,
    {
      ...common,
      value: option.flags.match(/<(.*)>/)?.[1] ?? "value",
      ...(option.parseArg === collect ? { repeatable: true as const } : {}),
      ...(option.argChoices ? { choices: option.argChoices } : {}),
      ...(typeof option.defaultValue === "string" ? { default: option.defaultValue } : {}),
    },
  ];
}

function oldValues(chosen: Readonly<Record<string, unknown>>, command: Command): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const option of command.options) {
    const attribute = option.attributeName();
    if (option.negate) {
      const isOff = chosen[`no${attribute[0]?.toUpperCase()}${attribute.slice(1)}`] === true;
      if (isOff || !(attribute in values)) values[attribute] = !isOff;
    } else {
      const value = chosen[attribute];
      values[attribute] = value === false || (Array.isArray(value) && value.length === 0) ? undefined : value;
    }
  }
  for (const option of command.options.filter(({ negate }) => negate)) {
    const attribute = option.attributeName();
    const hasValue = command.options.some((other) => !other.negate && other.attributeName() === attribute);
    if (hasValue && values[attribute] === true) values[attribute] = undefined;
  }
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
