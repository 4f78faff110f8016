import type { InputStream, OutputStream, Runtime } from "../compose/runtime.ts";
import { AppError } from "../core/base/errors.ts";
import { inShell } from "../core/base/text/shell.ts";
import { jsonDocument } from "../output/json.ts";
import { messageText } from "../output/message.ts";
import { safe } from "../output/sanitize.ts";
import { createStyle, type Style, showsUnicode, wantsColor } from "../output/style.ts";
import type { GlobalOptions } from "./global-options.ts";

/** A result in its two forms; only the one that is shown is made. */
export interface View {
  /** The document of `--json`, as plain values. */
  readonly json: () => unknown;
  /** What a person reads, with its final newline. */
  readonly text: (style: Style) => string;
}

type Streams = Pick<Runtime, "stdin" | "stdout" | "stderr" | "env" | "prompter" | "platform">;
type Manner = Pick<GlobalOptions, "color" | "json" | "noInput" | "quiet" | "verbose">;

/**
 * The conversation of a command with its user: the answer on stdout, everything else on stderr, and questions only to a
 * person at a terminal.
 */
export class Terminal {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Programs read what is written, as --json says. */
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  private readonly runtime: Streams;
  private readonly manner: Manner;

  constructor(runtime: Streams, manner: Manner) {
    this.runtime = runtime;
    this.manner = manner;
    this.stdin = runtime.stdin;
    this.stdout = runtime.stdout;
    this.stderr = runtime.stderr;
    this.json = manner.json;
    this.quiet = manner.quiet;
    this.verbose = manner.verbose;
  }

  // ── the answer, and what is said beside it ──

  /** Prints the answer on stdout. */
  show(view: View): void {
    const { stdout } = this;
    stdout.write(this.json ? jsonDocument(view.json()) : view.text(this.style(stdout)));
  }

  /** Says on stderr what can be done now, behind all else: for a person at a terminal, and not with --quiet or --json. */
  next(steps: readonly string[]): void {
    const { stderr } = this;
    if (this.quiet || this.json || !stderr.isTerminal) return;
    for (const step of steps) {
      const typed = inShell(step, this.runtime.platform.shell);
      stderr.write(`${this.style(stderr).command("next:")} ${safe(typed)}\n`);
    }
  }

  /**
   * Says on stderr what the user should know; silent with --quiet. With --json a document of its own, so that stderr
   * stays JSON whatever follows. The text is jwtctl's own or is escaped here.
   */
  warn(text: string): void {
    if (this.quiet) return;
    const { stderr } = this;
    stderr.write(
      this.json
        ? jsonDocument({ warning: { message: text } })
        : messageText("warning:", this.style(stderr).doubtful, text, this.style(stderr)),
    );
  }

  /** A remark on stderr for a person; not with --quiet or --json. */
  note(text: string): void {
    if (this.quiet || this.json) return;
    const { stderr } = this;
    stderr.write(messageText("note:", this.style(stderr).dim, text, this.style(stderr)));
  }

  /** A remark that is made only with --verbose. */
  detail(text: string): void {
    if (this.verbose) this.note(text);
  }

  style(stream: OutputStream): Style {
    const { isTerminal, columns } = stream;
    return createStyle({
      color: wantsColor(this.manner.color, this.runtime.env, isTerminal),
      isTerminal,
      columns,
      unicode: showsUnicode(this.runtime.env),
    });
  }

  // ── questions ──

  get canAsk(): boolean {
    return !this.manner.noInput && this.stdin.isTerminal && this.stderr.isTerminal;
  }

  /**
   * Asks for a secret without an echo.
   * @param instead the flags that answer it, for when nobody can be asked
   * @throws AppError `input_required`, `cancelled`, `usage` when nothing is typed
   */
  async askSecret(question: string, instead: string): Promise<string> {
    this.requirePerson(question, instead);
    const answer = await (await this.runtime.prompter()).secret(safe(question));
    return answer === "" ? refuseEmpty(question, instead) : answer;
  }

  /** Asks for a text in one line. What it throws: as {@link askSecret}. */
  async askText(question: string, instead: string): Promise<string> {
    this.requirePerson(question, instead);
    const answer = await (await this.runtime.prompter()).text(safe(question));
    return answer.trim() === "" ? refuseEmpty(question, instead) : answer;
  }

  /** Lets a person choose. To be called only when {@link canAsk}. @returns the index of the choice */
  async choose(question: string, choices: readonly string[]): Promise<number> {
    return (await this.runtime.prompter()).choose(safe(question), choices.map(safe));
  }

  /** Asks before something is lost. @throws AppError `input_required`, `confirmation_refused` */
  async confirm(question: string): Promise<void> {
    this.requirePerson(question, "--yes");
    if (!(await (await this.runtime.prompter()).confirm(safe(question)))) {
      throw new AppError("confirmation_refused", "not confirmed; nothing was changed", {
        hints: ["Run the command again and answer y, or say --yes"],
      });
    }
  }

  private requirePerson(question: string, instead: string): void {
    if (this.canAsk) return;
    const why = this.manner.noInput ? "--no-input forbids asking" : "there is no terminal to ask on";
    throw new AppError("input_required", `an answer is needed (${topicOf(question)}) and ${why}`, {
      hints: [`Give it with ${instead}`],
    });
  }
}

function topicOf(question: string): string {
  return question.replace(/[:?]$/, "");
}

/** The Enter key alone is no name, no token and no password, whatever the question was. */
function refuseEmpty(question: string, instead: string): never {
  throw new AppError("usage", `no ${topicOf(question).replace(/^The /, "").toLowerCase()} entered`, {
    hints: [`Run the command again and type it, or give it with ${instead}`],
  });
}
