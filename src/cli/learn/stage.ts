import { AppError, type ErrorCode } from "../../core/base/errors.ts";
import { errorText } from "../../output/error-view.ts";
import { createStyle, wantsColor } from "../../output/style.ts";
import type { OutputStream, Runtime } from "../../runtime/runtime.ts";
import { Context } from "../context.ts";
import { readCommandLine } from "../read-command-line.ts";

/** What a command said and how it ended, as a person at the terminal would have seen it. */
export interface Performance {
  readonly stdout: string;
  readonly stderr: string;
  /** Null when the exit code is 0. */
  readonly error: ErrorCode | null;
}

/**
 * Runs real commands of jwtctl inside this process, on a store and a current login of their own, and keeps what they
 * print. The stage has its own clock, which can be set forward.
 */
export class Stage {
  private readonly outer: Runtime;
  private readonly env: Readonly<Record<string, string | undefined>>;
  private ahead = 0;

  /** @param directory an empty directory of our own */
  constructor(context: Context, directory: string) {
    const { env, platform, stdout } = context.runtime;
    const color = wantsColor(context.globals.color, env, stdout.isTerminal);
    this.outer = context.runtime;
    this.env = {
      ...env,
      JWTCTL_DB: platform.join(directory, "jwtctl.db"),
      JWTCTL_CREDENTIALS: platform.join(directory, "credentials.json"),
      JWTCTL_PASSPHRASE: undefined,
      JWTCTL_PASSPHRASE_FILE: undefined,
      NO_COLOR: color ? undefined : "1",
      FORCE_COLOR: color ? "1" : undefined,
    };
  }

  /** Lets time pass. */
  wait(seconds: number): void {
    this.ahead += seconds * 1000;
  }

  /** @param stdin what is piped into the command */
  async run(words: readonly string[], stdin = ""): Promise<Performance> {
    const stdout = new Recorder(this.outer.stdout);
    const stderr = new Recorder(this.outer.stdout);
    const runtime: Runtime = {
      ...this.outer,
      env: this.env,
      clock: { now: () => this.outer.clock.now() + this.ahead },
      stdin: { isTerminal: false, readAll: async () => new TextEncoder().encode(stdin) },
      stdout,
      stderr,
    };
    const error = await perform(words, runtime, stderr);
    return { stdout: stdout.text, stderr: stderr.text, error };
  }
}

async function perform(
  words: readonly string[],
  runtime: Runtime,
  stderr: Recorder,
): Promise<ErrorCode | null> {
  const style = createStyle({
    color: wantsColor("auto", runtime.env, stderr.isTerminal),
    isTerminal: stderr.isTerminal,
    columns: stderr.columns,
  });
  const time = { now: runtime.clock.now(), utcOffset: () => 0 };
  const request = await readCommandLine(words, { env: runtime.env, time });
  if (request.kind !== "run") throw new Error("a stage runs commands only");
  const context = new Context(runtime, request.globals, request.command);
  try {
    return (await request.verb.run(request.chosen, context)) ?? null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    stderr.write(errorText(error, style));
    return error.code;
  } finally {
    await context.close();
  }
}

/** Looks like the outer stream, two columns narrower for the margin, and keeps the text. */
class Recorder implements OutputStream {
  readonly isTerminal: boolean;
  readonly columns: number | undefined;
  text = "";

  constructor(like: OutputStream) {
    this.isTerminal = like.isTerminal;
    this.columns = like.columns === undefined ? undefined : Math.max(20, like.columns - 2);
  }

  write(text: string | Uint8Array): void {
    this.text += typeof text === "string" ? text : new TextDecoder().decode(text);
  }
}
