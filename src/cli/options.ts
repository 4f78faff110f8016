import type { ColorChoice } from "../output/style.ts";

/** Options that every command has, before and after the subcommand. */
export interface GlobalOptions {
  readonly db?: string;
  readonly json?: boolean;
  readonly input: boolean;
  readonly color: ColorChoice;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly passphraseFile?: string;
}

/** What can be told from the words alone when they could not be parsed: an error must still come out as asked. */
export function guessGlobals(argv: readonly string[]): GlobalOptions {
  const end = argv.indexOf("--");
  const words = end < 0 ? argv : argv.slice(0, end);
  const color = words.findLast((word) => word.startsWith("--color"));
  const choice = color?.includes("=") ? color.split("=")[1] : words[words.indexOf("--color") + 1];
  return {
    input: !words.includes("--no-input"),
    json: words.includes("--json"),
    color: choice === "always" || choice === "never" ? choice : "auto",
  };
}

/** For options that may be given several times: commander hands over what was collected before. */
export function collect(value: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), value];
}
