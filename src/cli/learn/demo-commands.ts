import type { OutputStream } from "../../compose/runtime.ts";
import type { ErrorCode } from "../../core/base/errors.ts";
import type { Needs } from "../command.ts";

/** What a command printed and how it ended, as a person at the terminal would have seen it. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** Null when the exit code is 0. */
  readonly error: ErrorCode | null;
}

/**
 * Runs real commands of jwtctl inside this process, on a store and a current session of their own, and keeps what they
 * print. They have their own clock, which can be set forward.
 */
export class DemoCommands {
  private readonly ports: Needs<"clock" | "runInside" | "terminal">;
  private readonly env: Readonly<Record<string, string | undefined>>;
  private ahead = 0;

  /** @param directory an empty directory of our own */
  constructor(directory: string, ports: Needs<"absolute" | "clock" | "env" | "runInside" | "terminal">) {
    const { terminal, absolute } = ports;
    const { colored } = terminal.style(terminal.stdout);
    this.ports = ports;
    this.env = {
      ...ports.env,
      JWTCTL_DB: absolute(`${directory}/jwtctl.db`),
      JWTCTL_CREDENTIALS: absolute(`${directory}/credentials.json`),
      JWTCTL_PASSPHRASE: undefined,
      JWTCTL_PASSPHRASE_FILE: undefined,
      NO_COLOR: colored ? undefined : "1",
      FORCE_COLOR: colored ? "1" : undefined,
    };
  }

  /** Lets time pass. */
  wait(seconds: number): void {
    this.ahead += seconds * 1000;
  }

  /** @param stdin what is piped into the command */
  async run(words: readonly string[], stdin = ""): Promise<Outcome> {
    const { clock, terminal, runInside } = this.ports;
    const stdout = new Recorder(terminal.stdout);
    const stderr = new Recorder(terminal.stdout);
    const error = await runInside(words, {
      env: this.env,
      clock: { now: () => clock.now() + this.ahead },
      stdin: { isTerminal: false, readAll: async () => new TextEncoder().encode(stdin) },
      stdout,
      stderr,
    });
    return { stdout: stdout.text, stderr: stderr.text, error: error ?? null };
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
