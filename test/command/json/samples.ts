import { locate } from "../../../src/cli/locate.ts";
import { Cli, type RunOptions, words } from "../../support/run.ts";

/** One document that a command printed with --json. */
export interface Sample {
  /** `keys list` */
  readonly command: string;
  readonly typed: string;
  /** The type of docs/json.md it is meant to have. */
  readonly type: string;
  readonly document: unknown;
  readonly stderr: string;
}

/** Runs commands with --json and keeps what they print. */
export class Samples {
  readonly taken: Sample[];
  readonly cli: Cli;

  /** @param others shares the list, with a directory and a clock of its own */
  constructor(others?: Samples) {
    this.cli = new Cli();
    this.taken = others?.taken ?? [];
  }

  /** Whatever the exit code is: there must be one document on stdout. @returns the document */
  // biome-ignore lint/suspicious/noExplicitAny: tests pick from documents what the next step needs
  async see(type: string, line: string | readonly string[], options: RunOptions = {}): Promise<any> {
    const { stdout, stderr, typed, command } = await this.run(line, options);
    if (stdout === "") throw new Error(`${typed} printed nothing:\n${stderr}`);
    const document: unknown = JSON.parse(stdout);
    this.taken.push({ command, typed, type, document, stderr });
    return document;
  }

  /** For commands that print a document a line. */
  async seeLines(type: string, line: string | readonly string[], options: RunOptions = {}): Promise<void> {
    const { stdout, stderr, typed, command } = await this.run(line, options);
    const lines = stdout.trimEnd().split("\n");
    for (const [index, text] of lines.entries()) {
      const document: unknown = JSON.parse(text);
      this.taken.push({ command, typed, type, document, stderr: index === 0 ? stderr : "" });
    }
  }

  private async run(line: string | readonly string[], options: RunOptions) {
    const typed = [...(typeof line === "string" ? words(line) : line), "--json"];
    const command = locate(typed)?.path.join(" ") ?? "nothing";
    const { stdout, stderr } = await this.cli.run(typed, options);
    return { stdout, stderr, command, typed: `jwtctl ${typed.join(" ")}` };
  }
}

export const PASSWORD = "seven green kettles hum";
