import { safe } from "../../output/sanitize.ts";
import type { Needs } from "../command.ts";
import { defineVerb } from "../command.ts";
import { GLOBAL_OPTIONS } from "../global-options.ts";
import { lookUp } from "./look-up.ts";
import { type Candidate, commandOf, offerFor } from "./offer.ts";
import { unquoted } from "./unquoted.ts";
import { readWordsSoFar } from "./words-so-far.ts";

const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

/** What a shell has to offer: these words, or beside them files or directories, which it knows itself. */
interface Offered {
  readonly kind: "words" | "files" | "directories";
  readonly candidates: readonly Candidate[];
}

const NOTHING: Offered = { kind: "words", candidates: [] };

/** More than anybody types; what is longer is not completed. */
const MOST_BYTES = 1024 * 1024;

export const completion = defineVerb({
  arguments: { shell: { help: "the shell", choices: SHELLS } },
  options: {
    candidates: {
      hidden: true,
      help: "what the script asks: the words on stdin, each ended by NUL, the one at the cursor last",
    },
  },
  examples: [
    ['eval "$(jwtctl completion bash)"', "in ~/.bashrc: Tab completes commands, options and their values"],
    ["jwtctl completion zsh > ~/.zfunc/_jwtctl", "for zsh, in a directory of its fpath"],
    ["jwtctl completion fish > ~/.config/fish/completions/jwtctl.fish", "for fish"],
    ["jwtctl completion powershell >> $PROFILE", "for PowerShell"],
  ],
  async run({ shell, candidates }, { terminal, ...ports }) {
    if (candidates) {
      const offered = await offeredFor(shell, { terminal, ...ports });
      terminal.show({ json: () => ({ ...offered }), text: () => linesOf(offered) });
      return;
    }
    const script = await scriptFor(shell);
    terminal.show({ json: () => ({ shell, script }), text: () => script });
  },
});

async function scriptFor(shell: (typeof SHELLS)[number]): Promise<string> {
  switch (shell) {
    case "bash":
      return (await import("./scripts/bash.ts")).BASH;
    case "zsh":
      return (await import("./scripts/zsh.ts")).ZSH;
    case "fish":
      return (await import("./scripts/fish.ts")).FISH;
    case "powershell":
      return (await import("./scripts/powershell.ts")).POWERSHELL;
  }
}

type Ports = Needs<"terminal" | "runInside">;

/** Nobody who is typing is to read an error: where anything fails, nothing is offered. */
async function offeredFor(shell: string, ports: Ports): Promise<Offered> {
  try {
    const { stdin } = ports.terminal;
    if (stdin.isTerminal) return NOTHING;
    const text = new TextDecoder().decode(await stdin.readAll(MOST_BYTES));
    const words = text.split("\0").slice(0, -1);
    return await offered(shell === "bash" ? words.map(unquoted) : words, ports);
  } catch {
    return NOTHING;
  }
}

async function offered(words: readonly string[], ports: Ports): Promise<Offered> {
  const verb = await commandOf(words)?.load();
  const { candidates, names, before = "", takesHyphen = false } = offerFor(words, verb);
  if (names === undefined) return { kind: "words", candidates };
  const kind = names === "file" ? "files" : names === "directory" ? "directories" : "words";
  const word = words[words.length - 1] ?? "";
  const found = (await lookUp(names, storeOf(words.slice(0, -1)), ports))
    .filter(({ value }) => takesHyphen || !value.startsWith("-"))
    .map(({ value, description }) => ({ value: before + value, description }))
    .filter(({ value }) => value.startsWith(word));
  return { kind, candidates: [...candidates, ...found] };
}

/** Which store the words are about. */
function storeOf(words: readonly string[]): readonly string[] {
  const [path] = readWordsSoFar(words, GLOBAL_OPTIONS).given.get("db") ?? [];
  return path === undefined ? [] : [`--db=${path}`];
}

/** One a line. A value that cannot be typed as it is, with a control character in it, is left out. */
function linesOf({ kind, candidates }: Offered): string {
  const lines = candidates
    .filter(({ value }) => safe(value) === value)
    .map(({ value, description }) => (description === "" ? value : `${value}\t${safe(description)}`));
  return [kind, ...lines].map((line) => `${line}\n`).join("");
}
