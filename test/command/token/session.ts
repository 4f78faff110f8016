import { Cli, type RunOptions, transcript } from "../../support/run.ts";

/** Commands and all that they said, word for word but for the test's own directory. */
export class Session {
  private readonly cli = new Cli();
  private text = "";

  async tell(words: readonly string[], options: RunOptions = {}): Promise<void> {
    const told = transcript(words.join(" "), await this.cli.run(words, options));
    this.text += `${told.replaceAll(this.cli.directory, "~")}\n`;
  }

  path(name: string): string {
    return this.cli.path(name);
  }

  file(name: string, content: string): string {
    return this.cli.file(name, content);
  }

  toString(): string {
    return this.text;
  }
}
